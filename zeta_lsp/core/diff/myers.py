"""Myers' linear-space diff, kept near linear on hostile input.

How it works ("An O(ND) Difference Algorithm and Its Variations", Myers 1986): `snake` finds a point
that a good path through the edit graph passes; it splits the problem in two. Tokens that the other
side lacks, or that drown among such, are set aside first.

Promise: the changes are those of imara-diff 0.1.8 (not minimal mode). Meant as the fallback of
`histogram`; other diffs should start there.
"""

from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

import msgspec

from zeta_lsp.core.diff.change import Change, common_prefix, common_suffix
from zeta_lsp.core.diff.snake import split

_MIN_COST_LIMIT = 256
_MAX_FREQUENT = 1024
_WINDOW = 100
_ABSENT, _PRESENT, _FREQUENT = range(3)


class _Side(msgspec.Struct, frozen=True):
    """Some tokens of one sequence, where each stands in it, and which of it changed so far."""

    tokens: Sequence[str]
    places: Sequence[int]
    changed: list[bool]

    def part(self, start: int, end: int) -> "_Side":
        return _Side(self.tokens[start:end], self.places[start:end], self.changed)

    def mark_changed(self) -> None:
        for place in self.places:
            self.changed[place] = True


def myers_diff(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    """Changes that turn `before` into `after`, in order; unchanged tokens lie between any two."""
    start = common_prefix(before, after)
    tail = common_suffix(before[start:], after[start:])
    old, new = before[start : len(before) - tail], after[start : len(after) - tail]
    old_side, new_side = _side(old, Counter(new)), _side(new, Counter(old))
    cost_limit = max(_root(len(old_side.tokens) + len(new_side.tokens) + 3), _MIN_COST_LIMIT)
    waiting = [(old_side, new_side, False)]
    while waiting:
        _compare(*waiting.pop(), cost_limit, waiting)
    return [c.shifted(start, start) for c in _changes(old_side.changed, new_side.changed)]


def _compare(
    old: _Side, new: _Side, exact: bool, cost_limit: int, waiting: list[tuple[_Side, _Side, bool]]
) -> None:
    """Mark what changed between two parts, or split them into two halves still to be compared."""
    start = common_prefix(old.tokens, new.tokens)
    tail = common_suffix(old.tokens[start:], new.tokens[start:])
    old = old.part(start, len(old.tokens) - tail)
    new = new.part(start, len(new.tokens) - tail)
    if not old.tokens or not new.tokens:
        old.mark_changed()
        new.mark_changed()
        return
    cut = split(old.tokens, new.tokens, cost_limit, exact=exact)
    waiting.append((old.part(0, cut.old), new.part(0, cut.new), cut.low_exact))
    low = (old.part(cut.old, len(old.tokens)), new.part(cut.new, len(new.tokens)))
    waiting.append((*low, cut.high_exact))


def _side(tokens: Sequence[str], elsewhere: Counter[str]) -> _Side:
    """Set aside, as changed, the tokens that cannot help to align the two sequences."""
    frequent = min(_root(len(tokens)), _MAX_FREQUENT)
    kinds = [_kind(elsewhere[token], frequent) for token in tokens]
    around = _Surroundings(kinds)
    changed = [
        kind == _ABSENT or (kind == _FREQUENT and around.drown(place))
        for place, kind in enumerate(kinds)
    ]
    places = [place for place, dropped in enumerate(changed) if not dropped]
    return _Side([tokens[place] for place in places], places, changed)


def _kind(occurrences: int, frequent: int) -> int:
    if occurrences == 0:
        return _ABSENT
    return _FREQUENT if occurrences >= frequent else _PRESENT


class _Surroundings:
    """What kinds of tokens stand around each place, up to the next one that aligns."""

    def __init__(self, kinds: list[int]) -> None:
        self.size = len(kinds)
        self.absent = list(accumulate((kind == _ABSENT for kind in kinds), initial=0))
        self.aligned = [place for place, kind in enumerate(kinds) if kind == _PRESENT]

    def drown(self, place: int) -> bool:
        """Whether the frequent token at `place` has many absent ones on both sides.

        What stands before it counts from `_WINDOW` on, or from 0 above that: not that many tokens
        before it, as one would expect, but equal results need it.
        """
        next_aligned = bisect(self.aligned, place)
        start = self.aligned[next_aligned - 1] + 1 if next_aligned else 0
        end = self.aligned[next_aligned] if next_aligned < len(self.aligned) else self.size
        start = max(start, _WINDOW) if place > _WINDOW else start
        end = min(end, place + _WINDOW)
        before = self.absent[place] - self.absent[min(start, place)]
        after = self.absent[end] - self.absent[place]
        frequent = (end - min(start, place)) - (before + after)
        return bool(before and after) and before + after > 3 * frequent


def _changes(old: list[bool], new: list[bool]) -> list[Change]:
    """Runs of changed tokens; the unchanged ones pair up in order."""
    changes: list[Change] = []
    row, other = 0, 0
    while row < len(old) or other < len(new):
        row_end, other_end = _run_end(old, row), _run_end(new, other)
        if row_end > row or other_end > other:
            changes.append(Change(row, row_end, other, other_end))
        row, other = row_end + 1, other_end + 1
    return changes


def _run_end(changed: list[bool], start: int) -> int:
    while start < len(changed) and changed[start]:
        start += 1
    return start


def _root(number: int) -> int:
    """A power of two near the square root."""
    return 1 << (number.bit_length() // 2)
