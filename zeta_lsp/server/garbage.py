"""When garbage is collected: not while somebody types.

A full collection walks every object of every imported module, some 40 ms once pygls is in. What
the start made is therefore frozen: it lives as long as the process and is never walked again.
What a session makes is collected when no message came for a second; in between, the automatic
collection is set to be rare and, with the frozen part left out, short.
"""

import asyncio
import functools
import gc
import sys
from collections.abc import Callable

SWITCH_INTERVAL_S = 0.0005
"""How long another thread may keep the interpreter while a keystroke waits."""
IDLE_S = 1.0
_THRESHOLDS = (20_000, 20, 50)


def prepare() -> None:
    """Set the interpreter up for short delays."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.set_threshold(*_THRESHOLDS)


class Quiet:
    """No automatic collection while many objects are made that stay."""

    def begin(self) -> None:
        """Collect nothing from here."""
        gc.disable()

    def end(self) -> None:
        """What exists now is never looked at again; later calls leave out what sessions made."""
        if not gc.get_freeze_count():
            gc.freeze()
        gc.enable()


class IdleCollector:
    """Collects while nothing happens. `activity` is a count of messages, whoever keeps it."""

    def __init__(self, activity: Callable[[], int]) -> None:
        self._activity = activity
        self._seen = self._collected = activity()
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Look every second."""
        self._timer = asyncio.get_running_loop().call_later(IDLE_S, self._turn)

    def look(self) -> None:
        """Collect if nothing came since the last look, and something since the last collection."""
        count = self._activity()
        if count == self._seen and count != self._collected:
            gc.collect()
            _give_back()
            self._collected = count
        self._seen = count

    def close(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _turn(self) -> None:
        self.look()
        self.start()


def _give_back() -> None:
    """Return freed memory to the system: a large document leaves holes behind when it is read."""
    trim = _trim()
    if trim is not None:
        trim(0)


@functools.cache
def _trim() -> Callable[[int], int] | None:
    """glibc's ``malloc_trim``; other C libraries do without."""
    import ctypes

    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None
