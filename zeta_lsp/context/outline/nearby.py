"""The identifiers around a place: what a person is working with, and may need to see defined.

They are those within three rows of the place and those in the headers of the items that enclose it
(from an item's start to its body), as Zed chooses them; `closest` ranks them by their distance.
Names that nothing is defined under are left out: an object's name for itself, and HTML's elements
in JSX, which are written in lower case.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from tree_sitter import Node, QueryCursor

from zeta_lsp.context.grammars import grammar_name
from zeta_lsp.context.outline.items import item_nodes
from zeta_lsp.context.outline.kinds import identifier_query
from zeta_lsp.context.outline.query import Source, is_code, matches, parse_rows
from zeta_lsp.context.outline.window import skeleton
from zeta_lsp.core.documents import LONG_LINE_CHARS
from zeta_lsp.core.related import Identifier
from zeta_lsp.core.related.ranking import NEAR_ROWS, closest
from zeta_lsp.core.text import byte_length, without_surrogates

PARSED_ROWS = 16
"""Rows above and below the place that are parsed, so that most statements are whole."""
WINDOW_BYTES = 64 << 10
"""A skeleton that is larger is no code that a person wrote."""
_OWN_NAMES = {"self", "cls", "this", "_", ""}
_PREAMBLES = {"php": "<?php "}
"""What a grammar must have seen to take text for code."""

_Range = tuple[int, int]


def identifiers_near(
    language: str, lines: Sequence[str], row: int, col: int
) -> tuple[Identifier, ...]:
    """The identifiers that matter at a place of a document, closest first, at most 32.

    `col` counts code points, and so do the identifiers'. A few rows are parsed, never the document.
    """
    grammar = grammar_name(language, "")
    if grammar is None or not 0 <= row < len(lines):
        return ()
    rows = skeleton(grammar, lines, *_rows_around(lines, row, PARSED_ROWS))
    nearby = _parsed(grammar, lines, rows)
    return () if nearby is None else nearby.around(row, col)


def _rows_around(lines: Sequence[str], row: int, count: int) -> _Range:
    return max(0, row - count), min(len(lines), row + count + 1)


def _parsed(grammar: str, lines: Sequence[str], rows: list[int]) -> "_Nearby | None":
    """A skeleton as a tree; None if it is nothing to parse."""
    chosen = [lines[index] for index in rows]
    sizes = list(map(len, chosen))
    if max(sizes) > LONG_LINE_CHARS or sum(sizes) > WINDOW_BYTES:
        return None
    preamble = _PREAMBLES.get(grammar, "") if rows[0] > 0 else ""
    source = parse_rows(grammar, [preamble + chosen[0], *chosen[1:]])
    if source is None or not is_code(source):
        return None
    return _Nearby(source, lines, rows, len(preamble))


class _Nearby:
    """A parsed skeleton and the document that its rows are of.

    The first row begins `preamble_bytes` later than it does in the document.
    """

    def __init__(
        self, source: Source, lines: Sequence[str], rows: list[int], preamble_bytes: int
    ) -> None:
        self._source = source
        self._lines = lines
        self._rows = rows
        self._preamble_bytes = preamble_bytes
        sizes = (byte_length(lines[row]) for row in rows)
        self._starts = list(accumulate(sizes, initial=preamble_bytes))

    def around(self, row: int, col: int) -> tuple[Identifier, ...]:
        cursor = self._start(row) + byte_length(self._lines[row][:col])
        first, end = _rows_around(self._lines, row, NEAR_ROWS)
        near = (self._start(first), self._start(end))
        found = self._identifiers(_merged([near, *self._headers(cursor)]))
        return closest(map(self._placed, found), self._lines, (row, col))

    def _start(self, row: int) -> int:
        """The byte in which a row begins, or the first one after it if it is left out."""
        return self._starts[bisect_left(self._rows, row)]

    def _headers(self, cursor: int) -> Iterator[_Range]:
        """From start to body of each item that encloses the cursor, in bytes."""
        for item in item_nodes(matches(self._source)):
            start, end = item.node.start_byte, item.node.end_byte
            if start <= cursor <= end:
                yield start, end if item.body is None else item.body.start_byte

    def _identifiers(self, ranges: Iterable[_Range]) -> list[Node]:
        """The identifiers that lie wholly in one of some ranges of bytes."""
        query = identifier_query(self._source.grammar)
        if query is None:
            return []
        found: list[Node] = []
        for start, end in ranges:
            cursor = QueryCursor(query)
            cursor.set_byte_range(start, end)
            captured = cursor.captures(self._source.tree.root_node)
            tags = {node.start_byte for node in captured.get("tag", ()) if _is_html(node)}
            found += [
                node
                for node in captured.get("identifier", ())
                if start <= node.start_byte and node.end_byte <= end
                if node.start_byte not in tags and _text(node) not in _OWN_NAMES
            ]
        return found

    def _placed(self, node: Node) -> tuple[str, int, int]:
        index, column = node.start_point
        row = self._rows[index]
        line = self._lines[row]
        if index == 0:
            column -= self._preamble_bytes
        if not line.isascii():
            column = len(without_surrogates(line).encode()[:column].decode())
        return _text(node), row, column


def _merged(ranges: Iterable[_Range]) -> list[_Range]:
    merged: list[_Range] = []
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
