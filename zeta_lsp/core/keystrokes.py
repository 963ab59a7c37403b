"""What a single replacement looks like: a key, a completed word, a paste.

Editors say what changed, not which key did it. A key is one character typed, deleted or
overwritten, and whatever editors add to one by themselves: the other bracket, the indentation and
comment sign of a new line. A completed word has no blanks and may end in empty brackets; a pasted
word looks the same and passes for one. The rest that comes in at once was pasted.
"""

import re

from zeta_lsp.core.events import Splice

_PAIRS = frozenset(
    {"()", "[]", "{}", "<>", '""', "''", "``", "$$", "||", "**", "__", '""""', "''''"}
)
_NEW_LINE = r"(?:\r\n|\n|\r)[ \t]*"
_COMMENT_SIGN = r"(?:(?://[/!]?|#+!?|--|;+|%+|\*|/?\*\*?)[ \t]?)?"
_ENTER = re.compile(rf"{_NEW_LINE}{_COMMENT_SIGN}(?:{_NEW_LINE}(?:\*/|[)\]}}>]+[;,]?|</?)?)?")
_WORD = re.compile(r"[\w$@#.:!?\-]*\w[!?]?(?:\(\)|\[\]|\{\}|<>|\"\"|'')?[;:,]?")
_MAX_WORD_CHARS = 80
_MAX_COMPOSED_CHARS = 12
"""An input method or an emoji picker puts in a few characters of its own at once."""


def is_key(splice: Splice) -> bool:
    """Whether one key press explains it."""
    old, new = splice.old_text, splice.new_text
    if _is_one(old) and _is_one(new):
        return True
    if is_blank(splice):
        return splice.start_row == splice.old_end_row == splice.new_end_row or _is_enter(splice)
    if not old:
        return new in _PAIRS or _is_enter(splice) or _is_composed(new)
    return not new and old in _PAIRS


def is_typed(splice: Splice) -> bool:
    """Whether it is a key, a deletion or a completed word."""
    new = splice.new_text
    return is_key(splice) or not new or is_word(splice)


def is_word(splice: Splice) -> bool:
    """Whether one word came in, in the place of at most one line's text."""
    new = splice.new_text
    return (
        splice.start_row == splice.old_end_row
        and len(new) <= _MAX_WORD_CHARS
        and _WORD.fullmatch(new) is not None
    )


def is_blank(splice: Splice) -> bool:
    """Whether only white space came or went."""
    return not splice.old_text.strip() and not splice.new_text.strip()


def _is_one(text: str) -> bool:
    """At most one character as a person counts."""
    return len(text) <= 1 or text == "\r\n"


def _is_enter(splice: Splice) -> bool:
    """A new line; the blanks before it may be cleaned up by the way."""
    old_is_one_row = splice.start_row == splice.old_end_row
    return (
        old_is_one_row
        and not splice.old_text.strip()
        and _ENTER.fullmatch(splice.new_text) is not None
    )


def _is_composed(text: str) -> bool:
    return len(text) <= _MAX_COMPOSED_CHARS and not text.isspace() and min(text) > "\x7f"
