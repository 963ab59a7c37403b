"""One request: from a prompt to an answer in its format, and an entry in the journal.

The order is that of the language server: may this be asked at all, ask, check the answer. Whatever
keeps an answer from being proposed, but for faults of the endpoint, becomes the format's way to say
that nothing changes, because clients know no other way to hear it.

Nothing is recorded for training here: what became of a prediction cannot be seen from this door,
and a proposal without its outcome teaches nothing.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import cast

import msgspec

from zeta_lsp.core.errors import ModelError, PromptTooLong, UnparsableAnswer
from zeta_lsp.core.ports import Reply
from zeta_lsp.gateway.book import Book
from zeta_lsp.gateway.crowd import Crowd, TooMany
from zeta_lsp.gateway.prompts.reading import ReadPrompt
from zeta_lsp.gateway.screening import Screen
from zeta_lsp.gateway.upstream import Question, Upstream
from zeta_lsp.gateway.writing import Region, Silence, region_of, written


class Answered(msgspec.Struct, frozen=True):
    """What a client gets: a whole answer in its format, by whom, and the request's id."""

    ident: str
    text: str
    model: str


class Gateway:
    """Answers prompts.

    Args:
        off: whether the person switched predictions off.
        clock: seconds of a monotonic clock.
    """

    def __init__(
        self,
        upstream: Upstream,
        screen: Screen,
        crowd: Crowd,
        book: Book,
        *,
        off: bool = False,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.upstream = upstream
        self.book = book
        self._screen = screen
        self._crowd = crowd
        self._off = off
        self._clock = clock

    async def answer(self, read: ReadPrompt) -> Answered:
        """Answer one prompt. Cancelling closes the connection to the endpoint.

        Raises:
            ModelError: the endpoint failed.
            TooMany: too many questions wait already.
        """
        ident, started_s = self.book.new_id(), self._clock()
        text: str | Silence = Silence("internal_error")
        model = ""
        try:
            found, model = await self._found(read)
            text = written(found, read) if isinstance(found, Region) else found
        except asyncio.CancelledError:
            text = Silence("cancelled")
            raise
        except (ModelError, TooMany) as fault:
            text = Silence(fault.reason, str(fault))
            raise
        finally:
            latency_ms = (self._clock() - started_s) * 1e3
            if isinstance(text, Silence):
                self.book.silent(ident, read, text, model, latency_ms)
            else:
                self.book.answered(ident, read, model, latency_ms)
        return Answered(ident, nothing(read) if isinstance(text, Silence) else text, model)

    async def _found(self, read: ReadPrompt) -> tuple[Region | Silence, str]:
        """What is proposed, and by which model."""
        if self._off:
            return Silence("mode_off"), ""
        screened = self._screen.passed(read)
        if screened is None:
            return Silence("excluded_path"), ""
        async with self._crowd:
            question = await self.upstream.question(screened)
            try:
                reply = await _last_reply(question)
            except (PromptTooLong, UnparsableAnswer) as fault:
                return Silence(fault.reason, str(fault)), question.predictor.name
        return region_of(reply, question.given, screened), reply.model


async def _last_reply(question: Question) -> Reply:
    """The whole answer of a predictor."""
    last: Reply | None = None
    # Every predictor is a generator at heart; closing it is what closes the connection.
    stream = cast("AsyncGenerator[Reply]", question.predictor.predict(question.given))
    async with aclosing(stream) as replies:
        async for reply in replies:
            last = reply
    assert last is not None, "a predictor answers at least once"
    return last


def nothing(read: ReadPrompt) -> str:
    """The answer that changes nothing."""
    text = written(None, read)
    assert isinstance(text, str), "there is always a way to change nothing"
    return text
