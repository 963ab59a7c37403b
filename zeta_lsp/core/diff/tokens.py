"""Code cut into the tokens that metrics compare.

A token is a part of an identifier, a run of line ends, a run of other white space, or one operator.
Identifiers are cut at runs of ``_`` and at case borders: ``HTTPServer2Go_x`` gives ``HTTP``,
``Server2``, ``Go``, ``_``, ``x``. The tokens joined are the text again.

They are those of Zed's metrics (kept rate, reversal ratio), but for a few rare combining marks:
Python does not know Unicode's Alphabetic property, so `_is_letter_mark` goes by their classes.
"""

import enum
import re
import unicodedata
from itertools import groupby, pairwise

_OPERATOR = re.compile(
    r">>>=|<<=|>>=|\.\.\.|\.\.=|\?\?=|\*\*=|>>>|::|->|=>|==|!=|<=|>=|&&|\|\||<<|>>|\.\."
    r"|\+=|-=|\*=|/=|%=|&=|\|=|\^=|\+\+|--|\*\*|\?\?|\?\.|:=|<-|//|/\*|\*/|.",
    re.DOTALL,
)
_ASCII_UNIT = re.compile(rf"\w+|[\r\n]+|[\t\x0b\x0c ]+|{_OPERATOR.pattern}", re.DOTALL | re.ASCII)
_ASCII_TOKEN = re.compile(
    r"[A-Z]+(?=[A-Z][a-z])|[A-Z]*[a-z0-9]+|[A-Z]+|_+|[\r\n]+|[\t\x0b\x0c ]+|" + _OPERATOR.pattern,
    re.DOTALL,
)
_RUST_SPACE = "\t\x0b\x0c \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"


class _Kind(enum.Enum):
    IDENTIFIER = enum.auto()
    NEWLINE = enum.auto()
    SPACE = enum.auto()
    OPERATOR = enum.auto()


def tokenize(text: str) -> list[str]:
    """Cut text into tokens."""
    if text.isascii():
        return _ASCII_TOKEN.findall(text)
    tokens: list[str] = []
    for kind, group in groupby(text, _kind):
        run = "".join(group)
        if kind is _Kind.IDENTIFIER:
            tokens += _identifier_parts(run)
        elif kind is _Kind.OPERATOR:
            tokens += _OPERATOR.findall(run)
        else:
            tokens.append(run)
    return tokens


def units(text: str) -> list[str]:
    """Cut text into tokens, but leave identifiers whole (``old_name`` is one unit)."""
    if text.isascii():
        return _ASCII_UNIT.findall(text)
    found: list[str] = []
    for kind, group in groupby(text, _kind):
        run = "".join(group)
        found += _OPERATOR.findall(run) if kind is _Kind.OPERATOR else [run]
    return found


def _kind(char: str) -> _Kind:
    if char.isalnum() or char == "_":
        return _Kind.IDENTIFIER
    if char in "\r\n":
        return _Kind.NEWLINE
    if char in _RUST_SPACE or "\u2000" <= char <= "\u200a":
        return _Kind.SPACE
    if char > "\x7f" and _is_letter_mark(char):
        return _Kind.IDENTIFIER
    return _Kind.OPERATOR


def _is_letter_mark(char: str) -> bool:
    """Whether a combining mark is part of a word as a vowel sign is; accents are not."""
    category, order = unicodedata.category(char), unicodedata.combining(char)
    if category == "Mc":
        return order == 0
    if category == "Mn":
        return (order == 0 and not _is_selector(char)) or 10 <= order <= 36
    return False


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _identifier_parts(name: str) -> list[str]:
    borders = [0, *(i for i in range(1, len(name)) if _is_border(name, i)), len(name)]
    return [name[start:end] for start, end in pairwise(borders)]


def _is_border(name: str, index: int) -> bool:
    """Whether a new part starts at `index`."""
    before, char = name[index - 1], name[index]
    if before == "_" or char == "_":
        return before != char
    if not char.isupper():
        return False
    if before.islower() or unicodedata.category(before).startswith("N"):
        return True
    return before.isupper() and name[index + 1 : index + 2].islower()
