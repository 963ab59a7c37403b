"""The outline of a text: its definitions, nested, by row.

Kinds are ``class``, ``struct``, ``union``, ``enum``, ``interface``, ``trait``, ``impl`` (its name
is the type that it is for), ``module``, ``type``, ``function``, ``method``, ``prototype`` (declared
only), ``macro``, ``constant``, ``variable``, ``field``, ``attribute`` (assigned to an object's own
name, the first time in its class), ``variant`` and ``alias``. Names within functions are no items,
functions are.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from tree_sitter import Node

from zeta_lsp.context.outline.query import Match, Source
from zeta_lsp.core.documents import LONG_LINE_CHARS
from zeta_lsp.core.related import Item

NAME_CHARS = 200
_ITEM = "item."
_TYPES = {"class", "struct", "union", "enum", "interface", "trait", "impl"}
_OPENERS = b"{(["
_CLOSERS = b"})]; \t"
_SIGNS = ":="
"""Ruby's symbols begin with one, aliases of a shell end with one."""
_DECLARATORS_MAX = 16


class ItemNode(msgspec.Struct, frozen=True, gc=False):
    """An item as nodes of a tree. `pattern` is the one that found it."""

    pattern: int
    kind: str
    node: Node
    name: Node
    body: Node | None


def item_nodes(matches: Sequence[Match]) -> list[ItemNode]:
    """The items among matches, in order of their start, outer ones before inner ones.

    A variable that holds a module is no item but an import.
    """
    nodes = [match.nodes for match in matches]
    imported = {_extent(one["import"]) for one in nodes if "import" in one}
    found = [item for match in matches if (item := _item_node(match)) is not None]
    found = [item for item in found if _extent(item.node) not in imported]
    found.sort(key=_order)
    return list(_without_doubles(found))


def items_of(source: Source, matches: Sequence[Match]) -> tuple[Item, ...]:
    """The outline of a parsed text."""
    outline = _Outline(source.data)
    for item in item_nodes(matches):
        outline.add(item)
    return tuple(outline.items)


def _item_node(match: Match) -> ItemNode | None:
    nodes = match.nodes
    kind = next((name for name in nodes if name.startswith(_ITEM)), None)
    if kind is None:
        return None
    name = nodes.get("name") or _name_in(nodes["declarator"])
    return ItemNode(match.pattern, kind[len(_ITEM) :], nodes[kind], name, nodes.get("body"))


def _name_in(declarator: Node) -> Node:
    """The name that a C-like declarator declares, past pointers, parameters and scopes."""
    node = declarator
    for _ in range(_DECLARATORS_MAX):
        inner = node.child_by_field_name("declarator") or node.child_by_field_name("name")
        if inner is None and node.type.endswith("_declarator") and node.named_children:
            inner = node.named_children[-1]
        if inner is None:
            break
        node = inner
    return node


def _extent(node: Node) -> tuple[int, int]:
    return node.start_byte, node.end_byte


def _order(item: ItemNode) -> tuple[int, int, int, int, bool]:
    start, end = item.node.start_byte, item.node.end_byte
    return start, -end, item.name.start_byte, item.pattern, item.body is None


def _without_doubles(found: Iterable[ItemNode]) -> Iterator[ItemNode]:
    previous: tuple[int, ...] = ()
    for item in found:
        place = (item.node.start_byte, item.node.end_byte, item.name.start_byte)
        if place != previous:
            yield item
        previous = place


class _Outline:
    """Items being put into each other."""

    def __init__(self, data: bytes) -> None:
        self.items: list[Item] = []
        self._rows = data.split(b"\n")
        self._around: list[ItemNode] = []
        self._attributes: set[tuple[int, str]] = set()

    def add(self, found: ItemNode) -> None:
        around = self._around
        while around and not _is_inside(found.node, around[-1].node):
            around.pop()
        if len(self._rows[found.name.start_point.row]) > LONG_LINE_CHARS:
            return  # nobody reads it, and thousands may share the row
        name = self._name(found)
        if name.strip(_SIGNS) and (found.kind != "attribute" or self._is_first(name)):
            self.items.append(self._item(found, name))
            around.append(found)

    def _item(self, found: ItemNode, name: str) -> Item:
        start_row, end_row = found.node.start_point.row, _end_row(found.node)
        body_start_row, body_end_row = self._body_rows(found.body, start_row, end_row)
        row, column = found.name.start_point
        return Item(
            name=name.strip(_SIGNS),
            kind=self._kind(found),
            start_row=start_row,
            end_row=end_row,
            body_start_row=body_start_row,
            body_end_row=body_end_row,
            name_row=row,
            name_col=len(self._rows[row][:column].decode()) + name.startswith(_SIGNS[0]),
            depth=len(self._around),
        )

    def _name(self, found: ItemNode) -> str:
        (row, start), (end_row, end) = found.name.start_point, found.name.end_point
        text = self._rows[row][start : end if row == end_row else None]
        return text.decode()[:NAME_CHARS].strip()

    def _kind(self, found: ItemNode) -> str:
        is_in_type = bool(self._around) and self._around[-1].kind in _TYPES
        return "method" if found.kind == "function" and is_in_type else found.kind

    def _is_first(self, name: str) -> bool:
        """Whether an attribute is new to the type that it is assigned in."""
        types = [item.node.start_byte for item in self._around if item.kind in _TYPES]
        key = (types[-1] if types else -1, name)
        is_new = key not in self._attributes
        self._attributes.add(key)
        return is_new

    def _body_rows(self, body: Node | None, start_row: int, end_row: int) -> tuple[int, int]:
        """The rows of a body without those that begin and end it, unless they are all body."""
        if body is None:
            return end_row, end_row
        first, last = body.start_point, body.end_point
        head, row = self._rows[first.row][: first.column], self._rows[first.row][first.column :]
        has_own_row = not head.strip() and row[:1] not in _OPENERS
        is_closed = not self._rows[last.row][: last.column].strip(_CLOSERS)
        start = max(start_row + 1, first.row + (not has_own_row))
        end = last.row if is_closed or last.column == 0 else last.row + 1
        return (start, end) if row and start < end else (end_row, end_row)


def _is_inside(inner: Node, outer: Node) -> bool:
    if inner.start_byte == outer.start_byte and inner.end_byte == outer.end_byte:
        return False  # names that are declared together
    return inner.end_byte <= outer.end_byte


def _end_row(node: Node) -> int:
    end = node.end_point
    return end.row if end.column == 0 and end.row > node.start_point.row else end.row + 1
