"""Which rows of an excerpt a model may rewrite, and which it sees.

Both are byte ranges of whole rows around the cursor, from the start of the first row to the end
of the last one without its newline (so an editable range normally lacks its final newline). A
row costs its bytes divided by 3, floored, at least 1 estimated token. The rules are Zed's:

* *Editable.* Three quarters of the budget grow evenly: the cursor row, then one row down, one
  row up, …, until the first that does not fit. The rest takes syntax ancestors whole, in their
  order, until the first that does not fit. What is left goes row by row, first to the side that
  the ancestors grew less (up when equal); a side that does not fit is skipped.
* *Context.* From the editable rows on, ancestors that fit; if none did, row by row, up first.

Rows end at ``\\n`` alone, as excerpts have no other line ends. Nothing here looks further from
the cursor than the budgets reach.
"""

from collections.abc import Sequence

from zeta_lsp.core.prompt import ByteRange
from zeta_lsp.core.text import BYTES_PER_TOKEN, without_surrogates

_EDITABLE_TOKENS = (150, 180, 350, 512)
_CONTEXT_TOKENS = ((150, 350), (180, 350), (350, 150), (350, 512), (350, 1024))
_WIDE_CONTEXT_TOKENS = (4096, 8192)
_BYTES_MAX_PER_TOKEN = 2 * BYTES_PER_TOKEN
"""No rows that cost less have more bytes: five and a newline are the most that count as one."""


def editable_and_context(
    excerpt_text: str,
    cursor_offset: int,
    syntax_ranges: Sequence[ByteRange],
    editable_tokens: int,
    context_tokens: int,
) -> tuple[ByteRange, ByteRange]:
    """The editable range and the context range around it, in bytes of the excerpt."""
    rows = ExcerptRows(excerpt_text, cursor_offset, syntax_ranges)
    editable = rows.editable(editable_tokens)
    return editable, rows.context(editable, context_tokens)


def excerpt_ranges(
    excerpt_text: str, cursor_offset: int, syntax_ranges: Sequence[ByteRange] = ()
) -> dict[str, ByteRange]:
    """The ranges of every budget that Zed's `ExcerptRanges` names."""
    rows = ExcerptRows(excerpt_text, cursor_offset, syntax_ranges)
    editable = {tokens: rows.editable(tokens) for tokens in _EDITABLE_TOKENS}
    named = {f"editable_{tokens}": found for tokens, found in editable.items()}
    for inner, outer in _CONTEXT_TOKENS:
        named[f"editable_{inner}_context_{outer}"] = rows.context(editable[inner], outer)
    for outer in _WIDE_CONTEXT_TOKENS:
        named[f"context_{outer}"] = rows.context(editable[350], outer)
    return named


class ExcerptRows:
    """An excerpt ready to be measured, for as many budgets as needed.

    A cursor past the end counts as at the end, a syntax range too.
    """

    __slots__ = ("_cursor", "_data", "_syntax")

    def __init__(self, text: str, cursor_offset: int, syntax: Sequence[ByteRange]) -> None:
        self._data = without_surrogates(text).encode()
        self._cursor = min(max(cursor_offset, 0), len(self._data))
        self._syntax = syntax

    def editable(self, budget_tokens: int) -> ByteRange:
        """What may be rewritten."""
        even_tokens = budget_tokens * 3 // 4
        even, left = self._evenly(even_tokens)
        grown, left = self._by_syntax(even, left + budget_tokens - even_tokens)
        rows_up = self._data.count(b"\n", grown[0], even[0])
        rows_down = self._data.count(b"\n", even[1], grown[1])
        return self._by_rows(grown, left, up=rows_up <= rows_down)

    def context(self, editable: ByteRange, budget_tokens: int) -> ByteRange:
        """What is seen around an editable range."""
        grown, _ = self._by_syntax(editable, budget_tokens)
        if grown != editable:
            return grown
        return self._by_rows(editable, budget_tokens, up=True)

    def _evenly(self, left: int) -> tuple[ByteRange, int]:
        start, end = self._row_start(self._cursor), self._row_end(self._cursor)
        left = max(0, left - _cost(end - start))
        size = len(self._data)
        while start > 0 or end < size:
            if end < size:
                below = self._row_end(end + 1)
                if (cost := _cost(below - end - 1)) > left:
                    break
                left, end = left - cost, below
            if start > 0:
                above = self._row_start(start - 1)
                if (cost := _cost(start - 1 - above)) > left:
                    break
                left, start = left - cost, above
        return (start, end), left

    def _by_syntax(self, rows: ByteRange, left: int) -> tuple[ByteRange, int]:
        start, end = rows
        for inner_start, inner_end in self._syntax:
            new_start = min(start, self._row_start(inner_start))
            new_end = max(end, self._row_end(inner_end))
            if (new_start, new_end) == (start, end):
                continue
            cost = self._rows_cost(new_start, start - 1, left)
            cost += self._rows_cost(end + 1, new_end, left)
            if cost > left:
                break
            start, end, left = new_start, new_end, left - cost
        return (start, end), left

    def _by_rows(self, rows: ByteRange, left: int, *, up: bool) -> ByteRange:
        (start, end), size = rows, len(self._data)
        stuck = 0
        while stuck < 2:
            stuck += 1
            if up and start > 0:
                above = self._row_start(start - 1)
                if (cost := _cost(start - 1 - above)) <= left:
                    left, start, stuck = left - cost, above, 0
            elif not up and end < size:
                below = self._row_end(end + 1)
                if (cost := _cost(below - end - 1)) <= left:
                    left, end, stuck = left - cost, below, 0
            up = not up
        return start, end

    def _rows_cost(self, start: int, end: int, limit: int) -> int:
        """Cost of the rows in ``[start, end]``, if it is at most `limit`; more than that if not."""
        if end - start > _BYTES_MAX_PER_TOKEN * (limit + 1):
            return limit + 1
        if start > end:
            return 0
        return sum([_cost(len(row)) for row in self._data[start:end].split(b"\n")])

    def _row_start(self, offset: int) -> int:
        return self._data.rfind(b"\n", 0, max(offset, 0)) + 1

    def _row_end(self, offset: int) -> int:
        end = self._data.find(b"\n", offset)
        return len(self._data) if end < 0 else end


def _cost(size_bytes: int) -> int:
    return size_bytes // BYTES_PER_TOKEN or 1
