"""The body of a response, when it is read for another reason than its content.

An error's body is worth a glance, but no waiting. What follows an answer on its connection (the
rest of the last chunk, a usage event) is read so that the connection can serve another request, but
not for long and not without limit.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx

GLANCE_S = 0.25
GLANCE_BYTES = 64 << 10
DRAIN_S = 1.0
DRAIN_BYTES = 64 << 10


def pieces_of(response: httpx.Response) -> AsyncIterator[bytes]:
    """The bytes as they arrive, undecoded; to be asked for once per response."""
    assert isinstance(response.stream, httpx.AsyncByteStream)
    return aiter(response.stream)


def has_ended(response: httpx.Response) -> bool:
    """Whether all of the body was read already; only our own transport can tell."""
    ended = response.extensions.get("ended")
    return ended is not None and bool(ended())


def is_ready(response: httpx.Response) -> bool:
    """Whether the next piece was read already; only our own transport can tell."""
    ready = response.extensions.get("ready")
    return ready is not None and bool(ready())


async def beginning(response: httpx.Response, left_s: float) -> bytes:
    """The beginning of the body, as far as it comes soon and before the deadline."""
    seen = bytearray()
    with contextlib.suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(min(GLANCE_S, left_s)):
            async for piece in pieces_of(response):
                seen += piece
                if len(seen) >= GLANCE_BYTES:
                    break
    return bytes(seen[:GLANCE_BYTES])


async def drain(response: httpx.Response, pieces: AsyncIterator[bytes]) -> None:
    """Read the rest and give the connection back; if the rest is long, close it instead."""
    left_bytes = DRAIN_BYTES
    try:
        async with asyncio.timeout(DRAIN_S):
            async for piece in pieces:
                left_bytes -= len(piece)
                if left_bytes < 0:
                    break
    except (TimeoutError, httpx.HTTPError):
        return
    finally:
        await response.aclose()
