"""The scripted person's editor: a buffer, a cursor, and a language client on a real stdio pipe.

It does what every editor does and no more. Each key is a `didChange` of its own with a request
behind it.
"""

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from zeta_lsp import __version__
from zeta_lsp.core.documents import Change, Document, Position, Range
from zeta_lsp.core.text import Encoding

REPLY_S = 10.0


class Shown(msgspec.Struct, frozen=True):
    """A prediction as it came: exact edits, and how long it took from the key to the reply."""

    edits: tuple[tuple[Range, str], ...]
    model: str
    wait_ms: float


class Editor:
    """One open project."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.client = LanguageClient("zeta-lsp demo", __version__)
        self.document: Document | None = None
        self.cursor = Position(0, 0)

    async def start(self, env: dict[str, str]) -> None:
        """Start the server of this installation and shake hands."""
        # -P: a project may hold a module of any name, and ours are not to be found in it.
        argv = ["-P", "-m", "zeta_lsp", "--stdio"]
        await self.client.start_io(sys.executable, *argv, env={**os.environ, **env}, cwd=self.root)
        folder = lsp.WorkspaceFolder(uri=self.root.as_uri(), name=self.root.name)
        await self.client.initialize_async(
            lsp.InitializeParams(
                process_id=os.getpid(),
                root_uri=folder.uri,
                workspace_folders=[folder],
                capabilities=lsp.ClientCapabilities(),
                client_info=lsp.ClientInfo(name="zeta-lsp demo"),
            )
        )
        self.client.initialized(lsp.InitializedParams())

    async def stop(self) -> None:
        """End the session as the protocol asks."""
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await self.client.stop()  # type: ignore[no-untyped-call]  # pygls has no types here

    def open(self, file: str) -> Document:
        """Show a file; nothing happens if it is the one shown."""
        path = self.root / file
        if self.document is not None and self.document.uri == path.as_uri():
            return self.document
        if self.document is not None:
            self._write()
        text = path.read_text(encoding="utf-8")
        self.document = Document(path.as_uri(), "python", 0, text, Encoding.UTF16)
        item = lsp.TextDocumentItem(self.document.uri, "python", 0, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        return self.document

    def go_behind(self, text: str) -> None:
        """Put the cursor behind the first occurrence of a text.

        Raises:
            LookupError: the text is not there.
        """
        assert self.document is not None
        whole = self.document.text()
        at = whole.find(text)
        if at < 0:
            raise LookupError(f"the demo's own project has no {text!r}")
        lines = whole[: at + len(text)].split("\n")
        self.cursor = Position(len(lines) - 1, len(lines[-1]))

    def press(self, key: str, delete: int = 0) -> None:
        """Type a character, or delete some to the right."""
        end = Position(self.cursor.line, self.cursor.character + delete)
        self._change([(Range(self.cursor, end), key)])
        lines = key.split("\n")
        at = len(lines[-1]) if len(lines) > 1 else self.cursor.character + len(key)
        self.cursor = Position(self.cursor.line + len(lines) - 1, at)

    async def ask(self) -> Shown | str:
        """The next edit, or the reason why there is none."""
        assert self.document is not None
        started = time.perf_counter()
        reply = await asyncio.wait_for(
            self.client.protocol.send_request_async(
                "zeta/nextEdit",
                {
                    "textDocument": {"uri": self.document.uri, "version": self.document.version},
                    "position": _json(self.cursor),
                },
            ),
            REPLY_S,
        )
        wait_ms = (time.perf_counter() - started) * 1e3
        edits = tuple((_range(edit.range), edit.newText) for edit in reply.edits)
        return Shown(edits, reply.model, wait_ms) if edits else str(reply.reason)

    def accept(self, shown: Shown) -> None:
        """Insert a prediction, as one change."""
        self._change(list(reversed(shown.edits)))  # from the end, so that ranges stay true
        self.cursor = self._behind(shown)

    def _behind(self, shown: Shown) -> Position:
        last, text = shown.edits[-1]
        rows = sum(
            new.count("\n") - (old.end.line - old.start.line) for old, new in shown.edits[:-1]
        )
        lines = text.split("\n")
        at = len(lines[-1]) if len(lines) > 1 else last.start.character + len(text)
        return Position(last.start.line + rows + len(lines) - 1, at)

    def _change(self, changes: list[tuple[Range, str]]) -> None:
        assert self.document is not None
        version = self.document.version + 1
        self.document.apply(version, [Change(text, where) for where, text in changes])
        assert self.document.unsynced is None, self.document.unsynced
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                lsp.VersionedTextDocumentIdentifier(version, self.document.uri),
                [
                    lsp.TextDocumentContentChangePartial(_lsp_range(where), text)
                    for where, text in changes
                ],
            )
        )

    def _write(self) -> None:
        assert self.document is not None
        path = self.root / self.document.uri.rsplit("/", 2)[-2] / Path(self.document.uri).name
        path.write_text(self.document.text(), encoding="utf-8")
        identifier = lsp.TextDocumentIdentifier(self.document.uri)
        self.client.text_document_did_save(lsp.DidSaveTextDocumentParams(identifier))
        self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(identifier))


def _json(position: Position) -> dict[str, int]:
    return {"line": position.line, "character": position.character}


def _range(given: Any) -> Range:
    return Range(
        Position(given.start.line, given.start.character),
        Position(given.end.line, given.end.character),
    )


def _lsp_range(given: Range) -> lsp.Range:
    return lsp.Range(
        lsp.Position(given.start.line, given.start.character),
        lsp.Position(given.end.line, given.end.character),
    )
