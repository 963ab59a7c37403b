"""What became of the region of each prediction: followed edit by edit, told at horizons.

Every answered prediction of a file is tracked, whether it was shown or not. Before an edit is
applied, all horizons that ended before it are told from the text as it still is, so what a row says
does not depend on when somebody looked:

* ``quiet``: nothing touched the region for the quiet time. A prediction that does not come to rest
  within the time to live is dropped (``ttl``).
* ``30s``, ``120s``, ``300s`` after the question, whatever happens meanwhile.
* ``save`` and ``commit``: the first time that the file is saved, or that the project's revision is
  another one.

A region that has grown over `REGION_MAX_BYTES` is dropped, and so is one whose file is closed or in
doubt before it came to rest. Everything counts on the monotonic clock.
"""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from capture.regions import Region
from zeta_lsp.core.events import Edit, Source
from zeta_lsp.core.kept import Kept, kept
from zeta_lsp.core.places import start_of

REGION_MAX_BYTES = 4096
TRACKED_MAX = 256
"""Predictions followed at once in one file; the oldest that were never shown go first."""
HORIZONS_S = (("30s", 30.0), ("120s", 120.0), ("300s", 300.0))
_BY_HAND = (Source.TYPED, Source.PASTED)


class Waiting(msgspec.Struct, frozen=True):
    """How long a region must be left alone, and how long that is waited for."""

    quiet_s: float
    ttl_s: float


class Told(msgspec.Struct, frozen=True):
    """A horizon that a region reached: which, when, its text, and how much was kept by then."""

    horizon: str
    time_s: float
    text: str
    kept: Kept


class Fate(msgspec.Struct, frozen=True, gc=False):
    """What an edit does to a region."""

    region: Region
    touched: bool
    crossed: bool

    @classmethod
    def of(cls, region: Region, edit: Edit) -> "Fate":
        """Find out."""
        splice = edit.splice
        touched = region.is_touched_by(splice)
        return cls(region.moved(splice), touched, touched and region.is_crossed_by(splice))


class Tracked(msgspec.Struct):
    """A prediction whose region is followed.

    `base` is its text when the model was asked and `candidate` what the model would have made of
    it; `edit_number` is where the project's timeline stood at that moment.
    """

    ident: str
    region: Region
    base: str
    candidate: str
    asked_s: float
    last_edit_s: float
    edit_number: int
    revision: str = ""
    shown: bool = False
    edits: int = 0
    crossed: bool = False
    next_edit_offset: int | None = None
    sources: dict[Source, int] = msgspec.field(default_factory=dict)
    told: set[str] = msgspec.field(default_factory=set)
    latest: Told | None = None

    def follow(self, edit: Edit, lines: Sequence[str], fate: "Fate | None" = None) -> None:
        """Go along with an edit; `lines` are the text before it."""
        fate = fate or Fate.of(self.region, edit)
        if fate.touched:
            if self.next_edit_offset is None and edit.source in _BY_HAND:
                self.next_edit_offset = self.region.offset_of(start_of(edit.splice), lines)
            self.edits += 1
            self.sources[edit.source] = self.sources.get(edit.source, 0) + 1
            self.crossed |= fate.crossed
            self.last_edit_s = max(self.last_edit_s, edit.time_s)
        self.region = fate.region

    def tell(self, horizon: str, time_s: float, lines: Sequence[str]) -> Told | None:
        """What stands there at a horizon; None if it is too much, or was told already."""
        if horizon in self.told:
            return None
        self.told.add(horizon)
        text = self.region.text(lines)
        if len(text.encode()) > REGION_MAX_BYTES:
            return None
        last = self.latest
        figures = (
            last.kept
            if last is not None and last.text == text
            else kept(self.base, self.candidate, text)
        )
        self.latest = Told(horizon, time_s, text, figures)
        return self.latest


Report = Callable[[Tracked, Told], None]
"""Called for each horizon reached."""


class Settling:
    """The predictions of one file that are followed. `drop` is told a reason for each lost one."""

    def __init__(self, waiting: Waiting, report: Report, drop: Callable[[str], None]) -> None:
        self._waiting = waiting
        self._report = report
        self._drop = drop
        self._tracked: dict[str, Tracked] = {}
        self._due_s = float("inf")
        """Nothing is reached before; edits only put it off."""

    def __len__(self) -> int:
        return len(self._tracked)

    def add(self, tracked: Tracked) -> None:
        """Follow one more."""
        if len(self._tracked) >= TRACKED_MAX:
            never_shown = (one.ident for one in self._tracked.values() if not one.shown)
            del self._tracked[next(never_shown, next(iter(self._tracked)))]
            self._drop("too_many_open")
        self._tracked[tracked.ident] = tracked
        self._due_s = min(self._due_s, tracked.asked_s)

    def show(self, ident: str) -> None:
        """A prediction reached the person."""
        if ident in self._tracked:
            self._tracked[ident].shown = True

    def edited(self, edit: Edit, lines: Sequence[str]) -> None:
        """An edit is about to change `lines`."""
        if self._tracked:
            self.look(edit.time_s, lines)
            fates: dict[Region, Fate] = {}  # predictions of one place have the same region
            for tracked in self._tracked.values():
                fate = fates.get(tracked.region)
                if fate is None:
                    fate = fates[tracked.region] = Fate.of(tracked.region, edit)
                tracked.follow(edit, lines, fate)

    def look(self, now_s: float, lines: Sequence[str]) -> None:
        """Tell the horizons that were reached by now."""
        if now_s < self._due_s:
            return
        for tracked in list(self._tracked.values()):
            for horizon, time_s in self._reached(tracked, now_s):
                self._tell(tracked, horizon, time_s, lines)
            self._end_if_over(tracked, now_s)
        self._due_s = min(map(self._next_of, self._tracked.values()), default=float("inf"))

    def saved(self, now_s: float, lines: Sequence[str]) -> None:
        """The file was saved."""
        self.look(now_s, lines)
        for tracked in list(self._tracked.values()):
            self._tell(tracked, "save", now_s, lines)

    def revised(self, revision: str, now_s: float, lines: Sequence[str]) -> None:
        """The project's revision is that one now."""
        self.look(now_s, lines)
        for tracked in list(self._tracked.values()):
            if tracked.revision and revision not in ("", tracked.revision):
                self._tell(tracked, "commit", now_s, lines)

    def clear(self, reason: str) -> None:
        """Follow nothing any more; what came to rest before is told already."""
        for tracked in self._tracked.values():
            if "quiet" not in tracked.told:
                self._drop(reason)
        self._tracked.clear()

    def _reached(self, tracked: Tracked, now_s: float) -> Iterator[tuple[str, float]]:
        ahead = [(at, horizon) for horizon, at in self._ahead(tracked) if at <= now_s]
        return ((horizon, at) for at, horizon in sorted(ahead))

    def _next_of(self, tracked: Tracked) -> float:
        """When there is something to do about a prediction that nothing touches."""
        return min((at for _, at in self._ahead(tracked)), default=self._over_s(tracked))

    def _ahead(self, tracked: Tracked) -> Iterator[tuple[str, float]]:
        quiet_at = tracked.last_edit_s + self._waiting.quiet_s
        if "quiet" not in tracked.told and quiet_at <= tracked.asked_s + self._waiting.ttl_s:
            yield "quiet", quiet_at
        for horizon, after_s in HORIZONS_S:
            if horizon not in tracked.told:
                yield horizon, tracked.asked_s + after_s

    def _tell(self, tracked: Tracked, horizon: str, time_s: float, lines: Sequence[str]) -> None:
        if horizon in tracked.told or tracked.ident not in self._tracked:
            return
        told = tracked.tell(horizon, time_s, lines)
        if told is None:
            del self._tracked[tracked.ident]
            self._drop("region_too_large")
        else:
            self._report(tracked, told)

    def _end_if_over(self, tracked: Tracked, now_s: float) -> None:
        """Stop following what has nothing ahead."""
        if tracked.ident not in self._tracked:
            return
        if now_s >= self._over_s(tracked):
            del self._tracked[tracked.ident]
            if "quiet" not in tracked.told:
                self._drop("ttl")

    def _over_s(self, tracked: Tracked) -> float:
        return tracked.asked_s + max(self._waiting.ttl_s, HORIZONS_S[-1][1])
