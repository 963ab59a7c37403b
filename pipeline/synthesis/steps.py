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
        self.rows = split_lines(file.old)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All of them, from top to bottom."""
        new, path = split_lines(self.file.new), self.file.path
        found: list[Step] = []
        for change in histogram_diff(self.rows, new):
            start, end, at = change.before_start, change.before_end, change.after_start
            for block in parted(new[at : change.after_end]):
                old = tuple(self.rows[start:end])
                found.append(Step(path, len(found), start, end, tuple(block), old))
                start = end
        return tuple(found)

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


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip())
