"""What a renamed name is in its line: a parameter, a new variable, a declaration, or just used.

Read off the words around it, without a grammar, for the common shapes of C-like languages, Python,
Go, Rust, TypeScript and their kin. A wrong guess costs little: a role is one fact among many.
"""

from zeta_lsp.core.repeat.changes import LineEdit, Run
from zeta_lsp.core.repeat.words import is_word

_FUNCTIONS = frozenset(["def", "fn", "fun", "func", "function", "constructor"])
_DECLARING = frozenset(
    ["class", "const", "enum", "interface", "let", "mod", "module", "package", "struct", "trait"]
) | {"type", "val", "var", *_FUNCTIONS}
_CONTROL = frozenset(["if", "for", "while", "switch", "match", "catch", "return", "else", "elif"])
_OPENING = (":", "{", "(", ",")


def role_of(edit: LineEdit, run: Run) -> str:
    """The role of the one name that `run` changed."""
    tokens = [token for token in edit.after if not token.isspace()]
    at = sum(not token.isspace() for token in edit.after[: run.new_start])
    behind = tokens[at + 1 : at + 3]
    if at and tokens[at - 1] in _DECLARING:
        return "declared"
    if _is_parameter(tokens, at):
        return "parameter"
    if behind[:1] == ["="] and behind[1:] != ["="]:
        return "assigned"
    if behind == [":", "="]:
        return "assigned"
    return "annotated" if behind[:1] == [":"] else "used"


def _is_parameter(tokens: list[str], at: int) -> bool:
    """Whether the name is one of the parameters in the head of a function."""
    before = tokens[:at]
    if tokens[-1] not in _OPENING or before.count("(") <= before.count(")"):
        return False
    if not _CONTROL.isdisjoint(before[:2]):
        return False
    words, spot = _segment(tokens, at)
    keyword = _FUNCTIONS.intersection(before)
    if ":" in words:
        return words.index(":") == spot + 1
    if "func" in keyword:
        return spot == 0
    plain = words[: words.index("=")] if "=" in words else words
    return spot == len(plain) - 1 and (bool(keyword) or sum(map(is_word, plain)) > 1)


def _segment(tokens: list[str], at: int) -> tuple[list[str], int]:
    """The tokens between the commas or brackets around a name, and where the name is in them."""
    start = at
    while start and tokens[start - 1] not in ("(", ","):
        start -= 1
    end = at
    while end < len(tokens) and tokens[end] not in (")", ","):
        end += 1
    return tokens[start:end], at - start
