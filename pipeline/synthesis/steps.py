"""A commit as steps: runs of rows that somebody changes in one go, a screenful at most.

A step is one change of the line diff; a longer one is parted where a person would look up: at an
empty row, or where a new block begins. Steps may be done in any order: each knows which rows of the
parent it replaces, so the text after any set of them is known (`Plan.text`), and so is the row at
which each stands by then (`Plan.row`).
"""

from collections.abc import Set as AbstractSet
from functools import cached_property

import msgspec

from pipeline.synthesis.commits import File
from zeta_lsp.core.diff.change import Change
from zeta_lsp.core.diff.histogram import histogram_diff
from zeta_lsp.core.text import split_lines

STEP_ROWS_MAX = 12
_PARTED_ROWS_MIN = 3


class Step(msgspec.Struct, frozen=True):
    """Rows ``[start, end)`` of the parent's file become `new`; `number` counts within the file."""

    path: str
    number: int
    start: int
    end: int
    new: tuple[str, ...]
    old: tuple[str, ...]

    @property
    def row_delta(self) -> int:
        """Rows by which everything below moves."""
        return len(self.new) - len(self.old)

    @property
    def changed_rows(self) -> int:
        """Rows that go and rows that come."""
        return len(self.new) + len(self.old)


class Plan:
    """The steps of one file."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.rows = rows_of(file.old)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All of them, from top to bottom."""
        new, path = rows_of(self.file.new), self.file.path
        found: list[Step] = []
        above = 0
        for change in histogram_diff(self.rows, new):
            start, end, block_rows = self._raised(change, new, above)
            above = end
            for block in parted(block_rows):
                old = tuple(self.rows[start:end])
                found.append(Step(path, len(found), start, end, tuple(block), old))
                start = end
        return tuple(found)

    def _raised(self, change: Change, new: list[str], above: int) -> tuple[int, int, list[str]]:
        """Where a change is, and its new rows; those that only add stand as high as they can.

        A new function with an empty row behind it is as well one with an empty row before it, and
        that is how it is typed: the row that is there already stays where it is.
        """
        start, end = change.before_start, change.before_end
        rows = new[change.after_start : change.after_end]
        while (
            start == end and start > above and rows[-1] == self.rows[start - 1] and _is_empty(rows)
        ):
            start, end, rows = start - 1, end - 1, [rows[-1], *rows[:-1]]
        return start, end, rows

    def row(self, step: Step, done: AbstractSet[Step]) -> int:
        """Where a step's rows begin when some are done."""
        above = self.steps[: step.number]
        return step.start + sum(one.row_delta for one in above if one in done)

    def text(self, done: AbstractSet[Step]) -> str:
        """The text when some steps are done."""
        parts, at = [], 0
        for step in self.steps:
            parts += self.rows[at : step.start]
            parts += step.new if step in done else step.old
            at = step.end
        return "".join(parts + self.rows[at:])


def rows_of(text: str) -> list[str]:
    """The rows of a text with their ends; there is none behind the last end."""
    rows = split_lines(text)
    return rows if rows[-1] else rows[:-1]


def parted(rows: list[str]) -> list[list[str]]:
    """New rows in runs of at most `STEP_ROWS_MAX`; no rows are one empty run."""
    blocks: list[list[str]] = []
    while len(rows) > STEP_ROWS_MAX:
        cut = _cut(rows)
        blocks.append(rows[:cut])
        rows = rows[cut:]
    return [*blocks, rows]


def _cut(rows: list[str]) -> int:
    """Where to part: behind the last empty row in reach, else before the least indented one."""
    reach = range(_PARTED_ROWS_MIN, STEP_ROWS_MAX + 1)
    empty = [n for n in reach if not rows[n - 1].strip()]
    if empty:
        return empty[-1]
    return min(reach, key=lambda n: (_indent(rows[n]), -n))


def _is_empty(rows: list[str]) -> bool:
    """Whether the last row is empty, and not all of them are."""
    return not rows[-1].strip() and any(row.strip() for row in rows)


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip())
