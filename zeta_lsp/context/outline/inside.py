"""Whether a row begins inside a comment or a string that was opened above it.

A parse that begins in the middle of prose takes the words for names. So the row that opens it is
looked for, by the marks alone: ``/*`` in the languages that have it, Python's triple quotes.
"""

import re
from collections.abc import Sequence

import msgspec

REACH_ROWS = 1000
"""Longer prose than this is not recognised."""

_WITHOUT_BLOCK_COMMENTS = {"bash", "lua", "ruby"}
_OPENS = re.compile(r"(?:^|\s)/\*")
_TRIPLE = ('"""', "'''")
_TOP_LEVEL = re.compile(
    r"(?:async )?def \w+\(|class \w+[(:]|@\w|import [\w., ]+$|from [\w.]+ import "
)
"""What begins a row of Python that is surely code: nothing is open there."""


class Prose(msgspec.Struct, frozen=True, gc=False):
    """A comment or string that begins in `row` and ends with `closer`."""

    row: int
    closer: str

    def end(self, lines: Sequence[str], row: int) -> int | None:
        """The first row from `row` on that has the closer."""
        rows = range(row, min(len(lines), row + REACH_ROWS))
        return next((index for index in rows if self.closer in lines[index]), None)


def prose_at(grammar: str, lines: Sequence[str], row: int) -> Prose | None:
    """The comment or string that is open where a row begins, if there is one."""
    if grammar == "python":
        return _string_at(lines, row)
    return None if grammar in _WITHOUT_BLOCK_COMMENTS else _comment_at(lines, row)


def _comment_at(lines: Sequence[str], row: int) -> Prose | None:
    for above in range(row - 1, max(-1, row - 1 - REACH_ROWS), -1):
        line = lines[above]
        if "*/" in line or "/*" in line:
            opening = _OPENS.search(line)
            is_open = opening is not None and line.find("*/", opening.end()) < 0
            return Prose(above, "*/") if is_open else None
    return None


def _string_at(lines: Sequence[str], row: int) -> Prose | None:
    start = row - 1
    lowest = max(0, row - 1 - REACH_ROWS)
    while start > lowest and not _TOP_LEVEL.match(lines[start]):
        start -= 1
    text = "".join(lines[max(start, 0) : row])
    odd = [quotes for quotes in _TRIPLE if text.count(quotes) % 2]
    if len(odd) != 1:
        return None  # with both, one of them is quoted by the other
    before = text[: text.rfind(odd[0])]
    return Prose(max(start, 0) + before.count("\n"), odd[0])
