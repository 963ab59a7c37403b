"""What one file defines and which names it takes from others.

Names are kept as keys, 64 bits of a hash: that is all a look-up needs, it is small, and the cache
can be read by nobody who does not know what to ask for. A symbol's container is the item around
it: its class, or the type that a Rust ``impl``, a Go receiver or a C++ qualifier names.
"""

import functools
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from zeta_lsp.context.outline import survey
from zeta_lsp.core.related import Import, Item
from zeta_lsp.core.text import split_lines

MAX_SYMBOLS = 5000
MAX_BINDINGS = 2000
MAX_NAME_CHARS = 200
MAX_LINE_CHARS = 500
EVERYTHING = "*"
_QUALIFIER = re.compile(r"(\w+)\s*(?:<[^<>]*>)?\s*::\s*~?$")
_RECEIVER = re.compile(r"^func\s*\(\s*(?:\w+\s+)?\*?\s*(?:\w+\.)?(\w+)")
TYPES = frozenset(("class", "struct", "interface", "union", "enum", "trait", "type"))
"""Kinds of items that have members."""
_OWNERS = TYPES | {"impl", "module"}
_NAME = re.compile(r"[^\W\d][\w$]*[?!]?$|\$\w+$|[\w$@#-]+$")


class Symbol(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A definition in some file. Columns count code points, rows ``[start_row, end_row)``."""

    name: int
    container: int
    kind: str
    depth: int
    name_row: int
    name_col: int
    name_cols: int
    start_row: int
    end_row: int


class Bound(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A name that a file takes from a module; see `core.related.Binding` for `origin`."""

    name: int
    module: str
    origin: str
    row: int


class Facts(msgspec.Struct, frozen=True):
    """All of one file."""

    symbols: tuple[Symbol, ...]
    bounds: tuple[Bound, ...]


@functools.lru_cache(maxsize=1 << 16)
def key_of(name: str) -> int:
    """The key of a name: 64 bits, signed; 0 stands for no name."""
    if not name:
        return 0
    digest = hashlib.blake2b(name.encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def facts_of(language: str, text: str) -> Facts:
    """The facts of a text of a language that has a grammar."""
    lines = split_lines(text)
    found = survey(language, text)
    symbols, bounds = _symbols(found.items, lines), _bounds(found.imports)
    return Facts(tuple(symbols[:MAX_SYMBOLS]), tuple(bounds[:MAX_BINDINGS]))


def _symbols(items: Iterable[Item], lines: Sequence[str]) -> list[Symbol]:
    found: list[Symbol] = []
    around: list[Item] = []
    for item in items:
        around = [outer for outer in around if outer.depth < item.depth]
        name = item.name[:MAX_NAME_CHARS]
        owner, plain = _split(name, item, lines)
        if item.kind != "impl" and _NAME.match(plain):  # an `impl` is no definition of its type
            found.append(_symbol(item, owner or _owner(around, item), plain))
        around.append(item)
    return found


def _symbol(item: Item, owner: str, name: str) -> Symbol:
    return Symbol(
        key_of(name),
        key_of(owner),
        item.kind,
        item.depth,
        item.name_row,
        item.name_col + item.name.find(name),
        len(name),
        item.start_row,
        item.end_row,
    )


def _owner(around: Sequence[Item], item: Item) -> str:
    """The name of the container; what `self` is given belongs to the class, not to the method."""
    if item.kind == "attribute":
        around = [outer for outer in around if outer.kind in _OWNERS]
    return _plain_type(around[-1].name) if around else ""


def _split(name: str, item: Item, lines: Sequence[str]) -> tuple[str, str]:
    """The type that a definition outside of its type belongs to, if so, and the plain name."""
    head, colons, tail = name.rpartition("::")
    if colons:
        return _plain_type(head), tail
    head, dot, tail = name.rpartition(".")
    if dot:  # a function that is put into a table
        return head.rpartition(".")[2], tail
    if item.depth or item.kind not in ("function", "method") or item.name_row >= len(lines):
        return "", name
    line = lines[item.name_row][:MAX_LINE_CHARS]
    found = _RECEIVER.match(line) or _QUALIFIER.search(line[: item.name_col])
    return (found[1] if found is not None else ""), name


def _plain_type(name: str) -> str:
    return name[:MAX_NAME_CHARS].partition("<")[0].rpartition("::")[2].strip()


def _bounds(found: Sequence[Import]) -> list[Bound]:
    return [bound for one in found for bound in _bounds_of(one)]


def _bounds_of(one: Import) -> Iterator[Bound]:
    if len(one.module) > MAX_NAME_CHARS:
        return
    if not one.bindings:  # an include, a package that is taken whole
        yield Bound(key_of(EVERYTHING), one.module, EVERYTHING, one.start_row)
    for binding in one.bindings:
        if len(binding.origin) <= MAX_NAME_CHARS:
            yield Bound(key_of(binding.name), one.module, binding.origin, one.start_row)
        head, dot, _ = binding.name.partition(".")
        if dot:  # `import a.b` makes `a` known, too
            yield Bound(key_of(head), head, "", one.start_row)
