"""Endpoints that break every rule: each request ends in time, with the right error, and the next
one, to an endpoint that has recovered, is answered."""

import asyncio
import gzip
import tracemalloc
from collections.abc import Awaitable, Callable

import pytest

from tests.models.asking import DEADLINE_S, SLACK_S, asking, collected, text_of
from tests.models.raw_server import (
    DONE,
    LAST_CHUNK,
    STREAM_HEAD,
    Client,
    RawServer,
    answered,
    chunk,
    event,
    streamed,
)
from zeta_lsp.core.errors import (
    ModelBadReply,
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
)

pytestmark = pytest.mark.anyio

HEAD = b"HTTP/1.1 200 OK\r\n"
DRIP_S = 0.02
Misdeed = Callable[[Client], Awaitable[None]]


def sending(*parts: bytes, then: str = "close") -> Misdeed:
    """Send parts, then close, reset or stall."""

    async def misdeed(client: Client) -> None:
        for part in parts:
            await client.send(part)
        if then == "stall":
            await client.gone()
        elif then == "reset":
            client.reset()

    return misdeed


def dripping(start: bytes, drop: bytes) -> Misdeed:
    """Send `drop` for ever, a little at a time: never silent, never done."""

    async def misdeed(client: Client) -> None:
        await client.send(start)
        while True:
            await client.send(drop)
            await asyncio.sleep(DRIP_S)

    return misdeed


def pouring(start: bytes, block: bytes) -> Misdeed:
    """Send `block` for ever, as fast as it is taken."""

    async def misdeed(client: Client) -> None:
        await client.send(start)
        while True:
            await client.send(block)
            await asyncio.sleep(0)  # a socket that takes everything never lets go of the loop

    return misdeed


def json_event(payload: bytes) -> bytes:
    return STREAM_HEAD + chunk(b"data: " + payload + b"\n\n") + chunk(DONE) + LAST_CHUNK


STATUS_500 = answered("500 Internal Server Error", body=b'{"error":{"type":"boom"}}')
BOMB = gzip.compress(bytes(16 << 20))

CASES: dict[str, tuple[Misdeed, type[ModelError]]] = {
    # silence
    "no reply at all": (sending(then="stall"), ModelTimeout),
    "stalls in the status line": (sending(b"HTTP/1.1 2", then="stall"), ModelTimeout),
    "stalls in the headers": (sending(HEAD + b"content-ty", then="stall"), ModelTimeout),
    "stalls after the headers": (sending(STREAM_HEAD, then="stall"), ModelTimeout),
    "stalls in a chunk size": (sending(STREAM_HEAD + b"4", then="stall"), ModelTimeout),
    "stalls in a chunk": (sending(STREAM_HEAD + b"40\r\ndata", then="stall"), ModelTimeout),
    "stalls after a piece": (sending(STREAM_HEAD + chunk(event("x")), then="stall"), ModelTimeout),
    "drips its headers": (dripping(HEAD, b"x: y\r\n"), ModelTimeout),
    "drips its body": (dripping(STREAM_HEAD, chunk(event("x"))), ModelTimeout),
    "drips comments": (dripping(STREAM_HEAD, chunk(b": wait\n\n")), ModelTimeout),
    "drips bytes of a chunk": (dripping(STREAM_HEAD + b"ffff\r\n", b"d"), ModelTimeout),
    # broken connections
    "closes at once": (sending(), ModelBadReply),
    "closes in the headers": (sending(HEAD), ModelBadReply),
    "closes after the headers": (sending(STREAM_HEAD), ModelBadReply),
    "closes in a chunk": (sending(STREAM_HEAD + b"40\r\ndata: "), ModelBadReply),
    "closes between pieces": (sending(STREAM_HEAD + chunk(event("x"))), ModelBadReply),
    "ends the body before the model": (
        sending(STREAM_HEAD + chunk(event("x")) + LAST_CHUNK),
        ModelBadReply,
    ),
    "ends a body without length": (
        sending(HEAD + b"content-type: text/event-stream\r\n\r\n" + event("x")),
        ModelBadReply,
    ),
    "resets at once": (sending(then="reset"), ModelBadReply),
    "resets in a chunk": (sending(STREAM_HEAD + b"40\r\ndata: ", then="reset"), ModelBadReply),
    # broken HTTP
    "chunk size is no number": (sending(STREAM_HEAD + b"zz\r\nx\r\n"), ModelBadReply),
    "chunk size is negative": (sending(STREAM_HEAD + b"-5\r\nhello\r\n"), ModelBadReply),
    "chunk size is enormous": (sending(STREAM_HEAD + b"f" * 40 + b"\r\n"), ModelBadReply),
    "chunk is longer than its size": (sending(STREAM_HEAD + b"2\r\nhello\r\n"), ModelBadReply),
    "chunk size line without end": (pouring(STREAM_HEAD, b"0" * 8192), ModelBadReply),
    "length is longer than the body": (
        sending(HEAD + b"content-length: 9999\r\n\r\n" + event("x")),
        ModelBadReply,
    ),
    "length is no number": (sending(HEAD + b"content-length: ten\r\n\r\n"), ModelBadReply),
    "two different lengths": (
        sending(HEAD + b"content-length: 1\r\ncontent-length: 2\r\n\r\nxx"),
        ModelBadReply,
    ),
    "unknown transfer coding": (sending(HEAD + b"transfer-encoding: br\r\n\r\nx"), ModelBadReply),
    "headers without end": (pouring(HEAD, b"x: " + b"y" * 8192 + b"\r\n"), ModelBadReply),
    "100,000 headers": (sending(HEAD, b"a: b\r\n" * 100_000, b"\r\n"), ModelBadReply),
    "129 headers": (sending(HEAD, b"a: b\r\n" * 129, b"\r\n"), ModelBadReply),
    "header without colon": (sending(HEAD + b"nonsense\r\n\r\n"), ModelBadReply),
    "NUL in a header": (sending(HEAD + b"a: \0\r\n\r\n"), ModelBadReply),
    "a flood of interim answers": (
        pouring(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
        ModelBadReply,
    ),
    "switches protocols": (
        sending(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\n\r\n", then="stall"),
        ModelBadReply,
    ),
    "speaks HTTP/2": (
        sending(b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64", then="stall"),
        ModelBadReply,
    ),
    "sends an HTTP/2 preface": (sending(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), ModelBadReply),
    "speaks SSH": (sending(b"SSH-2.0-OpenSSH_9.2\r\n", then="stall"), ModelBadReply),
    # too much
    "a line without end": (
        pouring(STREAM_HEAD, chunk(b"data: " + b"x" * 65536)),
        ModelBadReply,
    ),
    "a chunk without end": (pouring(STREAM_HEAD + b"ffffffff\r\n", b"x" * 65536), ModelBadReply),
    "a body without end": (
        pouring(HEAD + b"content-type: text/event-stream\r\n\r\n", b": " + b"x" * 8189 + b"\n"),
        ModelBadReply,
    ),
    "a gzip bomb": (
        sending(HEAD + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(BOMB), BOMB),
        ModelBadReply,
    ),
    "a good stream that claims to be compressed": (
        sending(streamed("x").replace(b"content-type", b"content-encoding: br\r\ncontent-type")),
        ModelBadReply,
    ),
    "a good stream that claims to be a web page": (
        sending(streamed("x").replace(b"text/event-stream", b"text/html; charset=utf-8")),
        ModelBadReply,
    ),
    # other answers
    "a redirect": (
        sending(answered("307 Temporary Redirect", "location: http://127.0.0.1:1/")),
        ModelRefused,
    ),
    "401": (sending(answered("401 Unauthorized")), ModelRefused),
    "404": (sending(answered("404 Not Found", body=b"<html>")), ModelRefused),
    "429": (sending(answered("429 Too Many Requests")), ModelBusy),
    "500": (sending(STATUS_500), ModelRefused),
    "500 whose body never comes": (
        sending(b"HTTP/1.1 500 No\r\ncontent-length: 9\r\n\r\n", then="stall"),
        ModelRefused,
    ),
    "503": (sending(answered("503 Service Unavailable")), ModelBusy),
    "a captive portal": (
        sending(answered("200 OK", "content-type: text/html", body=b"<html>Log in")),
        ModelBadReply,
    ),
    "no content": (sending(b"HTTP/1.1 204 No Content\r\n\r\n"), ModelBadReply),
    # broken JSON
    "not JSON": (sending(json_event(b"hello")), ModelBadReply),
    "JSON cut off": (sending(json_event(b'{"choices":[{"text":"x"')), ModelBadReply),
    "another shape": (sending(json_event(b'["choices"]')), ModelBadReply),
    "text that is a number": (sending(json_event(b'{"choices":[{"text":5}]}')), ModelBadReply),
    "NaN": (sending(json_event(b'{"choices":[{"text":"x"}],"a":NaN}')), ModelBadReply),
    "bad UTF-8": (sending(json_event(b'{"choices":[{"text":"\xff"}]}')), ModelBadReply),
    "a lone surrogate": (sending(json_event(b'{"choices":[{"text":"\\ud800"}]}')), ModelBadReply),
    "deeply nested": (sending(json_event(b'{"a":' + b"[" * 100_000)), ModelBadReply),
    "an error event": (
        sending(json_event(b'{"error":{"code":503,"message":"overloaded"}}')),
        ModelRefused,
    ),
    "gave up": (
        sending(json_event(b'{"choices":[{"text":"x","finish_reason":"abort"}]}')),
        ModelBadReply,
    ),
}


@pytest.mark.parametrize(("misdeed", "expected"), CASES.values(), ids=CASES.keys())
async def test_a_broken_endpoint_costs_one_request(
    misdeed: Misdeed, expected: type[ModelError]
) -> None:
    recovered = False

    async def script(client: Client) -> None:
        await client.request()
        await (sending(streamed("fine")) if recovered else misdeed)(client)

    async with RawServer(script) as server, asking(server.url) as model:
        with pytest.raises(expected) as caught:
            await collected(model)
        recovered = True
        assert await text_of(model) == "fine"
    assert type(caught.value) is expected
    assert "def add" not in str(caught.value)


async def test_nobody_listening_is_said_in_words() -> None:
    async with RawServer(sending()) as server:
        url = server.url
    async with asking(url) as model:
        with pytest.raises(ModelUnreachable, match="is the server running"):
            await collected(model)


async def test_an_unknown_host_is_said_in_words() -> None:
    async with asking("http://no-such-host.invalid/v1/completions", total_s=5) as model:
        with pytest.raises(ModelUnreachable):
            await collected(model)


@pytest.mark.parametrize(
    "misdeed",
    [
        pytest.param(pouring(STREAM_HEAD, chunk(b"data: " + b"x" * 65536)), id="a line"),
        pytest.param(pouring(STREAM_HEAD, chunk(event("x" * 4096))), id="text"),
        pytest.param(pouring(HEAD, b"a: " + b"b" * 65536), id="a header"),
        pytest.param(pouring(HEAD + b"content-encoding: gzip\r\n\r\n", BOMB), id="a gzip bomb"),
        pytest.param(pouring(STREAM_HEAD, chunk(b"d")), id="one-byte chunks"),
    ],
)
async def test_an_endpoint_that_pours_for_ever_does_not_fill_memory(misdeed: Misdeed) -> None:
    async def script(client: Client) -> None:
        await client.request()
        await misdeed(client)

    tracemalloc.start()
    try:
        async with RawServer(script) as server, asking(server.url, total_s=SLACK_S) as model:
            with pytest.raises(ModelError):
                await collected(model)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 20 << 20


async def test_the_deadline_spans_the_second_try() -> None:
    async def script(client: Client) -> None:
        await client.request()
        if len(client.server.requests) == 1:
            await client.send(answered("503 Service Unavailable"))
        else:
            await client.gone()

    async with RawServer(script) as server, asking(server.url) as model:
        with pytest.raises(ModelTimeout, match=f"{DEADLINE_S:g} s"):
            await collected(model)
    assert len(server.requests) == 2
