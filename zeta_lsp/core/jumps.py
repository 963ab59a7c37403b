"""Jumps to what is wrong in a file, for when there is nothing to propose where the person is.

Errors come before warnings, and of equals the nearest. What lies in the rows around the cursor is
in sight and no reason to go anywhere. Nobody is sent to the same problem twice within a minute, so
asking again goes on to the next one.

A jump has a life like any prediction (`lifecycle`): it is accepted once the cursor is seen in its
row, or something is changed there, and ignored if that does not happen for a while. Places follow
the splices of the document; nothing here waits or reads a clock.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from zeta_lsp.core.events import Splice
from zeta_lsp.core.lifecycle import Happening, State, step
from zeta_lsp.core.places import Place, old_end_of, shifted_place
from zeta_lsp.core.problems import Problem

FAR_ROWS = 2
"""What begins or ends more rows away than this is somewhere else (Zed's rule)."""
AGAIN_S = 60.0
"""How long nobody is sent to the same problem again."""
TAKEN_S = 30.0
"""How long after the offer going there counts as taking it up."""
OFFERS_KEPT = 64
ERROR, WARNING = 1, 2
"""LSP's severities. A problem without one is an error, as the protocol recommends."""

SplicesSince = Callable[[int], Sequence[Splice] | None]
"""The splices of a document after a revision, None if some of them are gone."""


def worth_going(problems: Iterable[Problem], row: int) -> list[Problem]:
    """The errors and warnings out of sight of a row: errors first, then the nearest."""

    def rank(problem: Problem) -> tuple[int, int, bool]:
        away = _rows_away(problem, row)
        return problem.severity or ERROR, away, problem.start_row < row

    far = (one for one in problems if (one.severity or ERROR) <= WARNING)
    return sorted((one for one in far if _rows_away(one, row) > FAR_ROWS), key=rank)


def _rows_away(problem: Problem, row: int) -> int:
    return max(0, problem.start_row - row, row - problem.end_row)


class Moved(msgspec.Struct, frozen=True, gc=False):
    """A place after some splices, and whether one of them changed something in its row."""

    place: Place
    touched: bool


def moved(place: Place, splices: Iterable[Splice]) -> Moved:
    """Carry a place over splices."""
    touched = False
    for splice in splices:
        touched = touched or _touches(splice, place[0])
        place = shifted_place(place, splice)
    return Moved(place, touched)


def _touches(splice: Splice, row: int) -> bool:
    """Whether a splice changes something in a row; rows put in or taken out above it do not."""
    old_end = old_end_of(splice)
    is_above = old_end <= (row, 0) and (splice.new_end_col == 0 or old_end < (row, 0))
    return splice.start_row <= row and not is_above


class Jump:
    """One offer to go to a problem, that begins at `place` in the text of `revision`.

    `model` is what sends the person there. `is_away` is whether they have not been in its file
    since: where the cursor was there before says nothing.
    """

    __slots__ = ("ident", "is_away", "message", "model", "offered_s", "place", "revision", "state")

    def __init__(
        self,
        ident: str,
        message: str,
        place: Place,
        revision: int,
        offered_s: float,
        model: str = "diagnostics",
        *,
        is_away: bool = False,
    ) -> None:
        self.ident = ident
        self.message = message
        self.place = place
        self.revision = revision
        self.offered_s = offered_s
        self.model = model
        self.is_away = is_away
        self.state = State.HELD

    def happen(self, happening: Happening) -> bool:
        """Live on; whether that made a difference."""
        before, self.state = self.state, step(self.state, happening)
        return self.state is not before


class Jumps:
    """The jumps that were offered in one file lately; `current` is the one that still stands."""

    __slots__ = ("_offered", "current")

    def __init__(self) -> None:
        self.current: Jump | None = None
        self._offered: list[Jump] = []

    def next(
        self, problems: Sequence[Problem], row: int, since: SplicesSince, now_s: float
    ) -> Problem | None:
        """Where to go from a row; problems and row are those of the text as it is now."""
        self._forget(now_s)
        known = {(one.message, place) for one in self._offered if (place := _now(one, since))}
        for problem in worth_going(problems, row):
            if (problem.message, (problem.start_row, problem.start_col)) not in known:
                return problem
        return None

    def offered(self, jump: Jump) -> None:
        """It was shown."""
        self.current = jump
        self._offered.append(jump)

    def goal(self, since: SplicesSince) -> Place | None:
        """Where the current jump leads by now."""
        return None if self.current is None else _now(self.current, since)

    def outcome(self, cursor_row: int, since: SplicesSince, now_s: float) -> Happening | None:
        """What became of the current jump by now; None if that is open."""
        jump = self.current
        if jump is None:
            return None
        splices = since(jump.revision)
        if splices is None or now_s - jump.offered_s > TAKEN_S:
            return Happening.EXPIRE
        after = moved(jump.place, splices)
        is_there = after.touched or (cursor_row == after.place[0] and not jump.is_away)
        return Happening.ACCEPT if is_there else None

    def _forget(self, now_s: float) -> None:
        recent = [one for one in self._offered if now_s - one.offered_s < AGAIN_S]
        self._offered = recent[-OFFERS_KEPT:]


def _now(jump: Jump, since: SplicesSince) -> Place | None:
    splices = since(jump.revision)
    return None if splices is None else moved(jump.place, splices).place


def problems_now(problems: Iterable[Problem], splices: Sequence[Splice]) -> tuple[Problem, ...]:
    """Problems of an earlier text where they are now; without those in rows that were changed."""
    if not splices:
        return tuple(problems)
    found = []
    for one in problems:
        start = moved((one.start_row, one.start_col), splices)
        end = moved((one.end_row, one.end_col), splices)
        if not start.touched:
            places = {"start_row": start.place[0], "start_col": start.place[1]}
            ends = dict(zip(("end_row", "end_col"), max(start.place, end.place), strict=True))
            found.append(msgspec.structs.replace(one, **places, **ends))
    return tuple(found)
