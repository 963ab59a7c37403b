"""Where to split a comparison in two: the meeting point of two searches through the edit graph.

A point ``(old, new)`` says how many tokens of each sequence are used up. Diagonal ``k`` holds the
points with ``old - new == k``. At cost ``c`` a search knows, for every other diagonal within ``c``
of its corner, the furthest point it reaches with ``c`` tokens removed or added. A search that costs
too much settles for the furthest point so far.
"""

from collections.abc import Sequence

import msgspec

_UNREACHED = 1 << 31

Point = tuple[int, int]


class Split(msgspec.Struct, frozen=True, gc=False):
    """Where to cut both sequences, and which halves must be searched without a cost limit."""

    old: int
    new: int
    low_exact: bool
    high_exact: bool


def split(old: Sequence[str], new: Sequence[str], cost_limit: int, *, exact: bool) -> Split:
    """A point on a good path between the corners of two non-empty sequences.

    Meetings are looked for in the backward search alone, whatever the parity of the lengths, where
    the paper alternates; equal results need it.
    """
    forward, backward = _Forward(old, new), _Backward(old, new)
    cost = 0
    while exact or cost <= cost_limit:
        forward.advance()
        met = backward.advance_to(forward)
        if met is not None:
            return Split(*met, low_exact=True, high_exact=True)
        cost += 1
    ahead, back = forward.furthest(), backward.furthest()
    if sum(ahead) > len(old) + len(new) - sum(back):
        return Split(*ahead, low_exact=True, high_exact=False)
    return Split(*back, low_exact=False, high_exact=True)


class _Search:
    """What both directions share: the diagonals in reach, and `old` of the furthest point on each.

    The number of diagonals on either side of the corner's grows by one a step until it leaves the
    graph, then shrinks by one, which keeps the parity of all diagonals equal.
    """

    def __init__(self, old: Sequence[str], new: Sequence[str], corner: int, start: int) -> None:
        self.old = old
        self.new = new
        self.lowest = corner
        self.highest = corner
        self.reach = {corner: start}

    def widen(self, unreached: int) -> range:
        """Take in one more diagonal on each side; the edges then need no special case."""
        if self.lowest > -len(self.new):
            self.lowest -= 1
            self.reach[self.lowest - 1] = unreached
        else:
            self.lowest += 1
        if self.highest < len(self.old):
            self.highest += 1
            self.reach[self.highest + 1] = unreached
        else:
            self.highest -= 1
        return self.diagonals()

    def diagonals(self) -> range:
        return range(self.highest, self.lowest - 1, -2)


class _Forward(_Search):
    """From the start of both sequences."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        super().__init__(old, new, 0, 0)

    def advance(self) -> None:
        """Go one token further on every diagonal, then along equal tokens."""
        reach, old, new = self.reach, self.old, self.new
        for k in self.widen(-_UNREACHED):
            below, above = reach[k - 1], reach[k + 1]
            at = below + 1 if below >= above else above
            limit = min(len(old), len(new) + k)
            while at < limit and old[at] == new[at - k]:
                at += 1
            reach[k] = at

    def has_passed(self, k: int, at: int) -> bool:
        return self.lowest <= k <= self.highest and at <= self.reach[k]

    def furthest(self) -> Point:
        best = (-1, 0)
        for k in self.diagonals():
            at = min(self.reach[k], len(self.old), len(self.new) + k)
            if at + at - k > sum(best):
                best = (at, at - k)
        return best


class _Backward(_Search):
    """From the end of both sequences."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        super().__init__(old, new, len(old) - len(new), len(old))

    def advance_to(self, forward: _Forward) -> Point | None:
        """Go one step like `_Forward.advance`, or until a diagonal meets the other search."""
        reach, old, new = self.reach, self.old, self.new
        for k in self.widen(_UNREACHED):
            below, above = reach[k - 1], reach[k + 1]
            at = below if below < above else above - 1
            limit = max(0, k)
            while at > limit and old[at - 1] == new[at - k - 1]:
                at -= 1
            reach[k] = at
            if forward.has_passed(k, at):
                return at, at - k
        return None

    def furthest(self) -> Point:
        best = (_UNREACHED, _UNREACHED)
        for k in self.diagonals():
            at = max(self.reach[k], 0, k)
            if at + at - k < sum(best):
                best = (at, at - k)
        return best
