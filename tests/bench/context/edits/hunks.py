"""What one version of a file became in the next: hunks, and the moments before and after each.

A hunk is taken for an edit that a person made, the hunks of a file in their order: before hunk n
the file is the old one with all hunks above it applied. Lines keep their ends.
"""

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel

from tests.bench.repeat.histories import Hunk

Lines = tuple[str, ...]


def hunks_of(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """The groups of lines that differ, by an alignment with the fewest lines lost."""
    found: list[Hunk] = []
    at = start = 0
    for block in Indel.editops(list(old), list(new)).as_matching_blocks():
        if block.a > at or block.b > start:
            found.append(Hunk(at, list(old[at : block.a]), list(new[start : block.b])))
        at, start = block.a + block.size, block.b + block.size
    return found


def applied(lines: Sequence[str], hunks: Sequence[Hunk]) -> Lines:
    """A text with some of its hunks applied; they are sorted and count in the text as it was."""
    result: list[str] = []
    at = 0
    for hunk in hunks:
        result += lines[at : hunk.start]
        result += hunk.new
        at = hunk.start + len(hunk.old)
    return (*result, *lines[at:])


class Edit(NamedTuple):
    """One hunk held out: the old text of a file, all its hunks, and which of them it is."""

    lines: Lines
    hunks: tuple[Hunk, ...]
    number: int

    @property
    def hunk(self) -> Hunk:
        """The hunk."""
        return self.hunks[self.number]

    @property
    def row(self) -> int:
        """Where it begins, in the texts before and after it."""
        above = self.hunks[: self.number]
        return self.hunk.start + sum(len(one.new) - len(one.old) for one in above)

    @property
    def end_row(self) -> int:
        """Behind its last row in the text after it."""
        return self.row + len(self.hunk.new)

    @property
    def before(self) -> Lines:
        """The text as the hunks above left it."""
        return applied(self.lines, self.hunks[: self.number])

    @property
    def after(self) -> Lines:
        """The text with this hunk as well, and without those below."""
        return applied(self.lines, self.hunks[: self.number + 1])

    @property
    def final(self) -> Lines:
        """The new text of the file."""
        return applied(self.lines, self.hunks)

    @property
    def final_rows(self) -> range:
        """The rows that this hunk added, in the new text: hunks below do not move them."""
        return range(self.row, self.end_row)

    def start(self) -> tuple[int, int]:
        """The cursor before the first key: the first character that changes, in `before`."""
        lines, hunk = self.before, self.hunk
        if hunk.old:
            return self.row, _common(hunk.old[0], hunk.new[0] if hunk.new else "")
        if self.row == 0:
            return 0, 0
        return self.row - 1, len(lines[self.row - 1].rstrip("\r\n"))

    def end(self) -> tuple[int, int]:
        """The cursor at the end of the last row with text that was added, in `after`.

        The hunk must add something.
        """
        rows = [row for row, line in enumerate(self.hunk.new) if line.strip()]
        last = rows[-1] if rows else 0
        return self.row + last, len(self.hunk.new[last].rstrip("\r\n"))


def _common(one: str, other: str) -> int:
    """How many characters two lines begin with alike; their ends do not count."""
    one, other = one.rstrip("\r\n"), other.rstrip("\r\n")
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length]:
        length += 1
    return length
