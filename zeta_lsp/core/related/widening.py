"""From the name of a definition to the rows that show it.

A target is widened to the items around it, as Zed does: of each item that holds it, the whole if
its body has at most 512 bytes, else its head and its tail. Where the target is in the head of an
item whose body is left out, the item's own members are shown likewise, so that a class appears with
what it offers. Row ranges are half open.

Two bounds are ours, for what no person reads whole: the members of an item end at `MEMBERS_BYTES`,
and of a long item that has no body to leave out, such as a table, only the beginning is shown.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from zeta_lsp.core.related.vocabulary import FileOutline, Item
from zeta_lsp.core.text import byte_length

BODY_BYTES = 512
"""A longer body is left out."""
MEMBERS_BYTES = 2048
GAP_ROWS = 1
"""Ranges with so many rows or fewer between them become one."""

Rows = tuple[int, int]


class Widening:
    """Widens the targets of one file."""

    __slots__ = ("_items", "_lines", "_starts")

    def __init__(self, outline: FileOutline) -> None:
        self._lines = outline.lines
        self._items = outline.items
        self._starts = [item.start_row for item in outline.items]

    def around(self, target: Rows) -> Iterator[Rows]:
        """The rows to show for a target, the target's own among them; in no order."""
        yield target
        row = target[0]
        before = bisect_right(self._starts, row)
        for index in range(before):
            item = self._items[index]
            if item.end_row > row:
                yield from self._shown(item)
                if row < item.body_start_row and self._is_long(item):
                    yield from self._members(index)

    def _members(self, index: int) -> Iterator[Rows]:
        outer, left_bytes = self._items[index], MEMBERS_BYTES
        for item in self._items[index + 1 :]:
            if item.start_row >= outer.end_row:
                return
            if item.depth == outer.depth + 1:
                shown = list(self._shown(item))
                left_bytes -= sum(self._size(*rows) for rows in shown)
                if left_bytes < 0:
                    return
                yield from shown

    def _shown(self, item: Item) -> Iterator[Rows]:
        if item.body_start_row >= item.body_end_row:
            yield item.start_row, self._end_within(item, BODY_BYTES)
        elif not self._is_long(item):
            yield item.start_row, item.end_row
        else:
            yield item.start_row, item.body_start_row
            if item.body_end_row < item.end_row:
                yield item.body_end_row, item.end_row

    def _end_within(self, item: Item, left_bytes: int) -> int:
        """The row behind an item's first rows that fit, at least one."""
        row = item.start_row
        while row < item.end_row and (left_bytes >= 0 or row == item.start_row):
            left_bytes -= self._size(row, row + 1)
            row += 1
        return row if left_bytes >= 0 else max(row - 1, item.start_row + 1)

    def _is_long(self, item: Item) -> bool:
        return self._size(item.body_start_row, item.body_end_row) > BODY_BYTES

    def _size(self, start: int, end: int) -> int:
        return byte_length("".join(self._lines[start:end]))


def merged(ranges: Sequence[tuple[Rows, int]]) -> list[tuple[Rows, int]]:
    """Ranges that overlap or nearly touch as one; each with the least of its ranks."""
    found: list[tuple[Rows, int]] = []
    for rows, rank in sorted(ranges):
        if found and rows[0] - found[-1][0][1] <= GAP_ROWS:
            (start, end), least = found[-1]
            found[-1] = ((start, max(end, rows[1])), min(least, rank))
        else:
            found.append((rows, rank))
    return found
