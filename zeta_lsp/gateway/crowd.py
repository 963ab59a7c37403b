"""How many questions run at once, and how many wait.

Clients that ask on every key close the connection of the question before, which makes its place
free at once. What is still too much is refused rather than queued for seconds: by then nobody wants
the answer.
"""

import asyncio
from types import TracebackType

from zeta_lsp.core.errors import ZetaError

WAITING_MAX = 8


class TooMany(ZetaError):
    """As many questions wait as may."""

    reason = "gateway_busy"


class Crowd:
    """An async context for each question."""

    def __init__(self, running_max: int, waiting_max: int = WAITING_MAX) -> None:
        self._places = asyncio.Semaphore(running_max)
        self._waiting = 0
        self._waiting_max = waiting_max

    async def __aenter__(self) -> None:
        if self._waiting >= self._waiting_max and self._places.locked():
            raise TooMany("too many requests at once: the oldest are still being answered")
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._places.release()
