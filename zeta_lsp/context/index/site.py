"""What stands at a place of a file: a name on its own, a member of something, a local variable.

One set of tables (`binding`, `objects`) serves all languages, since grammars call the same things
much the same: the fields by which a member hangs on its object, those in which a name is bound. A
language that calls them otherwise loses precision and nothing else.
"""

import itertools
from collections.abc import Iterator, Sequence

import msgspec
from tree_sitter import Node, Parser, Point, Tree

from zeta_lsp.context.grammars import language_for
from zeta_lsp.context.index.binding import CALLABLE, TYPE, around, is_bound, owner_of, type_name
from zeta_lsp.context.index.expression import chain_of
from zeta_lsp.context.index.objects import (
    is_in_use,
    is_label,
    is_literal,
    module_of,
    object_of,
    taker_of,
    unpacked,
)
from zeta_lsp.context.parsed import source_of
from zeta_lsp.core.text import byte_length

MAX_OCCURRENCES = 200
MAX_CHAIN_CHARS = 200
_FUNCTION_SCOPED = frozenset(("python", "ruby", "php", "bash"))
"""Here a variable belongs to its function, not to a block."""

Spot = tuple[int, int]


class Site(msgspec.Struct, frozen=True):
    """How a name is used.

    `is_name` is False where there is no such name: in a text, or in a file that has changed.

    `chain` is the object of a member (``a.b`` for ``a.b.name``, see `expression`); it is empty if
    the name stands alone or if the object is too complicated, and `is_literal` if it is written
    out. A label is the name of a parameter in a call of the name `label_of`. `module` is what an
    import names to here.
    `local` is where a callable around the place binds the name, `in_module` where the file does
    outside of all callables and types: a row, a column in code points.
    """

    is_member: bool = False
    is_name: bool = True
    is_label: bool = False
    label_of: tuple[str, int, int] | None = None
    module: str = ""
    is_literal: bool = False
    chain: tuple[str, ...] = ()
    local: Spot | None = None
    in_module: Spot | None = None


class Page:
    """The tree of one text."""

    def __init__(self, language: str, lines: Sequence[str]) -> None:
        self._lines = lines
        self._has_blocks = language not in _FUNCTION_SCOPED
        self._source = source_of(lines)
        self._known: dict[tuple[int, str], list[Node]] = {}
        grammar = language_for(language, "")
        self._tree: Tree | None = None if grammar is None else Parser(grammar).parse(self._source)

    def site(self, name: str, row: int, col: int) -> Site:
        """What the name that begins at a place is; a name of its own if there is none."""
        node = self._node(row, col)
        node = None if node is None else self._named(node, name)
        if node is None:
            return Site(is_name=False)
        if is_label(node):
            return Site(is_label=True, label_of=self._taker(node))
        module = module_of(node)
        if module is not None:
            text = self._source[module.start_byte : node.end_byte].decode(errors="replace")
            return Site(module=text)
        owner = object_of(node)
        if owner is not None and not is_in_use(node):
            own = self._place(node) if unpacked(node) is not None else None
            return Site(
                is_member=True,
                is_literal=is_literal(owner) and own is None,
                chain=chain_of(self._text(owner)),
                in_module=own,
            )
        local, in_module = self._bound(node, name)
        return Site(local=local, in_module=in_module)

    def types_around(self, row: int) -> list[str]:
        """The names of the types whose bodies hold a row, innermost first."""
        indent = len(self._lines[row]) - len(self._lines[row].lstrip())
        names = map(type_name, self._around(row, indent))
        return [self._text(name) for name in names if name is not None]

    def modules_around(self, row: int) -> int:
        """How many modules that are written in the file hold a row (Rust)."""
        return sum(node.type == "mod_item" for node in self._around(row, 0))

    def scope_of(self, row: int, col: int) -> tuple[bool, range] | None:
        """What holds the definition whose name is at a place: whether a type, and its rows.

        None: nothing but the file does.
        """
        place = self._node(row, col)
        for scope in self._around(row, col):
            is_type = TYPE.search(scope.type) is not None
            if is_type or scope.type == "mod_item" or CALLABLE.search(scope.type):
                name = scope.child_by_field_name("name") or scope.child_by_field_name("declarator")
                if name is None or place is None or not _holds(name, place):
                    return is_type, range(scope.start_point.row, scope.end_point.row + 1)
        return None

    def _around(self, row: int, col: int) -> Iterator[Node]:
        node = self._node(row, col)
        if node is not None:
            yield node
            yield from (outer for _, outer in around(node))

    def _node(self, row: int, col: int) -> Node | None:
        if self._tree is None or not 0 <= row < len(self._lines):
            return None
        place = Point(row, byte_length(self._lines[row][:col]))
        return self._tree.root_node.descendant_for_point_range(place, place)

    def _named(self, node: Node, name: str) -> Node | None:
        """The node that is a name: the smallest one, or with its sigil the one around it."""
        for candidate in (node, node.parent):
            if candidate is not None and self._text(candidate) == name:
                return candidate
        return None

    def _taker(self, label: Node) -> tuple[str, int, int] | None:
        taker = taker_of(label)
        return None if taker is None else (self._text(taker), *self._place(taker))

    def _text(self, node: Node) -> str:
        return self._source[node.start_byte : node.end_byte][:MAX_CHAIN_CHARS].decode(
            errors="replace"
        )

    def _bound(self, node: Node, name: str) -> tuple[Spot | None, Spot | None]:
        """Where the callables around a node bind a name, and where the file does."""
        for _, scope in around(node):
            is_file = scope.parent is None
            if is_file or CALLABLE.search(scope.type):
                found = self._binding(scope, name, node)
                if found is not None:
                    place = self._place(found)
                    return (None, place) if is_file else (place, None)
        return None, None

    def _binding(self, scope: Node, name: str, node: Node) -> Node | None:
        """The binding that a node sees: with blocks, the last one before it."""
        key = (scope.id, name)
        if key not in self._known:
            found = self._bindings(scope, name)
            self._known[key] = list(found if self._has_blocks else itertools.islice(found, 1))
        all_ = self._known[key]
        above = [binding for binding in all_ if binding.start_byte <= node.start_byte]
        return above[-1] if above else next(iter(all_), None)

    def _bindings(self, scope: Node, name: str) -> Iterator[Node]:
        """Where a scope binds a name; scopes inside it and bodies of types bind for themselves."""
        word = name.encode(errors="replace")
        starts = self._occurrences(word, scope.start_byte, scope.end_byte)
        for start in itertools.islice(starts, MAX_OCCURRENCES):
            node = scope.descendant_for_byte_range(start, start + len(word))
            if node is None or node.end_byte - node.start_byte != len(word):
                continue
            if node.child_count == 0 and is_bound(node) and owner_of(node) == scope:
                yield node

    def _occurrences(self, word: bytes, start: int, end: int) -> Iterator[int]:
        """Where a word stands in some bytes of the source. (A regex is several times slower.)"""
        source = self._source
        at = source.find(word, start, end)
        while at >= 0:
            after = at + len(word)
            if not (_is_of_word(source[at - 1 : at]) or _is_of_word(source[after : after + 1])):
                yield at
            at = source.find(word, after, end)

    def _place(self, node: Node) -> Spot:
        row, byte_col = node.start_point
        head = self._lines[row].encode(errors="surrogatepass")[:byte_col]
        return row, len(head.decode(errors="replace"))


def _is_of_word(byte: bytes) -> bool:
    return byte.isalnum() or byte in (b"_", b"$")


def _holds(outer: Node, inner: Node) -> bool:
    return outer.start_byte <= inner.start_byte < outer.end_byte
