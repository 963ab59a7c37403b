"""From answers to a response, for as long as the client is there.

While an answer is made the connection is watched: a client that closes it (Zed does on every key)
ends the question to the model at once. A stream begins when something is certain, so that faults
before that have a status of their own.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from zeta_lsp.gateway.asking import Answered
from zeta_lsp.gateway.http import replies
from zeta_lsp.gateway.http.asked import Asked, Dialect
from zeta_lsp.gateway.http.faults import Refused

T = TypeVar("T")
Answers = AsyncGenerator[Answered]
CLOSED = 499
"""Nobody is there to read it."""


async def response(request: Request, dialect: Dialect, asked: Asked, answers: Answers) -> Response:
    """The response to a request, in whole or as the stream that was asked for.

    Raises:
        Refused: the client closed the connection.
        ZetaError: nothing could be answered.
    """
    if not asked.streams:
        answered = await while_connected(request, _whole(answers))
        text = asked.ended(answered.text)
        return replies.document(dialect.document(asked, answered, text))
    first = await while_connected(request, anext(answers))
    stream = _streamed(dialect, asked, first, answers)
    return StreamingResponse(stream, headers=replies.HEADERS, media_type=dialect.media_type)


async def _whole(answers: Answers) -> Answered:
    async with aclosing(answers):
        async for answered in answers:
            if answered.whole:
                return answered
    raise AssertionError("every answer has an end")


async def _streamed(
    dialect: Dialect, asked: Asked, answered: Answered, answers: Answers
) -> AsyncGenerator[bytes]:
    """The bytes of a stream; closing it, as Starlette does when the client leaves, stops asking."""
    sent = ""
    async with aclosing(answers):
        if not answered.whole:
            sent = asked.begun(answered.text)
            if sent:
                yield dialect.piece(answered, sent)
            answered = await _whole(answers)
    text = asked.ended(answered.text)
    if rest := text[len(sent) :]:
        yield dialect.piece(answered, rest)
    yield dialect.last(asked, answered, text)


async def while_connected(request: Request, work: Coroutine[None, None, T]) -> T:
    """Do something for as long as the client wants it.

    Raises:
        Refused: it closed the connection, and the work was cancelled.
    """
    doing = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({doing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            return doing.result()
        raise Refused(CLOSED, "cancelled", "the client closed the connection")
    finally:
        doing.cancel()
        leaving.cancel()
        await asyncio.gather(doing, leaving, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
