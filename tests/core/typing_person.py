"""A person who edits documents, for tests of what is made of edits; and a reader of diffs."""

import re
from collections.abc import Sequence

from zeta_lsp.core.documents import Change, Document, Position, Range
from zeta_lsp.core.events import Edit, HistoryEvent, Source, Splice
from zeta_lsp.core.history import History
from zeta_lsp.core.text import Encoding, line_length, split_lines

Place = tuple[int, int]
Replacement = tuple[Place, Place, str]


class Person:
    """Edits documents of one project; the clock moves only when told."""

    def __init__(self) -> None:
        self.history = History()
        self.now_s = 100.0

    def open(self, text: str, name: str = "a.py") -> Document:
        return Document(f"file:///p/{name}", "python", 0, text, Encoding.UTF32)

    def edit(
        self,
        document: Document,
        *changes: Replacement,
        source: Source = Source.TYPED,
        path: str | None = None,
        after_s: float = 0.1,
    ) -> list[Splice]:
        """One notification with some changes, in code points."""
        self.now_s += after_s
        splices = document.apply(document.version + 1, [lsp_change(*change) for change in changes])
        assert document.unsynced is None
        edits = [
            Edit(document.uri, document.version, splice, source, self.now_s) for splice in splices
        ]
        self.history.record_all(document, edits, path or path_of(document))
        return splices

    def type(
        self, document: Document, row: int, text: str, *, col: int | None = None, **how: object
    ) -> None:
        """Insert text in a row, at its end if no column is given."""
        at = (row, line_length(document.lines[row]) if col is None else col)
        self.edit(document, (at, at, text), **how)  # type: ignore[arg-type]

    @property
    def diffs(self) -> list[str]:
        return [event.change.diff for event in self.history.events()]


def path_of(document: Document) -> str:
    return document.uri.removeprefix("file:///")


def numbered(rows: int) -> str:
    """Rows that say their number, counted from 1 as in diffs."""
    return "".join(f"line {row}\n" for row in range(1, rows + 1))


def bare_rows(text: str) -> list[str]:
    """Rows as diffs show them: without terminators, and none after the last newline."""
    rows = [line[: line_length(line)] for line in split_lines(text)]
    return rows if rows[-1] else rows[:-1]


def patched(rows: Sequence[str], event: HistoryEvent) -> list[str]:
    """Apply a diff at the very rows that it names; every row of it must be there."""
    found, moved = list(rows), 0
    for block in re.split(r"^(?=@@ )", event.change.diff, flags=re.MULTILINE)[1:]:
        header, *body = block.split("\n")[:-1]
        numbers = re.fullmatch(r"@@ -(\d+),(\d+) \+(\d+),(\d+) @@", header)
        assert numbers is not None
        start, old_count, new_start, new_count = map(int, numbers.groups())
        old = [line[1:] for line in body if line[0] in " -"]
        new = [line[1:] for line in body if line[0] in " +"]
        assert (len(old), len(new)) == (old_count, new_count)
        assert new_start == start + moved
        at = start - 1 + moved
        assert found[at : at + old_count] == old
        found[at : at + old_count] = new
        moved += new_count - old_count
    return found


def lsp_change(start: Place, end: Place, text: str) -> Change:
    return Change(text, Range(Position(*start), Position(*end)))
