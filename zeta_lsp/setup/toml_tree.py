"""Where things stand in a TOML file: its tables, and the keys and values in them.

Read with the grammar that also serves TOML files in editors, which knows places; values are left to
`tomllib`. Places are offsets into the UTF-8 bytes, since those are what a file is made of.
"""

import tomllib
from collections.abc import Iterator
from typing import Any

import msgspec
import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from zeta_lsp.core.errors import ZetaError

Path = tuple[str, ...]
_KEYS = ("bare_key", "quoted_key", "dotted_key")
_TABLES = ("table", "table_array_element")


class Unplaceable(ZetaError):
    """The grammar does not understand the file, whatever `tomllib` says."""

    reason = "not_toml"


class Pair(msgspec.Struct, frozen=True):
    """``key = value``. `items` are the places of an array's items, `comma` the one behind them."""

    key: Path
    start: int
    value_start: int
    end: int
    is_array: bool = False
    items: tuple[tuple[int, int], ...] = ()
    comma: int | None = None


class Table(msgspec.Struct, frozen=True):
    """A header and the pairs under it; the first one of a file has no header and no path."""

    path: Path
    is_item: bool
    start: int
    header_end: int
    pairs: tuple[Pair, ...]

    @property
    def end(self) -> int:
        """Where the last pair ends, or the header if there is none."""
        return self.pairs[-1].end if self.pairs else self.header_end

    def pair(self, key: Path) -> Pair | None:
        """The pair with this key."""
        return next((each for each in self.pairs if each.key == key), None)


def tables(content: bytes) -> list[Table]:
    """The tables of a file, in its order.

    Raises:
        Unplaceable: the file is not understood.
    """
    root = Parser(Language(tree_sitter_toml.language())).parse(content).root_node
    if root.has_error:
        raise Unplaceable("not understood")
    found = [Table((), False, 0, 0, tuple(_pairs(root)))]
    for node in root.children:
        if node.type in _TABLES:
            key = next(child for child in node.children if child.type in _KEYS)
            closing = next(child for child in node.children if child.type in ("]", "]]"))
            is_item = node.type == "table_array_element"
            pairs = tuple(_pairs(node))
            found.append(Table(_path(key), is_item, node.start_byte, closing.end_byte, pairs))
    return found


def _pairs(node: Node) -> Iterator[Pair]:
    for child in node.children:
        if child.type == "pair":
            key = child.children[0]
            value = next(each for each in child.children[2:] if each.type != "comment")
            items = tuple(_items(value)) if value.type == "array" else ()
            yield Pair(
                _path(key),
                child.start_byte,
                value.start_byte,
                value.end_byte,
                value.type == "array",
                items,
                _last_comma(value) if items else None,
            )


def _items(array: Node) -> Iterator[tuple[int, int]]:
    for child in array.children:
        if child.is_named and child.type != "comment":
            yield child.start_byte, child.end_byte


def _last_comma(array: Node) -> int | None:
    """Where the comma behind the last item ends, if there is one."""
    parts = [child for child in array.children if child.type != "comment"]
    return parts[-2].end_byte if len(parts) > 2 and parts[-2].type == "," else None


def _path(key: Node) -> Path:
    """The names in a key, however they are quoted."""
    text = (key.text or b"").decode("utf-8")
    tree: Any = tomllib.loads(f"{text} = 0")
    path: list[str] = []
    while isinstance(tree, dict):
        name, tree = next(iter(tree.items()))
        path.append(name)
    return tuple(path)
