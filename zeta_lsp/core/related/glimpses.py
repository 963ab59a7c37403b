"""Small excerpts of files that no definition led to, each within `GLIMPSE_BYTES`.

Around a place where the person was: the rows next to it, at most `NEAR_ROWS` either way. Its
borders move inwards, by `SNAP_ROWS` at most, to where an item begins or ends, so that a glimpse
begins with a definition rather than in the middle of the one before.

Of a file as a whole: the heads of its first `HEADS_MAX` outermost items, which say most about it in
few rows.
"""

from collections.abc import Iterable, Sequence

import msgspec

from zeta_lsp.core.related.vocabulary import FileOutline
from zeta_lsp.core.related.widening import Rows, merged
from zeta_lsp.core.text import byte_length

GLIMPSE_BYTES = 1024
NEAR_ROWS = 20
SNAP_ROWS = 5
HEADS_MAX = 8


class Glimpse(msgspec.Struct, frozen=True):
    """Rows of a file, in order and apart; `door` and `age_s` are for the receipt."""

    file: FileOutline
    rows: tuple[Rows, ...]
    door: str
    age_s: float = 0.0


def glimpse_around(file: FileOutline, row: int, door: str, age_s: float = 0.0) -> Glimpse:
    """The rows around a place; of a file that has become shorter, its last ones."""
    row = min(max(row, 0), len(file.lines) - 1)
    start, end = _snapped(file, row, _grown(file.lines, row))
    while start < end and _is_blank(file.lines[start]):
        start += 1
    while end > start and _is_blank(file.lines[end - 1]):
        end -= 1
    is_small = byte_length("".join(file.lines[start:end])) <= GLIMPSE_BYTES
    return Glimpse(file, ((start, end),) if start < end and is_small else (), door, age_s)


def glimpse_of_heads(file: FileOutline, door: str, age_s: float = 0.0) -> Glimpse:
    """The heads of the first outermost items, as many as both bounds allow."""
    left_bytes, heads = GLIMPSE_BYTES, list[Rows]()
    for item in file.items:
        head = item.start_row, min(item.body_start_row, item.end_row)
        if item.depth or head[0] == head[1]:
            continue
        left_bytes -= byte_length("".join(file.lines[slice(*head)]))
        if left_bytes < 0 or len(heads) == HEADS_MAX:
            break
        heads.append(head)
    rows = tuple(rows for rows, _ in merged([(head, 0) for head in heads]))
    return Glimpse(file, rows, door, age_s)


def _grown(lines: Sequence[str], row: int) -> Rows:
    """From a row, one down and one up in turn, while both bounds allow."""
    start, end = row, row + 1
    left_bytes = GLIMPSE_BYTES - byte_length(lines[row])
    for _ in range(NEAR_ROWS):
        if end < len(lines) and (size := byte_length(lines[end])) <= left_bytes:
            end, left_bytes = end + 1, left_bytes - size
        if start > 0 and (size := byte_length(lines[start - 1])) <= left_bytes:
            start, left_bytes = start - 1, left_bytes - size
    return start, end


def _snapped(file: FileOutline, row: int, rows: Rows) -> Rows:
    start, end = rows
    begins = (item.start_row for item in file.items)
    ends = (item.end_row for item in file.items)
    return (
        _first(begins, range(start, min(start + SNAP_ROWS, row) + 1), start),
        _last(ends, range(max(end - SNAP_ROWS, row + 1), end + 1), end),
    )


def _first(rows: Iterable[int], among: range, otherwise: int) -> int:
    return min((row for row in rows if row in among), default=otherwise)


def _last(rows: Iterable[int], among: range, otherwise: int) -> int:
    return max((row for row in rows if row in among), default=otherwise)


def _is_blank(line: str) -> bool:
    return not line.strip()
