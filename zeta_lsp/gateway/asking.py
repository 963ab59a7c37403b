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

from zeta_lsp.core.errors import ModelError, ZetaError
from zeta_lsp.core.ports import Reply
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.gateway.answering import Answering
from zeta_lsp.gateway.book import Book
from zeta_lsp.gateway.crowd import Crowd, TooMany
from zeta_lsp.gateway.prompts.reading import ReadPrompt
from zeta_lsp.gateway.screening import Screen
from zeta_lsp.gateway.upstream import Upstream
from zeta_lsp.gateway.writing import Silence, written


class Answered(msgspec.Struct, frozen=True):
    """What a client gets: an answer in its format, by whom, and the request's id.

    One that is not `whole` is the beginning of the one that follows.
    """

    ident: str
    text: str
    model: str
    whole: bool = True


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

    async def answers(self, read: ReadPrompt) -> AsyncGenerator[Answered]:
        """Answer one prompt: perhaps with a beginning, then in whole.

        Cancelling, or closing the iterator, closes the connection to the endpoint.

        Raises:
            ModelError: the endpoint failed before anything was certain.
            TooMany: too many questions wait already.
        """
        asked = _Asked(self.book, read, self._clock)
        try:
            async with aclosing(self._replies(read)) as replies:
                async for given, reply in replies:
                    if begun := asked.take(given, reply):
                        yield begun
        except ZetaError as fault:
            asked.fail(fault)
        except (asyncio.CancelledError, GeneratorExit):
            asked.text = Silence("cancelled")
            raise
        finally:
            asked.enter(self.upstream.label)
        yield asked.whole()

    async def _replies(self, read: ReadPrompt) -> AsyncGenerator[tuple[PromptInput, Reply]]:
        """What a predictor says, each time with what it was asked.

        Raises:
            _Unasked: nobody may be asked.
        """
        if self._off:
            raise _Unasked("mode_off")
        screened = self._screen.passed(read)
        if screened is None:
            raise _Unasked("excluded_path")
        async with self._crowd:
            question = await self.upstream.question(screened)
            # Every predictor is a generator at heart; closing it closes the connection.
            stream = cast("AsyncGenerator[Reply]", question.predictor.predict(question.given))
            async with aclosing(stream) as replies:
                async for reply in replies:
                    yield question.given, reply


class _Asked:
    """One prompt on its way to an answer."""

    def __init__(self, book: Book, read: ReadPrompt, clock: Callable[[], float]) -> None:
        self.text: str | Silence = Silence("internal_error")
        self._ident = book.new_id()
        self._book = book
        self._read = read
        self._clock = clock
        self._started_s = clock()
        self._model = ""
        self._answering = Answering(read)

    def take(self, given: PromptInput, reply: Reply) -> Answered | None:
        """Take a reply; the beginning of the answer, if there is one now."""
        self._model = reply.model
        if not reply.partial:
            self.text = self._answering.end(reply, given)
            return None
        begun = self._answering.begin(reply, given)
        return Answered(self._ident, begun, self._model, whole=False) if begun else None

    def fail(self, fault: ZetaError) -> None:
        """No more replies come. Raises again what is not the model's answer but a fault."""
        self.text = self._answering.broken_off(Silence(fault.reason, str(fault)))
        if isinstance(self.text, Silence) and isinstance(fault, ModelError | TooMany):
            raise fault

    def enter(self, label: str) -> None:
        """Write down what became of it; `label` is the model's name, should it have said none."""
        latency_ms = (self._clock() - self._started_s) * 1e3
        model = self._model or label
        if isinstance(self.text, Silence):
            self._book.silent(self._ident, self._read, self.text, model, latency_ms)
        else:
            self._book.answered(self._ident, self._read, model, latency_ms)

    def whole(self) -> Answered:
        """The whole answer, which may be that nothing changes."""
        text = nothing(self._read) if isinstance(self.text, Silence) else self.text
        return Answered(self._ident, text, self._model)


class _Unasked(ZetaError):
    """Nobody is asked, for this reason."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


def nothing(read: ReadPrompt) -> str:
    """The answer that changes nothing."""
    text = written(None, read)
    assert isinstance(text, str), "there is always a way to change nothing"
    return text
