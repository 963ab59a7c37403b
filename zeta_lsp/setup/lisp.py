"""Whether an Emacs Lisp file can take another form at its end.

Not a reader: it follows strings, characters, comments and brackets, which is all it takes to see
that nothing is left open.
"""

import re

_TOKEN = re.compile(
    r"""
    ;[^\n]*                          # a comment
    | "(?:[^"\\]|\\.)*"              # a string
    | \?(?:(?:\\[ACHMSs]-)+(?:\\.|.)|\\\^?.|[^\\])   # a character, with modifiers or escaped
    | (?P<open>[(\[]) | (?P<close>[)\]])
    | (?P<bad>")                     # a string that does not end
    | [^\s;"?()\[\]\\]+(?:\\.|\?|[^\s;"()\[\]\\])*   # a symbol, which may hold ? inside
    | \\. | .
    """,
    re.VERBOSE | re.DOTALL,
)
_PAIRS = {")": "(", "]": "["}


def is_balanced(text: str) -> bool:
    """Whether every bracket and string is closed, in order."""
    depth: list[str] = []
    for token in _TOKEN.finditer(text):
        if token["bad"]:
            return False
        if token["open"]:
            depth.append(token["open"])
        elif token["close"] and (not depth or depth.pop() != _PAIRS[token["close"]]):
            return False
    return not depth
