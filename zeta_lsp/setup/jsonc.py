"""Reading JSON as editors keep it: with comments, and commas before a closing bracket.

`read` gives a tree whose nodes know where they stand in the text, so that `jsonc_edit` can put
something in without touching anything else. What no editor would read is refused.
"""

import json
import re
from typing import Any

import msgspec

from zeta_lsp.core.errors import ZetaError

_BLANK = re.compile(r"(?:[ \t\r\n\ufeff]+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_ATOM = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")
_DEEPEST = 100


class Unparsable(ZetaError):
    """The text is no JSON, comments and spare commas allowed for."""

    reason = "not_json"


class Node(msgspec.Struct, frozen=True):
    """A value and where it stands, in characters.

    `members` are those of an object by key, `items` those of an array. `comma` is whether a comma
    stands behind the last of them, `last_end` where that comma or the last of them ends.
    """

    start: int
    end: int
    value: Any
    members: "dict[str, Node]" = msgspec.field(default_factory=dict)
    items: "tuple[Node, ...]" = ()
    comma: bool = False
    last_end: int = 0


def read(text: str) -> Node | None:
    """The value that a text holds; None if it holds only blanks and comments.

    Raises:
        Unparsable: it is not JSON.
    """
    reader = _Reader(text)
    reader.skip()
    if reader.at == len(text):
        return None
    node = reader.value(0)
    reader.skip()
    if reader.at != len(text):
        raise reader.fault("more than one value")
    return node


class _Reader:
    """Goes through a text once, from front to back."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0

    def fault(self, what: str) -> Unparsable:
        line = self._text.count("\n", 0, self.at) + 1
        return Unparsable(f"{what} in line {line}")

    def skip(self) -> None:
        """Go over blanks and comments."""
        match = _BLANK.match(self._text, self.at)
        assert match is not None
        self.at = match.end()

    def value(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise self.fault("nested too deeply")
        match self._text[self.at : self.at + 1]:
            case "{":
                return self._object(depth)
            case "[":
                return self._array(depth)
            case '"':
                return self._atom(_STRING)
        return self._atom(_ATOM)

    def _atom(self, pattern: re.Pattern[str]) -> Node:
        match = pattern.match(self._text, self.at)
        if match is None:
            raise self.fault("no value")
        start, self.at = self.at, match.end()
        return Node(start, self.at, json.loads(match[0]))

    def _object(self, depth: int) -> Node:
        start, members, comma, last_end = self.at, dict[str, Node](), False, self.at + 1
        self.at += 1
        while not self._closes("}"):
            if members and not comma:
                raise self.fault("no comma")
            key = self._atom(_STRING).value
            self._colon()
            if key in members:
                raise self.fault(f"{key!r} twice")
            members[key] = self.value(depth + 1)
            last_end = self.at
            if comma := self._comma():
                last_end = self.at
        value = {name: node.value for name, node in members.items()}
        return Node(start, self.at, value, members, (), comma, last_end)

    def _array(self, depth: int) -> Node:
        start, items, comma, last_end = self.at, list[Node](), False, self.at + 1
        self.at += 1
        while not self._closes("]"):
            if items and not comma:
                raise self.fault("no comma")
            items.append(self.value(depth + 1))
            last_end = self.at
            if comma := self._comma():
                last_end = self.at
        return Node(start, self.at, [n.value for n in items], {}, tuple(items), comma, last_end)

    def _closes(self, bracket: str) -> bool:
        self.skip()
        closes = self._text.startswith(bracket, self.at)
        self.at += closes
        return closes

    def _colon(self) -> None:
        self.skip()
        if not self._text.startswith(":", self.at):
            raise self.fault("no colon")
        self.at += 1
        self.skip()

    def _comma(self) -> bool:
        """Go over a comma if there is one; where there is none, stay."""
        here = self.at
        self.skip()
        if self._text.startswith(",", self.at):
            self.at += 1
            return True
        self.at = here
        return False
