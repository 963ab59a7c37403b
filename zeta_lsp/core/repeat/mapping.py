"""The one difference between two twins: which word of the one stands for which of the other.

``self.width = width`` and ``self.height = height`` are twins under width → height. A mapping is
consistent: a word always stands for the same word, and what stays in one place stays in all. Parts
of words follow (``max_width`` → ``max_height``, ``setWidth`` → ``setHeight``), in any case.
"""

from zeta_lsp.core.repeat.words import is_word, parts_of

MAX_DIFFERENT = 3
"""Different words from which on two lines are no twins."""


class Mapping:
    """Words of a twin and what stands for them. `equal` counts visible tokens that stay."""

    __slots__ = ("_kept", "_parts", "equal", "words")

    def __init__(self) -> None:
        self.words: dict[str, str] = {}
        self.equal = 0
        self._parts: dict[str, str] = {}
        self._kept: set[str] = set()

    @property
    def different(self) -> int:
        """How many words differ."""
        return len(self.words)

    def extended(self, twin: list[str], line: list[str]) -> "Mapping | None":
        """The mapping once the tokens of `twin` stand for those of `line`; None if they cannot."""
        if len(twin) != len(line):
            return None
        if twin == line:
            return self._keeping(twin)
        longer = Mapping()
        longer.words = dict(self.words)
        longer.equal = self.equal
        longer._kept = set(self._kept)
        for old, new in zip(twin, line, strict=True):
            if not longer._take(old, new):
                return None
        if len(longer.words) > MAX_DIFFERENT:
            return None
        return longer

    def adapted(self, tokens: list[str]) -> tuple[str, int]:
        """The tokens as the mapping has them, and how many of them it changed."""
        if not self.words:
            return "".join(tokens), 0
        if not self._parts:
            self._parts = _parts_of_words(self.words)
        changed = [self._adapted(token) for token in tokens]
        return "".join(changed), sum(a != b for a, b in zip(tokens, changed, strict=True))

    def of(self, word: str) -> str | None:
        """What stands for a word of the twin, if that is known."""
        return self.words.get(word)

    def _keeping(self, tokens: list[str]) -> "Mapping | None":
        if any(token in self.words for token in tokens):
            return None
        same = Mapping()
        same.words = self.words
        same.equal = self.equal + sum(not token.isspace() for token in tokens)
        same._kept = self._kept | set(tokens)
        return same

    def _take(self, old: str, new: str) -> bool:
        if old == new:
            self.equal += not old.isspace()
            self._kept.add(old)
            return old not in self.words
        if old in self._kept or not (is_word(old) and is_word(new)):
            return False
        if old[0].isdigit() != new[0].isdigit():
            return False
        return self.words.setdefault(old, new) == new

    def _adapted(self, token: str) -> str:
        known = self.words.get(token)
        if known is not None or not is_word(token):
            return known or token
        return "".join(self._parts.get(part, part) for part in parts_of(token))


def _parts_of_words(words: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for old, new in words.items():
        olds, news = parts_of(old), parts_of(new)
        if len(olds) != len(news):
            continue
        for a, b in zip(olds, news, strict=True):
            if a != b:
                for cased in (str, str.lower, str.upper, str.capitalize):
                    found.setdefault(cased(a), cased(b))
    return found
