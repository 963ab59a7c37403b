"""How long an endpoint may take: for everything, until the head, and between two pieces.

httpx times each read alone, so an endpoint that drips a byte a second is never too late for it.
Here one monotonic deadline spans the whole request, retries included.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import msgspec

from zeta_lsp.core.errors import ModelTimeout

T = TypeVar("T")
STALL_S_MIN = 0.25


class Limits(msgspec.Struct, frozen=True):
    """`total_s` for the whole, `first_s` until the head, `stall_s` between two pieces."""

    total_s: float
    first_s: float
    stall_s: float

    @classmethod
    def within(cls, total_s: float) -> "Limits":
        """Limits that fit a total: the head may take all of it, a pause between pieces half."""
        return cls(total_s, total_s, min(total_s, max(total_s / 2, STALL_S_MIN)))


class Deadline:
    """The time left for one request; it runs from the moment this is made."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._at_s = asyncio.get_running_loop().time() + limits.total_s

    @property
    def left_s(self) -> float:
        """Seconds left; negative once it has passed."""
        return self._at_s - asyncio.get_running_loop().time()

    async def first(self, awaitable: Awaitable[T]) -> T:
        """Await something that must come before the answer begins."""
        return await self._within(awaitable, self.limits.first_s, "began")

    async def next(self, awaitable: Awaitable[T]) -> T:
        """Await the next piece of an answer."""
        return await self._within(awaitable, self.limits.stall_s, "went on")

    async def _within(self, awaitable: Awaitable[T], limit_s: float, what: str) -> T:
        """Await, but no longer than `limit_s` and never past the deadline.

        Raises:
            ModelTimeout: and the awaitable was cancelled.
        """
        limit_at_s = asyncio.get_running_loop().time() + limit_s
        scope = asyncio.timeout_at(min(self._at_s, limit_at_s))
        try:
            async with scope:
                return await awaitable
        except TimeoutError as fault:
            if not scope.expired():
                raise
            if self._at_s <= limit_at_s:
                raise ModelTimeout(f"no answer within {self.limits.total_s:g} s") from fault
            raise ModelTimeout(f"no answer {what} within {limit_s:g} s") from fault
