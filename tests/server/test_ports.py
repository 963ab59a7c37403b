"""Serving on ports: sessions of their own, and no web pages."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from tests.asynchronous import asynchronous
from tests.lsp_client import Client
from zeta_lsp.server.faults import Code


@asynccontextmanager
async def listening(kind: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """A server on a free port."""
    argv = [sys.executable, "-m", "tests.server.echo", kind]
    server = await asyncio.create_subprocess_exec(*argv, stderr=asyncio.subprocess.PIPE)
    assert server.stderr is not None
    try:
        line = await server.stderr.readline()
        yield server, int(line.rsplit(b":", 1)[1])
    finally:
        if server.returncode is None:
            server.kill()
        await server.communicate()


@asynchronous
async def test_clients_on_a_port_do_not_see_each_other() -> None:
    async with (
        listening("tcp") as (server, port),
        Client.connect("127.0.0.1", port) as first,
        Client.connect("127.0.0.1", port) as second,
    ):
        await first.initialize()
        await second.initialize()
        change = {"textDocument": {"uri": "a"}, "contentChanges": [{"text": "x"}]}
        first.notify("textDocument/didChange", change)
        assert (await first.request("echo/state"))["changes"] == 1
        assert (await second.request("echo/state"))["changes"] == 0
        await first.request("shutdown")
        first.notify("exit")
        await asyncio.wait_for(first.ended(), 20)
        assert await second.request("echo/now", 1) == 1
        server.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(server.wait(), 20) == 128 + signal.SIGTERM


@asynchronous
async def test_a_browser_that_posts_to_the_port_starts_nothing() -> None:
    body = b'{"id":1,"method":"initialize","params":{}}'
    head = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n" % len(body)
    async with listening("tcp") as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head + body)
        answer = await asyncio.wait_for(reader.read(), 20)
        assert str(int(Code.INVALID_REQUEST)).encode() in answer
        assert b"serverInfo" not in answer
        writer.close()


async def exchanged(socket: Any, **message: Any) -> Any:
    await socket.send(json.dumps({"jsonrpc": "2.0", **message}))
    reply = await asyncio.wait_for(socket.recv(), 20)
    assert isinstance(reply, str), "browsers read text frames"
    return json.loads(reply)


@asynchronous
async def test_a_websocket_carries_one_message_a_frame() -> None:
    async with listening("ws") as (server, port):
        page = Origin("http://localhost:3000")
        async with connect(f"ws://127.0.0.1:{port}", origin=page, max_size=None) as socket:
            await exchanged(socket, id=1, method="initialize", params={})
            assert (await exchanged(socket, id=2, method="echo/now", params="ü"))["result"] == "ü"
            await socket.send(b"{")
            assert json.loads(await socket.recv())["error"]["code"] == Code.PARSE_ERROR
            large = "x" * 5_000_000
            assert (await exchanged(socket, id=3, method="echo/later", params=large))["id"] == 3
            assert (await exchanged(socket, id=4, method="shutdown"))["result"] is None
            await socket.send('{"method":"exit"}')
            await asyncio.wait_for(socket.wait_closed(), 20)
        server.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(server.wait(), 20) == 128 + signal.SIGTERM


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost.evil.example", "null"])
@asynchronous
async def test_a_web_page_from_elsewhere_is_not_let_in(origin: Any) -> None:
    async with listening("ws") as (_, port):
        with pytest.raises(InvalidStatus):
            await connect(f"ws://127.0.0.1:{port}", origin=origin)
