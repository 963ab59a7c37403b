"""A parsed run of rows of a document, that stays usable while the document is edited.

It keeps the rows that its nodes stand in, so that an edit can be followed from its splice alone.
Terminators and characters that tree-sitter sees otherwise are replaced by others of the same
size: rows and byte columns are the document's.
"""

import re
from collections.abc import Iterator, Sequence

from tree_sitter import Point, Tree

from zeta_lsp.core.events import Splice
from zeta_lsp.core.excerpt import Span
from zeta_lsp.core.text import byte_length, split_lines, without_surrogates

_LONE_CR = re.compile(r"\r(?!\n)")


def source_of(lines: Sequence[str]) -> bytes:
    """What is parsed: UTF-8 in which a lone CR, which ends a row here, is a LF."""
    text = "".join(lines)
    if "\r" in text:
        text = _LONE_CR.sub("\n", text)
    return without_surrogates(text).encode()


class Parsed:
    """The tree of rows from `first_row` on; `is_stale` once they were edited."""

    __slots__ = ("_sizes", "first_row", "is_stale", "lines", "tree")

    def __init__(self, tree: Tree, first_row: int, lines: list[str]) -> None:
        self.tree = tree
        self.first_row = first_row
        self.lines = lines
        self.is_stale = False
        self._sizes = list(map(byte_length, lines))

    @property
    def end_row(self) -> int:
        """The row behind the last one."""
        return self.first_row + len(self.lines)

    def follow(self, splice: Splice) -> bool:
        """Move the nodes as a splice does; False if it crossed the edge and the tree is useless."""
        if splice.old_end_row < self.first_row:
            self.first_row += splice.row_delta
            return True
        if splice.start_row >= self.end_row:
            return True
        if splice.start_row < self.first_row or splice.old_end_row >= self.end_row:
            return False
        self._move(splice, splice.start_row - self.first_row, splice.old_end_row - self.first_row)
        return True

    def _move(self, splice: Splice, start: int, end: int) -> None:
        lines, sizes = self.lines, self._sizes
        head, tail = lines[start][: splice.start_col], lines[end][splice.old_end_col :]
        start_col = byte_length(head)
        start_byte = sum(sizes[:start]) + start_col
        new_end = splice.new_end_row - self.first_row
        self.tree.edit(
            start_byte,
            start_byte + byte_length(splice.old_text),
            start_byte + byte_length(splice.new_text),
            Point(start, start_col),
            Point(end, _end_col(splice.old_text, start_col, splice.old_end_col, end - start)),
            Point(
                new_end, _end_col(splice.new_text, start_col, splice.new_end_col, new_end - start)
            ),
        )
        text = head + splice.new_text + tail
        fresh = [text] if new_end == start else split_lines(text)[: new_end - start + 1]
        lines[start : end + 1] = fresh
        sizes[start : end + 1] = map(byte_length, fresh)
        self.is_stale = True

    def around(self, row: int, byte_col: int, document_end: tuple[int, int]) -> Iterator[Span]:
        """Spans of the nodes around a place, innermost first.

        The root stands for the document, whose last row and byte column are `document_end`.
        """
        place = Point(row - self.first_row, byte_col)
        node = self.tree.root_node.descendant_for_point_range(place, place)
        while node is not None and (parent := node.parent) is not None:
            (start_row, start_col), (end_row, end_col) = node.start_point, node.end_point
            yield start_row + self.first_row, start_col, end_row + self.first_row, end_col
            node = parent
        yield 0, 0, *document_end

    def errors(self, first_row: int, last_row: int) -> int:
        """Errors and missing tokens in rows ``[first_row, last_row]``."""
        first, last = first_row - self.first_row, last_row - self.first_row
        found, nodes = 0, [self.tree.root_node]
        while nodes:
            node = nodes.pop()
            if node.has_error and first <= node.end_point.row and node.start_point.row <= last:
                found += node.is_error or node.is_missing
                nodes += node.children
        return found


def _end_col(text: str, start_col: int, last_chars: int, rows: int) -> int:
    """The byte column in which text ends: its last row holds `last_chars` characters of it."""
    if rows == 0:
        return start_col + byte_length(text)
    return byte_length(text[len(text) - last_chars :])
