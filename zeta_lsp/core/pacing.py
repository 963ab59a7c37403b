"""When to ask a model: the first request at once, later ones as the settings allow.

The rules are Zed's, with a debounce that can be set. A request starts `throttle_ms` after the last
one at the earliest and `debounce_ms` after it was made, so that a fast typist asks once and not on
every key; after a pause longer than both it starts at once. What a person asked for is never
delayed. No more than `max_in_flight` questions run at a time: the oldest goes on, because its
answer may still fit, and the one before the newest makes room. An answer ends all older questions.

The clock is passed in; nothing here waits.
"""

import enum
from collections.abc import Iterator

import msgspec


class Trigger(enum.StrEnum):
    """Why a prediction is asked for."""

    TYPING = "typing"  # the client asked by itself
    EXPLICIT = "explicit"  # the person asked
    ACCEPTED = "accepted"  # right after a prediction was accepted


class StartNow(msgspec.Struct, frozen=True, gc=False):
    """Ask at once."""


class StartAt(msgspec.Struct, frozen=True, gc=False):
    """Ask at this time of the clock, unless something newer comes first."""

    at_s: float


class Pacing:
    """The pace of one session's questions."""

    def __init__(self, *, debounce_ms: float, throttle_ms: float, max_in_flight: int) -> None:
        self.debounce_s = debounce_ms / 1e3
        self.throttle_s = throttle_ms / 1e3
        self.max_in_flight = max_in_flight
        self._last_s: float | None = None
        self._running: list[str] = []

    def decide(self, now_s: float, trigger: Trigger) -> StartNow | StartAt:
        """When a request that was just made may start."""
        if trigger is not Trigger.TYPING or self._last_s is None:
            return StartNow()
        quiet_s = now_s - self._last_s
        if quiet_s >= max(self.debounce_s, self.throttle_s):
            return StartNow()
        return StartAt(max(now_s + self.debounce_s, self._last_s + self.throttle_s))

    def started(self, ident: str, now_s: float) -> list[str]:
        """A question starts; the questions to stop so that it has room."""
        self._last_s = now_s
        stopped = list(self._make_room())
        self._running.append(ident)
        return stopped

    def finished(self, ident: str, *, answered: bool) -> list[str]:
        """A question ended; the older ones to stop, if it brought an answer."""
        if ident not in self._running:
            return []
        at = self._running.index(ident)
        older = self._running[:at] if answered else []
        self._running = (
            self._running[at + 1 :]
            if answered
            else [other for other in self._running if other != ident]
        )
        return older

    def _make_room(self) -> Iterator[str]:
        while len(self._running) >= self.max_in_flight:
            yield self._running.pop()
