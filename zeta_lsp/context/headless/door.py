"""`Headless`: a language server of our own as a door (`core.surroundings.Door`).

    door = await opened(command, root, told=log)
    if door is not None:
        door.open(uri, "python", text)      # the whole text; again when it changes
        await door.until_ready()
        places = await door.definitions(uri, identifiers, "definition")
        problems = await door.problems(uri)
        await door.aclose()

All names are asked about at once and share one deadline; a name that is not answered in time is
None. A door whose server has ended answers None to everything: whoever wants another one opens it.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from zeta_lsp.context.headless.answers import places_of, problems_of
from zeta_lsp.context.headless.client import NOTHING, Client
from zeta_lsp.context.headless.commands import Command
from zeta_lsp.context.headless.process import Process
from zeta_lsp.context.headless.trouble import Told, Trouble
from zeta_lsp.context.headless.waiting import Waiting
from zeta_lsp.core.documents import Change, Document
from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.problems import Problem
from zeta_lsp.core.related import Identifier, Kind, Place
from zeta_lsp.core.text import Encoding

_PROVIDERS: dict[Kind, str] = {
    "definition": "definitionProvider",
    "typeDefinition": "typeDefinitionProvider",
}
_CAPABILITIES: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-32", "utf-16", "utf-8"]},
    "workspace": {"configuration": True, "workspaceFolders": True},
    "window": {"workDoneProgress": True},
    "textDocument": {
        "synchronization": {},
        "definition": {"linkSupport": True},
        "typeDefinition": {"linkSupport": True},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "publishDiagnostics": {"versionSupport": True},
        "diagnostic": {"dynamicRegistration": True},
    },
    "experimental": {"serverStatusNotification": True},
}


class Limits(msgspec.Struct, frozen=True):
    """How long a server may take for what."""

    start_s: float = 30.0
    ready_s: float = 60.0
    answer_s: float = 10.0
    problems_s: float = 10.0


def _nobody(_: Trouble) -> None:
    """Takes what nobody wants to know."""


async def opened(
    command: Command, root: Path, *, limits: Limits | None = None, told: Told = _nobody
) -> "Headless | None":
    """A server that runs in a folder (an absolute path); None if it cannot be had.

    That is when it cannot be started or does not say in time what it can.
    """
    limits = limits or Limits()
    try:
        process = await Process.started(command.argv, root)
    except OSError:
        told(Trouble.MISSING)
        return None
    waiting = Waiting()
    client = Client(process, waiting, told, settings=command.settings, folder=root)
    try:
        result = await client.request("initialize", _greeting(command, root), limits.start_s)
    except asyncio.CancelledError:
        await client.aclose(0.0)
        raise
    able = result.get("capabilities") if isinstance(result, dict) else None
    if not isinstance(able, dict):
        told(Trouble.UNINITIALIZED)
        await client.aclose(0.0)
        return None
    client.notify("initialized", {})
    if command.settings:
        settings = {"settings": dict(command.settings)}
        client.notify("workspace/didChangeConfiguration", settings)
    return Headless(client, waiting, able, root, limits, told)


class Headless:
    """A running server. Made by `opened`; belongs to one event loop."""

    name = "headless"

    def __init__(
        self,
        client: Client,
        waiting: Waiting,
        able: dict[str, Any],
        root: Path,
        limits: Limits,
        told: Told,
    ) -> None:
        self._client = client
        self._waiting = waiting
        self._able = able
        self._inside = _inside(root)
        self._limits = limits
        self._told = told
        self._documents: dict[str, Document] = {}
        chosen = able.get("positionEncoding")
        self._encoding = Encoding(chosen) if chosen in set(Encoding) else Encoding.UTF16

    @property
    def is_over(self) -> bool:
        """Whether the server has ended."""
        return self._client.is_over

    def open(self, uri: str, language: str, text: str) -> None:
        """Give a document's text: of one that is open, the new one. `language` as editors say."""
        document = self._documents.get(uri)
        if document is None:
            document = self._documents[uri] = Document(uri, language, 1, text, self._encoding)
            self._waiting.opened(uri, 1)
            item = {"uri": uri, "languageId": language, "version": 1, "text": text}
            self._client.notify("textDocument/didOpen", {"textDocument": item})
        elif document.text() != text:
            version = document.version + 1
            document.apply(version, [Change(text)])
            self._waiting.opened(uri, version)
            changed = {"uri": uri, "version": version}
            self._client.notify(
                "textDocument/didChange",
                {"textDocument": changed, "contentChanges": [{"text": text}]},
            )

    def close(self, uri: str) -> None:
        """Close a document: the file on disk counts again."""
        if self._documents.pop(uri, None) is not None:
            self._waiting.closed(uri)
            self._client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    async def until_closed(self, uri: str) -> None:
        """Wait until the server has taken note that a document was closed.

        Servers publish that nothing is wrong with a closed file. Whoever opens it again has to have
        heard that before: without a version it cannot be told from what is published then. An
        answer to anything comes behind it.
        """
        if not self.is_over and self._able.get("documentSymbolProvider") not in (None, False):
            asked = {"textDocument": {"uri": uri}}
            await self._client.request(
                "textDocument/documentSymbol", asked, self._limits.problems_s
            )

    async def until_ready(self) -> bool:
        """Wait until the server has looked around, as far as that shows; False if it took too long.

        A document should be open: many servers load nothing before.
        """
        try:
            async with asyncio.timeout(self._limits.ready_s):
                await self._probe()
                await self._waiting.until_idle()
        except TimeoutError:
            self._told(Trouble.NOT_READY)
            return False
        return not self.is_over

    async def definitions(
        self, uri: str, identifiers: Sequence[Identifier], kind: Kind
    ) -> Sequence[tuple[Place, ...] | None]:
        """See `Door`. No places: the server knows none inside the workspace."""
        document = self._documents.get(uri)
        if document is None or not self._offers(_PROVIDERS[kind], f"textDocument/{kind}"):
            return [None] * len(identifiers)
        asked = (self._where(document, one, kind) for one in identifiers)
        return await asyncio.gather(*asked)

    async def problems(self, uri: str) -> tuple[Problem, ...] | None:
        """See `Door`."""
        document = self._documents.get(uri)
        if document is None:
            return None
        items = await (self._pulled(uri) if self._pulls() else self._published(uri))
        if items is NOTHING or document is not self._documents.get(uri):
            return None
        found = problems_of(items, document)
        if found is None:
            self._told(Trouble.REFUSED)
        return found

    async def aclose(self) -> None:
        """End the server and all that it started."""
        await self._client.aclose()

    async def _where(
        self, document: Document, identifier: Identifier, kind: Kind
    ) -> tuple[Place, ...] | None:
        try:
            at = document.position(identifier.row, identifier.col)
        except (PositionError, IndexError):
            return None
        params = {
            "textDocument": {"uri": document.uri},
            "position": {"line": at.line, "character": at.character},
        }
        result = await self._client.request(f"textDocument/{kind}", params, self._limits.answer_s)
        if result is NOTHING:
            return None
        places, has_others = places_of(result, self._documents, self._inside)
        if has_others:
            self._told(Trouble.OUTSIDE)
        return places

    async def _probe(self) -> None:
        """Ask something that only a server that has loaded a document can answer."""
        uri = next(iter(self._documents), None)
        if uri is not None and self._able.get("documentSymbolProvider") not in (None, False):
            await self._client.request(
                "textDocument/documentSymbol", {"textDocument": {"uri": uri}}, self._limits.ready_s
            )

    def _pulls(self) -> bool:
        return (
            self._able.get("diagnosticProvider") is not None
            or "textDocument/diagnostic" in self._waiting.later
        )

    async def _pulled(self, uri: str) -> Any:
        params = {"textDocument": {"uri": uri}}
        report = await self._client.request(
            "textDocument/diagnostic", params, self._limits.problems_s
        )
        return report.get("items", []) if isinstance(report, dict) else report

    async def _published(self, uri: str) -> Any:
        try:
            async with asyncio.timeout(self._limits.problems_s):
                items = await self._waiting.published(uri)
        except TimeoutError:
            self._told(Trouble.LATE)
            return NOTHING
        return NOTHING if items is None else items

    def _offers(self, provider: str, method: str) -> bool:
        if self._able.get(provider) not in (None, False) or method in self._waiting.later:
            return True
        self._told(Trouble.NOT_OFFERED)
        return False


def _greeting(command: Command, root: Path) -> dict[str, Any]:
    """The parameters of ``initialize``."""
    return {
        "processId": os.getpid(),
        "clientInfo": {"name": "zeta-lsp headless"},
        "rootPath": str(root),
        "rootUri": root.as_uri(),
        "workspaceFolders": [{"uri": root.as_uri(), "name": root.name}],
        "capabilities": _CAPABILITIES,
        "initializationOptions": dict(command.options),
    }


def _inside(root: Path) -> Callable[[str], bool]:
    """Whether a path lies in a folder, by whichever of its names the server calls it."""
    folders = {f"{os.path.normpath(one)}{os.sep}" for one in (root, os.path.realpath(root))}
    return lambda path: any(path.startswith(folder) for folder in folders)
