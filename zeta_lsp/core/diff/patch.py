"""Unified diffs, applied the way Zed applies them: by content.

How it works: a hunk's old text must occur in the text as a whole, anywhere. If it occurs more than
once, the header's first row number decides, moved by the rows that earlier hunks of the file added.
A final line end that the text lacks is forgiven.

Promise: hunks are read as Zed reads them, its oddities included, because stored patches and metrics
depend on them: a changed line that begins ``--`` or ``++`` and a blank looks like a file header,
and line ends ``\\r\\n`` are read as ``\\n``. Rows count from 0, offsets count code points.
"""

import re

import msgspec

from zeta_lsp.core.diff.edits import OffsetEdit

FILE_HEADER = "--- a/file\n+++ b/file\n"
"""Makes a bare diff readable: hunks outside a file are ignored."""

_HUNK_HEADER = re.compile(r"@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)?")

_BLANKS = frozenset(" \t\r\f")
"""What parts the signs of a file header from its path."""


class Hunk(msgspec.Struct, frozen=True):
    """One place of change.

    `old_text` is what must be found, `edits` are relative to it. `row` is where the header says it
    stands, None if there was no header. `opens_file` marks the first hunk of a file.
    """

    row: int | None
    old_text: str
    edits: tuple[OffsetEdit, ...]
    opens_file: bool


def diff_lines(diff: str) -> list[str]:
    """The lines of a diff without their ends."""
    lines = diff.split("\n")
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def read_hunks(diff: str) -> list[Hunk]:
    """The hunks of a diff with file headers. Never fails: what is not a diff holds no hunks."""
    reader = _Reader()
    for line in diff_lines(diff):
        reader.read(line)
    reader.end_hunk()
    return reader.hunks


def apply_diff(diff: str, text: str) -> str | None:
    """`text` with every hunk applied, or None if one of them has no single place in it."""
    moved_rows = 0
    for hunk in read_hunks(diff):
        if hunk.opens_file:
            moved_rows = 0
        row = None if hunk.row is None else hunk.row + moved_rows
        applied = _apply_hunk(hunk, row, text)
        if applied is None:
            return None
        moved_rows += applied.count("\n") - text.count("\n")
        text = applied
    return text


def _apply_hunk(hunk: Hunk, row: int | None, text: str) -> str | None:
    places, edits = _occurrences(hunk.old_text, text), hunk.edits
    if not places:
        places = _occurrence_at_end(hunk.old_text, text)
        edits = tuple(_without_final_newline(edit, len(hunk.old_text) - 1) for edit in edits)
    place = _choose(places, row, text)
    if place is None:
        return None
    for edit in reversed(edits):
        text = text[: place + edit.start] + edit.new_text + text[place + edit.end :]
    return text


def _occurrences(part: str, text: str) -> list[int]:
    """Where `part` stands in `text`, overlaps not counted; everywhere if it is empty."""
    if not part:
        return list(range(len(text) + 1))
    places, place = [], text.find(part)
    while place >= 0:
        places.append(place)
        place = text.find(part, place + len(part))
    return places


def _occurrence_at_end(part: str, text: str) -> list[int]:
    """Where `part` without its final line end ends the text."""
    if len(part) < 2 or not part.endswith("\n"):
        return []
    size = len(part) - 1
    return [place for place in _occurrences(part[:-1], text) if place + size == len(text)]


def _without_final_newline(edit: OffsetEdit, size: int) -> OffsetEdit:
    """The edit of an old text cut to `size`, which leaves out its final line end."""
    if edit.end <= size:
        return edit
    return OffsetEdit(min(edit.start, size), size, edit.new_text.removesuffix("\n"))


def _choose(places: list[int], row: int | None, text: str) -> int | None:
    if len(places) == 1:
        return places[0]
    return next((place for place in places if text.count("\n", 0, place) == row), None)


class _Reader:
    """Collects hunks line by line."""

    def __init__(self) -> None:
        self.hunks: list[Hunk] = []
        self.row: int | None = None
        self.old_text = ""
        self.edits: list[OffsetEdit] = []
        self.in_file = False
        self.opens_file = False
        self.newline_dropped = False
        self.added_last = False

    def read(self, line: str) -> None:
        header = _HUNK_HEADER.match(line)
        if line.startswith("---") and line[3:4] in _BLANKS:
            self.end_hunk()
            self.in_file = self.opens_file = True
        elif line.startswith("+++") and line[3:4] in _BLANKS:
            pass
        elif header:
            self.end_hunk()
            self.row = max(int(header[1]) - 1, 0)
        elif line[:1] in ("", " ", "-", "+"):
            if self.in_file:
                self._add(line[:1], line[1:] + "\n")
        elif line.startswith("\\"):
            self._drop_newline()
        else:
            self.end_hunk()
            self.in_file = False

    def end_hunk(self) -> None:
        if self.old_text or self.edits:
            hunk = Hunk(self.row, self.old_text, tuple(self.edits), self.opens_file)
            self.hunks.append(hunk)
            self.row, self.opens_file, self.newline_dropped = None, False, False
        self.old_text, self.edits = "", []

    def _add(self, sign: str, text: str) -> None:
        start = len(self.old_text)
        self.added_last = sign == "+"
        if not self.added_last:
            self.old_text += text
        if sign in ("+", "-"):
            added = text if self.added_last else ""
            self._edit(start, OffsetEdit(start, len(self.old_text), added))

    def _edit(self, start: int, edit: OffsetEdit) -> None:
        """Add an edit, or make it part of the one that ends where it starts."""
        if self.edits and self.edits[-1].end == start:
            last = self.edits.pop()
            edit = OffsetEdit(last.start, edit.end, last.new_text + edit.new_text)
        self.edits.append(edit)

    def _drop_newline(self) -> None:
        """Obey the note that the line before has no end: once a hunk, as Zed does."""
        if self.newline_dropped:
            return
        self.newline_dropped = True
        if self.edits and self.added_last:
            last = self.edits.pop()
            text = last.new_text.removesuffix("\n")
            self.edits.append(OffsetEdit(last.start, last.end, text))
            return
        self.old_text = self.old_text.removesuffix("\n")
        size = len(self.old_text)
        self.edits = [OffsetEdit(e.start, min(e.end, size), e.new_text) for e in self.edits]
