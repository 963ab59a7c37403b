"""Changing single values of TOML files; every other byte stays as it is.

`TomlFile` takes one wish after the other and keeps, beside the text, what it has to mean in the
end. `text` reads the result with `tomllib` and compares, so that a mistake here, or a file that is
written in a way not foreseen here, is refused and never written.
"""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from zeta_lsp.setup.change import Refused
from zeta_lsp.setup.text import fitted
from zeta_lsp.setup.toml_tree import Pair, Path, Table, Unplaceable, tables

_BOM = "\ufeff"
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_REST_OF_LINE = re.compile(rb"[ \t]*(?:#[^\n]*?)?(?=\r?\n|\r?\Z)")


class TomlFile:
    """A file that is being changed. `name` is what people are told if it cannot be.

    Raises:
        Refused: it is not TOML.
    """

    def __init__(self, text: str, name: str) -> None:
        self.values = values_in(text, name)
        self._original = text
        self._name = name
        self._mark = _BOM if text.startswith(_BOM) else ""
        self._body = text.removeprefix(_BOM).encode("utf-8")
        self._changed = False

    def text(self) -> str:
        """The file as it has become.

        Raises:
            Refused: it would not mean what it should.
        """
        if not self._changed:
            return self._original
        result = fitted(self._original, self._mark + self._body.decode("utf-8"))
        if _read(result) != self.values:
            raise Refused(f"{self._name} is written in a way that cannot be changed safely")
        return result

    def put(self, path: Path, value: Any) -> None:
        """Set a value in a table, which is made if there is none."""
        table = self.values
        for key in path[:-1]:
            table = table.setdefault(key, {})
            if not isinstance(table, dict):
                raise Refused(f"{self._name} has something else under {key}")
        if path[-1] in table and table[path[-1]] == value:
            return
        table[path[-1]] = value
        self._edit(path, value)

    def fill(self, wanted: Mapping[str, Any], at: Path = ()) -> list[str]:
        """Set what is missing, table by table; the dotted keys that have another value stay.

        Returns those keys.
        """
        taken: list[str] = []
        for key, value in wanted.items():
            path = (*at, key)
            there = self._value(path)
            if isinstance(value, Mapping) and (there is None or isinstance(there, Mapping)):
                taken += self.fill(value, path)
            elif there is None:
                self.put(path, value)
            elif there != value:
                taken.append(".".join(path))
        return taken

    def remove(self, path: Path) -> None:
        """Remove a value, with its line."""
        table = self._value(path[:-1])
        if not isinstance(table, dict) or path[-1] not in table:
            return
        del table[path[-1]]
        found = self._found(path)
        if found is not None:
            start = self._body.rfind(b"\n", 0, found.start) + 1
            self._splice(start, self._line_end(found.end), b"")

    def add_table(self, name: str, entry: Mapping[str, Any]) -> None:
        """Append a table to an array of tables, at the end of the file."""
        self.values.setdefault(name, []).append(dict(entry))
        rows = "".join(f"{_key(key)} = {_dumped(value)}\n" for key, value in entry.items())
        self._append(f"[[{_key(name)}]]\n{rows}")

    def put_in_table(self, name: str, row: int, key: str, value: Any) -> None:
        """Set a value in the table at a row of an array of tables."""
        self.values[name][row][key] = value
        self._set_in(self._row(name, row), (key,), value)

    def add_item(self, name: str, row: int, key: str, value: str) -> None:
        """Append a text to an array, in the table at a row of an array of tables."""
        self.values[name][row][key].append(value)
        pair = self._row(name, row).pair((key,))
        if pair is None or not pair.is_array:
            raise Refused(f"{self._name} is written in a way that cannot be changed safely")
        text = _dumped(value).encode("utf-8")
        if not pair.items:
            self._splice(pair.value_start + 1, pair.value_start + 1, text)
            return
        start, end = pair.items[-1]
        line = self._body.rfind(b"\n", 0, start) + 1
        own_line = line > pair.value_start and not self._body[line:start].strip()
        gap = b"\n" + self._body[line:start] if own_line else b" "
        at = pair.comma or end
        comma = b"" if pair.comma else b","
        rest = self._rest_of_line(at) if own_line else at
        tail = b"," if pair.comma and own_line else b""
        self._splice(at, rest, comma + self._body[at:rest] + gap + text + tail)

    def _value(self, path: Path) -> Any:
        tree: Any = self.values
        for key in path:
            tree = tree.get(key) if isinstance(tree, dict) else None
        return tree

    def _edit(self, path: Path, value: Any) -> None:
        found = self._found(path)
        if found is not None:
            self._splice(found.value_start, found.end, _dumped(value).encode("utf-8"))
            return
        homes = [each for each in self._tables() if each.path == path[:-1] and not each.is_item]
        if homes:
            self._set_in(homes[-1], path[-1:], value)
        else:
            header = ".".join(map(_key, path[:-1]))
            self._append(f"[{header}]\n{_key(path[-1])} = {_dumped(value)}\n")

    def _set_in(self, table: Table, key: Path, value: Any) -> None:
        """Set a value in one table: behind its last pair if it is new."""
        pair = table.pair(key)
        if pair is not None:
            self._splice(pair.value_start, pair.end, _dumped(value).encode("utf-8"))
            return
        line = f"{_key(key[0])} = {_dumped(value)}\n".encode()
        if not table.pairs and not table.path:
            self._splice(0, 0, line)
            return
        last = table.pairs[-1].start if table.pairs else table.start
        indent = self._body[self._body.rfind(b"\n", 0, last) + 1 : last]
        at = self._line_end(table.end)
        missing = b"" if self._body[:at].endswith(b"\n") else b"\n"
        self._splice(at, at, missing + indent + line)

    def _append(self, text: str) -> None:
        """Put tables at the end, behind a blank line."""
        gap = "\n" if self._body else ""
        if self._body and not self._body.endswith(b"\n"):
            gap = "\n\n"
        self._splice(len(self._body), len(self._body), f"{gap}{text}".encode())

    def _found(self, path: Path) -> Pair | None:
        for table in self._tables():
            if not table.is_item and path[: len(table.path)] == table.path:
                pair = table.pair(path[len(table.path) :])
                if pair is not None:
                    return pair
        return None

    def _row(self, name: str, row: int) -> Table:
        rows = [each for each in self._tables() if each.is_item and each.path == (name,)]
        if row >= len(rows):
            raise Refused(f"{self._name} is written in a way that cannot be changed safely")
        return rows[row]

    def _tables(self) -> list[Table]:
        try:
            return tables(self._body)
        except Unplaceable:
            raise Refused(f"{self._name} cannot be changed safely") from None

    def _rest_of_line(self, at: int) -> int:
        """Where the comment ends that follows on the same line, or `at` if other things follow."""
        match = _REST_OF_LINE.match(self._body, at)
        return match.end() if match else at

    def _line_end(self, at: int) -> int:
        """Behind the line that holds a place."""
        end = self._body.find(b"\n", at)
        return len(self._body) if end < 0 else end + 1

    def _splice(self, start: int, end: int, new: bytes) -> None:
        self._body = self._body[:start] + new + self._body[end:]
        self._changed = True


def values_in(text: str, name: str) -> dict[str, Any]:
    """What a file holds. Raises Refused if it cannot be read."""
    values = _read(text)
    if values is None:
        raise Refused(f"{name} is not valid TOML")
    return values


def table_text(path: Path, values: Mapping[str, Any]) -> str:
    """A table as a person would paste it."""
    rows = "".join(f"{_key(key)} = {_dumped(value)}\n" for key, value in values.items())
    return f"[{'.'.join(map(_key, path))}]\n{rows}"


def _read(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text.removeprefix(_BOM))
    except (ValueError, RecursionError):
        return None


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _dumped(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(k)} = {_dumped(v)}' for k, v in value.items())} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_dumped, value))}]"
    return repr(value)


def _text(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    return f"\\u{ord(char):04X}" if ord(char) < 32 or ord(char) == 127 else char
