"""Histogram diff: which runs of two sequences differ, anchored on their rarest common run.

How it works: of all runs that both sequences share, the one whose tokens are rarest in the old
sequence (the longest among equals) is taken as unchanged, and both sides of it are diffed the same
way. Where every shared token is very frequent the search would be quadratic, so that stretch goes
to Myers' algorithm (`myers`).

Promise: the changes are those of imara-diff 0.1.8's histogram algorithm, on which Zed builds edit
history, prediction edits and metrics. They are correct, but not always the smallest possible.
"""

from collections.abc import Sequence

import msgspec

from zeta_lsp.core.diff.change import Change, common_prefix, common_suffix
from zeta_lsp.core.diff.myers import myers_diff

_MAX_OCCURRENCES = 63
"""A token seen more often than this anchors nothing."""


class _Anchor(msgspec.Struct, frozen=True, gc=False):
    """A common run of both sequences."""

    before: int
    after: int
    length: int


_NOTHING_SHARED = _Anchor(0, 0, 0)


def histogram_diff(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    """Changes that turn `before` into `after`, in order; unchanged tokens lie between any two."""
    start = common_prefix(before, after)
    tail = common_suffix(before[start:], after[start:])
    stretch = (before[start : len(before) - tail], after[start : len(after) - tail], start, start)
    changes: list[Change] = []
    waiting = [stretch]  # a stack, not recursion: hostile text nests as deep as it is long
    while waiting:
        _diff(waiting.pop(), waiting, changes)
    return changes


_Stretch = tuple[Sequence[str], Sequence[str], int, int]
"""Tokens before and after that lie between anchors, and where each run of them starts."""


def _diff(stretch: _Stretch, waiting: list[_Stretch], changes: list[Change]) -> None:
    """Find what changed in a stretch, or the two halves of it that are still to be compared."""
    before, after, row, other = stretch
    anchor = _find_anchor(before, after) if before and after else _NOTHING_SHARED
    if anchor is None:
        changes += (change.shifted(row, other) for change in myers_diff(before, after))
    elif anchor.length:
        end, other_end = anchor.before + anchor.length, anchor.after + anchor.length
        waiting.append((before[end:], after[other_end:], row + end, other + other_end))
        waiting.append((before[: anchor.before], after[: anchor.after], row, other))
    elif before or after:
        changes.append(Change(0, len(before), 0, len(after)).shifted(row, other))


def _find_anchor(before: Sequence[str], after: Sequence[str]) -> _Anchor | None:
    """The best common run, one of length 0 if nothing is shared, None if all is too frequent."""
    search = _Search(before, after)
    shares, position = False, 0
    while position < len(after):
        spots = search.places.get(after[position])
        if spots is None or len(spots) > search.fewest:
            shares = shares or spots is not None
            position += 1
        else:
            shares = True
            position = search.grow_all(position, spots)
    return None if shares and search.fewest > _MAX_OCCURRENCES else search.best


class _Search:
    """The best anchor so far."""

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        self.before = before
        self.after = after
        self.places = _places(before)
        self.best = _NOTHING_SHARED
        self.fewest = _MAX_OCCURRENCES + 1

    def grow_all(self, position: int, spots: list[int]) -> int:
        """Try the runs around each place of the token at `position`; say where to look next."""
        following, run_end = position + 1, -1
        for spot in spots:
            # A place in `before` against an end in `after`: odd, but it decides between equals.
            if spot <= run_end:
                continue
            run_end = self._grow(spot, position)
            following = max(following, run_end)
        return following

    def _grow(self, spot: int, position: int) -> int:
        """Extend the run both ways, keep it if it is better, and return its end in `after`."""
        before, after = self.before, self.after
        start, limit = 0, min(spot, position)
        while start < limit and before[spot - start - 1] == after[position - start - 1]:
            start += 1
        end, limit = 1, min(len(before) - spot, len(after) - position)
        while end < limit and before[spot + end] == after[position + end]:
            end += 1
        rarest = min(len(self.places[token]) for token in before[spot - start : spot + end])
        if self.best.length < start + end or self.fewest > rarest:
            self.best = _Anchor(spot - start, position - start, start + end)
            self.fewest = rarest
        return position + end


def _places(before: Sequence[str]) -> dict[str, list[int]]:
    """Where each token stands; more places than the limit and one are not needed."""
    places: dict[str, list[int]] = {}
    for index, token in enumerate(before):
        spots = places.setdefault(token, [])
        if len(spots) <= _MAX_OCCURRENCES:
            spots.append(index)
    return places
