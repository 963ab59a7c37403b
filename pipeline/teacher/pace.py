"""How fast a vendor is asked: nobody faster than it allows, all held back when one is told to wait.

A vendor that answers 429 means the account, not the question. So its `retry-after` holds every
question back, and without one the pause doubles with each failed attempt, shortened by up to half
at random so that many do not return in the same moment.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable

PAUSE_S = 1.0
PAUSE_S_MAX = 60.0


class Pace:
    """When the next question may go.

    Args:
        per_minute: questions that may start in a minute, None for any number.
        now_s: seconds of a clock that does not jump.
        sleep: waits so many seconds.
        chance: a random number in [0, 1).
    """

    def __init__(
        self,
        per_minute: int | None = None,
        *,
        now_s: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._gap_s = 60.0 / per_minute if per_minute else 0.0
        self._now_s = now_s or (lambda: asyncio.get_running_loop().time())
        self._sleep = sleep
        self._chance = chance
        self._next_s = 0.0
        self._held_until_s = 0.0

    async def turn(self) -> None:
        """Wait until a question may go."""
        while (wait_s := self._wait_s()) > 0:
            await self._sleep(wait_s)
        self._next_s = max(self._next_s, self._now_s()) + self._gap_s

    def hold(self, attempt: int, retry_after_s: float | None) -> None:
        """Let nobody go for a while, after so many failed attempts (from 1) at one question."""
        pause_s = min(PAUSE_S * 2 ** (attempt - 1), PAUSE_S_MAX)
        pause_s *= 1 - self._chance() / 2
        if retry_after_s is not None:
            pause_s = retry_after_s
        self._held_until_s = max(self._held_until_s, self._now_s() + pause_s)

    async def backoff(self, attempt: int) -> None:
        """Wait alone: what failed may have been this question's connection only."""
        pause_s = min(PAUSE_S * 2 ** (attempt - 1), PAUSE_S_MAX)
        await self._sleep(pause_s * (1 - self._chance() / 2))

    def _wait_s(self) -> float:
        return max(self._next_s, self._held_until_s) - self._now_s()
