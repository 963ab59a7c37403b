"""The breaker, the retry and the proxy around a request."""

import asyncio

import httpx
import pytest

from tests.models.asking import PROMPT, asking, collected, text_of
from tests.models.raw_server import (
    STREAM_HEAD,
    Client,
    RawServer,
    answered,
    chunk,
    event,
    replying,
    streamed,
)
from zeta_lsp.core.errors import (
    ModelBusy,
    ModelError,
    ModelPaused,
    ModelRefused,
    ModelUnnamed,
    ModelUnreachable,
)
from zeta_lsp.models.breaker import FAILURES, Breaker, State
from zeta_lsp.models.keys import Key
from zeta_lsp.models.proxied import ProxiedTransport
from zeta_lsp.models.tls import Tls
from zeta_lsp.models.transport import LeanTransport

pytestmark = pytest.mark.anyio
NOW_S = 0.0


async def test_a_second_try_may_succeed() -> None:
    replies = replying(answered("502 Bad Gateway"), streamed("fine"))
    async with RawServer(replies) as server, asking(server.url) as model:
        assert await text_of(model) == "fine"


async def test_there_is_no_third_try() -> None:
    async with RawServer(replying(answered("502 Bad Gateway"))) as server:
        async with asking(server.url) as model:
            with pytest.raises(ModelRefused):
                await collected(model)
        assert len(server.requests) == 2


async def test_after_the_first_piece_nothing_is_tried_again() -> None:
    async def script(client: Client) -> None:
        await client.request()
        await client.send(STREAM_HEAD + chunk(event("x")))

    async with RawServer(script) as server, asking(server.url) as model:
        with pytest.raises(ModelError):
            await collected(model)
        assert len(server.requests) == 1


async def test_a_pause_that_the_endpoint_asks_for_is_kept() -> None:
    reply = answered("429 Too Many Requests", "Retry-After: 30")
    async with RawServer(replying(reply)) as server, asking(server.url) as model:
        with pytest.raises(ModelBusy) as caught:
            await collected(model)
        assert caught.value.retry_after_s == 30
        with pytest.raises(ModelPaused, match="30 s"):
            await collected(model)
        assert len(server.requests) == 1


async def test_an_endpoint_that_keeps_failing_is_not_asked_any_more() -> None:
    async with RawServer(replying(answered("500 No"))) as server, asking(server.url) as model:
        for _ in range(FAILURES):
            with pytest.raises(ModelRefused):
                await collected(model)
        with pytest.raises(ModelPaused):
            await collected(model)
        assert len(server.requests) == FAILURES


async def test_a_refused_prompt_says_nothing_about_the_endpoint() -> None:
    breaker = Breaker()
    async with (
        RawServer(replying(answered("400 Bad Request"))) as server,
        asking(server.url, breaker=breaker) as model,
    ):
        for _ in range(FAILURES + 1):
            with pytest.raises(ModelRefused):
                await collected(model)
    assert breaker.state(NOW_S) is State.CLOSED


async def test_cancelled_requests_say_nothing_about_the_endpoint() -> None:
    breaker = Breaker()

    async def script(client: Client) -> None:
        await client.request()
        await client.gone()

    async with RawServer(script) as server, asking(server.url, breaker=breaker) as model:
        for count in range(FAILURES + 1):
            task = asyncio.create_task(collected(model))
            await server.until(lambda it, count=count: len(it.requests) == count + 1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
    assert breaker.state(NOW_S) is State.CLOSED


async def test_closing_a_model_closes_the_connection_whose_answer_has_just_ended() -> None:
    async def script(client: Client) -> None:
        await client.request()
        await client.send(STREAM_HEAD + chunk(event("x", "stop")))
        await client.gone()

    async with RawServer(script) as server:
        async with asking(server.url) as model:
            assert await text_of(model) == "x"
        await server.until(lambda it: it.closed_by_client == 1)


async def test_a_transport_serves_one_origin_only() -> None:
    async with RawServer(replying(streamed("x"))) as server:
        transport = LeanTransport(httpx.URL("http://127.0.0.1:1"), Tls())
        with pytest.raises(httpx.UnsupportedProtocol):
            await transport.handle_async_request(httpx.Request("GET", server.url))
        assert server.connections == 0


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with RawServer(replying(streamed("x"))) as server, asking(server.url) as model:
        assert await text_of(model) == "x"


async def test_a_proxy_of_the_settings_is_used() -> None:
    async with RawServer(replying(streamed("through the proxy"))) as proxy:
        transport = ProxiedTransport(f"http://127.0.0.1:{proxy.port}", Tls())
        url = "http://models.invalid/v1/completions"
        key = Key(url, env="K", environ={"K": "key-1"})
        async with asking(url, transport=transport, key=key, total_s=5) as model:
            assert await text_of(model) == "through the proxy"
            await model.channel.settled()
            assert await text_of(model) == "through the proxy"
    first, second = proxy.requests
    assert first.line == "POST http://models.invalid/v1/completions HTTP/1.1"
    assert first.header("authorization") == "Bearer key-1"
    assert (first.connection, second.connection) == (1, 1)


async def test_cancelling_through_a_proxy_closes_the_connection() -> None:
    async def script(client: Client) -> None:
        await client.request()
        await client.send(STREAM_HEAD + chunk(event("x")))
        await client.gone()

    async with RawServer(script) as proxy:
        transport = ProxiedTransport(f"http://127.0.0.1:{proxy.port}", Tls())
        async with asking("http://models.invalid/v1", transport=transport, total_s=5) as model:
            pieces = model.stream(PROMPT)
            await anext(pieces)
            await pieces.aclose()
            await proxy.until(lambda it: it.closed_by_client == 1)


async def test_a_proxy_that_is_not_there_is_said_in_words() -> None:
    async with RawServer(replying(b"")) as gone:
        pass
    transport = ProxiedTransport(f"http://127.0.0.1:{gone.port}", Tls())
    async with asking("http://models.invalid/v1", transport=transport) as model:
        with pytest.raises(ModelUnreachable):
            await collected(model)


async def test_several_models_and_no_choice_is_said_in_words() -> None:
    listing = answered("200 OK", body=b'{"data":[{"id":"small"},{"id":"large"}]}')
    async with RawServer(replying(listing)) as server, asking(server.url, name="") as model:
        with pytest.raises(ModelUnnamed, match="small, large"):
            await collected(model)


async def test_an_endpoint_that_lists_no_models_is_asked_without_a_name() -> None:
    replies = replying(answered("404 Not Found"), streamed("x"))
    async with RawServer(replies) as server, asking(server.url, name="") as model:
        assert await text_of(model) == "x"
    assert "model" not in server.requests[1].json


async def test_warming_opens_a_connection_that_the_first_request_uses() -> None:
    async with RawServer(replying(streamed("x"))) as server, asking(server.url) as model:
        await model.warm()
        await model.warm()
        await server.until(lambda it: it.connections == 1)
        assert server.requests == []
        assert await text_of(model) == "x"
        assert server.connections == 1


async def test_warming_a_dead_endpoint_is_no_fault() -> None:
    async with RawServer(replying(b"")) as gone:
        pass
    async with asking(gone.url) as model:
        await model.warm()
