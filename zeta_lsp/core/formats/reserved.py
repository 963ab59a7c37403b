"""A format's reserved strings, kept apart from the same strings in somebody's code.

Code that handles prompts contains prompt markers: this file does, and so do templates, tests and
HTML (``</s>``). Put into a prompt as it stands, such text would end a region early or be read as a
special token, and the answer would delete what follows. So every reserved string in user text is
hidden by a WORD JOINER (U+2060, no width) after its first character, and shown again in what the
model answers. Text that already looks hidden gets one joiner more, so showing always restores
exactly what was hidden.

A reserved string that still stands in an answer after the format has read it is the model's own;
`check` refuses such an answer.
"""

import re
from collections.abc import Sequence

from zeta_lsp.core.errors import UnparsableAnswer

_JOINER = "\u2060"


class Reserved:
    """The strings that only the format may write; each at least two characters long."""

    def __init__(self, markers: Sequence[str]) -> None:
        longest_first = sorted(markers, key=len, reverse=True)
        plain = "|".join(map(re.escape, longest_first))
        veiled = "|".join(rf"{re.escape(m[0])}{_JOINER}*{re.escape(m[1:])}" for m in longest_first)
        self._plain = re.compile(plain)
        self._veiled = re.compile(veiled)
        self._beginnings = frozenset(m[:size] for m in markers for size in range(1, len(m)))
        self._firsts = frozenset(m[0] for m in markers)
        self._longest = max(map(len, markers))

    def hide(self, text: str) -> str:
        """Text in which no reserved string stands."""
        return self._veiled.sub(_with_joiner, text)

    def hide_at(self, text: str, offsets: Sequence[int]) -> tuple[str, list[int]]:
        """Hidden text, and where in it each of the offsets (code points) now is."""
        joiners = [match.start() + 1 for match in self._veiled.finditer(text)]
        moved = [offset + sum(at < offset for at in joiners) for offset in offsets]
        return self.hide(text), moved

    def show(self, text: str) -> str:
        """What was hidden, as it was."""
        if _JOINER not in text:
            return text
        return self._veiled.sub(_without_joiner, text)

    def check(self, text: str) -> None:
        """Refuse an answer in which a reserved string stands.

        Raises:
            UnparsableAnswer: ``leaked_marker``.
        """
        if self._plain.search(text):
            raise UnparsableAnswer("leaked_marker", "a marker of the prompt format leaked")

    def first_in(self, text: str) -> int:
        """Where the first reserved string begins; the text's length if there is none."""
        match = self._plain.search(text)
        return match.start() if match else len(text)

    def certain(self, text: str) -> str:
        """The beginning of a growing text that cannot turn out to be a reserved string."""
        text = text[: self.first_in(text)]
        tail = len(text)
        while tail > 0 and len(text[tail - 1 :].replace(_JOINER, "")) < self._longest:
            tail -= 1
        for start in range(tail, len(text)):
            if text[start] in self._firsts and self._may_begin(text[start:]):
                return text[:start]
        return text

    def _may_begin(self, tail: str) -> bool:
        return tail.replace(_JOINER, "") in self._beginnings


def _with_joiner(match: re.Match[str]) -> str:
    found = match.group()
    return found[0] + _JOINER + found[1:]


def _without_joiner(match: re.Match[str]) -> str:
    found = match.group()
    return found[0] + found[2:] if found[1] == _JOINER else found
