"""The identifiers around a place: what a person is working with, and may need to see defined.

They are those within three rows of the place and those in the headers of the items that enclose it
(from an item's start to its body), as Zed chooses them; `closest` ranks them by their distance.
Names that nothing is defined under are left out: an object's name for itself, and HTML's elements
in JSX, which are written in lower case.
"""

from collections.abc import Iterable, Iterator, Sequence

from tree_sitter import Node, QueryCursor

from zeta_lsp.context.outline.items import item_nodes
from zeta_lsp.context.outline.kinds import identifier_query
from zeta_lsp.context.outline.query import Source, matches, parse_rows
from zeta_lsp.context.outline.window import skeleton
from zeta_lsp.core.documents import LONG_LINE_CHARS
from zeta_lsp.core.related import Identifier
from zeta_lsp.core.related.ranking import NEAR_ROWS, closest
from zeta_lsp.core.text import byte_length, without_surrogates

WINDOW_BYTES = 64 << 10
"""A skeleton that is larger is no code that a person wrote."""
_OWN_NAMES = {"self", "cls", "this", "_"}

_Bytes = tuple[int, int]


def identifiers_near(
    language: str, lines: Sequence[str], row: int, col: int
) -> tuple[Identifier, ...]:
    """The identifiers that matter at a place of a document, closest first, at most 32.

    `col` counts code points, and so do the identifiers'. A few rows are parsed, never the document.
    """
    if not 0 <= row < len(lines):
        return ()
    first, end = max(0, row - NEAR_ROWS), min(len(lines), row + NEAR_ROWS + 1)
    rows = skeleton(lines, first, end)
    chosen = [lines[index] for index in rows]
    sizes = list(map(len, chosen))
    if max(sizes) > LONG_LINE_CHARS or sum(sizes) > WINDOW_BYTES:
        return ()
    source = parse_rows(language, chosen)
    if source is None:
        return ()
    return _Nearby(source, lines, rows).around(row, col, first, end)


class _Nearby:
    """A parsed skeleton, and the document that its rows come from."""

    def __init__(self, source: Source, lines: Sequence[str], rows: list[int]) -> None:
        self._source = source
        self._lines = lines
        self._rows = rows
        self._starts = [0]
        for row in rows:
            self._starts.append(self._starts[-1] + byte_length(lines[row]))

    def around(self, row: int, col: int, first: int, end: int) -> tuple[Identifier, ...]:
        index = self._rows.index(row)
        cursor = self._starts[index] + byte_length(self._lines[row][:col])
        near = (self._starts[index - row + first], self._starts[index + end - row])
        found = self._identifiers(_merged([near, *self._headers(cursor)]))
        return closest(map(self._placed, found), self._lines, (row, col))

    def _headers(self, cursor: int) -> Iterator[_Bytes]:
        """From start to body of each item that encloses the cursor."""
        for item in item_nodes(matches(self._source)):
            start, end = item.node.start_byte, item.node.end_byte
            if start <= cursor <= end:
                yield start, end if item.body is None else item.body.start_byte

    def _identifiers(self, ranges: Iterable[_Bytes]) -> list[Node]:
        query = identifier_query(self._source.grammar)
        if query is None:
            return []
        found: dict[int, Node] = {}
        for start, end in ranges:
            cursor = QueryCursor(query)
            cursor.set_byte_range(start, end)
            captured = cursor.captures(self._source.tree.root_node)
            tags = {node.start_byte for node in captured.get("tag", ()) if _is_html(node)}
            for node in captured.get("identifier", ()):
                is_whole = start <= node.start_byte and node.end_byte <= end
                if is_whole and node.start_byte not in tags:
                    found[node.start_byte] = node
        return [node for node in found.values() if _text(node) not in _OWN_NAMES]

    def _placed(self, node: Node) -> tuple[str, int, int]:
        row = self._rows[node.start_point.row]
        column = node.start_point.column
        line = self._lines[row]
        col = column if line.isascii() else len(without_surrogates(line).encode()[:column].decode())
        return _text(node), row, col


def _merged(ranges: Iterable[_Bytes]) -> list[_Bytes]:
    merged: list[_Bytes] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _text(node: Node) -> str:
    return (node.text or b"").decode()


def _is_html(tag: Node) -> bool:
    return _text(tag)[:1].islower()
