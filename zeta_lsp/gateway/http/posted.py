"""The body of a request, read with a limit of size and of time."""

import asyncio
from typing import TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request

from zeta_lsp.gateway.http.faults import Refused

BODY_BYTES_MAX = 1 << 20
BODY_S_MAX = 5.0
T = TypeVar("T")


async def posted(request: Request, body_s_max: float = BODY_S_MAX) -> bytes:
    """The whole body.

    Raises:
        Refused: it is too large (413), came too slowly (408), or not at all (400).
    """
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > BODY_BYTES_MAX:
        raise _too_large()
    try:
        async with asyncio.timeout(body_s_max):
            return await _read(request)
    except TimeoutError:
        raise Refused(408, "body_too_slow", "the request took too long to arrive") from None
    except ClientDisconnect:
        raise Refused(400, "body_cut_short", "the request ended early") from None


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES_MAX:
            raise _too_large()
    return bytes(body)


def _too_large() -> Refused:
    return Refused(413, "body_too_large", f"requests have at most {BODY_BYTES_MAX} bytes")


def decoded(body: bytes, shape: msgspec.json.Decoder[T]) -> T:
    """The body as what it should be.

    Raises:
        Refused: it is not JSON, or not of that shape.
    """
    try:
        return shape.decode(body)
    except (ValueError, RecursionError):
        pass  # it may quote the body: nothing is to hang on it
    raise Refused(400, "bad_request", "the body is not the JSON that this path takes")
