"""What the rows of a definition say of it: its bases, what it returns, whether it is a property."""

import itertools
import re
from collections.abc import Iterator

from zeta_lsp.context.index import hints
from zeta_lsp.context.index.admission import language_of
from zeta_lsp.context.index.facts import key_of
from zeta_lsp.context.index.view import Hit, View

MAX_BASES = 6
"""Bases that are looked at."""
MAX_BODY_ROWS = 200
"""Rows of a struct in which embedded types are looked for, of a function with its returns."""
_HEAD_ROWS = 4
_PROPERTY = re.compile(r"\s*@[\w.]*property\b")
_MADE = re.compile(r"\s*return\s+(?:new\s+|&)?([A-Z]\w*)\s*[({]")
_GETTER = re.compile(r"\s*(?:\w+\s+)*get\s+\w+\s*\(")
_EMBEDDED = re.compile(r"\s*\*?([A-Za-z_][\w.]*)\s*(?:`.*|//.*)?$")


def head_text(view: View, hit: Hit) -> str:
    """The first rows of an item, up to where its body begins."""
    lines = view.lines(hit.path)
    start = hit.symbol.name_row
    text = " ".join(lines[start : min(start + _HEAD_ROWS, hit.symbol.end_row)])
    for end in ("{", "):\n", "):\r", ":\n"):
        head, found, _ = text.partition(end)
        if found:
            return head + (")" if end.startswith(")") else "")
    return text


def base_names(view: View, type_: Hit) -> list[str]:
    """The types whose members a type has as well."""
    names: Iterator[str] = hints.bases(head_text(view, type_))
    if language_of(type_.path) == "go":
        names = _embedded(view, type_)
    own = type_.symbol.name
    return [name for name in itertools.islice(names, MAX_BASES) if key_of(name) != own]


def _embedded(view: View, type_: Hit) -> Iterator[str]:
    """The types that stand alone in a row of a struct or an interface (Go)."""
    start, end = type_.symbol.name_row + 1, type_.symbol.end_row - 1
    for line in view.lines(type_.path)[start : min(end, start + MAX_BODY_ROWS)]:
        if (match := _EMBEDDED.match(line)) is not None:
            yield match[1]


def is_property(view: View, hit: Hit) -> bool:
    """Whether a method is had like a field."""
    lines, row = view.lines(hit.path), hit.symbol.name_row
    if row >= len(lines) or _GETTER.match(lines[row]):
        return row < len(lines)
    above = itertools.takewhile(
        lambda line: line.lstrip()[:1] == "@", reversed(lines[max(row - 8, 0) : row])
    )
    return any(_PROPERTY.match(line) for line in above)


def made(view: View, function: Hit) -> Iterator[str]:
    """The types that a function calls in its ``return``: ``return Shop(…)``."""
    start, end = function.symbol.name_row, function.symbol.end_row
    for line in view.lines(function.path)[start : min(end, start + MAX_BODY_ROWS)]:
        if (match := _MADE.match(line)) is not None:
            yield match[1]


def name_at(line: str, col: int) -> str:
    """The name that begins in a column of a row."""
    end = col
    while end < len(line) and (line[end].isalnum() or line[end] in "_$"):
        end += 1
    return line[col:end]
