"""The cursor excerpt: the window of a document that a prediction is made from.

`cut_excerpt` grows from the cursor row, one row down, one row up, and so on, until the first row
that no longer fits the budget of 8192 estimated tokens (Zed's rule; its formats then choose what
they show and may rewrite, see `ranges`). Its cost depends on the window alone, never on the
document: it runs on every keystroke.

An excerpt's text differs from the document's in three ways, all of which keep rows and columns:
every line ends with ``\\n`` whatever the document uses, lone surrogates are U+FFFD, and the last
row's terminator is left out. So a row of the excerpt is ``start_row + row`` of the document, and
a column is the same in both.

The cursor's row belongs to the excerpt even if it alone exceeds the budget; a format then finds
no room for it and renders nothing.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import add

import msgspec

from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.prompt import ByteRange
from zeta_lsp.core.ranges import editable_and_context, excerpt_ranges
from zeta_lsp.core.text import (
    BYTES_PER_TOKEN,
    byte_length,
    line_length,
    line_tokens,
    without_surrogates,
)

__all__ = [
    "EXCERPT_TOKENS",
    "Excerpt",
    "Span",
    "cut_excerpt",
    "editable_and_context",
    "excerpt_ranges",
    "syntax_ranges_in",
]

EXCERPT_TOKENS = 8192

_PAIRS_AT_ONCE = 128
_TOKENS_OF_SIZE = {
    terminator: [max(1, (size - terminator) // BYTES_PER_TOKEN) for size in range(512)]
    for terminator in (1, 2)
}
"""Estimated tokens of an ASCII line by its length, for both lengths of a terminator."""

Span = tuple[int, int, int, int]
"""Start row, start byte column, end row, end byte column in a document, as tree-sitter counts."""


class Excerpt(msgspec.Struct, frozen=True, gc=False):
    """Rows ``[start_row, end_row)`` of a document and the cursor's UTF-8 offset in their text."""

    text: str
    start_row: int
    end_row: int
    cursor_offset: int


def cut_excerpt(
    lines: Sequence[str], row: int, col: int, budget_tokens: int = EXCERPT_TOKENS
) -> Excerpt:
    """Cut the rows around a cursor; `col` counts code points.

    Raises:
        PositionError: the document has no such row, or the row no such column.
    """
    if not (0 <= row < len(lines) and 0 <= col <= line_length(lines[row])):
        raise PositionError("the cursor is outside the document")
    start, end = _grow(lines, row, budget_tokens)
    above = _clean("".join(lines[start:row]))
    below = _clean("".join(lines[row:end]))
    if end < len(lines):
        below = below[:-1]
    offset = byte_length(above) + byte_length(lines[row][:col])
    return Excerpt(above + below, start, end, offset)


def syntax_ranges_in(excerpt: Excerpt, spans: Iterable[Span]) -> tuple[ByteRange, ...]:
    """Byte ranges of document spans in an excerpt, in the same order.

    What lies outside the excerpt is clipped to its edge; an ancestor that looks like the one
    before it after clipping is left out.
    """
    spans = tuple(spans)
    first, last = excerpt.start_row, excerpt.end_row - 1
    named = [row for span in spans for row in (span[0], span[2]) if row <= last]
    data = excerpt.text.encode()
    rows = data.split(b"\n", max(0, max(named, default=first) - first + 1))
    sizes = [0, *accumulate(map(len, rows))]  # of all rows above each one, without their newlines

    def offset(row: int, col: int) -> int:
        index = row - first
        if index < 0:
            return 0
        if row > last:
            return len(data)
        return sizes[index] + index + min(col, len(rows[index]))

    ranges: list[ByteRange] = []
    for start_row, start_col, end_row, end_col in spans:
        found = (offset(start_row, start_col), offset(end_row, end_col))
        if not ranges or ranges[-1] != found:
            ranges.append(found)
    return tuple(ranges)


def _grow(lines: Sequence[str], row: int, budget_tokens: int) -> tuple[int, int]:
    """Rows ``[start, end)`` that the budget allows.

    Nearly every document is ASCII with one kind of line end, where a size is a length; one look
    at what came out tells whether the guess held.
    """
    terminator = "\r\n" if lines[row].endswith("\r\n") else "\n"
    start, end = _grow_by(lines, row, budget_tokens, len(terminator))
    text = "".join(lines[start:end])
    if text.isascii() and _all_end_with(terminator, text):
        return start, end
    return _grow_by(lines, row, budget_tokens, None)


def _all_end_with(terminator: str, text: str) -> bool:
    if terminator == "\n":
        return "\r" not in text
    return text.count("\r") == text.count("\n") == text.count(terminator)


def _grow_by(lines: Sequence[str], row: int, left: int, terminator: int | None) -> tuple[int, int]:
    """Grow in ASCII lines whose terminators have that length, or in any (None)."""
    start, end, count = row, row + 1, len(lines)
    left -= line_tokens(lines[row])
    if terminator is not None:
        start, end, left = _grow_in_pairs(lines, row, left, terminator)
    while start > 0 or end < count:
        if end < count:
            left -= _row_tokens(lines[end], terminator)
            if left < 0:
                break
            end += 1
        if start > 0:
            left -= _row_tokens(lines[start - 1], terminator)
            if left < 0:
                break
            start -= 1
    return start, end


def _grow_in_pairs(
    lines: Sequence[str], row: int, left: int, terminator: int
) -> tuple[int, int, int]:
    """Grow by whole pairs of one row below and one above; how far, and the tokens left.

    Hundreds of rows are counted on every key, so their sizes are looked up and added up without a
    statement for each. A row that is longer than the table leaves the rest to others.
    """
    start, end = row, row + 1
    tokens = _TOKENS_OF_SIZE[terminator].__getitem__
    most = min(row, len(lines) - 2 - row)  # the document's last line has no terminator
    while (count := min(_PAIRS_AT_ONCE, most - (row - start))) > 0:
        below = map(tokens, map(len, lines[end : end + count]))
        above = map(tokens, map(len, reversed(lines[start - count : start])))
        try:
            spent = list(accumulate(map(add, below, above)))
        except IndexError:
            break
        fitting = bisect_right(spent, left)
        if fitting:
            start, end, left = start - fitting, end + fitting, left - spent[fitting - 1]
        if fitting < count:
            break
    return start, end, left


def _row_tokens(line: str, terminator: int | None) -> int:
    if terminator is None:
        return line_tokens(line)
    # only the document's last line has no terminator
    return (len(line) - terminator * (line[-1:] == "\n")) // BYTES_PER_TOKEN or 1


def _clean(text: str) -> str:
    """Text with ``\\n`` line ends and nothing that cannot be encoded."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return without_surrogates(text)
