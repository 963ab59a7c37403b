"""Remembers which lines were clean, as numbers, so that a known text is not scanned again.

A line is known together with the one before and the one after it, because neighbours are read
together. Only hashes are kept, no text. Two generations make it forget what was not asked about
for long: when the younger one is full it becomes the older one.
"""

from collections.abc import Sequence


class CleanLines:
    """A bounded set of lines in their surroundings."""

    def __init__(self, capacity: int) -> None:
        self._half = max(1, capacity // 2)
        self._young: set[int] = set()
        self._old: set[int] = set()

    def unknown(self, lines: Sequence[str]) -> list[int]:
        """Indices of the lines that are not known to be clean, ascending."""
        return [index for index, key in enumerate(_keys(lines)) if not self._knows(key)]

    def remember(self, lines: Sequence[str], indices: Sequence[int]) -> None:
        """These lines were scanned and are clean."""
        keys = _keys(lines)
        for index in indices:
            self._add(keys[index])

    def _knows(self, key: int) -> bool:
        if key in self._young:
            return True
        if key in self._old:
            self._add(key)
            return True
        return False

    def _add(self, key: int) -> None:
        if len(self._young) >= self._half:
            self._old, self._young = self._young, set()
        self._young.add(key)


def _keys(lines: Sequence[str]) -> list[int]:
    return [hash(three) for three in zip(["", *lines], lines, [*lines[1:], ""], strict=False)]
