"""The index as a question sees it: what is on disk, with the texts of open buffers over it.

An open buffer hides the file's rows in the store. Texts themselves are read again when a question
needs a few rows of them (a class's head, a field's line) and only if the file may still be read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import msgspec

from zeta_lsp.context.index.facts import Bound, Facts, Symbol
from zeta_lsp.context.index.paths import Paths
from zeta_lsp.context.index.store import Row, Store
from zeta_lsp.core.text import split_lines

MAX_NAMED = 500
"""Of a name with more definitions only so many are looked at: none of them is worth a prompt."""
_MAX_TEXTS = 32
_MAX_MODULES = 10_000


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A definition and the file that it is in."""

    path: str
    symbol: Symbol


class View:
    """Definitions and imports of the workspace. `read` gives a text that may be read."""

    def __init__(self, store: Store, read: Callable[[str], str | None]) -> None:
        self.store = store
        self.rows: dict[str, Row] = store.files()
        self.paths = Paths(path for path, row in self.rows.items() if not row.skipped)
        self._path_of = {row.id: path for path, row in self.rows.items()}
        self._read = read
        self._texts: dict[str, list[str]] = {}
        self._open: dict[str, _Open] = {}
        self._modules: dict[tuple[str, str, str], list[str]] = {}
        self._modules_version = 0

    def modules(self) -> dict[tuple[str, str, str], list[str]]:
        """What modules were found to be, as long as no file comes or goes."""
        if self._modules_version != self.paths.version or len(self._modules) > _MAX_MODULES:
            self._modules.clear()
            self._modules_version = self.paths.version
        return self._modules

    def forget_modules(self) -> None:
        """What says where modules are has changed."""
        self._modules.clear()

    def put(self, path: str, row: Row) -> None:
        """Know that a file's rows in the store are new."""
        self.drop(path)
        self.rows[path] = row
        self._path_of[row.id] = path
        if not row.skipped:
            self.paths.add(path)

    def drop(self, path: str) -> None:
        """Know that the store knows nothing of a file any more."""
        self._texts.pop(path, None)
        row = self.rows.pop(path, None)
        if row is not None:
            self._path_of.pop(row.id, None)
        if path not in self._open:
            self.paths.remove(path)

    def open(self, path: str, text: str, facts: Facts) -> None:
        """An open buffer now has this text."""
        self._open[path] = _Open(split_lines(text), facts)
        self.paths.add(path)

    def close(self, path: str) -> None:
        """The disk counts again."""
        self._open.pop(path, None)
        row = self.rows.get(path)
        if row is None or row.skipped:
            self.paths.remove(path)

    def is_open(self, path: str) -> bool:
        """Whether a buffer hides the file."""
        return path in self._open

    def named(self, name: int) -> list[Hit]:
        """The definitions of a name everywhere."""
        return self._with_open(self.store.named(name, MAX_NAMED), lambda s: s.name == name, name)

    def named_beside(self, path: str, name: int) -> list[Hit]:
        """The definitions of a name in the files of one folder."""
        files = self.paths.files_in(path.rpartition("/")[0])
        return [hit for file in files for hit in self.in_file(file, name)]

    def members(self, container: int, name: int) -> list[Hit]:
        """The definitions of a name inside items of a name, everywhere."""
        found = self.store.members(container, name, MAX_NAMED)
        return self._with_open(found, lambda s: s.container == container, name)

    def in_file(self, path: str, name: int) -> list[Hit]:
        """The definitions of a name in a file, in order of their rows."""
        buffer = self._open.get(path)
        if buffer is not None:
            return [Hit(path, symbol) for symbol in buffer.symbols(name)]
        row = self.rows.get(path)
        return [] if row is None else [Hit(path, s) for s in self.store.in_file(row.id, name)]

    def bounds(self, path: str, name: int) -> list[Bound]:
        """What binds a name in a file."""
        buffer = self._open.get(path)
        if buffer is not None:
            return [bound for bound in buffer.facts.bounds if bound.name == name]
        row = self.rows.get(path)
        return [] if row is None else self.store.bounds(row.id, name)

    def lines(self, path: str) -> list[str]:
        """The rows of a file as they are now; none if it cannot be read."""
        buffer = self._open.get(path)
        if buffer is not None:
            return buffer.lines
        if path not in self._texts:
            while len(self._texts) >= _MAX_TEXTS:
                del self._texts[next(iter(self._texts))]
            text = self._read(path)
            self._texts[path] = [] if text is None else split_lines(text)
        return self._texts[path]

    def _with_open(
        self, found: Iterable[tuple[int, Symbol]], fits: Callable[[Symbol], bool], name: int
    ) -> list[Hit]:
        hits = [
            Hit(path, symbol)
            for file, symbol in found
            if (path := self._path_of.get(file)) is not None and path not in self._open
        ]
        return hits + [hit for hit in self._of_buffers(name) if fits(hit.symbol)]

    def _of_buffers(self, name: int) -> Iterator[Hit]:
        for path, buffer in self._open.items():
            yield from (Hit(path, symbol) for symbol in buffer.symbols(name))


class _Open:
    """An open buffer's text and facts."""

    __slots__ = ("_by_name", "facts", "lines")

    def __init__(self, lines: list[str], facts: Facts) -> None:
        self.lines = lines
        self.facts = facts
        self._by_name: dict[int, list[Symbol]] = defaultdict(list)
        for symbol in facts.symbols:
            self._by_name[symbol.name].append(symbol)

    def symbols(self, name: int) -> list[Symbol]:
        return self._by_name.get(name, [])
