"""Text of strangers as a reader may see it: nothing in it is invisible or turns a line around.

Control characters, marks that change the direction of writing, zero widths and half characters are
written as their numbers: ``⟨U+202E⟩``. Escaping for HTML comes after, and is not done here.
"""

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_KEPT = frozenset("\t\n")


def visible(text: str) -> str:
    """The text with what cannot be seen in it made visible; tabs and line ends stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if _is_seen(char) else f"⟨U+{ord(char):04X}⟩" for char in text)


def _is_seen(char: str) -> bool:
    return char in _KEPT or unicodedata.category(char) not in _HIDDEN
