"""What is known to be wrong in each document, learned from messages that pass by.

Three ways bring it: what the neighbour publishes, what it answers when the client or we pull, and
what a client puts into the context of a code action, which in some editors comes from every server
that runs. Each way has its own last word; `diagnostics` is all of them without repetition.

Messages are kept as they came and read when somebody asks, so a neighbour that floods costs next
to nothing. Memory is bounded: the documents that were spoken of last stay.
"""

from collections.abc import Iterator
from urllib.parse import unquote

import msgspec

from zeta_lsp.core.documents import Range
from zeta_lsp.server.faults import BadMessage
from zeta_lsp.server.messages import NOTHING, Part, read

MAX_WORD_BYTES = 1024 * 1024
"""What is longer than this about one document is not kept: nobody could read it anyway."""
MAX_BYTES = 16 * 1024 * 1024
MAX_DOCUMENTS = 5000


class Diagnostic(msgspec.Struct, frozen=True):
    """LSP's `Diagnostic`, as far as prompts and gates want it; columns as the client counts."""

    range: Range
    message: str
    severity: int | None = None
    code: int | str | None = None
    source: str | None = None


class Said(msgspec.Struct, frozen=True):
    """One way's last word on a document. `version` is the text it was about, if that was said."""

    version: int | None
    items: tuple[Diagnostic, ...]


class _Word(msgspec.Struct):
    version: int | None
    raw: Part
    size_bytes: int
    items: tuple[Diagnostic, ...] | None = None


class _Published(msgspec.Struct, frozen=True):
    uri: str
    diagnostics: msgspec.Raw
    version: int | None = None


class _Report(msgspec.Struct, frozen=True, rename="camel"):
    """A pulled report on one document; `items` is absent where nothing changed."""

    kind: str = "full"
    items: msgspec.Raw = NOTHING
    related_documents: dict[str, "_Report"] | None = None


class _WorkspaceItem(msgspec.Struct, frozen=True):
    uri: str
    kind: str = "full"
    version: int | None = None
    items: msgspec.Raw = NOTHING


class _WorkspaceReport(msgspec.Struct, frozen=True):
    items: tuple[_WorkspaceItem, ...] = ()


_published = msgspec.json.Decoder(_Published)
_report = msgspec.json.Decoder(_Report)
_workspace_report = msgspec.json.Decoder(_WorkspaceReport)
_list = msgspec.json.Decoder(tuple[msgspec.Raw, ...])
_diagnostic = msgspec.json.Decoder(Diagnostic)

PUBLISHED, PULLED, CARRIED = "published", "pulled", "carried"


class Diagnostics:
    """The last words about all documents. The methods that learn raise `BadMessage`."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, _Word]] = {}
        self._size_bytes = 0

    def published(self, params: Part) -> None:
        """``textDocument/publishDiagnostics``."""
        said = read(params, _published)
        self._keep(said.uri, PUBLISHED, said.version, said.diagnostics)

    def pulled(self, uri: str, version: int | None, result: Part) -> None:
        """The result of ``textDocument/diagnostic`` about the text of that version."""
        if result == NOTHING:
            return
        report = read(result, _report)
        self._reported(uri, version, report)
        for other, related in (report.related_documents or {}).items():
            self._reported(other, None, related)

    def pulled_everywhere(self, result: Part) -> None:
        """The result of ``workspace/diagnostic``."""
        if result == NOTHING:
            return
        for item in read(result, _workspace_report).items:
            if item.kind == "full" and item.items != NOTHING:
                self._keep(item.uri, PULLED, item.version, item.items)

    def carried(self, uri: str, version: int | None, diagnostics: Part) -> None:
        """``context.diagnostics`` of a code action's request."""
        self._keep(uri, CARRIED, version, diagnostics)

    def changed(self, uri: str) -> None:
        """The text is another one: what an editor carried with it was about a line only."""
        self._forget(key_of(uri), CARRIED)

    def said(self, uri: str, way: str) -> Said | None:
        """The last word of one way."""
        word = self._known.get(key_of(uri), {}).get(way)
        return None if word is None else Said(word.version, _items(word))

    def knows(self, uri: str) -> bool:
        """Whether anything was said about a document."""
        return key_of(uri) in self._known

    def about(self, uri: str) -> list[Diagnostic]:
        """What is known to be wrong, by range; nothing twice."""
        words = self._known.get(key_of(uri), {}).values()
        found = {(item.range, item.message): item for word in words for item in _items(word)}
        return sorted(found.values(), key=lambda item: _place(item.range))

    def _reported(self, uri: str, version: int | None, report: _Report) -> None:
        if report.kind == "full" and report.items != NOTHING:
            self._keep(uri, PULLED, version, report.items)

    def _keep(self, uri: str, way: str, version: int | None, raw: Part) -> None:
        key, size_bytes = key_of(uri), _size(raw)
        self._forget(key, way)
        if size_bytes > MAX_WORD_BYTES:
            return
        words = self._known.pop(key, {})  # the last one spoken of goes to the end
        words[way] = _Word(version, _alone(raw), size_bytes)
        self._known[key] = words
        self._size_bytes += size_bytes
        while self._size_bytes > MAX_BYTES or len(self._known) > MAX_DOCUMENTS:
            oldest = next(iter(self._known))
            for kept in list(self._known[oldest]):
                self._forget(oldest, kept)

    def _forget(self, key: str, way: str) -> None:
        words = self._known.get(key, {})
        if (word := words.pop(way, None)) is not None:
            self._size_bytes -= word.size_bytes
            if not words:
                del self._known[key]


def key_of(uri: str) -> str:
    """A document's name, however servers and clients escape it."""
    plain = unquote(uri)
    drive = len("file:///")
    if plain.startswith("file:///") and plain[drive + 1 : drive + 2] == ":":
        plain = plain[:drive] + plain[drive].lower() + plain[drive + 1 :]
    return plain


def _items(word: _Word) -> tuple[Diagnostic, ...]:
    if word.items is None:
        word.items = tuple(_readable(word.raw))
    return word.items


def _readable(raw: Part) -> Iterator[Diagnostic]:
    """Those that can be read: one of another shape takes none of the others away."""
    try:
        parts = read(raw, _list)
    except BadMessage:
        return
    for part in parts:
        try:
            yield read(part, _diagnostic)
        except BadMessage:
            continue


def _alone(raw: Part) -> Part:
    """A copy that does not hold on to the message around it."""
    return raw.copy() if isinstance(raw, msgspec.Raw) else raw


def _size(raw: Part) -> int:
    return len(memoryview(raw)) if isinstance(raw, msgspec.Raw) else MAX_WORD_BYTES // 16


def _place(at: Range) -> tuple[int, int, int, int]:
    return at.start.line, at.start.character, at.end.line, at.end.character
