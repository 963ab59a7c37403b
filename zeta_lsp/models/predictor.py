"""A prompt format and a model, together a `Predictor`.

The prompt is rendered, sent, and the answer read while it arrives. As soon as the first cluster of
edits is certain it is given out (`partial`), usually long before the model has rewritten the rest
of the region; the whole answer follows. What can no longer help is not waited for: a stop string,
or an answer that outgrows its region, closes the connection.

An answer that was cut off (the token limit, or a format's missing end) is never taken for a whole
one; what of it was certain already is still worth showing.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Protocol, cast

from zeta_lsp.core.edits import Cluster
from zeta_lsp.core.errors import PromptTooLong, UnparsableAnswer
from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.parse import first_finished_cluster, newline_of, replaced_rows
from zeta_lsp.core.ports import Finish, Piece, Reply, TextModel
from zeta_lsp.core.prompt import Answer, PromptInput, Replacement
from zeta_lsp.core.text import split_lines, without_surrogates
from zeta_lsp.models.output import Output

TURNS = 3
"""Of the event loop, in which an answer that was handed on is written to the client."""


class WarmableModel(TextModel, Protocol):
    """A model that can get ready before it is asked."""

    async def warm(self) -> None:
        """Have a connection ready; failing to is no fault."""


class EndpointPredictor:
    """Asks one model in one format.

    Args:
        clock: seconds of a monotonic clock.
    """

    def __init__(
        self, fmt: Format, model: WarmableModel, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self.name = model.name
        self.format = fmt
        self.model = model
        self.needs_current_file: bool = fmt.needs_current_file
        self._clock = clock

    async def predict(self, given: PromptInput) -> AsyncGenerator[Reply]:
        """Answer, possibly once in part and then in whole.

        Raises:
            PromptTooLong: nothing was asked.
            ModelError: no usable answer.
            UnparsableAnswer: the text is not an answer in the format, or was cut short.
        """
        asked = _Asked(self.format, given, self._clock)
        finish, model = Finish.UNKNOWN, self.name
        # Every stream is a generator at heart; closing it is what closes the connection.
        stream = cast("AsyncGenerator[Piece]", self.model.stream(asked.prompt))
        async with aclosing(stream) as pieces:
            async for piece in pieces:
                finish, model = piece.finish or finish, self.model.name or piece.model or ""
                asked.take(piece.text)
                if asked.output.stopped:
                    finish = Finish.STOP
                    break
                # What ends with this piece is whole in a moment: no part of it is needed before.
                if piece.finish is None and (early := asked.early()) is not None:
                    yield asked.reply(early, finish, model, partial=True)
                    await _others()
        yield asked.reply(asked.answer(finish), finish, model)

    async def warm(self) -> None:
        """Have a connection ready, while the person still types; failing to is no fault."""
        await self.model.warm()

    async def aclose(self) -> None:
        """Close connections."""
        await self.model.aclose()


class _Asked:
    """One prediction on its way."""

    def __init__(self, fmt: Format, given: PromptInput, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._started_s = clock()
        self._first_s: float | None = None
        self._format = fmt
        self._given = given
        prompt = fmt.render(given)
        if prompt is None:
            raise PromptTooLong("the lines around the cursor are too long for the prompt format")
        self.prompt = prompt
        self.output = Output(prompt)
        self._early: Answer | None = None

    def take(self, text: str) -> None:
        """Add what arrived."""
        if text and self._first_s is None:
            self._first_s = self._clock()
        self.output.add(text)

    def early(self) -> Answer | None:
        """The first cluster, the first time that it is certain."""
        if self._early is not None or not self.output.is_worth_a_look():
            return None
        self._early = self._certain()
        return self._early

    def answer(self, finish: Finish) -> Answer:
        """What the finished output says.

        Raises:
            UnparsableAnswer: it is not an answer, or was cut before anything was certain.
        """
        try:
            answer = self._format.parse(self.output.text, self._given, self.prompt)
        except UnparsableAnswer:
            if finish is not Finish.LENGTH:
                raise
            return self._of_a_cut_output()
        cut = finish is Finish.LENGTH or self._format.needs_end
        return self._of_a_cut_output() if cut and not answer.complete else answer

    def reply(self, answer: Answer, finish: Finish, model: str, partial: bool = False) -> Reply:
        """An answer with how it came about."""
        now_s = self._clock()
        first_s = now_s if self._first_s is None else self._first_s
        return Reply(
            answer,
            self.prompt,
            finish,
            model,
            partial,
            self.output.text,
            first_token_ms=(first_s - self._started_s) * 1000,
            total_ms=(now_s - self._started_s) * 1000,
        )

    def _of_a_cut_output(self) -> Answer:
        certain = self._early or self._certain()
        if certain is None:
            raise UnparsableAnswer("answer_cut_short", "the answer ended before its end")
        return certain

    def _certain(self) -> Answer | None:
        """The first cluster if nothing that follows can change it, as a rewrite of its region."""
        sure = self._format.partial(self.output.text, self._given, self.prompt)
        if sure is None or sure.related is not None:
            return None
        excerpt = without_surrogates(self._given.cursor_excerpt)
        rows = replaced_rows(sure, excerpt)
        if rows is None:
            return None
        _, old = rows
        cluster = first_finished_cluster(old, sure.text, 0, newline_of(excerpt))
        if cluster is None:
            return None
        region = _applied(cluster, old)
        return Answer((Replacement(sure.start, sure.end, region),), complete=False)


async def _others() -> None:
    """Let whoever waits for the early answer have it before the rest is looked at."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


def _applied(cluster: Cluster, text: str) -> str:
    """A text with a cluster's edits made; rows count from its beginning."""
    lines = split_lines(text)
    for edit in reversed(cluster):
        head = lines[edit.start_row][: edit.start_col]
        tail = lines[edit.end_row][edit.end_col :]
        lines[edit.start_row : edit.end_row + 1] = [head + edit.new_text + tail]
    return "".join(lines)
