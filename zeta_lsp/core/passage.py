"""Rows of a document that became other rows: the stuff of which history events are made.

A `Passage` holds both sides and the rows around them, so it can be printed whenever somebody asks,
whatever became of the document since. Taking one copies references to lines, never text.
"""

from typing import Protocol

import msgspec

from zeta_lsp.core.events import Splice
from zeta_lsp.core.text import byte_length, line_length, split_lines, without_surrogates
from zeta_lsp.core.unified import CONTEXT_ROWS, unified_diff


class Rows(Protocol):
    """Lines that can be sliced: a list, or `TextBefore`."""

    def __len__(self) -> int:
        """Number of rows."""

    def __getitem__(self, rows: slice, /) -> list[str]:
        """Some rows."""


class TextBefore:
    """A document's lines as they were before its latest splice; reads them from what is there."""

    __slots__ = ("_lines", "_splice", "_touched")

    def __init__(self, lines: list[str], splice: Splice) -> None:
        head = lines[splice.start_row][: splice.start_col]
        tail = lines[splice.new_end_row][splice.new_end_col :]
        text = head + splice.old_text + tail
        count = splice.old_end_row - splice.start_row + 1
        self._touched = [text] if count == 1 else split_lines(text)[:count]
        self._lines = lines
        self._splice = splice

    def __len__(self) -> int:
        return len(self._lines) - self._splice.row_delta

    def __getitem__(self, rows: slice, /) -> list[str]:
        start, stop, _ = rows.indices(len(self))
        first, below = self._splice.start_row, self._splice.old_end_row + 1
        if stop <= first:
            return self._lines[start:stop]
        found = self._lines[start:first]
        found += self._touched[max(start - first, 0) : stop - first]
        if stop > below:
            moved = self._splice.row_delta
            found += self._lines[max(start, below) + moved : stop + moved]
        return found


class Passage(msgspec.Struct, frozen=True):
    """Rows that stood at `first_row` and became `new`.

    `above` and `below` are up to `CONTEXT_ROWS` rows around them, the same before and after.
    """

    first_row: int
    old: list[str]
    new: list[str]
    above: list[str]
    below: list[str]

    @property
    def row_delta(self) -> int:
        """Rows by which everything below moved."""
        return len(self.new) - len(self.old)

    @property
    def changed(self) -> bool:
        """Whether a diff would show anything."""
        return self.old != self.new and self._region(self.old) != self._region(self.new)

    def diff(self) -> str:
        """The unified diff, with file line numbers."""
        first_row = self.first_row - len(self.above)
        return unified_diff(self._region(self.old), self._region(self.new), first_row)

    def after(self, first: int, last: int) -> tuple[int, int]:
        """Where rows ``[first, last]`` of the text before are afterwards, with what they meet."""
        end = self.first_row + len(self.old)
        if last < self.first_row:
            return first, last
        if first >= end:
            return first + self.row_delta, last + self.row_delta
        new_last = self.first_row + len(self.new) - 1
        return min(first, self.first_row), max(last + self.row_delta, new_last)

    def beginning(self, limit_bytes: int) -> "Passage":
        """Whole rows from the start of what changed, at most `limit_bytes` of both sides together.

        Applied alone it makes every row down to its end what it became. It is empty if there are
        rows on a side but the first of them is too long.
        """
        head, tail = self._shared_ends()
        old, new = self.old[head : len(self.old) - tail], self.new[head : len(self.new) - tail]
        shown_old = _within(old, max(limit_bytes // 2, limit_bytes - _size(new)))
        shown_new = _within(new, limit_bytes - _size(shown_old))
        if bool(old) != bool(shown_old) or bool(new) != bool(shown_new):
            shown_old = shown_new = []
        above = [*self.above, *self.old[:head]][-CONTEXT_ROWS:]
        return Passage(self.first_row + head, shown_old, shown_new, above, [])

    def _shared_ends(self) -> tuple[int, int]:
        old, new = _bare(self.old), _bare(self.new)
        shorter = min(len(old), len(new))
        head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
        left = shorter - head
        return head, next((i for i in range(left) if old[-1 - i] != new[-1 - i]), left)

    def _region(self, middle: list[str]) -> list[str]:
        region = [*self.above, *middle, *self.below]
        if region and not region[-1]:  # what follows the last newline is not a row
            region.pop()
        return _bare(region)


def passage_of(old: list[str], rows: Rows, first_row: int, end_row: int) -> Passage:
    """The passage that ends as rows ``[first_row, end_row)`` of what `rows` shows."""
    return Passage(
        first_row,
        old,
        rows[first_row:end_row],
        rows[max(0, first_row - CONTEXT_ROWS) : first_row],
        rows[end_row : end_row + CONTEXT_ROWS],
    )


def joined(one: Passage, then: Passage, rows: Rows) -> Passage:
    """Two consecutive passages as one; `rows` shows the text after both."""
    first = min(one.first_row, then.first_row)
    then_end = then.first_row + len(then.old)
    end = max(one.first_row + len(one.new), then_end)
    between = [
        *rows[first : then.first_row],
        *then.old,
        *rows[then_end + then.row_delta : end + then.row_delta],
    ]
    into = one.first_row - first
    old = between[:into] + one.old + between[into + len(one.new) :]
    return passage_of(old, rows, first, end + then.row_delta)


def _bare(rows: list[str]) -> list[str]:
    return [without_surrogates(row[: line_length(row)]) for row in rows]


def _size(rows: list[str]) -> int:
    return sum(map(byte_length, rows))


def _within(rows: list[str], limit_bytes: int) -> list[str]:
    """The first rows that fit."""
    left = limit_bytes
    for count, row in enumerate(rows):
        left -= byte_length(row)
        if left < 0:
            return rows[:count]
    return rows
