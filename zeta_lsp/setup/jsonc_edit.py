"""Putting settings into JSON with comments; nothing else of the text changes.

`merged` sets keys in nested objects: a key that has the value already stays as it is, one that has
another value gets the new one, a missing one comes after the last, indented as its neighbours are.
What comes out is read again and compared, so that a mistake here cannot reach a person's file.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from zeta_lsp.setup.change import Refused
from zeta_lsp.setup.jsonc import Node, Unparsable, read
from zeta_lsp.setup.text import fitted

_INDENT = "  "
_COMMENT = re.compile(r"[ \t]*(?://[^\n\r]*|/\*(?:(?!\*/)[^\n\r])*\*/[ \t]*(?=[\r\n]))")
"""A comment that ends with its line."""


def merged(text: str, settings: Mapping[str, Any], name: str) -> str:
    """`text` with `settings` in it, objects joined member by member.

    Raises:
        Refused: the file called `name` holds no object, or none that can be read.
    """
    wanted = _joined(_parsed(text, name), settings)
    edited = text if text.strip("\ufeff \t\r\n") else f"{text}{{}}\n"
    if read(edited) is None:  # nothing but comments
        edited = f"{edited.rstrip()}\n{{}}\n"
    for path, value in _leaves(settings):
        edited = _with(edited, path, value)
    result = fitted(text, edited)
    node = read(result)
    if node is None or node.value != wanted:
        raise Refused(f"{name} cannot be changed safely", snippet_of(settings))
    return result


def snippet_of(settings: Mapping[str, Any]) -> str:
    """The settings as a person would paste them."""
    return json.dumps(settings, indent=2, ensure_ascii=False)


def settings_in(text: str, name: str) -> dict[str, Any]:
    """What a file of settings holds. Raises as `merged` does."""
    return _parsed(text, name)


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        node = read(text)
    except Unparsable as fault:
        raise Refused(f"{name} cannot be read: {fault}") from None
    if node is None:
        return {}
    if not isinstance(node.value, dict):
        raise Refused(f"{name} does not hold settings")
    return node.value


def _joined(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(old)
    for key, value in new.items():
        there = both.get(key)
        if isinstance(there, Mapping) and isinstance(value, Mapping):
            both[key] = _joined(there, value)
        else:
            both[key] = value
    return both


def _leaves(settings: Mapping[str, Any]) -> list[tuple[tuple[str, ...], Any]]:
    """Every value that is no object, or an empty one, with the keys that lead to it."""
    leaves: list[tuple[tuple[str, ...], Any]] = []
    for key, value in settings.items():
        if isinstance(value, Mapping) and value:
            leaves += [((key, *path), leaf) for path, leaf in _leaves(value)]
        else:
            leaves.append(((key,), value))
    return leaves


def _with(text: str, path: tuple[str, ...], value: Any) -> str:
    """`text` with one value set."""
    node = read(text)
    assert node is not None
    depth = 0
    while path[depth] in node.members:
        node, depth = node.members[path[depth]], depth + 1
        if depth == len(path):
            return _replaced(text, node, value)
        if not isinstance(node.value, dict):
            return _replaced(text, node, _nested(path[depth:], value))
    return _added(text, node, path[depth], _nested(path[depth + 1 :], value))


def _nested(path: tuple[str, ...], value: Any) -> Any:
    for key in reversed(path):
        value = {key: value}
    return value


def _replaced(text: str, node: Node, value: Any) -> str:
    if node.value == value and type(node.value) is type(value):
        return text
    if value == {} and isinstance(node.value, dict):
        return text
    return f"{text[: node.start]}{_dumped(value, _indent_at(text, node.start))}{text[node.end :]}"


def _added(text: str, node: Node, key: str, value: Any) -> str:
    """`text` with a member behind the last one of an object."""
    outer = _indent_at(text, node.start)
    first = min((child.start for child in node.members.values()), default=None)
    is_row = first is not None and "\n" not in text[node.start : node.end]
    inner = outer + _INDENT if first is None else _indent_at(text, first)
    if is_row:
        member = f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
        before = "" if node.comma else ","
        return f"{text[: node.last_end]}{before} {member}{text[node.last_end :]}"
    member = f"\n{inner}{json.dumps(key)}: {_dumped(value, inner)}"
    if first is None:
        rest = text[node.start + 1 : node.end - 1].rstrip()
        body = f"{{{rest}{member}\n{outer}}}"
        return f"{text[: node.start]}{body}{text[node.end :]}"
    comma = "" if node.comma else ","
    at = _line_rest_end(text, node.last_end)
    return f"{text[: node.last_end]}{comma}{text[node.last_end : at]}{member}{text[at:]}"


def _dumped(value: Any, indent: str) -> str:
    text = json.dumps(value, indent=_unit(indent), ensure_ascii=False)
    return text.replace("\n", f"\n{indent}")


def _unit(indent: str) -> str:
    return "\t" if indent.startswith("\t") else _INDENT


def _indent_at(text: str, at: int) -> str:
    """The blanks in front of the line that holds a place."""
    match = re.match(r"[ \t]*", text[text.rfind("\n", 0, at) + 1 :].lstrip("\ufeff"))
    return match[0] if match else ""


def _line_rest_end(text: str, at: int) -> int:
    """Where the comment that follows on the same line ends, or `at` if none follows."""
    match = _COMMENT.match(text, at)
    return match.end() if match else at
