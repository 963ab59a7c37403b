"""Imports that are written as a tree: ``use a::{b, c::{self, d as e}};``.

Rust, Scala and PHP have such trees, and the imports of Java and Kotlin are trees without branches.
They are read from their text, whose form all of them share: parts of a path, braces, commas, and
``as`` or ``=>`` before another name.
"""

import re
from collections.abc import Iterator

from zeta_lsp.core.related import Binding

_KEYWORDS = re.compile(r"(?:(?:import|use|using|static|function|const|pub|extern)\b\s*)+")
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_SEPARATOR = re.compile(r"::|\.|\\")
_ALIAS = re.compile(r"\s+as\s+|\s*=>\s*")
_DEPTH_MAX = 16

Clause = tuple[str, Binding | None]
"""A module and what is bound of it."""


def expanded(text: str) -> Iterator[Clause]:
    """Every leaf of an import: its module, and the name that is bound if there is one."""
    text = _KEYWORDS.sub("", _COMMENT.sub("", text).strip(), count=1).rstrip("; \t\r\n")
    found = _SEPARATOR.search(text)
    return _expanded(text, (), found.group() if found else ".", 0)


def _expanded(text: str, prefix: tuple[str, ...], separator: str, depth: int) -> Iterator[Clause]:
    branches = list(_branches(text))
    if len(branches) > 1 and depth < _DEPTH_MAX:
        for branch in branches:
            yield from _expanded(branch, prefix, separator, depth + 1)
        return
    head, brace, rest = text.partition("{")
    if brace and depth < _DEPTH_MAX:
        inner = rest.rpartition("}")[0] or rest
        yield from _expanded(inner, prefix + _parts(head), separator, depth + 1)
    elif text.strip():
        yield _leaf(text, prefix, separator)


def _branches(text: str) -> Iterator[str]:
    """Cut at the commas that no braces hold."""
    depth = start = 0
    for index, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if char == "," and depth == 0:
            yield text[start:index]
            start = index + 1
    yield text[start:]


def _leaf(text: str, prefix: tuple[str, ...], separator: str) -> Clause:
    path, *aliases = _ALIAS.split(text.strip(), maxsplit=1)
    parts = prefix + _parts(path)
    if parts and parts[-1] in {"*", "_"}:
        return separator.join(parts[:-1]), Binding("*", "*")
    if len(parts) > 1 and parts[-1] == "self":
        parts = parts[:-1]
    name = aliases[0].strip() if aliases else (parts[-1] if parts else "")
    if len(parts) < 2:
        return "".join(parts), Binding(name, "")
    return separator.join(parts[:-1]), Binding(name, parts[-1]) if name != "_" else None


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part.strip(" \t\r\n`") for part in _SEPARATOR.split(path) if part.strip())
