"""What is going on, for an editor's status line: model, latency, capture, why nothing is shown.

Clients that announce `experimental.zetaStatus` hear of every change in `zeta/didChangeStatus`;
those that speak Copilot's protocol get its `didChangeStatus`. Changes within a moment are told
once, and the keystroke path only notes that there may be something to tell.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import msgspec

from zeta_lsp.core.journal import JournalEntry
from zeta_lsp.core.lifecycle import State, explained
from zeta_lsp.server.predictions import Predictions

TELL_S = 0.05
"""What changes within this time is told in one message."""
PASSING = frozenset({"superseded_by_newer", "cancelled"})
"""Silences that say nothing to a person: another answer is on its way."""
RESTING = frozenset({"mode_off", "mode_manual", "paused", "excluded_path", "unopened"})
"""Silences in which nothing is wrong and nothing will come."""
FAILING = frozenset(
    {
        "endpoint_unreachable",
        "endpoint_refused",
        "endpoint_paused",
        "api_key_missing",
        "model_not_named",
        "format_unknown",
        "model_error",
        "bad_reply",
        "internal_error",
    }
)
"""Silences in which something is wrong that a person can mend."""

Json = dict[str, Any]


class Now(msgspec.Struct, frozen=True, rename="camel"):
    """The state that is told. `reason` and `explanation` are None while nothing is missing."""

    model: str
    latency_ms: float | None = None
    busy: bool = False
    paused: bool = False
    capture: bool = False
    reason: str | None = None
    explanation: str | None = None


class Hearer(Protocol):
    """Who is told."""

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification."""


class Status:
    """Tells one client what is going on. `read` gives the state as it is now.

    `is_wanted` is whether the client announced that it shows it, `is_copilots` whether it speaks
    Copilot's protocol.
    """

    def __init__(self, client: Hearer, read: Callable[[], Now]) -> None:
        self.is_wanted = self.is_copilots = False
        self._client = client
        self._read = read
        self._told: Now | None = None
        self._timer: asyncio.TimerHandle | None = None

    def touched(self) -> None:
        """Something may be different."""
        if self._timer is None and (self.is_wanted or self.is_copilots):
            self._timer = asyncio.get_running_loop().call_later(TELL_S, self._tell)

    def now(self) -> Json:
        """The state, for who asks."""
        state: Json = msgspec.to_builtins(self._read())
        return state

    def close(self) -> None:
        """The session ends."""
        self.is_wanted = self.is_copilots = False
        if self._timer is not None:
            self._timer.cancel()

    def _tell(self) -> None:
        self._timer = None
        state = self._read()
        if state == self._told:
            return
        self._told = state
        if self.is_wanted:
            self._client.notify("zeta/didChangeStatus", msgspec.to_builtins(state))
        if self.is_copilots:
            self._client.notify("didChangeStatus", as_copilots(state))


def wants_status(capabilities: Any) -> bool:
    """Whether a client shows the status."""
    match capabilities:
        case {"experimental": {"zetaStatus": True}}:
            return True
    return False


def state_of(predictions: Predictions) -> Now:
    """What is going on in a session."""
    engine, recent, used = predictions.engine, predictions.ledger.recent, predictions.last_used
    latencies_ms = (one.latency_ms for one in reversed(recent) if one.latency_ms)
    reason = why_nothing(reversed(recent))
    return Now(
        model=engine.predictor.name,
        latency_ms=next(latencies_ms, None),
        busy=engine.is_busy,
        paused=engine.gate.paused,
        capture=used is not None and used.recorded,
        reason=reason,
        explanation=None if reason is None else explained(reason),
    )


def why_nothing(entries: Iterable[JournalEntry]) -> str | None:
    """The reason of the latest silence, newest entry first; None if something was shown since."""
    for entry in entries:
        if entry.ending != State.SILENT:
            return None
        if entry.reason not in PASSING:
            return entry.reason
    return None


def as_copilots(state: Now) -> Json:
    """The state in the words of Copilot's protocol."""
    word = (state.reason or "").partition(":")[0]
    kind = "Normal"
    if word in FAILING:
        kind = "Error"
    elif state.paused or word in RESTING:
        kind = "Inactive"
    message = "" if kind == "Normal" else explained(state.reason or "paused")
    return {"busy": state.busy, "kind": kind, "message": message}
