"""All rules for single lines, applied to a few lines or to many.

Most lines of code hold nothing that could be a secret. A rule sees only the lines that hold one of
its anchors; detect-secrets, whose detectors have none, sees those that hold a name that announces
a secret and a digit, a long token, or a URL.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from capture.secrets.assignments import ANCHORS, announced
from capture.secrets.finding import Span
from capture.secrets.formats import FORMATS
from capture.secrets.maintained import suspected
from capture.secrets.searchable import SearchableText
from capture.secrets.tokens import TOKEN, unannounced

_VALUE_WITH_DIGIT = re.compile(r"[A-Za-z0-9+/=_.-]{0,40}[0-9][A-Za-z0-9+/=_.-]{0,40}")
_LEAST_KEY_CHARS = 12


class Rules:
    """The compiled rules. Stateless once made, which takes some milliseconds."""

    def __init__(self) -> None:
        self._formats = [
            (item, re.compile(item.pattern, re.IGNORECASE if item.folded else 0))
            for item in FORMATS
        ]

    def spans(self, lines: Sequence[str]) -> Iterator[tuple[int, Span]]:
        """Index of a line and what is suspicious in it, for each suspicion."""
        text = SearchableText(lines)
        yield from self._of_formats(lines, text)
        named = text.having(ANCHORS, folded=True)
        yield from _applied(announced, lines, named)
        long = text.matching(TOKEN)
        yield from _applied(unannounced, lines, long)
        urls = text.having(("://",), folded=False)
        keyed = (index for index in named if _holds_key(lines[index]))
        yield from _applied(suspected, lines, long | urls | set(keyed))

    def _of_formats(self, lines: Sequence[str], text: SearchableText) -> Iterator[tuple[int, Span]]:
        for item, regex in self._formats:
            for index in text.having(item.anchors, folded=item.folded):
                for match in regex.finditer(lines[index]):
                    yield index, (match.start(), match.end(), item.kind)


def _applied(
    rule: Callable[[str], Iterator[Span]], lines: Sequence[str], indices: Iterable[int]
) -> Iterator[tuple[int, Span]]:
    return ((index, span) for index in indices for span in rule(lines[index]))


def _holds_key(line: str) -> bool:
    return any(len(match[0]) >= _LEAST_KEY_CHARS for match in _VALUE_WITH_DIGIT.finditer(line))
