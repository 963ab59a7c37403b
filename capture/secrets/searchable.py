"""Lines as one text in which plain anchors are found at memory speed."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate


class SearchableText:
    """Says which lines hold an anchor. Lines hold no line breaks of their own."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._text = "\n".join(lines)
        self._folded = _folded(self._text)
        self._starts = list(accumulate((len(line) + 1 for line in lines), initial=0))

    def having(self, anchors: Iterable[str], *, folded: bool) -> set[int]:
        """Indices of the lines that hold any of some anchors (`folded`: lower-case ones)."""
        text = self._folded if folded else self._text
        return {index for anchor in anchors for index in self._with(text, anchor)}

    def matching(self, regex: re.Pattern[str]) -> set[int]:
        """Indices of the lines in which a match of a regex begins."""
        return {self._line_at(match.start()) for match in regex.finditer(self._text)}

    def _with(self, text: str, anchor: str) -> Iterable[int]:
        position = text.find(anchor)
        while position >= 0:
            index = self._line_at(position)
            yield index
            position = text.find(anchor, self._starts[index + 1])

    def _line_at(self, position: int) -> int:
        return bisect_right(self._starts, position) - 1


def _folded(text: str) -> str:
    """Lower-case, every character where it was: a few grow when they are made small."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)
