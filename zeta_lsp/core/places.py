"""Places in a text, and where splices move them.

A place is a row and a column, both from 0, the column in code points. Places belong to one version
of a text; `shifted_place` carries one over a splice. Texts are lists of lines as `split_lines` cuts
them.
"""

from collections.abc import Iterator, Sequence

from zeta_lsp.core.events import Splice
from zeta_lsp.core.text import split_lines

Place = tuple[int, int]

TEXTS_MAX = 16
"""Splices at once whose texts are worth rebuilding; more of them are no typing."""


def start_of(splice: Splice) -> Place:
    """Where a splice begins, before and after it."""
    return splice.start_row, splice.start_col


def old_end_of(splice: Splice) -> Place:
    """Where the replaced text ended."""
    return splice.old_end_row, splice.old_end_col


def new_end_of(splice: Splice) -> Place:
    """Where the new text ends."""
    return splice.new_end_row, splice.new_end_col


def shifted_place(place: Place, splice: Splice, *, behind: bool = False) -> Place:
    """Where a place went. One inside the replaced text ends up behind the new text.

    So does one right where the new text begins, if it is told to stay `behind` it.
    """
    start, old_end = start_of(splice), old_end_of(splice)
    if place < start or (place == start and not behind):
        return place
    if place < old_end:
        return new_end_of(splice)
    row, col = place
    if row == splice.old_end_row:
        col += splice.new_end_col - splice.old_end_col
    return row + splice.row_delta, col


def text_between(lines: Sequence[str], start: Place, end: Place) -> str:
    """What stands between two places. A place in the row after the last one is the text's end."""
    if start[0] == end[0]:
        return lines[start[0]][start[1] : end[1]]
    between = "".join(lines[start[0] + 1 : end[0]])
    last = lines[end[0]][: end[1]] if end[0] < len(lines) else ""
    return lines[start[0]][start[1] :] + between + last


def texts_after(lines: Sequence[str], splices: Sequence[Splice]) -> Iterator[Sequence[str] | None]:
    """The text after each of some splices, when `lines` are the text after all of them.

    None for each of very many splices. A text is only good until the next one is asked for.
    """
    if not splices:
        return
    if len(splices) == 1:  # nearly always: no copy of a document of any size
        yield lines
    elif len(splices) > TEXTS_MAX:
        yield from [None] * len(splices)
    else:
        text = list(lines)
        for splice in reversed(splices):
            _apply(splice.inverted(), text)
        for splice in splices:
            _apply(splice, text)
            yield text


def _apply(splice: Splice, lines: list[str]) -> None:
    head = lines[splice.start_row][: splice.start_col]
    tail = lines[splice.old_end_row][splice.old_end_col :]
    rows = split_lines(head + splice.new_text + tail)
    if splice.old_end_row + 1 < len(lines):
        rows.pop()  # the row ends with a line end, so that no further one begins behind it
    lines[splice.start_row : splice.old_end_row + 1] = rows
