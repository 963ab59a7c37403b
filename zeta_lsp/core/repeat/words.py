"""Words of code: what is compared, counted and replaced.

A token is a word (letters, digits, ``_``), a number with its fraction, a run of blanks or one other
character; the tokens of a line joined are the line. A word has parts: ``maxWidth_2`` is ``max``,
``Width``, ``_``, ``2``.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

_TOKEN = re.compile(r"\d+\.\d+|\w+|\s+|[^\w\s]")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|_+|\w")
_FOUND_AT_MOST = 300

tokens_of = _TOKEN.findall
parts_of = _PART.findall


def is_word(token: str) -> bool:
    """Whether a token, or a single character, is (part of) a word."""
    char = token[:1]
    return char.isalnum() or char == "_"


def visible(tokens: Sequence[str]) -> int:
    """How many of the tokens are not blank."""
    return sum(not token.isspace() for token in tokens)


def kind_of(tokens: Sequence[str]) -> str:
    """What some tokens are together: none, name, number, words or signs."""
    seen = [token for token in tokens if not token.isspace()]
    if not seen:
        return "none"
    if not any(map(is_word, seen)):
        return "signs"
    if len(seen) > 1:
        return "words"
    return "number" if seen[0][0].isdigit() else "name"


def indent_of(line: str) -> int:
    """Characters of a line before its first visible one."""
    return len(line) - len(line.lstrip())


def occurrences(text: str, what: str) -> Iterator[int]:
    """Where `what` stands in `text` as whole words: 300 places at most, ascending."""
    head, tail = is_word(what[0]), is_word(what[-1])
    at, left = text.find(what), _FOUND_AT_MOST
    while at >= 0 and left:
        end = at + len(what)
        glued = (head and at and is_word(text[at - 1])) or (tail and is_word(text[end : end + 1]))
        if not glued:
            left -= 1
            yield at
        at = text.find(what, at + 1)


def bucket(value: int, edges: tuple[int, ...]) -> str:
    """The bucket of a count, by its upper edge: ``2`` for 2 with edges 1, 2, 5; ``more`` above."""
    at = bisect_left(edges, value)
    return str(edges[at]) if at < len(edges) else "more"
