"""The language server behind us as somebody who can tell what edits would do to a document.

It gets a copy of the document under another name in the same folder: first as it is, then as it
would be, each time with the question what is wrong there. Then the copy is closed. It never exists
on disk, and what the server says about it on its own never reaches the client.

Only servers that answer ``textDocument/diagnostic`` are asked, because it is certain what text an
answer is about. And only files that stand for themselves are copied: in a language where the files
of a folder share their names, the server would find all of them twice, and say so in the original.
"""

import asyncio
import itertools
import re
from collections.abc import Mapping

import msgspec

from zeta_lsp.core.clusters import rewritten
from zeta_lsp.core.edits import Cluster
from zeta_lsp.core.jumps import ERROR
from zeta_lsp.server.faults import BadMessage
from zeta_lsp.server.messages import NOTHING, read
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.proxy.neighbour import Neighbour
from zeta_lsp.server.proxy.questions import Refused

TEXT_CHARS_MAX = 256 * 1024
_MODULES = frozenset({"python"})
_SCRIPTS = frozenset({"javascript", "javascriptreact", "typescript", "typescriptreact"})
_IS_MODULE = re.compile(r"^(?:import|export)\b", re.MULTILINE)


class _Item(msgspec.Struct, frozen=True):
    severity: int | None = None


class _Report(msgspec.Struct, frozen=True):
    items: tuple[_Item, ...]


_report = msgspec.json.Decoder(_Report)


class ProxyShadow:
    """A `core.shadow.Shadow`. It looks at one document at a time."""

    name = "proxy"

    def __init__(self, neighbour: Neighbour, files: Mapping[str, OpenFile]) -> None:
        self._neighbour = neighbour
        self._files = files
        self._numbers = itertools.count(1)
        self._now: tuple[str, int, int] | None = None
        self._looking: asyncio.Task[int | None] | None = None

    async def errors_added(self, uri: str, edits: Cluster, deadline_s: float) -> int | None:
        """See `Shadow`. A look that takes longer goes on, so that the copy is closed in the end."""
        file = self._files.get(uri)
        if file is None or self._looking is not None or not self._can_copy(file):
            return None
        looking = self._looking = asyncio.ensure_future(self._look(file, edits))
        looking.add_done_callback(self._looked)
        done, _ = await asyncio.wait((looking,), timeout=deadline_s)
        return looking.result() if done else None

    def _can_copy(self, file: OpenFile) -> bool:
        if not self._neighbour.pulls or self._neighbour.version(file.uri) is None:
            return False
        language, text = file.document.language_id, file.document.text()
        alone = language in _MODULES or (language in _SCRIPTS and _IS_MODULE.search(text))
        return bool(alone) and len(text) <= TEXT_CHARS_MAX

    def _looked(self, looking: "asyncio.Task[int | None]") -> None:
        self._looking = None
        if not looking.cancelled():
            looking.exception()  # told by whoever waits, if anybody still does

    async def _look(self, file: OpenFile, edits: Cluster) -> int | None:
        document, revision = file.document, file.document.revision
        after = rewritten(edits, document.lines, 0, len(document.lines) - 1)
        known = self._now is not None and self._now[:2] == (file.uri, revision)
        copy = _Copy(self._neighbour, file, next(self._numbers))
        copy.open(after if known else document.text())
        try:
            if not known:
                before = await copy.errors()
                if before is None:
                    return None
                self._now = file.uri, revision, before
                copy.change(after)
            assert self._now is not None
            before, errors = self._now[2], await copy.errors()
            return None if errors is None else errors - before
        finally:
            copy.close()


class _Copy:
    """A copy of a document, known to the neighbour alone."""

    def __init__(self, neighbour: Neighbour, file: OpenFile, number: int) -> None:
        folder, _, name = file.uri.rpartition("/")
        dot = name.rfind(".")
        self._neighbour = neighbour
        self._language_id = file.document.language_id
        self._uri = f"{folder}/{neighbour.shadow_mark}-{number}{name[dot:] if dot > 0 else ''}"

    def open(self, text: str) -> None:
        item = {"uri": self._uri, "languageId": self._language_id, "version": 1, "text": text}
        self._neighbour.tell("textDocument/didOpen", {"textDocument": item})

    def change(self, text: str) -> None:
        target = {"uri": self._uri, "version": 2}
        params = {"textDocument": target, "contentChanges": [{"text": text}]}
        self._neighbour.tell("textDocument/didChange", params)

    def close(self) -> None:
        self._neighbour.tell("textDocument/didClose", {"textDocument": {"uri": self._uri}})

    async def errors(self) -> int | None:
        """How many errors the neighbour finds in it; None if it does not say."""
        params = {"textDocument": {"uri": self._uri}}
        result = await self._neighbour.questions.ask("textDocument/diagnostic", params)
        if isinstance(result, Refused) or result == NOTHING:
            return None
        try:
            items = read(result, _report).items
        except BadMessage:
            return None
        return sum((item.severity or ERROR) == ERROR for item in items)
