"""A circuit breaker: an endpoint that keeps failing is left alone for a while.

Closed, all requests pass. `FAILURES` failures within `WINDOW_S` open it: nothing passes. When the
pause is over one request passes as a probe; if it succeeds the breaker closes, if it fails the
pause doubles, up to `PAUSE_S_MAX`. Pauses are shortened by up to half at random so that many
editors do not return at once. An endpoint that names a pause itself (`Retry-After`) gets it.

Pure: the clock is passed in, in seconds of any monotonic clock.
"""

import enum
import random
from collections import deque
from collections.abc import Callable

FAILURES = 5
WINDOW_S = 10.0
PAUSE_S_MIN = 2.0
PAUSE_S_MAX = 60.0


class State(enum.StrEnum):
    """What a status line shows."""

    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


class Breaker:
    """The state of one origin. Ask `wait_s` before a request; say how it went after it.

    Args:
        chance: a random number in [0, 1).
    """

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._chance = chance
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._pause_s = 0.0
        self._open_until_s: float | None = None
        self._probe_since_s: float | None = None

    def state(self, now_s: float) -> State:
        """Whether requests pass."""
        if self._open_until_s is None:
            return State.CLOSED
        return State.OPEN if now_s < self._open_until_s else State.PROBING

    def wait_s(self, now_s: float) -> float:
        """Seconds until a request may pass; 0 lets this one pass, as the probe if it comes first.

        A probe that never reports back stops counting after the longest pause.
        """
        if self._open_until_s is None:
            return 0.0
        if now_s < self._open_until_s:
            return self._open_until_s - now_s
        if self._probe_since_s is not None and now_s - self._probe_since_s < PAUSE_S_MAX:
            return PAUSE_S_MAX - (now_s - self._probe_since_s)
        self._probe_since_s = now_s
        return 0.0

    def succeeded(self) -> None:
        """The endpoint answered."""
        self._failures.clear()
        self._pause_s = 0.0
        self._open_until_s = self._probe_since_s = None

    def abandoned(self) -> None:
        """A request ended without a verdict, because it was cancelled: another may probe."""
        self._probe_since_s = None

    def failed(self, now_s: float, retry_after_s: float | None = None) -> None:
        """The endpoint failed, and asked for a pause if `retry_after_s` is given."""
        self._failures.append(now_s)
        if retry_after_s is not None:
            self._open(now_s, min(retry_after_s, PAUSE_S_MAX))
        elif self._is_failing(now_s):
            self._pause_s = min(max(self._pause_s * 2, PAUSE_S_MIN), PAUSE_S_MAX)
            self._open(now_s, self._pause_s * (1 - self._chance() / 2))

    def _is_failing(self, now_s: float) -> bool:
        if self._open_until_s is not None:
            # Requests that began before it opened say nothing new; the probe does.
            return now_s >= self._open_until_s
        return len(self._failures) == FAILURES and now_s - self._failures[0] <= WINDOW_S

    def _open(self, now_s: float, pause_s: float) -> None:
        self._open_until_s = now_s + pause_s
        self._probe_since_s = None
