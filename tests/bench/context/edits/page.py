"""A file in the middle of being edited, as the server room holds it, and its prompts of Zeta 2.1.

The hunks above the one at hand were made one after the other, so the last of them are in the
recent edits of the prompt, as they are when a person goes through a file from top to bottom.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.bench.context.edits.hunks import Edit, Lines, applied
from tests.bench.context.gathering import Cursor
from tests.bench.repeat.histories import Hunk
from zeta_lsp.context.syntax import syntax_for
from zeta_lsp.core.documents import Change, Document, Position, Range
from zeta_lsp.core.events import Edit as Typed
from zeta_lsp.core.events import Source
from zeta_lsp.core.formats.registry import get
from zeta_lsp.core.history import History
from zeta_lsp.core.prompt import RelatedFile
from zeta_lsp.core.surroundings import Surroundings
from zeta_lsp.core.text import Encoding
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.snapshot import take_snapshot
from zeta_lsp.server.workspace import Workspace

RECENT = 6
"""So many hunks above are typed; prompts show no more events."""
APART_S = 10.0


class Moment(NamedTuple):
    """A text with a cursor, and the hunks that led to it: `opened` with `typed` applied."""

    opened: Lines
    typed: tuple[Hunk, ...]
    row: int
    col: int

    @property
    def lines(self) -> Lines:
        """The text."""
        return applied(self.opened, self.typed)

    def changes(self) -> list[Change]:
        """What an editor reports of each of the hunks, in order."""
        changes, shift = [], 0
        for hunk in self.typed:
            start = hunk.start + shift
            rows = Range(Position(start, 0), Position(start + len(hunk.old), 0))
            changes.append(Change("".join(hunk.new), rows))
            shift += len(hunk.new) - len(hunk.old)
        return changes


def before(edit: Edit) -> Moment:
    """The moment before the first key of a hunk."""
    return _moment(edit, edit.number, edit.start())


def written(edit: Edit) -> Moment:
    """The moment when the last row of a hunk is written, with the cursor at its end."""
    return _moment(edit, edit.number + 1, edit.end())


def _moment(edit: Edit, done: int, cursor: tuple[int, int]) -> Moment:
    """`done` hunks are applied, the last of them by typing; what was opened had the others."""
    first = max(0, done - RECENT)
    above, typed = edit.hunks[:first], edit.hunks[first:done]
    shift = sum(len(one.new) - len(one.old) for one in above)
    moved = tuple(Hunk(one.start + shift, one.old, one.new) for one in typed)
    return Moment(applied(edit.lines, above), moved, *cursor)


class EditedPage:
    """A file at a moment, for prompts with whatever was gathered."""

    def __init__(self, path: Path, language: str, moment: Moment, root: Path) -> None:
        workspace = Workspace()
        workspace.add(root.as_uri())
        uri = path.as_uri()
        document = Document(uri, language, 0, "".join(moment.opened), Encoding.UTF16)
        place = workspace.place(uri)
        syntax = syntax_for(language, str(path))
        self._file = OpenFile(document, place, History(), syntax)
        self._type(moment.changes(), place.prompt_path)
        self._file.refresh_syntax()
        self._moment = moment
        self._format = get("zeta2.1")

    def prompt(self, files: Sequence[RelatedFile]) -> str:
        """The prompt with these related files; empty if there is none."""
        self._file.surroundings = Surroundings(tuple(files), (), (), len(self._file.document.lines))
        row, col = self._moment.row, self._moment.col
        given = take_snapshot(self._file, row, col, with_current_file=False).given
        prompt = self._format.render(given)
        return "" if prompt is None else prompt.text

    def _type(self, changes: Sequence[Change], path: str) -> None:
        document = self._file.document
        for number, change in enumerate(changes, 1):
            splices = document.apply(number, [change])
            self._file.remember(splices)
            typed = [
                Typed(document.uri, number, splice, Source.TYPED, number * APART_S)
                for splice in splices
            ]
            self._file.history.record_all(document, typed, path)


def cursor_of(path: Path, language: str, moment: Moment) -> Cursor:
    """A moment as those who gather take it."""
    return Cursor(path, language, moment.lines, moment.row, moment.col)
