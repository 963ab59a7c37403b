"""What a client, a broken client, or something that is no client may put into the pipe."""

import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.asynchronous import asynchronous
from tests.lsp_client import Client, ServerError, frame
from tests.server.echo import SECRET
from zeta_lsp.server.faults import Code

ECHO = [sys.executable, "-m", "tests.server.echo"]
URI = "file:///a.py"


@asynccontextmanager
async def running() -> AsyncIterator[Client]:
    async with Client.start(ECHO) as client:
        await client.initialize()
        yield client


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def request(ident: Any, method: str = "echo/now", params: Any = None) -> bytes:
    return frame({"jsonrpc": "2.0", "id": ident, "method": method, "params": params})


def change(text: str) -> Any:
    return {"textDocument": {"uri": URI, "version": 1}, "contentChanges": [{"text": text}]}


DEEP = b"[" * 100_000 + b"]" * 100_000
MANY_DIGITS = b"9" * 5000

BODIES = {
    "nothing": (b"", None, Code.PARSE_ERROR),
    "bad JSON": (b"{", None, Code.PARSE_ERROR),
    "text behind the JSON": (b'{"id":5,"method":"echo/now"} x', None, Code.PARSE_ERROR),
    "a byte order mark": (b'\xef\xbb\xbf{"id":5,"method":"x"}', None, Code.PARSE_ERROR),
    "a batch": (b'[{"id":5,"method":"echo/now"}]', None, Code.INVALID_REQUEST),
    "a scalar": (b"42", None, Code.INVALID_REQUEST),
    "null": (b"null", None, Code.INVALID_REQUEST),
    "an empty object": (b"{}", None, Code.INVALID_REQUEST),
    "deep nesting": (DEEP, None, Code.PARSE_ERROR),
    "deep nesting in the parameters": (
        b'{"id":5,"method":"echo/now","params":' + DEEP + b"}",
        None,
        Code.PARSE_ERROR,
    ),
    "5000 digits": (b'{"id":' + MANY_DIGITS + b',"method":"x"}', None, Code.PARSE_ERROR),
    "an id that is an object": (b'{"id":{},"method":"x"}', None, Code.INVALID_REQUEST),
    "an id that is null": (b'{"id":null,"method":"x"}', None, Code.INVALID_REQUEST),
    "an id that is true": (b'{"id":true,"method":"x"}', None, Code.INVALID_REQUEST),
    "an id that is a fraction": (b'{"id":1.5,"method":"x"}', None, Code.INVALID_REQUEST),
    "a method that is a number": (b'{"id":5,"method":7}', 5, Code.INVALID_REQUEST),
    "bad UTF-8 in the method": (b'{"id":5,"method":"\xff"}', None, Code.PARSE_ERROR),
    "bad UTF-8 in the parameters": (
        b'{"id":5,"method":"textDocument/inlineCompletion","params":{"textDocument":{"uri":"\xff"}}}',
        5,
        Code.PARSE_ERROR,
    ),
    "not a number": (b'{"id":5,"method":"echo/now","params":[NaN]}', None, Code.PARSE_ERROR),
    "wrong parameters": (
        b'{"id":5,"method":"textDocument/inlineCompletion","params":{"position":1}}',
        5,
        Code.INVALID_PARAMS,
    ),
    "no parameters": (b'{"id":5,"method":"textDocument/inlineCompletion"}', 5, Code.INVALID_PARAMS),
    "an unknown method": (b'{"id":5,"method":"no/such"}', 5, Code.METHOD_NOT_FOUND),
    "an unknown optional method": (b'{"id":5,"method":"$/no"}', 5, Code.METHOD_NOT_FOUND),
    "a second initialize": (b'{"id":5,"method":"initialize"}', 5, Code.INVALID_REQUEST),
}

STRAYS = {
    "a negative length": (b"Content-Length: -1\r\n\r\n{}", Code.PARSE_ERROR),
    "a length that is no number": (b"Content-Length: much\r\n\r\n{}", Code.PARSE_ERROR),
    "no length": (b"Content-Type: text/plain\r\n\r\n{}", Code.PARSE_ERROR),
    "10 GB announced": (b"Content-Length: 10000000000\r\n\r\n{", Code.INVALID_REQUEST),
    "a length of 5000 digits": (b"Content-Length: %b\r\n\r\n" % MANY_DIGITS, Code.INVALID_REQUEST),
    "a header without end": (b"x" * 20_000, Code.PARSE_ERROR),
    "a program that prints": (b"Loading settings...\nDone.\n\n", Code.PARSE_ERROR),
    "an HTTP request": (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", Code.INVALID_REQUEST),
}


@asynchronous
async def test_every_bad_body_is_answered_and_the_next_request_works() -> None:
    async with running() as client:
        for name, (body, ident, code) in BODIES.items():
            client.send_bytes(framed(body))
            reply = await client.stray()
            assert (reply["id"], reply["error"]["code"]) == (ident, code), name
            assert await client.request("echo/now", name) == name
        assert client.strays == []
        assert (await client.request("echo/state"))["lost"] == []


@asynchronous
async def test_every_bad_stretch_of_the_stream_is_answered_and_the_next_request_works() -> None:
    async with running() as client:
        for name, (data, code) in STRAYS.items():
            client.send_bytes(data)
            client.expect(f"behind {name}")
            client.send_bytes(request(f"behind {name}"))
            reply = await client.stray()
            assert (reply["id"], reply["error"]["code"]) == (None, code), name
            assert "result" in await client.reply_to(f"behind {name}")
        assert client.strays == []


@pytest.mark.parametrize(
    "header",
    [b"content-length: %d\r\n\r\n", b"Content-Length:%d\r\n\r\n", b"Content-Length: %d\n\n"],
)
@asynchronous
async def test_sloppy_headers_are_understood(header: bytes) -> None:
    async with running() as client:
        body = b'{"id":"x","method":"echo/now"}'
        client.expect("x")
        client.send_bytes(header % len(body) + body)
        assert "result" in await client.reply_to("x")


@asynchronous
async def test_ids_are_echoed_as_they_came() -> None:
    async with running() as client:
        for ident in (0, -1, "", "ü", "\ud800", 10**30):
            client.expect(ident)
            client.send_bytes(request(ident))
            assert (await client.reply_to(ident))["id"] == ident


@asynchronous
async def test_half_a_character_gets_through_in_both_directions() -> None:
    async with running() as client:
        half = "x\ud83dy"
        item = {"uri": URI, "languageId": "a", "version": 0, "text": half}
        client.notify("textDocument/didOpen", {"textDocument": item})
        raw = {"uri": URI, "languageId": "a", "version": 0, "text": "RAW"}
        whole = frame({"method": "textDocument/didOpen", "params": {"textDocument": raw}})
        bare = whole.partition(b"\r\n\r\n")[2].replace(
            b"RAW", half.encode("utf-8", "surrogatepass")
        )
        client.send_bytes(framed(bare))
        assert (await client.request("echo/state"))["opened"] == [half, half]
        assert await client.request("echo/now", half) == half


@asynchronous
async def test_a_handler_that_raises_says_nothing_of_the_text() -> None:
    async with Client.start(ECHO, stderr=-1) as client:
        await client.initialize()
        for method in ("echo/raise", "echo/raiseLater", "echo/unspeakable", "textDocument/hover"):
            with pytest.raises(ServerError) as caught:
                await client.request(method, {"textDocument": SECRET})
            assert SECRET not in caught.value.message
        client.notify("textDocument/didChange", change(SECRET))
        assert await client.request("echo/now", 1) == 1
        assert await client.shut_down() == 0
        log = await stderr_of(client)
        assert "echo/raise failed: ValueError at " in log
        assert SECRET not in log


async def stderr_of(client: Client) -> str:
    assert client.process is not None
    assert client.process.stderr is not None
    return (await client.process.stderr.read()).decode()


@asynchronous
async def test_a_notification_that_was_not_followed_is_known_as_lost() -> None:
    async with running() as client:
        client.notify("textDocument/didChange", change(SECRET))
        client.notify("textDocument/didChange", {"textDocument": {"uri": URI}})
        client.send_bytes(framed(b'{"method":"textDocument/didChange","params":{"te'))
        client.notify("$/unknown")
        client.notify("no/such", {"textDocument": {"uri": URI}})
        client.notify("textDocument/didChange", change("x"))
        state = await client.request("echo/state")
        assert state["lost"] == [["textDocument/didChange", URI]] * 2 + [[None, None]]
        assert state["changes"] == 1


@asynchronous
async def test_nothing_is_answered_before_initialize_and_after_shutdown() -> None:
    async with Client.start(ECHO) as client:
        with pytest.raises(ServerError, match=str(int(Code.NOT_INITIALIZED))):
            await client.request("echo/now")
        client.notify("textDocument/didChange", change("x"))
        with pytest.raises(ServerError, match=str(int(Code.INTERNAL_ERROR))):
            await client.request("initialize", {"fail": True})
        await client.initialize()
        assert (await client.request("echo/state"))["changes"] == 0
        client.ask("echo/never")
        assert await client.request("shutdown") is None
        with pytest.raises(ServerError, match=str(int(Code.INVALID_REQUEST))):
            await client.request("echo/now")
        client.notify("exit")
        assert await client.exit_code() == 0


@asynchronous
async def test_a_second_initialize_keeps_the_state() -> None:
    async with running() as client:
        client.notify("textDocument/didChange", change("x"))
        with pytest.raises(ServerError):
            await client.initialize()
        assert (await client.request("echo/state"))["changes"] == 1


@asynchronous
async def test_a_cancelled_request_gets_one_reply_even_if_its_handler_answers() -> None:
    async with running() as client:
        asked = [client.ask("echo/never"), client.ask("echo/stubborn")]
        await client.request("echo/now")
        for ident in asked:
            client.notify("$/cancelRequest", {"id": ident})
        for ident in asked:
            reply = await client.reply_to(ident)
            assert reply["error"]["code"] == Code.REQUEST_CANCELLED
        client.notify("$/cancelRequest", {"id": "unknown"})
        client.notify("$/cancelRequest", {"id": None})
        state = await client.request("echo/state")
        assert state["cancelled"] == 2
        assert client.strays == []


@asynchronous
async def test_an_id_that_is_in_use_is_refused() -> None:
    async with running() as client:
        ident = client.ask("echo/never")
        client.send_bytes(request(ident))
        assert (await client.reply_to(ident))["error"]["code"] == Code.INVALID_REQUEST
        client.expect(ident)
        client.notify("$/cancelRequest", {"id": ident})
        assert (await client.reply_to(ident))["error"]["code"] == Code.REQUEST_CANCELLED


@asynchronous
async def test_a_storm_of_cancellations_leaves_nothing_behind() -> None:
    chance = random.Random(7)
    async with running() as client:
        before = await client.request("echo/state")
        asked: list[int] = []
        for _ in range(4000):
            method = chance.choice(["echo/never", "echo/stubborn", "echo/later", "echo/now"])
            asked.append(client.ask(method))
            if chance.random() < 0.9:
                client.notify("$/cancelRequest", {"id": chance.choice(asked)})
        for ident in asked:
            client.notify("$/cancelRequest", {"id": ident})
        replies = [await client.reply_to(ident) for ident in asked]
        codes = {reply["error"]["code"] for reply in replies if "error" in reply}
        assert codes == {Code.REQUEST_CANCELLED}
        assert client.strays == []
        assert (await client.request("echo/state"))["tasks"] <= before["tasks"]


@asynchronous
async def test_a_stray_print_does_not_reach_the_client() -> None:
    async with Client.start(ECHO, stderr=-1) as client:
        await client.initialize()
        assert await client.request("echo/print") == ""
        assert await client.request("echo/now", 1) == 1
        assert await client.shut_down() == 0
        log = await stderr_of(client)
        assert "a stray print" in log
        assert "a stray child" in log


@asynchronous
async def test_fuzzed_messages_never_stop_the_server() -> None:
    chance = random.Random(11)
    seeds = [request(1), frame({"method": "textDocument/didChange", "params": change("x")})]
    seeds += [framed(body) for body, *_ in BODIES.values() if len(body) < 1000]
    async with running() as client:
        for round_number in range(60):
            for _ in range(50):
                data = bytearray(chance.choice(seeds))
                for _ in range(chance.randrange(4)):
                    at = chance.randrange(len(data))
                    data[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
                if b"exit" not in data and b"shutdown" not in data:
                    client.send_bytes(bytes(data))
            # A damaged length may have announced more than came.
            client.send_bytes(b" " * 70_000 + b"\r\n\r\n")
            client.expect(f"r{round_number}")
            client.send_bytes(request(f"r{round_number}"))
            assert "result" in await client.reply_to(f"r{round_number}")
        known = {*Code, None}
        assert {reply.get("error", {}).get("code") for reply in client.strays} <= known
