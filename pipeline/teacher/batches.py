"""Asking in batches: half the price, done within a day, by a later run if need be.

A batch is noted in the cache before it is sent and its id as soon as there is one. So whatever
happens in between, no question is paid for twice: a batch without an id is looked for among those
that the vendor lists, by our label or else by its size, and only given up if it is not there.

Batches are cut by bytes, not by count: at 20 kB a question a vendor's limit in bytes comes first.
They are cut smaller than vendors allow, because one is held in memory while it is sent.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TypeVar

import msgspec

from pipeline.teacher.cache import AnswerCache, Batch
from pipeline.teacher.faults import RunEnded, is_hopeless, passes
from pipeline.teacher.pace import Pace
from pipeline.teacher.replies import Failure, Reply
from pipeline.teacher.vendors.base import BatchVendor, Whom
from zeta_lsp.core.errors import ModelBusy, ModelError

BATCH_BYTES = 64_000_000
_WRAPPING_BYTES = 1024
_KEPT_AT_ONCE = 500
_ATTEMPTS = 8

T = TypeVar("T")
Got = Callable[[Reply], None]
"""Told of every answer that was not there before this run."""


class Batches:
    """The batches of one vendor, and what they answer."""

    def __init__(
        self,
        cache: AnswerCache,
        vendor: BatchVendor,
        whom: Whom,
        pace: Pace,
        got: Got,
        most_bytes: int = BATCH_BYTES,
    ) -> None:
        self._cache = cache
        self._vendor = vendor
        self._whom = whom
        self._pace = pace
        self._got = got
        self._most_bytes = min(most_bytes, vendor.most_bytes) - _WRAPPING_BYTES

    async def settle(self) -> int:
        """Take what is ready; how many batches are still being worked on."""
        left = 0
        for batch in self._cache.batches(self._whom.vendor, self._whom.url):
            ident = batch.id or await self._found(batch)
            if ident is None:  # it never arrived
                self._cache.end_batch(batch.label)
            elif await self._kindly(partial(self._vendor.has_ended, ident)):
                await self._kindly(partial(self._imported, batch.label, ident))
                self._cache.end_batch(batch.label)
            else:
                left += 1
        return left

    async def submit(self) -> int:
        """Send what is wanted; how many batches that took."""
        count = 0
        for digests, requests in self._cut():
            label = uuid.uuid4().hex
            self._cache.begin_batch(label, self._whom.vendor, self._whom.url, digests)
            ident = await self._sent(Batch(label, None, len(digests)), requests)
            self._cache.batch_sent(label, ident)
            count += 1
        return count

    async def _sent(self, batch: Batch, requests: list[bytes]) -> str:
        """Send one. Where it is not known whether it arrived, look before sending it again."""
        for attempt in range(1, _ATTEMPTS + 1):
            await self._pace.turn()
            try:
                return await self._vendor.submit(batch.label, requests)
            except ModelError as fault:
                if not passes(fault):
                    self._cache.end_batch(batch.label)  # they said no: nothing is on its way
                if not passes(fault) or attempt == _ATTEMPTS:
                    raise RunEnded(f"{fault}; answers so far are kept") from fault
                self._pace.hold(attempt, getattr(fault, "retry_after_s", None))
                if not isinstance(fault, ModelBusy) and (ident := await self._found(batch)):
                    return ident
        raise AssertionError("there is at least one attempt")

    def _cut(self) -> Iterator[tuple[list[str], list[bytes]]]:
        digests: list[str] = []
        requests: list[bytes] = []
        size_bytes = 0
        for one in self._cache.wanted():
            data = msgspec.json.encode(self._vendor.request(one.digest, one.call, one.sample))
            is_full = (
                size_bytes + len(data) > self._most_bytes or len(digests) == self._vendor.most_calls
            )
            if digests and is_full:
                yield digests, requests
                digests, requests, size_bytes = [], [], 0
            digests.append(one.digest)
            requests.append(data)
            size_bytes += len(data) + 1
        if digests:
            yield digests, requests

    async def _found(self, batch: Batch) -> str | None:
        """The id of a batch whose id was lost, if it arrived."""
        found = await self._kindly(self._vendor.recent)
        recent = [one for one in found if not self._cache.knows_batch(one.id)]
        named = [one for one in recent if one.label == batch.label]
        same_size = [one for one in recent if not one.label and one.calls == batch.calls]
        fitting = named or same_size
        if not fitting:
            return None
        self._cache.batch_sent(batch.label, fitting[0].id)
        return fitting[0].id

    async def _imported(self, label: str, ident: str) -> None:
        """Keep all results of a batch. Those that are there already stay."""
        answers: list[tuple[str, Reply]] = []
        async for digest, outcome in self._vendor.results(ident):
            if not self._cache.is_in_batch(digest, label):
                continue  # the batch was taken for ours and is not
            if isinstance(outcome, Failure):
                self._cache.failed(digest, outcome.reason)
                continue
            answers.append((digest, outcome))
            if len(answers) >= _KEPT_AT_ONCE:
                self._keep(answers)
                answers = []
        self._keep(answers)

    def _keep(self, answers: list[tuple[str, Reply]]) -> None:
        new = [reply for digest, reply in answers if self._cache.reply(digest) is None]
        self._cache.keep(answers, self._whom.vendor, self._whom.model)
        for reply in new:
            self._got(reply)

    async def _kindly(self, do: Callable[[], Awaitable[T]]) -> T:
        """Do something with the vendor, again if that may help.

        Raises:
            RunEnded: it does not help.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            await self._pace.turn()
            try:
                return await do()
            except ModelError as fault:
                if is_hopeless(fault) or not passes(fault) or attempt == _ATTEMPTS:
                    raise RunEnded(f"{fault}; answers so far are kept") from fault
                self._pace.hold(attempt, getattr(fault, "retry_after_s", None))
        raise AssertionError("there is at least one attempt")


async def all_ended(batches: Batches, every_s: float) -> None:
    """Ask from time to time until no batch is being worked on."""
    while await batches.settle():  # noqa: ASYNC110 - it is the vendor who has news, not we
        await asyncio.sleep(every_s)
