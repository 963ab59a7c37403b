"""A good endpoint, asked as an editor asks: again and again, and cancelled half-way."""

import asyncio
from contextlib import aclosing

import pytest

from tests.models.asking import PROMPT, asking, collected, text_of
from tests.models.raw_server import (
    DONE,
    LAST_CHUNK,
    STREAM_HEAD,
    Client,
    RawServer,
    answered,
    chunk,
    event,
    replying,
    streamed,
)
from zeta_lsp.core.ports import Finish, Piece

pytestmark = pytest.mark.anyio


async def test_pieces_arrive_in_order_and_the_last_one_says_why_it_ended() -> None:
    async with RawServer(replying(streamed("a", "b"))) as server, asking(server.url) as model:
        *pieces, last = await collected(model)
        assert "".join(piece.text for piece in (*pieces, last)) == "ab"
        assert [piece.finish for piece in pieces] == [None] * len(pieces)
        assert (last.finish, last.model) == (Finish.STOP, "served")


async def test_what_arrives_together_is_one_piece() -> None:
    reply = STREAM_HEAD + chunk(event("a") + event("b")) + chunk(event("c", "stop")) + LAST_CHUNK
    async with RawServer(replying(reply)) as server, asking(server.url) as model:
        assert await collected(model) == [Piece("abc", Finish.STOP, "served")]


async def test_a_piece_is_handed_on_before_the_next_one_was_sent() -> None:
    may_go_on = asyncio.Event()

    async def script(client: Client) -> None:
        await client.request()
        await client.send(STREAM_HEAD + chunk(event("early")))
        await may_go_on.wait()
        await client.send(chunk(event("late", "stop")) + LAST_CHUNK)

    async with (
        RawServer(script) as server,
        asking(server.url, total_s=5) as model,
        aclosing(model.stream(PROMPT)) as pieces,
    ):
        assert (await anext(pieces)).text == "early"
        may_go_on.set()
        assert (await anext(pieces)).text == "late"


async def test_the_request_is_what_completions_servers_expect() -> None:
    extra = {"seed": 7, "temperature": 0.2}
    async with (
        RawServer(replying(streamed("x"))) as server,
        asking(server.url, extra=extra) as model,
    ):
        await text_of(model)
    request = server.requests[0]
    assert request.line == "POST /v1/completions HTTP/1.1"
    assert request.header("accept-encoding") == "identity"
    assert request.header("authorization") is None
    assert request.json == {
        "model": "served",
        "prompt": PROMPT.text,
        "max_tokens": 64,
        "temperature": 0.2,
        "stream": True,
        "stop": ["<end>"],
        "seed": 7,
    }


async def test_one_connection_serves_answer_after_answer() -> None:
    async with RawServer(replying(streamed("x"))) as server, asking(server.url) as model:
        for _ in range(5):
            assert await text_of(model) == "x"
    assert (server.connections, len(server.requests)) == (1, 5)


async def test_a_connection_is_kept_even_if_the_end_of_the_body_comes_late() -> None:
    may_end = asyncio.Event()

    async def script(client: Client) -> None:
        while True:
            await client.request()
            await client.send(STREAM_HEAD + chunk(event("x", "stop")))
            await may_end.wait()
            await client.send(chunk(DONE) + LAST_CHUNK)

    async with RawServer(script) as server, asking(server.url, total_s=5) as model:
        assert await text_of(model) == "x"
        may_end.set()
        await model.channel.settled()
        assert await text_of(model) == "x"
    assert server.connections == 1


async def test_closing_the_iterator_closes_the_connection() -> None:
    async def script(client: Client) -> None:
        await client.request()
        await client.send(STREAM_HEAD + chunk(event("x")))
        await client.gone()

    async with RawServer(script) as server, asking(server.url, total_s=5) as model:
        async with aclosing(model.stream(PROMPT)) as pieces:
            await anext(pieces)
        await server.until(lambda it: it.closed_by_client == 1)


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\n", STREAM_HEAD, STREAM_HEAD + b"5\r\n"])
async def test_cancelling_the_task_closes_the_connection_at_any_stage(sent: bytes) -> None:
    waiting = asyncio.Event()

    async def script(client: Client) -> None:
        await client.request()
        await client.send(sent)
        waiting.set()
        await client.gone()

    async with RawServer(script) as server, asking(server.url, total_s=5) as model:
        task = asyncio.create_task(collected(model))
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await server.until(lambda it: it.closed_by_client == 1)


async def test_after_a_cancel_a_spare_connection_is_waiting() -> None:
    async def script(client: Client) -> None:
        await client.request()
        if len(client.server.requests) == 1:
            await client.gone()
        await client.send(streamed("x"))

    async with RawServer(script) as server, asking(server.url, total_s=5) as model:
        task = asyncio.create_task(collected(model))
        await server.until(lambda it: len(it.requests) == 1)
        task.cancel()
        await server.until(lambda it: it.closed_by_client == 1)
        await server.until(lambda it: it.connections == 2)
        assert len(server.requests) == 1
        assert await text_of(model) == "x"


async def test_a_kept_connection_that_died_is_replaced_without_a_word() -> None:
    async def script(client: Client) -> None:
        await client.request()
        await client.send(streamed("x"))
        if client.server.connections == 1:
            await client.request()  # the next request is read, and then the connection drops
            client.reset()

    async with RawServer(script) as server, asking(server.url) as model:
        assert await text_of(model) == "x"
        assert await text_of(model) == "x"
    assert [request.connection for request in server.requests] == [1, 1, 2]


@pytest.mark.parametrize("unasked", [answered("408 Request Timeout"), b""], ids=["408", "closing"])
async def test_a_kept_connection_that_says_something_unasked_is_not_used_again(
    unasked: bytes,
) -> None:
    may_spoil = asyncio.Event()

    async def script(client: Client) -> None:
        await client.request()
        await client.send(streamed("x"))
        if client.number == 1:
            await may_spoil.wait()
            await client.send(unasked)
            client.writer.close()
            await client.gone()

    async with RawServer(script) as server, asking(server.url) as model:
        assert await text_of(model) == "x"
        may_spoil.set()
        await server.until(lambda it: it.closed_by_client == 1)
        assert await text_of(model) == "x"
    assert [request.connection for request in server.requests] == [1, 2]


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(
            STREAM_HEAD + chunk(event("x")) + chunk(DONE) + LAST_CHUNK, id="no finish reason"
        ),
        pytest.param(
            STREAM_HEAD + chunk(event("x", "stop")) + LAST_CHUNK, id="no DONE, as transformers does"
        ),
        pytest.param(
            STREAM_HEAD.replace(b"HTTP/1.1 200", b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200")
            + chunk(event("x", "stop"))
            + LAST_CHUNK,
            id="an interim answer first",
        ),
        pytest.param(
            b"HTTP/1.0 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + event("x", "stop"),
            id="HTTP/1.0",
        ),
        pytest.param(
            answered(
                "200 OK",
                "content-type: application/json; charset=utf-8",
                body=b'{"choices":[{"text":"x","finish_reason":"stop"}]}',
            ),
            id="a document instead of a stream",
        ),
        pytest.param(
            STREAM_HEAD + chunk(event("x", "stop").replace(b"\n", b"\r\n")) + LAST_CHUNK, id="CRLF"
        ),
        pytest.param(
            STREAM_HEAD + b"".join(chunk(bytes([b])) for b in event("x", "stop")) + LAST_CHUNK,
            id="a chunk per byte",
        ),
        pytest.param(
            STREAM_HEAD + chunk(b": ping\n\nevent: x\nid: 1\n" + event("x", "stop")) + b"0;a=b\r\n"
            b"Trailer: x\r\n\r\n",
            id="comments, extensions and trailers",
        ),
    ],
)
async def test_servers_may_differ_in_how_they_end_and_frame(reply: bytes) -> None:
    async def script(client: Client) -> None:
        await client.request()
        await client.send(reply)

    async with RawServer(script) as server, asking(server.url) as model:
        pieces = await collected(model)
    assert "".join(piece.text for piece in pieces) == "x"
    assert pieces[-1].finish is not None


async def test_an_endpoint_on_ipv6_is_reached() -> None:
    try:
        async with RawServer(replying(streamed("x")), host="::1") as server:
            async with asking(server.url) as model:
                assert await text_of(model) == "x"
            assert server.requests[0].header("host") == f"[::1]:{server.port}"
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")


async def test_an_unnamed_model_is_asked_for_once() -> None:
    listing = answered("200 OK", body=b'{"data":[{"id":"the-only-one"}]}')
    script = replying(listing, streamed("x"))
    async with RawServer(script) as server, asking(server.url, name="") as model:
        await text_of(model)
        await text_of(model)
    assert [request.line.split()[1] for request in server.requests] == [
        "/v1/models",
        "/v1/completions",
        "/v1/completions",
    ]
    assert server.requests[1].json["model"] == "the-only-one"
