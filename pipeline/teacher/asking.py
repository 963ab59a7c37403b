"""A run's questions, from the cache or from whom they are for.

All questions of a run are known before the first is asked, so its price is as well; asking one by
one and asking in batches are the same from outside; and what comes of the run is made of the cache
alone. `fill` is all of it: afterwards every question has its answer, or a word for why not.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

import msgspec

from pipeline.teacher.ask import Limits, ask_all
from pipeline.teacher.batches import BATCH_BYTES, Batches, all_ended
from pipeline.teacher.cache import AnswerCache, Needs, Wanted
from pipeline.teacher.calls import Question
from pipeline.teacher.faults import StillWaiting
from pipeline.teacher.pace import Pace
from pipeline.teacher.prices import BATCH_SHARE, Price
from pipeline.teacher.replies import Failure, Reply
from pipeline.teacher.spend import Budget, Spend, agreed, at_terminal, estimated
from pipeline.teacher.telling import Teller
from pipeline.teacher.vendors.base import Whom
from pipeline.teacher.vendors.build import batch_vendor_for, vendor_for

ROUNDS = 3
"""How often what expired in a batch is sent again while somebody waits."""


class Settings(msgspec.Struct, frozen=True):
    """How a run asks. `price` None where nobody knows it; in batches it is halved."""

    cache: Path
    limits: Limits = Limits()
    per_minute: int | None = None
    in_batches: bool = False
    waits: bool = False
    poll_s: float = 30.0
    batch_bytes: int = BATCH_BYTES
    cache_only: bool = False
    price: Price | None = None
    max_usd: float = 5.0
    is_agreed: bool = False
    is_quiet: bool = False
    as_json: bool = False


class Asking:
    """One run: the cache it fills, whom it asks, and what it may spend."""

    def __init__(
        self,
        cache: AnswerCache,
        whom: Whom,
        settings: Settings,
        *,
        name: str = "ask",
        environ: Mapping[str, str] = os.environ,
        confirm: Callable[[str], bool | None] = at_terminal,
    ) -> None:
        self._cache = cache
        self._whom = whom
        self._settings = settings
        self._environ = environ
        self._confirm = confirm
        self._pace = Pace(settings.per_minute)
        self._tell = Teller(name, sys.stderr, settings.is_quiet, settings.as_json)

    def fill(self, questions: Iterable[Question]) -> None:
        """Have every question answered that can be.

        Raises:
            RunEnded: not all could be asked; what was answered is kept.
            UsageError: it would cost more than was allowed.
        """
        wanted, _ = self._cache.want(questions)
        if self._settings.cache_only:
            return
        spend = asyncio.run(self._filled())
        self._tell.done(wanted, spend)

    async def _filled(self) -> Spend:
        whom, settings = self._whom, self._settings
        spend = Spend(Budget(settings.price, whom.is_sold, settings.max_usd, settings.is_agreed))
        if settings.in_batches or self._cache.batches(whom.vendor, whom.url):
            await self._with_batches(spend)
        if not settings.in_batches:
            await self._one_by_one(spend)
        return spend

    async def _one_by_one(self, spend: Spend) -> None:
        needs = self._cache.needs()
        if not needs.calls:
            return
        vendor = vendor_for(self._whom, self._environ)
        try:
            self._agree(needs, spend, self._settings.price)
            with self._tell.progress(needs.calls) as progress:

                def heard(one: Wanted, outcome: Reply | Failure) -> None:
                    self._heard(spend, one, outcome)
                    progress(spend)

                wanted = self._cache.wanted()
                await ask_all(wanted, vendor, heard, self._settings.limits, self._pace)
        finally:
            await vendor.aclose()

    def _agree(self, needs: Needs, spend: Spend, price: Price | None) -> None:
        estimate = estimated(needs, price, is_sold=self._whom.is_sold)
        self._tell.say(estimate.line())
        spend.budget = agreed(estimate, spend.budget, self._confirm)

    def _heard(self, spend: Spend, one: Wanted, outcome: Reply | Failure) -> None:
        if isinstance(outcome, Failure):
            self._cache.failed(one.digest, outcome.reason)
            return
        self._cache.keep([(one.digest, outcome)], self._whom.vendor, self._whom.model)
        spend.add(outcome)

    async def _with_batches(self, spend: Spend) -> None:
        """Take what batches answered, and send new ones if they are wanted.

        Raises:
            StillWaiting: some are being worked on, and nobody waits for them.
        """
        vendor = batch_vendor_for(self._whom, self._environ)
        got = partial(spend.add, share=BATCH_SHARE)
        most_bytes = self._settings.batch_bytes
        batches = Batches(self._cache, vendor, self._whom, self._pace, got, most_bytes)
        try:
            await batches.settle()
            for _ in range(ROUNDS):
                if self._settings.in_batches:
                    await self._submit(batches, spend)
                if not (waiting := self._cache.needs().waiting):
                    return
                if not self._settings.waits:
                    raise StillWaiting(_still(waiting))
                self._tell.say(f"waiting for the batches of {waiting:,} questions")
                await all_ended(batches, self._settings.poll_s)
        finally:
            await vendor.aclose()

    async def _submit(self, batches: Batches, spend: Spend) -> None:
        needs, price = self._cache.needs(), self._settings.price
        if not needs.calls:
            return
        self._agree(needs, spend, price.in_batches() if price else None)
        count = await batches.submit()
        self._tell.say(f"sent {needs.calls:,} questions in {count:,} batches")


def _still(waiting: int) -> str:
    return (
        f"{waiting:,} questions are being answered in batches, nothing was written yet:"
        " run the same command again later, or with --wait"
    )
