"""The paths, and what is behind each. Every fault becomes an answer, and none becomes a log."""

import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from zeta_lsp import __version__
from zeta_lsp.core.errors import ZetaError
from zeta_lsp.gateway.asking import Answered, Gateway
from zeta_lsp.gateway.http import ollama, replies
from zeta_lsp.gateway.http.answering import response
from zeta_lsp.gateway.http.asked import Asked, Dialect
from zeta_lsp.gateway.http.door import HEALTH, Door
from zeta_lsp.gateway.http.faults import Refused, fault_of
from zeta_lsp.gateway.http.llamacpp import Infill
from zeta_lsp.gateway.http.openai import OpenAI
from zeta_lsp.gateway.http.posted import BODY_S_MAX, posted
from zeta_lsp.gateway.writing import Silence

log = logging.getLogger(__name__)
Serve = Callable[[Request], Awaitable[Response]]


def application(gateway: Gateway, token: str = "", body_s_max: float = BODY_S_MAX) -> Starlette:
    """The application, to be served on loopback."""
    dialects: dict[str, Dialect] = {
        "/v1/completions": OpenAI(time.time),
        "/api/generate": ollama.Ollama(time.time),
        "/infill": Infill(),
    }
    listings = Listings(gateway)
    return Starlette(
        routes=[
            *(
                Route(path, _edged(completing(gateway, dialect, body_s_max)), methods=["POST"])
                for path, dialect in dialects.items()
            ),
            Route(HEALTH, _edged(listings.health)),
            Route("/v1/models", _edged(listings.models)),
            Route("/api/tags", _edged(listings.tags)),
            Route("/api/version", _edged(listings.version)),
        ],
        middleware=[Middleware(Door, token=token)],
        exception_handlers={HTTPException: _no_such_path},
    )


def completing(gateway: Gateway, dialect: Dialect, body_s_max: float) -> Serve:
    """What answers prompts in a protocol."""

    async def serve(request: Request) -> Response:
        body = await posted(request, body_s_max)
        try:
            asked = dialect.asked(body)
        except Refused as refusal:
            gateway.book.silent(gateway.book.new_id(), None, Silence(refusal.reason))
            raise
        return await response(request, dialect, asked, _answers(gateway, asked))

    return serve


async def _answers(gateway: Gateway, asked: Asked) -> AsyncGenerator[Answered]:
    """The answers of the gateway, or an empty one where nothing is asked."""
    if asked.read is None:
        yield Answered(gateway.book.new_id(), "", await gateway.upstream.name())
        return
    async with aclosing(gateway.answers(asked.read)) as answers:
        async for answered in answers:
            yield answered


class Listings:
    """What clients look at before they ask."""

    def __init__(self, gateway: Gateway) -> None:
        self._upstream = gateway.upstream

    async def health(self, _: Request) -> Response:
        """Whether the door is open; what is behind it is not asked."""
        return replies.document({"status": "ok"})

    async def version(self, _: Request) -> Response:
        """Ours, where Ollama says its own."""
        return replies.document({"version": __version__})

    async def models(self, _: Request) -> Response:
        """The one model, as OpenAI lists them."""
        name = await self._upstream.name()
        model = {"id": name, "object": "model", "created": 0, "owned_by": "zeta-lsp"}
        return replies.document({"object": "list", "data": [model] if name else []})

    async def tags(self, _: Request) -> Response:
        """The one model, as Ollama lists them."""
        return replies.document(ollama.listed(await self._upstream.name(), time.time()))


def _edged(serve: Serve) -> Serve:
    """What turns every fault into an answer, and writes down where our own mistakes are."""

    async def served(request: Request) -> Response:
        try:
            return await serve(request)
        except ZetaError as fault:
            return replies.failed(fault_of(fault))
        except Exception as fault:  # noqa: BLE001 - the edge: what failed must not reach a log as text
            log.error("a request failed: %s", _where(fault))
            mistake = Refused(500, "internal_error", "zeta-lsp made a mistake; its log says where")
            return replies.failed(fault_of(mistake))

    return served


async def _no_such_path(_: Request, fault: Exception) -> Response:
    status = fault.status_code if isinstance(fault, HTTPException) else 404
    return replies.failed(fault_of(Refused(status, "no_such_path", "there is nothing here")))


def _where(error: BaseException) -> str:
    """Kind and place of an exception; its own message may hold the user's text."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = f" at {at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at is not None else ""
    return f"{type(error).__name__}{place}"
