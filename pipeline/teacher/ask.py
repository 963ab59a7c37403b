"""Asking many questions one by one: so many at a time, each until it is answered or hopeless.

Every answer is kept the moment it is there, so a run that is killed has lost the questions that
were on their way and nothing else. One question that fails does not stop the others; a fault that
concerns all of them does, and so does a row of failures without a single answer in between.
"""

import asyncio
from collections.abc import Callable, Iterator

import msgspec

from pipeline.teacher.cache import Wanted
from pipeline.teacher.faults import RunEnded, is_hopeless, passes, word_for
from pipeline.teacher.pace import Pace
from pipeline.teacher.replies import Failure, Reply
from pipeline.teacher.vendors.base import Vendor
from zeta_lsp.core.errors import ModelBusy, ModelError

FAILURES_IN_A_ROW_MAX = 20


class Limits(msgspec.Struct, frozen=True):
    """How many questions at a time, and how often one is tried."""

    concurrency: int = 16
    attempts: int = 8


Heard = Callable[[Wanted, Reply | Failure], None]
"""Told of every outcome, as it comes."""


async def ask_all(
    wanted: Iterator[Wanted], vendor: Vendor, heard: Heard, limits: Limits, pace: Pace
) -> None:
    """Ask all questions.

    Raises:
        RunEnded: no more can be asked; `heard` was told of all that was answered.
    """
    asking = _Asking(wanted, vendor, heard, limits, pace)
    tasks = [asyncio.create_task(asking.work()) for _ in range(limits.concurrency)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Asking:
    """Workers that share one list of questions."""

    def __init__(
        self, wanted: Iterator[Wanted], vendor: Vendor, heard: Heard, limits: Limits, pace: Pace
    ) -> None:
        self._wanted = wanted
        self._vendor = vendor
        self._heard = heard
        self._attempts = limits.attempts
        self._pace = pace
        self._failures_in_a_row = 0

    async def work(self) -> None:
        """Ask until there is nothing left to ask."""
        for one in self._wanted:
            outcome = await self._outcome(one)
            self._heard(one, outcome)
            self._count(outcome)

    async def _outcome(self, one: Wanted) -> Reply | Failure:
        for attempt in range(1, self._attempts + 1):
            await self._pace.turn()
            try:
                return await self._vendor.ask(one.call, one.sample)
            except ModelError as fault:
                if is_hopeless(fault):
                    raise RunEnded(f"{fault}; answers so far are kept") from fault
                if not passes(fault) or attempt == self._attempts:
                    return Failure(word_for(fault))
                await self._pause(attempt, fault)
        raise AssertionError("there is at least one attempt")

    async def _pause(self, attempt: int, fault: ModelError) -> None:
        if isinstance(fault, ModelBusy):
            self._pace.hold(attempt, fault.retry_after_s)
        else:
            await self._pace.backoff(attempt)

    def _count(self, outcome: Reply | Failure) -> None:
        if isinstance(outcome, Reply):
            self._failures_in_a_row = 0
            return
        self._failures_in_a_row += 1
        if self._failures_in_a_row >= FAILURES_IN_A_ROW_MAX:
            raise RunEnded(
                f"{FAILURES_IN_A_ROW_MAX} questions in a row failed, the last one of"
                f" {outcome.reason}; answers so far are kept"
            )
