"""Reads the edit history: which lines became which, and which words in them.

Events are unified diffs, oldest first. A line that was changed several times (a pause in the middle
of a word, two words one after the other) is followed through them, so that each `LineEdit` shows a
line as it was first seen and as it is now; what was undone is gone.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import Indel

from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.repeat.words import tokens_of

READ_BYTES = 32_768
"""Diff text that is read, newest events first: bounds the time, not the meaning."""
ALIKE = 0.5
"""Similarity from which a removed and an added line are one line, edited."""
_LOOK_AHEAD = 8
_HEADER = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)")


class Hunk:
    """One run of changed lines with up to three unchanged ones on both sides.

    `age` counts events: 0 is the latest. `row` is the first changed row of the file at that time.
    """

    __slots__ = ("above", "age", "below", "new", "old", "path", "row")

    def __init__(self, path: str, age: int) -> None:
        self.path, self.age, self.row = path, age, 0
        self.above: list[str] = []
        self.old: list[str] = []
        self.new: list[str] = []
        self.below: list[str] = []


class Run:
    """Changed tokens of a line edit: ``before[start:end]`` became ``after[new_start:new_end]``."""

    __slots__ = ("end", "new_end", "new_start", "start")

    def __init__(self, start: int, end: int, new_start: int, new_end: int) -> None:
        self.start, self.end, self.new_start, self.new_end = start, end, new_start, new_end


class LineEdit:
    """A line that was edited, as tokens without its indentation.

    `line` is the whole line as it is now; `above` and `below` are its neighbours, stripped, ""
    where the diff does not show them.
    """

    __slots__ = ("above", "after", "age", "before", "below", "line", "path", "row", "runs")

    def __init__(
        self, old: str, line: str, neighbours: tuple[str, str], row: int, hunk: Hunk
    ) -> None:
        self.line, self.path, self.age, self.row = line, hunk.path, hunk.age, row
        self.above, self.below = neighbours
        self.before = tokens_of(old.strip())
        self.after = tokens_of(line.strip())
        self.runs = changed_runs(self.before, self.after)

    def old_text(self, run: Run) -> str:
        """What a run was before."""
        return "".join(self.before[run.start : run.end])

    def new_text(self, run: Run) -> str:
        """What a run has become."""
        return "".join(self.after[run.new_start : run.new_end])


def hunks_of(events: Sequence[BufferChange]) -> list[Hunk]:
    """All hunks of the history, oldest first."""
    left, first = READ_BYTES, len(events)
    while first and left >= len(events[first - 1].diff):
        first -= 1
        left -= len(events[first].diff)
    found: list[Hunk] = []
    for number in range(first, len(events)):
        found += _hunks(events[number], len(events) - 1 - number)
    return found


def line_edits(hunks: Iterable[Hunk]) -> list[LineEdit]:
    """Edited lines, the latest first, each followed through later changes of it."""
    origins: dict[tuple[str, str], str | None] = {}  # what a line was at first; None: inserted
    edits: dict[tuple[str, str], LineEdit] = {}
    for hunk in hunks:
        row = hunk.row
        for old, new in pair_lines(hunk.old, hunk.new):
            row += new is not None
            origin = origins.pop((hunk.path, old), old) if old and old.strip() else None
            edits.pop((hunk.path, old or ""), None)
            if new is None or not new.strip():
                continue
            key = (hunk.path, new)
            origins[key] = origin
            edits.pop(key, None)
            if origin is not None and origin.strip() != new.strip():
                edits[key] = LineEdit(origin, new, _neighbours(hunk, row - 1), row - 1, hunk)
    return list(edits.values())[::-1]


def pair_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Each line with its successor, in order; None where there is none."""
    at = 0
    for number, line in enumerate(old):
        reach = at + 1 if len(old) == len(new) and at == number else at + _LOOK_AHEAD
        partner = next((k for k in range(at, min(reach, len(new))) if _alike(line, new[k])), None)
        if partner is None:
            yield line, None
            continue
        for k in range(at, partner):
            yield None, new[k]
        yield line, new[partner]
        at = partner + 1
    for line in new[at:]:
        yield None, line


def changed_runs(before: list[str], after: list[str]) -> list[Run]:
    """The runs of tokens that differ. Runs with nothing but blanks between them are one."""
    head, limit = 0, min(len(before), len(after))
    while head < limit and before[head] == after[head]:
        head += 1
    tail, limit = 0, limit - head
    while tail < limit and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    stop, new_stop = len(before) - tail, len(after) - tail
    if stop == new_stop == head:
        return []
    if head in (stop, new_stop):
        return [Run(head, stop, head, new_stop)]
    runs: list[Run] = []
    at = new_at = head
    for block in Indel.editops(before[head:stop], after[head:new_stop]).as_matching_blocks():
        start, new_start = head + block.a, head + block.b
        if start > at or new_start > new_at:
            if runs and not "".join(before[runs[-1].end : at]).strip():
                last = runs.pop()
                at, new_at = last.start, last.new_start
            runs.append(Run(at, start, new_at, new_start))
        at, new_at = start + block.size, new_start + block.size
    return runs


def _hunks(event: BufferChange, age: int) -> list[Hunk]:
    found: list[Hunk] = []
    hunk, row = Hunk(event.path, age), 0
    for line in event.diff.removesuffix("\n").split("\n"):
        mark, text = line[:1], line[1:]
        if mark == "@":
            header = _HEADER.match(line)
            hunk, row = Hunk(event.path, age), int(header[1]) - 1 if header else 0
        elif mark not in ("-", "+"):
            (hunk.below if hunk.old or hunk.new else hunk.above).append(text)
            row += 1
        else:
            if hunk.below:
                hunk = _next_hunk(hunk)
            if not (hunk.old or hunk.new):
                hunk.row = row
                found.append(hunk)
            (hunk.old if mark == "-" else hunk.new).append(text)
            row += mark == "+"
    return found


def _next_hunk(hunk: Hunk) -> Hunk:
    """Changed lines follow unchanged ones: a new run begins, in sight of the one before."""
    following = Hunk(hunk.path, hunk.age)
    following.above = [*hunk.above, *hunk.new, *hunk.below][-3:]
    return following


def _neighbours(hunk: Hunk, row: int) -> tuple[str, str]:
    at = row - hunk.row
    above = hunk.new[at - 1] if at > 0 else hunk.above[-1] if hunk.above else ""
    below = hunk.new[at + 1] if at + 1 < len(hunk.new) else hunk.below[0] if hunk.below else ""
    return above.strip(), below.strip()


def _alike(old: str, new: str) -> bool:
    old, new = old.strip(), new.strip()
    return bool(old and new) and Indel.normalized_similarity(old, new) >= ALIKE
