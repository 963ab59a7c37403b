"""The next edit as a hint: a diagnostic that an editor without ghost text draws where it would be.

Such editors ask for nothing while somebody edits, at best for completions in the middle of a word.
With `predict.hints` the server asks itself after every change, paced like any request, and tells
the editor what the line will be. A hint far away has a second one at the cursor that says where.
Nothing is drawn for editors with ghost text. The text of a hint is what the prediction says; what
becomes of it is read from the changes, as always.
"""

import asyncio
from typing import TYPE_CHECKING, Any

from zeta_lsp.core.clusters import inline_edit
from zeta_lsp.core.documents import Document, Position
from zeta_lsp.core.edits import Cluster, TextEdit
from zeta_lsp.core.text import line_length, split_lines
from zeta_lsp.server.judge import Silence
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.params import PositionRequest, RequestContext, TextDocumentId
from zeta_lsp.server.predictions import AUTOMATIC
from zeta_lsp.server.preview import changed_rows, one_line
from zeta_lsp.server.shapes import is_far, position_of, range_of

if TYPE_CHECKING:
    from zeta_lsp.server.session import Session

Json = dict[str, Any]

SOURCE = "zeta-lsp"
"""Who says it, as the editor shows it."""
HINT = 4
"""LSP's `DiagnosticSeverity.Hint`."""
HINT_CHARS = 120
"""What fits beside a line."""


class Hints:
    """Keeps one editor's hints true to what is at hand."""

    def __init__(self, session: "Session") -> None:
        self.session = session
        self._told: dict[str, Json] = {}
        self._telling: asyncio.Handle | None = None
        self._asking: set[asyncio.Future[None]] = set()
        self._nothing: tuple[str, int] | None = None

    @property
    def are_wanted(self) -> bool:
        """Whether the person has asked for hints, in an editor that needs them."""
        resolved = self.session.resolved
        return (
            resolved is not None
            and resolved.settings.predict.hints
            and not self.session.client.has_ghost_text
        )

    def changed(self, uri: str) -> None:
        """A document changed: ask what comes next."""
        file = self.session.sync.files.get(uri)
        if file is None or not self.are_wanted:
            return
        self.touched()  # typing along leaves less of it to draw
        asking = asyncio.ensure_future(self._ask(file))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)

    def found_nothing(self, uri: str) -> bool:
        """Whether the model has nothing to say on this very text, so that asking again is idle."""
        file = self.session.sync.files.get(uri)
        return file is not None and self._nothing == (uri, file.document.revision)

    def touched(self) -> None:
        """Something else may be at hand; looked at once this turn of the loop is over."""
        if self._telling is None and (self._told or self.are_wanted):
            self._telling = asyncio.get_running_loop().call_soon(self._tell)

    def close(self) -> None:
        """The session ends."""
        for asking in self._asking:
            asking.cancel()
        if self._telling is not None:
            self._telling.cancel()

    async def _ask(self, file: OpenFile) -> None:
        if file.document.unsynced is not None:
            return
        line, character = position_of(file.document, *file.cursor).values()
        context = RequestContext(trigger_kind=AUTOMATIC)
        asked = PositionRequest(TextDocumentId(file.uri), Position(line, character), context)
        revision = file.document.revision
        found = await self.session.predictions.ask(asked)
        if not isinstance(found, Silence):
            self.session.predictions.shown(found)
        elif found.reason == "no_change":
            self._nothing = (file.uri, revision)
        self.touched()

    def _tell(self) -> None:
        self._telling = None
        files = self.session.sync.files
        for uri in {*self._told, *(files if self.are_wanted else ())}:
            file = files.get(uri)
            hints = self._hints(file) if file is not None and self.are_wanted else []
            told = {"uri": uri, "diagnostics": hints}
            if file is not None and hints:
                told["version"] = file.document.version  # the editor drops those of an older text
            if told != self._told.get(uri, {"uri": uri, "diagnostics": []}):
                self.session.client.notify("textDocument/publishDiagnostics", told)
            self._told.pop(uri, None)
            if hints:
                self._told[uri] = told

    def _hints(self, file: OpenFile) -> list[Json]:
        predictions, document = self.session.predictions, file.document
        found = predictions.held(file.uri)
        if found is None:
            away = predictions.engine.elsewhere.jump(file)
            return [] if away is None else [_pointer(file, _name_of(away["jump"]))]
        cluster = found.nearest(file.cursor[0])
        hints = [_hint(document, cluster, file.cursor)]
        if is_far(cluster, file.cursor[0]):
            hints.append(_pointer(file, f"line {cluster[0].start_row + 1}"))
        return hints


def without_ours(diagnostics: object) -> object:
    """The diagnostics that an editor knows, less our own hints: no prompt should show those."""
    if not isinstance(diagnostics, list):
        return diagnostics
    return [
        one for one in diagnostics if not (isinstance(one, dict) and one.get("source") == SOURCE)
    ]


def _hint(document: Document, cluster: Cluster, cursor: tuple[int, int]) -> Json:
    """A hint on the first line that changes."""
    edit = inline_edit(cluster, *cursor, document.lines)
    if edit is not None and cursor[1] == line_length(document.lines[cursor[0]]):
        typed = document.lines[cursor[0]][edit.start_col : cursor[1]]
        rest = split_lines(edit.new_text.removeprefix(typed))
        return _diagnostic(document, edit, one_line(rest, HINT_CHARS, keep_start=True))
    row, old, new = changed_rows(document, cluster)
    row = min(row, len(document.lines) - 1)
    line = document.lines[row]
    whole = TextEdit(row, len(line) - len(line.lstrip(" \t")), row, line_length(line), "")
    fresh = one_line(new, HINT_CHARS)
    words = f"→ {fresh}" if fresh else "→ delete" if len(old) == 1 else f"→ delete {len(old)} lines"
    return _diagnostic(document, whole, words)


def _pointer(file: OpenFile, where: str) -> Json:
    """A hint at the cursor that says where the next edit is."""
    row = file.cursor[0]
    here = TextEdit(row, 0, row, line_length(file.document.lines[row]), "")
    return _diagnostic(file.document, here, f"next edit: {where}")


def _name_of(jump: Json) -> str:
    name = jump["textDocument"]["uri"].rsplit("/", 1)[-1]
    return f"{name}:{jump['position']['line'] + 1}"


def _diagnostic(document: Document, edit: TextEdit, message: str) -> Json:
    return {
        "range": range_of(document, edit),
        "severity": HINT,
        "source": SOURCE,
        "message": message,
    }
