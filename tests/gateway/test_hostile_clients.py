"""Clients that mean no good or know no better: none gets in, none can hold the door."""

import asyncio
import contextlib
import logging

import pytest

from tests.asynchronous import asynchronous
from tests.e2e.model import Holding, Model, rewriting, saying
from tests.gateway.raw_client import connected, headed, posting
from tests.gateway.serving import COMPLETIONS, endpoint, opened, rendered
from tests.models.raw_server import answered
from zeta_lsp.core.settings import PredictSettings, Settings
from zeta_lsp.gateway.crowd import WAITING_MAX
from zeta_lsp.gateway.http.connection import CONNECTIONS_MAX, Connection
from zeta_lsp.gateway.http.posted import BODY_BYTES_MAX

CANARY = "canary_6f1d"


OTHER_HOSTS = (
    *("evil.example", "evil.example:7411", "127.0.0.1.evil.example", "0.0.0.0", "", "[::2]"),
    *("127.0.0.1@evil.example", "localhost.evil.example", "2130706433"),
)
OUR_HOSTS = ("127.0.0.1:1", "localhost", "LOCALHOST:80", "[::1]:7411", "127.0.0.2")
PAGES = (
    {"origin": "https://evil.example"},
    {"origin": "http://127.0.0.1:7411"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-origin"},
)


@asynchronous
async def test_another_hosts_name_is_refused():
    async with opened() as gateway:
        for host in OTHER_HOSTS:
            response = await gateway.client.get("/v1/models", headers={"host": host})
            assert response.status_code == 403, host
            assert response.json()["error"]["code"] == "wrong_host"


@asynchronous
async def test_this_machines_names_are_let_in_whatever_the_port():
    async with opened() as gateway:
        for host in OUR_HOSTS:
            response = await gateway.client.get("/v1/models", headers={"host": host})
            assert response.status_code == 200, host


@asynchronous
async def test_web_pages_are_refused():
    async with opened() as gateway:
        for headers in PAGES:
            for response in (
                await gateway.client.get("/v1/models", headers=headers),
                await gateway.client.post(COMPLETIONS, json={"prompt": "x"}, headers=headers),
                await gateway.client.options(COMPLETIONS, headers=headers),
            ):
                assert response.status_code == 403, headers
                assert not any("access-control" in name for name in response.headers)
    assert gateway.entries == []


@asynchronous
async def test_with_a_token_only_who_has_it_is_let_in():
    async with opened(token="s3cret") as gateway:
        for given in ({}, {"authorization": "Bearer other"}, {"authorization": "s3cret"}):
            response = await gateway.client.get("/v1/models", headers=given)
            assert response.status_code == 401
        good = {"authorization": "Bearer s3cret"}
        assert (await gateway.client.get("/v1/models", headers=good)).status_code == 200
        assert (await gateway.client.get("/health")).status_code == 200


@asynchronous
async def test_no_other_address_listens():
    async with opened() as gateway:
        for address in ("127.0.0.1", "::1"):
            with contextlib.suppress(OSError):  # a machine without IPv6
                async with connected(gateway.port, address) as client:
                    await client.send(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n")
                    assert await client.status() == 200
        with pytest.raises(ConnectionRefusedError):
            async with connected(gateway.port, "127.0.0.2"):
                pass


@asynchronous
async def test_a_body_that_says_it_is_huge_is_refused_unread():
    async with opened() as gateway, connected(gateway.port) as client:
        await client.send(headed(COMPLETIONS, f"content-length: {BODY_BYTES_MAX + 1}"))
        assert await client.status() == 413


@asynchronous
async def test_a_body_that_turns_out_to_be_huge_is_refused():
    async with opened() as gateway, connected(gateway.port) as client:
        await client.send(headed(COMPLETIONS, "transfer-encoding: chunked"))
        piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        with contextlib.suppress(ConnectionError):
            for _ in range(BODY_BYTES_MAX // 65536 + 1):
                await client.send(piece)
        assert await client.status() == 413


BROKEN = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"[" * 100_000,
    b'{"prompt": ' + b"[" * 100_000,
    b'{"prompt": 5}',
    b'{"prompt": ["a", "b"]}',
    b'{"prompt": "\xff"}',
    b'{"prompt": "\\ud800"}',
    b'{"prompt": "<[fim-suffix]>\\n<[fim-prefix]><filename>\\ud800\\n<[fim-middle]>"}',
    b'{"prompt": "x", "stop": 7}',
    b'{"prompt": "x", "stream": "yes"}',
    b"\x00" * 64,
]


@pytest.mark.parametrize("path", [COMPLETIONS, "/api/generate", "/infill"])
@asynchronous
async def test_a_body_that_is_no_request_is_refused_in_words_of_ours(path):
    async with opened() as gateway:
        for body in BROKEN:
            response = await gateway.client.post(path, content=body)
            if path == COMPLETIONS or response.status_code != 200:
                assert response.status_code in (400, 422), body
                assert response.json()["error"]["code"] in ("bad_request", "unknown_prompt")


class Hasty(Connection):
    head_s_max = 0.1


@asynchronous
async def test_a_connection_on_which_nothing_is_asked_is_closed():
    async with opened(connection=Hasty) as gateway, connected(gateway.port) as client:
        await client.closed()


@asynchronous
async def test_a_head_that_drips_is_not_waited_for():
    async with opened(connection=Hasty) as gateway, connected(gateway.port) as client:
        await client.send(b"POST /v1/completions HTTP/1.1\r\n")
        dripping = asyncio.ensure_future(drip(client))
        assert await client.closed() == b""
        dripping.cancel()


@asynchronous
async def test_a_second_head_that_drips_is_not_waited_for_either():
    async with opened(connection=Hasty) as gateway, connected(gateway.port) as client:
        await client.send(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert await client.status() == 200
        await client.send(b"GET /health HTTP/1.1\r\n")
        await client.closed()


async def drip(client) -> None:
    with contextlib.suppress(ConnectionError):
        while True:
            await client.send(b"x-drip: 1\r\n")
            await asyncio.sleep(0.01)


@asynchronous
async def test_a_body_that_drips_is_not_waited_for():
    async with opened(body_s_max=0.1) as gateway, connected(gateway.port) as client:
        await client.send(headed(COMPLETIONS, "content-length: 100") + b"{")
        assert await client.status() == 408


@asynchronous
async def test_a_head_without_end_is_refused():
    async with opened() as gateway, connected(gateway.port) as client:
        with contextlib.suppress(ConnectionError):
            await client.send(b"GET / HTTP/1.1\r\n" + b"x-many: y\r\n" * 20_000)
        await client.closed()


@asynchronous
async def test_connections_have_a_limit_and_the_door_opens_again():
    async with opened() as gateway, contextlib.AsyncExitStack() as stack:
        held = [
            await stack.enter_async_context(connected(gateway.port)) for _ in range(CONNECTIONS_MAX)
        ]
        await held[0].send(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert await held[0].status() == 200
        async with connected(gateway.port) as late:
            assert await late.closed() == b""
        held[1].leave()
        held[2].leave()
        await held[3].send(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert await held[3].status() == 200


@asynchronous
async def test_a_client_that_leaves_ends_the_question_to_the_model():
    """Zed closes its connection on every key."""
    async with Model(Holding()) as model, opened(endpoint(model.url, timeout_ms=60_000)) as gateway:
        async with connected(gateway.port) as client:
            await client.send(posting(rendered()))
            await model.until(lambda server: len(server.requests) == 1)
        await model.until(lambda server: server.closed_by_client == 1)
        model.behave = rewriting()
        await gateway.text(rendered())
    assert gateway.reasons == ["cancelled", "no_change"]


@asynchronous
async def test_a_client_that_leaves_its_place_in_the_queue_asks_nobody():
    one = Settings(predict=PredictSettings(max_in_flight=1))
    holding = Holding()
    async with (
        Model(holding) as model,
        opened(endpoint(model.url, timeout_ms=60_000), one) as gateway,
        connected(gateway.port) as first,
    ):
        await first.send(posting(rendered()))
        await model.until(lambda server: len(server.requests) == 1)
        async with connected(gateway.port) as second:
            await second.send(posting(rendered("zeta2")))
            await gateway.client.get("/health")
        await gateway.journal.holds(1)
        holding.go.set()
        assert await first.status() == 200
        assert len(model.requests) == 1


@asynchronous
async def test_more_questions_than_can_wait_are_refused_at_once():
    one = Settings(predict=PredictSettings(max_in_flight=1))
    async with (
        Model(Holding()) as model,
        opened(endpoint(model.url, timeout_ms=60_000), one) as gateway,
        contextlib.AsyncExitStack() as stack,
    ):
        clients = [
            await stack.enter_async_context(connected(gateway.port)) for _ in range(WAITING_MAX + 1)
        ]
        for client in clients:
            await client.send(posting(rendered()))
        await model.until(lambda server: len(server.requests) == 1)
        response = await gateway.complete(rendered())
        while response.status_code != 429:
            response = await gateway.complete(rendered())
        assert response.json()["error"]["code"] == "gateway_busy"
        assert response.headers["retry-after"] == "1"
        assert len(model.requests) == 1


@asynchronous
async def test_nothing_that_clients_send_reaches_a_log(caplog):
    caplog.set_level(logging.DEBUG)
    async with (
        Model(saying(answered("500 Broken", body=CANARY.encode()))) as model,
        opened(endpoint(model.url)) as gateway,
    ):
        prompt = rendered().replace("return resu", f"return {CANARY}")
        await gateway.complete(prompt)
        await gateway.complete(CANARY)
        await gateway.client.post(COMPLETIONS, content=CANARY)
        await gateway.client.get(f"/{CANARY}")
        async with connected(gateway.port) as client:
            await client.send(f"{CANARY}\r\n\r\n".encode())
            await client.closed()
        assert CANARY.encode() in model.sent
    ours = [one for one in caplog.records if not one.name.startswith(("httpx", "httpcore"))]
    assert CANARY not in repr([one.getMessage() for one in ours])
    assert CANARY not in repr(gateway.entries)


@asynchronous
async def test_a_mistake_of_ours_is_an_error_without_text_and_the_door_stays_open(caplog):
    class Broken:
        label = ""

        async def question(self, read):
            raise ValueError(read.prompt.text)

        async def name(self):
            return ""

        async def warm(self):
            pass

        async def aclose(self):
            pass

    async with opened(Broken()) as gateway:
        response = await gateway.complete(rendered())
        assert response.status_code == 500
        assert response.json()["error"]["code"] == "internal_error"
        assert (await gateway.client.get("/health")).status_code == 200
    assert "return resu" not in caplog.text
    assert "ValueError at" in caplog.text
    assert gateway.reasons == ["internal_error"]
