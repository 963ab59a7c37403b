"""What people get wrong for a moment: a key beside the right one, a name that was not the best."""

import random
import re
from collections.abc import Iterable

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    key: "".join(
        other[at]
        for other, shift in ((row, -1), (row, 1), *((r, 0) for r in near))
        if 0 <= (at := n + shift) < len(other)
    )
    for index, row in enumerate(_ROWS)
    for near in [[_ROWS[i] for i in (index - 1, index + 1) if 0 <= i < len(_ROWS)]]
    for n, key in enumerate(row)
}
"""The keys around each letter."""
_SYNONYMS = (
    ("result", "ret"), ("value", "val"), ("index", "idx"), ("count", "num"), ("args", "params"),
    ("options", "opts"), ("config", "cfg"), ("message", "msg"), ("response", "resp"),
    ("request", "req"), ("error", "err"), ("name", "key"), ("data", "content"), ("item", "entry"),
    ("path", "filename"), ("list", "items"), ("start", "begin"), ("get", "fetch"), ("is", "has"),
    ("context", "ctx"), ("string", "text"), ("create", "make"), ("remove", "delete"),
    ("callback", "handler"), ("self", "this"), ("length", "size"), ("type", "kind"),
    ("default", "fallback"), ("True", "False"), ("None", "False"), ("true", "false"),
)  # fmt: skip
_OTHER = {a: b for pair in _SYNONYMS for a, b in (pair, pair[::-1])}
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|_+")


def mistyped(word: str, rng: random.Random) -> str | None:
    """A word as it comes out if a finger errs; None where it would be no other word."""
    if len(word) < 3 or not word.isascii():
        return None
    at = rng.randrange(1, len(word))
    kind = rng.choice(("beside", "beside", "swapped", "doubled", "left_out"))
    if kind == "swapped":
        found = word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    elif kind == "doubled":
        found = word[:at] + word[at - 1] + word[at:]
    elif kind == "left_out":
        found = word[:at] + word[at + 1 :]
    else:
        keys = _BESIDE.get(word[at].lower(), "")
        found = word[:at] + (rng.choice(keys) if keys else "") + word[at + 1 :]
    return found if found != word else None


def other_name(word: str, known: Iterable[str], rng: random.Random) -> str | None:
    """A name that somebody might try first instead of a better one."""
    parts = _PARTS.findall(word)
    choices = [
        word[: word.index(part)]
        + _like(_OTHER[part.lower()], part)
        + word[word.index(part) + len(part) :]
        for part in parts
        if part.lower() in _OTHER
    ]
    if word in _OTHER:
        choices.append(_OTHER[word])
    if len(parts) > 2 and word.isascii():
        choices.append("".join(parts).removesuffix(parts[-1]).rstrip("_"))
    choices += [name for name in known if _is_akin(name, word)][:3]
    choices = [name for name in dict.fromkeys(choices) if name and name != word]
    return rng.choice(choices) if choices else None


def _is_akin(name: str, word: str) -> bool:
    """Whether two names of a file begin alike, so that the wrong one is picked from a list."""
    return name != word and len(word) > 4 and name[:4] == word[:4] and len(name) < 2 * len(word)


def _like(name: str, model: str) -> str:
    """A name in the case of another."""
    if model.isupper() and len(model) > 1:
        return name.upper()
    return name.capitalize() if model[:1].isupper() else name
