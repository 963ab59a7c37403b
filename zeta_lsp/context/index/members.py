"""What the object of a member is: a module, a type, or a variable whose type is written."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from zeta_lsp.context.index import heads, hints
from zeta_lsp.context.index.admission import language_of
from zeta_lsp.context.index.expression import CALLED, chain_of, plain
from zeta_lsp.context.index.facts import TYPES, key_of
from zeta_lsp.context.index.importing import Found, Imports
from zeta_lsp.context.index.modules import rust
from zeta_lsp.context.index.paths import steps
from zeta_lsp.context.index.site import Page
from zeta_lsp.context.index.traits import SELF, SPLIT, is_kin
from zeta_lsp.context.index.view import Hit, View
from zeta_lsp.context.index.words import words

VALUES = frozenset(("variable", "constant", "field", "attribute"))
"""Kinds of what holds a value."""
MAX_STEPS = 6
"""Steps up from a type to those that it names as its bases."""
MAX_HEAD_ROWS = 60
"""Rows in which the parameters of a function are looked for."""
CONSTRUCTOR = "__init__"
MAX_TYPES = 3
"""Guessed types that are tried."""
MAX_CLUES = 6
"""Rows that say something of a variable and are looked at."""
MAX_DEPTH = 3
"""Variables that are given the value of another one."""
_PASSES_ON = words(
    "iter iter_mut into_iter values items unwrap expect clone cloned copied as_ref as_mut as_deref "
    "to_owned borrow borrow_mut lock read write get get_mut first last pop unwrap_or_default "
    "unwrap_or ok at find slice filter reverse copy"
)
"""Members of containers and wrappers whose result has what the container holds."""


class Object(msgspec.Struct, frozen=True):
    """What members are looked for in. `is_foreign`: it comes from outside the workspace."""

    modules: tuple[str, ...] = ()
    types: tuple[Hit, ...] = ()
    is_foreign: bool = False

    def __bool__(self) -> bool:
        return bool(self.modules or self.types)


class Members:
    """Finds the members of objects, as one file sees them."""

    def __init__(self, view: View, page: Page, path: str, lines: Sequence[str]) -> None:
        self._view = view
        self._page = page
        self._path = path
        self._lines = lines
        self._clues: dict[str, list[hints.Clue]] = {}
        self._depth = 0
        """How many values of variables are being followed."""

    def object_of(self, chain: Sequence[str], row: int) -> Object:
        """What a chain (`expression`) stands for; nothing known is an empty object."""
        current, rest = self._module_of(chain, row)
        if not current.modules:
            head, *rest = chain
            current = self._head(plain(head), row, is_called=head.endswith(CALLED))
        for index, part in enumerate(rest):
            if current.is_foreign:
                return current
            current = self._step(current, plain(part), is_called=part.endswith(CALLED))
            if not current and index == 0 and plain(chain[0]) in SELF:
                current = self._written(plain(part), row)  # no definition that an outline knows
        return current

    def types_of(self, name: str, row: int) -> tuple[Hit, ...]:
        """The types of a variable."""
        return self._head(name, row, is_called=False).types

    def types_of_values(self, hits: Iterable[Hit]) -> tuple[Hit, ...]:
        """The types of what is defined to hold a value."""
        return self._of_hits((hit for hit in hits if hit.symbol.kind in VALUES), False).types

    def members_of(self, owner: Object, name: str) -> list[Hit]:
        """The definitions of a member, in the object itself or in what it inherits from."""
        found = [hit for module in owner.modules for hit in self._exported(module, name).hits]
        for type_ in owner.types:
            found += self._inherited(type_, name)
        return list(dict.fromkeys(found))

    def parameters(self, called: Hit, name: str) -> Iterator[tuple[str, int, int]]:
        """Where what is called has a parameter of a name: the file, row and column.

        A type has those of its constructor, else its fields.
        """
        if called.symbol.kind not in TYPES:
            yield from self._parameters(called, name)
            return
        makers = self._inherited(called, CONSTRUCTOR)
        for maker in makers:
            yield from self._parameters(maker, name)
        for field in [] if makers else self._inherited(called, name):
            yield field.path, field.symbol.name_row, field.symbol.name_col

    def _parameters(self, function: Hit, name: str) -> Iterator[tuple[str, int, int]]:
        lines = self._view.lines(function.path)
        pattern = re.compile(rf"(?<![\w.]){re.escape(name)}\s*(?:[:=,)]|$)")
        last = min(function.symbol.end_row, function.symbol.name_row + MAX_HEAD_ROWS, len(lines))
        for row in range(function.symbol.name_row, last):
            match = pattern.search(lines[row])
            if match is not None:
                yield function.path, row, match.start()
                return

    def submodules(self, owner: Object, name: str) -> tuple[str, ...]:
        """The modules of a name that a module holds or passes on."""
        return tuple(m for module in owner.modules for m in self._exported(module, name).modules)

    def _module_of(self, chain: Sequence[str], row: int) -> tuple[Object, list[str]]:
        """The module that the longest beginning of a chain names: ``import a.b``."""
        if language_of(self._path) == "rust":
            return self._rust_module_of(chain, row)
        for end in range(len(chain), 1, -1):
            bound = Imports(self._view).bound(self._path, ".".join(chain[:end]))
            if bound is not None and bound.modules:
                return Object(modules=bound.modules), list(chain[end:])
        return Object(), list(chain)

    def _rust_module_of(self, chain: Sequence[str], row: int) -> tuple[Object, list[str]]:
        """Likewise for ``crate::a``, ``super`` and crates; modules in a file are the file."""
        if chain[0] == "self" and self._page.types_around(row):  # a value; modules are rarely meant
            return Object(), list(chain)
        inside = self._page.modules_around(row)
        ups = next((n for n, part in enumerate(chain) if part != "super"), len(chain))
        if inside and (ups or chain[0] == "self"):
            if ups <= inside:
                return Object(modules=(self._path,)), list(chain[max(ups, 1) :])
            chain = chain[inside:]
        for end in range(len(chain), 0, -1):
            files = rust.file_of("::".join(chain[:end]), self._path, self._view.paths)
            if files and (end > 1 or chain[0] in ("crate", "self", "super")):
                return Object(modules=tuple(files)), list(chain[end:])
        return Object(), list(chain)

    def _head(self, name: str, row: int, is_called: bool) -> Object:
        if name in SELF:
            types = self._page.types_around(row)[:1]
            if types:
                return Object(types=tuple(self._types(types, self._path)))
        written = self._written(name, row)
        if written.types or written.is_foreign:
            return written
        own = [hit for hit in self._view.in_file(self._path, key_of(name)) if not hit.symbol.depth]
        if own:
            return self._of_hits(own, is_called)
        bound = Imports(self._view).bound(self._path, name)
        if bound is not None:
            return self._of_found(bound, is_called)
        taken = self._of_hits(Imports(self._view).everything(self._path, name).hits, is_called)
        if not taken.types and language_of(self._path) == "rust":  # a crate, or a module beside
            return Object(modules=tuple(rust.file_of(name, self._path, self._view.paths)))
        return taken

    def _written(self, name: str, row: int) -> Object:
        """The type that the rows above, else the file, write beside a variable or give it."""
        tried: set[str] = set()
        foreign = False
        for clue in itertools.islice(self._clues_at(name, row), MAX_CLUES):
            found = self._value(chain_of(clue.value), clue.row) if clue.row <= row else Object()
            if not found:
                fresh = [one for one in clue.types if one not in tried][: MAX_TYPES - len(tried)]
                tried |= set(fresh)
                found = self._of_names(fresh, self._path)
            if found:
                return found
            foreign = foreign or found.is_foreign
        return Object(is_foreign=foreign)

    def _clues_at(self, name: str, row: int) -> Iterator[hints.Clue]:
        """What the text says of a variable: the rows above, the nearest first, then the others."""
        if name not in self._clues:
            self._clues[name] = hints.clues(name, self._lines)
        known = self._clues[name]
        for clue in known:
            if row - hints.MAX_ROWS <= clue.row <= row:
                types = hints.case_types(self._lines, clue.row, row) if clue.is_switch else None
                yield clue if types is None else clue._replace(types=tuple(types), value="")
        yield from (clue for clue in known if clue.row > row and not clue.is_switch)

    def _value(self, chain: tuple[str, ...], row: int) -> Object:
        """What a variable is that is given a value in a row."""
        if not chain or self._depth >= MAX_DEPTH:
            return Object()
        self._depth += 1
        try:
            return self.object_of(chain, max(row - 1, 0))
        finally:
            self._depth -= 1

    def _of_names(self, names: Iterable[str], path: str) -> Object:
        foreign = False
        for name in itertools.islice(dict.fromkeys(names), MAX_TYPES):
            types = self._types([name], path)
            if types:
                return Object(types=tuple(types))
            foreign = foreign or self._is_foreign(name, path)
        return Object(is_foreign=foreign)

    def _is_foreign(self, name: str, path: str) -> bool:
        bound = Imports(self._view).bound(path, name.partition(".")[0])
        return bound is not None and not bound

    def _types(self, names: Iterable[str], path: str) -> list[Hit]:
        """The types of these names as a file sees them; functions stand for what they return."""
        return [hit for name in names for hit in self._type(name, path)]

    def _type(self, name: str, path: str) -> Iterator[Hit]:
        first, _, last = name.rpartition(".")
        if first:  # a type of a module
            bound = Imports(self._view).bound(path, first.partition(".")[0])
            modules = bound.modules if bound is not None else ()
            hits = [hit for m in modules for hit in self._exported(m, last).hits]
            hits = hits or self._view.in_file(path, key_of(last))
        else:
            hits = self._visible(last, path)
        for hit in hits:
            if hit.symbol.kind in TYPES:
                yield hit
            elif hit.symbol.kind in ("function", "method"):
                yield from self._returned(hit)

    def _visible(self, name: str, path: str) -> list[Hit]:
        own = self._view.in_file(path, key_of(name))
        if own:
            return own
        bound = Imports(self._view).bound(path, name)
        if bound is not None:
            return list(bound.hits)
        found = list(Imports(self._view).everything(path, name).hits)
        return found or self._only(name)

    def _only(self, name: str) -> list[Hit]:
        """The types of a name if there is hardly a choice: files of one folder, forward headers."""
        types = [hit for hit in self._view.named(key_of(name)) if hit.symbol.kind in TYPES]
        beside = [hit for hit in types if _folder(hit.path) == _folder(self._path)]
        return beside or (types if len(types) <= MAX_TYPES else [])

    def _returned(self, hit: Hit) -> Iterator[Hit]:
        """The types that a function says it returns, else those that it makes to return them."""
        written = list(hints.returned_type(heads.head_text(self._view, hit)))
        for name in itertools.islice(written or heads.made(self._view, hit), MAX_TYPES):
            if name in SELF:
                visible = self._view.named(hit.symbol.container)
            else:
                visible = self._visible(name, hit.path)
            yield from (found for found in visible if found.symbol.kind in TYPES)

    def _of_found(self, found: Found, is_called: bool) -> Object:
        if not found:
            return Object(is_foreign=True)
        owner = self._of_hits(found.hits, is_called)
        return Object(found.modules, owner.types)

    def _of_hits(self, hits: Iterable[Hit], is_called: bool) -> Object:
        """Types as they are, functions by what they return, variables by what is written there."""
        types: list[Hit] = []
        for hit in hits:
            if hit.symbol.kind in TYPES:
                types.append(hit)
            elif hit.symbol.kind in ("function", "method") and (
                is_called or heads.is_property(self._view, hit)
            ):
                types += self._returned(hit)
            elif hit.symbol.kind == "module":
                types.append(hit)
            elif hit.symbol.kind in VALUES:
                types += self._declared(hit)
        return Object(types=tuple(types[:MAX_TYPES]))

    def _declared(self, hit: Hit) -> tuple[Hit, ...]:
        lines = self._view.lines(hit.path)
        if not hit.symbol.name_row < len(lines):
            return ()
        line = lines[hit.symbol.name_row]
        name = heads.name_at(line, hit.symbol.name_col)
        found = self._of_names(hints.declared_type(name, line), hit.path) if name else Object()
        if found.types or not name:
            return found.types
        return self._parameter(line, hit)

    def _parameter(self, line: str, hit: Hit) -> tuple[Hit, ...]:
        """``self.x = x`` takes the type of the parameter x."""
        value = line.partition("=")[2].strip().rstrip(";")
        if not value.isidentifier():
            return ()
        lines = self._view.lines(hit.path)
        names = hints.type_names(value, lines, hit.symbol.name_row - 1)
        return self._of_names(names, hit.path).types

    def _step(self, owner: Object, name: str, is_called: bool) -> Object:
        hits = self.members_of(owner, name)
        modules = self.submodules(owner, name)
        if not hits and not modules and is_called and name in _PASSES_ON:
            return owner
        return Object(modules, self._of_hits(hits, is_called).types)

    def _exported(self, module: str, name: str) -> Found:
        found = Imports(self._view).exported(module, name)
        if found or not module.endswith(("/__init__.py", "/__init__.pyi")):
            return found
        return Found(modules=tuple(Imports(self._view).module(f".{name}", module)))

    def _inherited(self, type_: Hit, name: str) -> list[Hit]:
        """A member of a type or of its bases, the nearest first.

        What is only given to ``self`` is defined where a base says what it is.
        """
        pending, seen, given = [type_], {type_}, list[Hit]()
        while pending and len(seen) <= MAX_STEPS:
            current = pending.pop(0)
            found = self._own(current, name)
            if found and not all(hit.symbol.kind == "attribute" for hit in found):
                return found
            given = given or found
            for base in self._types(heads.base_names(self._view, current), current.path):
                if base not in seen:
                    seen.add(base)
                    pending.append(base)
        return given

    def _own(self, type_: Hit, name: str) -> list[Hit]:
        """A type's own member; C++ and Go define some of them outside of the type, Rust most."""
        found = self._view.members(type_.symbol.name, key_of(name))
        same = [hit for hit in found if hit.path == type_.path]
        if language_of(type_.path) in SPLIT or not same:
            same = [hit for hit in found if is_kin(language_of(hit.path), language_of(type_.path))]
            same.sort(key=lambda hit: (hit.symbol.kind == "method", steps(hit.path, type_.path)))
        return same


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
