"""Which identifiers are worth asking about: the closest ones, by bytes.

Zed's rule: up to 32 identifiers, ranked by their distance from the cursor in the document's UTF-8
bytes; those at equal distance share a rank, and ranks have no gaps. An identifier that the cursor
is in, or at the edge of, is at no distance.
"""

from collections.abc import Iterable, Sequence

from zeta_lsp.core.related.vocabulary import Identifier
from zeta_lsp.core.text import byte_length

NEAR_ROWS = 3
"""Identifiers on this many rows above and below the cursor are candidates."""
IDENTIFIERS_MAX = 32

Named = tuple[str, int, int]
"""A name with its row and column."""


class Offsets:
    """Byte offsets of some rows of a document, counted from the first of them.

    It costs one look at the text between the first and the last of the rows.
    """

    __slots__ = ("_lines", "_starts")

    def __init__(self, lines: Sequence[str], rows: Iterable[int]) -> None:
        self._lines = lines
        self._starts: dict[int, int] = {}
        offset, previous = 0, None
        for row in sorted(set(rows)):
            if previous is not None:
                offset += byte_length("".join(lines[previous:row]))
            self._starts[row] = offset
            previous = row

    def of(self, row: int, col: int) -> int:
        """The offset of a place in one of the rows."""
        return self._starts[row] + byte_length(self._lines[row][:col])


def closest(
    names: Iterable[Named],
    lines: Sequence[str],
    cursor: tuple[int, int],
    most: int = IDENTIFIERS_MAX,
) -> tuple[Identifier, ...]:
    """The closest names, ranked; `cursor` is a row and a column."""
    names = list(dict.fromkeys(names))
    offsets = Offsets(lines, [cursor[0], *(row for _, row, _ in names)])
    place = offsets.of(*cursor)
    ranked: list[Identifier] = []
    rank, previous = -1, -1
    for distance, row, col, text in sorted(_distances(names, offsets, place))[:most]:
        rank += distance != previous
        previous = distance
        ranked.append(Identifier(text, row, col, rank))
    return tuple(ranked)


def _distances(
    names: Iterable[Named], offsets: Offsets, place: int
) -> Iterable[tuple[int, int, int, str]]:
    for text, row, col in names:
        start = offsets.of(row, col)
        yield max(0, start - place, place - start - byte_length(text)), row, col, text
