"""The chain of names that an expression is, as far as it is one: ``a.b(x).c[0]``.

A chain is a tuple of names; one that is called has ``()`` behind it: ``("a", "b()", "c")``. What
stands in brackets is passed over, and so is what changes the value little: ``await``, ``&``, ``?``.
It is read off the text, so that half an expression on a row is as good as a whole one. Anything
else (sums, literals, conditions) is no chain.
"""

import re

from zeta_lsp.context.index.words import words

CALLED = "()"
MAX_CHARS = 400
_BEFORE = re.compile(r"(?:\s+|(?:await|new|try|mut|ref|static)\b|[&*(@])+")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_JOINT = re.compile(r"\s*(?:\?\.|!\.|\.|::|->|\\|:(?=\w))\s*(?=[A-Za-z_$])")
_TYPE_ARGUMENTS = re.compile(r"(?:::)?<[\w\s,.:<>\[\]|&'*]*>(?=[({]|::)")
_AFTER = re.compile(
    r"\s*(?:$|[;,{}\])#]|:(?!:)|//|/\*|\?\?|\|\||(?:or|and|if|as|else|do|for|async|satisfies)\b)"
)
_NO_NAMES = words(
    "not lambda function async typeof yield match if func fn switch null nil None True False true "
    "false undefined delete void unsafe move for while return"
)
_BRACKETS = {"(": ")", "[": "]", "{": "}"}


def chain_of(text: str) -> tuple[str, ...]:
    """The chain that a text begins with; empty if that is not all of the expression."""
    text = text[:MAX_CHARS]
    before = _BEFORE.match(text)
    at = 0 if before is None else before.end()
    chain: list[str] = []
    while (name := _NAME.match(text, at)) is not None:
        called, at = _suffixes(text, name.end(), name[0][:1].isupper())
        if name[0] in _NO_NAMES and not chain:
            return ()
        if name[0] != "await":
            chain.append(name[0] + CALLED * called)
        if at < 0:  # the row ends within brackets
            return tuple(chain)
        joint = _JOINT.match(text, at)
        if joint is None:
            break
        at = joint.end()
    return tuple(chain) if chain and _AFTER.match(text, at) else ()


def plain(part: str) -> str:
    """The name of a part of a chain."""
    return part.removesuffix(CALLED)


def _suffixes(text: str, at: int, may_be_type: bool) -> tuple[bool, int]:
    """What stands behind a name: whether it is called, and where that ends; -1 if it does not."""
    called = False
    while at < len(text):
        arguments = _TYPE_ARGUMENTS.match(text, at)
        if arguments is not None:
            at = arguments.end()
        opener = text[at]
        if may_be_type and opener == " " and text[at + 1 : at + 2] == "{":  # Rust: `Shop { … }`
            at, opener = at + 1, "{"
        if opener in _BRACKETS:
            called = called or opener != "["
            at = _closed(text, at)
            if at < 0:
                break
        elif opener in "?!" and _JOINT.match(text, at) is None and text[at : at + 2] != "??":
            at += 1
        else:
            break
    return called, at


def _closed(text: str, at: int) -> int:
    """Behind the bracket that closes the one at a place; -1 if none does."""
    opener, closer, depth = text[at], _BRACKETS[text[at]], 0
    for index in range(at, len(text)):
        depth += (text[index] == opener) - (text[index] == closer)
        if depth == 0:
            return index + 1
    return -1
