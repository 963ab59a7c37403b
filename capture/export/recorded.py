"""A recorded prediction as exports see it, and what its rows say together.

Rows of a prediction arrive in any order; the one with the highest `seq` counts. A prediction is
ready once its quiet horizon is there, because only then is it known what its region came to.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from capture.rows import Licence, Outcome, Session, Settled, Snapshot
from zeta_lsp.core.lifecycle import State

QUIET = "quiet"
"""The horizon that makes a prediction fit for export."""

_TAKEN = frozenset({State.ACCEPTED, State.TYPED_THROUGH})
_LEFT = frozenset({State.REJECTED, State.IGNORED})


class Recorded(Protocol):
    """All rows of one prediction, as the store gives them."""

    @property
    def session(self) -> Session:
        """The run of the server it belongs to."""

    @property
    def snapshot(self) -> Snapshot:
        """Its input and what the model said."""

    @property
    def outcomes(self) -> Sequence[Outcome]:
        """What became of it."""

    @property
    def settled(self) -> Sequence[Settled]:
        """Its region at every horizon that passed."""


class Dropped(msgspec.Struct, frozen=True):
    """No line comes of a prediction. `reason` is a stable word."""

    reason: str


class Fate(msgspec.Struct, frozen=True):
    """What became of a prediction. `ending` is a word of `core.lifecycle.State`."""

    ending: str
    reason: str = ""
    remarks: tuple[str, ...] = ()
    after_ms: float = 0.0

    @property
    def was_wanted(self) -> bool | None:
        """Whether the person wanted it, by what they did; None if that is not known.

        A rating counts most; taking an acceptance back comes before the acceptance.
        """
        ratings = [remark for remark in self.remarks if remark.startswith("rated ")]
        if ratings:
            return ratings[-1] == "rated good"
        if "undone" in self.remarks or self.ending in _LEFT:
            return False
        return True if self.ending in _TAKEN else None


def fate_of(recorded: Recorded) -> Fate:
    """The latest ending, and every remark in order.

    A prediction without outcome was not shown if a reason for that is known; otherwise it is still
    held, or the editor went away with it.
    """
    rows = sorted(recorded.outcomes, key=lambda row: row.seq)
    remarks = tuple(dict.fromkeys(row.remark for row in rows if row.remark))
    latest = next((row for row in reversed(rows) if row.ending), None)
    if latest is not None:
        return Fate(latest.ending, latest.reason, remarks, latest.after_ms)
    snapshot = recorded.snapshot
    ending = State.SILENT if snapshot.reason else State.HELD
    return Fate(ending, snapshot.reason, remarks)


def settled_at(recorded: Recorded, horizon: str) -> Settled | Dropped:
    """The region at a horizon, for a prediction that is ready."""
    latest = {row.horizon: row for row in sorted(recorded.settled, key=lambda row: row.seq)}
    if QUIET not in latest:
        return Dropped("not_settled")
    return latest.get(horizon) or Dropped("horizon_not_reached")


def licence_of(recorded: Recorded) -> Licence | None:
    """The licence of the file, or else of the project."""
    return recorded.snapshot.licence or recorded.session.licence


def is_private(recorded: Recorded) -> bool:
    """Whether it is of closed code, recorded under a consent of its own."""
    return recorded.snapshot.private or recorded.session.private


def was_shown(recorded: Recorded, fate: Fate) -> bool:
    """Whether a person saw it."""
    unseen = (State.REQUESTED, State.HELD, State.SILENT)
    return fate.ending not in unseen or any(row.ending == State.SHOWN for row in recorded.outcomes)
