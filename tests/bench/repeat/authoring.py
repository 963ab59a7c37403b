"""Cuts a commit's hunks into the edits that a person would have made, in file order.

Inside a hunk, old and new lines are paired by similarity, in order. A pair becomes one edit per
changed run of words; lines without a partner are deleted as one block and inserted one line at a
time, each with the blank lines before it. Consecutive lines that only change their indentation are
one edit, because editors shift whole blocks. Offsets count code points.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

from rapidfuzz.fuzz import ratio

from tests.bench.repeat.histories import FileChange, Hunk
from zeta_lsp.core.replacement import shared_head, shared_tail

SIMILAR = 55.0
"""Percent of similarity (indel ratio) from which an old and a new line are one edited line."""
MAX_PAIRS = 2_500
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


class AuthorEdit(NamedTuple):
    """``[start, end)`` becomes `text`. In a stream, all later edits are in the same coordinates."""

    start: int
    end: int
    text: str

    @property
    def growth(self) -> int:
        """Code points by which everything behind it moves."""
        return len(self.text) - (self.end - self.start)

    @property
    def cursor(self) -> int:
        """Where the cursor stands after it: behind what was typed, before its line end."""
        return self.start + len(self.text.removesuffix("\n"))

    def applied(self, text: str) -> str:
        """The text once the edit was made."""
        return text[: self.start] + self.text + text[self.end :]

    def behind(self, other: "AuthorEdit") -> "AuthorEdit":
        """The same edit once `other`, which does not overlap it, was made."""
        if other.end > self.start:
            return self
        by = other.growth
        return AuthorEdit(self.start + by, self.end + by, self.text)


def edits_of(change: FileChange) -> list[list[AuthorEdit]]:
    """The edits of one file, hunk by hunk, in coordinates of the text before all of them."""
    starts = [0, *accumulate(map(len, change.lines))]
    hunks = (list(_hunk_edits(hunk, starts)) for hunk in change.hunks)
    return [edits for edits in hunks if edits]


def _hunk_edits(hunk: Hunk, starts: list[int]) -> Iterator[AuthorEdit]:
    row = hunk.start
    for old, new in _joined(_pairs(hunk.old, hunk.new)):
        before = "".join(old)
        after = "".join(new)
        at = starts[row]
        row += len(old)
        if len(old) == len(new) == 1 and not _same_words(before, after):
            yield from _word_edits(before, after, at)
        elif not old:
            yield from (AuthorEdit(at, at, text) for text in _typed_lines(new))
        elif before != after:
            yield AuthorEdit(at, at + len(before), after)


def _pairs(old: list[str], new: list[str]) -> list[tuple[list[str], list[str]]]:
    """Old and new lines side by side, in order; one of the two may be missing."""
    if len(old) * len(new) > MAX_PAIRS:
        return [*(([line], []) for line in old), *(([], [line]) for line in new)]
    best = _similarities(old, new)
    pairs: list[tuple[list[str], list[str]]] = []
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and best[i][j] == best[i + 1][j]:
            pairs.append(([old[i]], []))
            i += 1
        elif j < len(new) and best[i][j] == best[i][j + 1]:
            pairs.append(([], [new[j]]))
            j += 1
        else:
            pairs.append(([old[i]], [new[j]]))
            i, j = i + 1, j + 1
    return pairs


def _similarities(old: list[str], new: list[str]) -> list[list[float]]:
    """``best[i][j]``: the most similarity that ordered pairs of old[i:] and new[j:] can have."""
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            paired = ratio(old[i].strip(), new[j].strip(), score_cutoff=SIMILAR)
            together = best[i + 1][j + 1] + paired if old[i].strip() else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], together)
    return best


def _joined(pairs: list[tuple[list[str], list[str]]]) -> Iterator[tuple[list[str], list[str]]]:
    """Runs of deleted, of inserted and of merely indented lines, each as one group."""
    group: tuple[list[str], list[str]] = ([], [])
    kind = ""
    for old, new in pairs:
        if not new:
            now = "delete"
        elif not old:
            now = "insert"
        else:
            now = "indent" if _same_words(old[0], new[0]) else ""
        if not now or now != kind:
            if group[0] or group[1]:
                yield group
            group = ([], [])
        group = (group[0] + old, group[1] + new)
        kind = now
    yield group


def _same_words(old: str, new: str) -> bool:
    return old.strip() == new.strip()


def _typed_lines(lines: list[str]) -> Iterator[str]:
    """Inserted lines one by one; blank lines belong to the next line that has text."""
    held = ""
    for line in lines:
        held += line
        if line.strip():
            yield held
            held = ""
    if held:
        yield held


def _word_edits(old: str, new: str, at: int) -> Iterator[AuthorEdit]:
    """One edit per changed run of words. Runs with nothing but blanks between them are one."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    left = [0, *accumulate(map(len, before))]
    held: tuple[int, int, int, int] | None = None
    for tag, i, i2, j, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if held and not "".join(before[held[1] : i]).strip():
            held = (held[0], i2, held[2], j2)
            continue
        if held:
            yield _word_edit(before, after, left, held, at)
        held = (i, i2, j, j2)
    if held:
        yield _word_edit(before, after, left, held, at)


def _word_edit(
    before: list[str], after: list[str], left: list[int], run: tuple[int, int, int, int], at: int
) -> AuthorEdit:
    """Only the characters that differ: ``tax_`` is typed to turn ``rate`` into ``tax_rate``."""
    i, i2, j, j2 = run
    old, new = "".join(before[i:i2]), "".join(after[j:j2])
    head = shared_head(old, new)
    tail = shared_tail(old[head:], new[head:])
    start, end = at + left[i] + head, at + left[i2] - tail
    return AuthorEdit(start, end, new[head : len(new) - tail])


def _shared(one: str, other: str) -> int:
    """Characters that both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
