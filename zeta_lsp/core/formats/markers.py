"""Numbered markers inside an editable region, and where Zed puts them.

``<|marker_1|>BLOCK<|marker_2|>BLOCK<|marker_3|>``: tags stand byte-exactly between the blocks,
without lines of their own. A model names the blocks that it rewrites by their tags, which saves
it from writing the rest of the region again.

Borders lie at line starts, where a block has enough lines and a paragraph begins, or where a block
would become too long. A border is moved down by up to four lines so that a block does not begin
with a closing bracket or a lone ``return``. Blocks have 6 to 16 lines in the formats from
V0318SeedMultiRegions on.

Offsets here count code points of the region's text; the first is 0 and the last its length.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

from zeta_lsp.core.formats.cursor_mark import CURSOR

MIN_LINES = 6
MAX_LINES = 16
TAG = re.compile(r"<\|marker_([0-9]{1,9})\|>")
TAG_START = "<|marker_"

_NUDGE_LINES = 5
_CLOSERS = ("}", "]", ")")
_WEAK_STARTS = frozenset(("break", "continue", "return", "throw", "end"))
# Python's own idea of white space has a few control characters more than Unicode's (and Zed's).
_WHITE_SPACE = (
    " \t\n\v\f\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


def tag(number: int) -> str:
    """The tag of a border, counted from 1."""
    return f"{TAG_START}{number}|>"


@lru_cache(maxsize=16)
def marker_offsets(
    text: str, min_lines: int = MIN_LINES, max_lines: int = MAX_LINES
) -> tuple[int, ...]:
    """Where the markers of a region stand, at least two.

    Kept for the latest regions: one prediction asks while rendering, for each part of the answer
    that arrives, and for the whole of it.
    """
    if not text:
        return 0, 0
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    borders = _Borders([line.strip(_WHITE_SPACE) for line in lines], min_lines, max_lines)
    offsets = [0, *(starts[line] for line in borders.find())]
    if offsets[-1] != len(text):
        offsets.append(len(text))
    return tuple(offsets)


def tagged(text: str, cursor: int, offsets: Sequence[int]) -> str:
    """Text with its tags, and the cursor mark in the first block that can hold it."""
    holder = next(i for i in range(len(offsets)) if cursor <= offsets[i + 1])
    parts: list[str] = []
    for index, (start, end) in enumerate(pairwise(offsets)):
        parts.append(tag(index + 1))
        if index == holder:
            parts += (text[start:cursor], CURSOR, text[cursor:end])
        else:
            parts.append(text[start:end])
    parts.append(tag(len(offsets)))
    return "".join(parts)


class _Borders:
    """The walk over a region's lines, given without the white space around them."""

    def __init__(self, lines: Sequence[str], min_lines: int, max_lines: int) -> None:
        self._lines = lines
        self._min = min_lines
        self._max = max_lines

    def find(self) -> list[int]:
        """Rows that begin a block, without the first."""
        found: list[int] = []
        last, row = 0, 0
        while row < len(self._lines):
            border = self._border_at(row, row - last)
            if border is not None and border > last:
                found.append(border)
                last = row = border
            row += 1
        return found

    def _border_at(self, row: int, gap: int) -> int | None:
        if gap < self._min:
            return None
        lines = self._lines
        if lines[row] and not lines[row - 1]:
            border = self._nudged(row)
            if len(lines) - border >= self._min:
                return border
        return self._nudged(row) if gap >= self._max else None

    def _nudged(self, row: int) -> int:
        end = min(row + _NUDGE_LINES, len(self._lines))
        return next((i for i in range(row, end) if _begins_well(self._lines[i])), row)


def _begins_well(line: str) -> bool:
    return bool(line) and not line.startswith(_CLOSERS) and line.rstrip(";") not in _WEAK_STARTS
