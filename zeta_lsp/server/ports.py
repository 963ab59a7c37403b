"""Serving on ports: every connection is a session of its own, and ``exit`` ends only that.

A web page can make a browser talk to any port of the machine it runs on. On TCP that begins as an
HTTP request, which is answered with an error and the end of the connection; a WebSocket names the
page it comes from, and only pages of this machine are let in.
"""

import asyncio
import contextlib
import re
import socket
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from zeta_lsp.server.connection import Connection, MakeApplication
from zeta_lsp.server.framing import MAX_BODY_BYTES, Fault, frame
from zeta_lsp.server.input import Inbound
from zeta_lsp.server.lifetime import end_on_signals
from zeta_lsp.server.output import FLUSH_S, HIGH_WATER_BYTES, LOW_WATER_BYTES

if TYPE_CHECKING:
    from websockets.asyncio.server import ServerConnection

_LOCAL_PAGE = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")


async def serve_tcp(make: MakeApplication, host: str, port: int) -> int:
    """Serve on TCP until the process is told to end; the exit code."""
    clients: set[_TcpClient] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _TcpClient(make, clients), host, port)
    async with server:
        _announce("tcp", server.sockets)
        code = await _until_signalled()
        await asyncio.gather(*(client.end() for client in clients))
    return code


class _TcpClient(Inbound):
    """One TCP connection."""

    def __init__(self, make: MakeApplication, clients: "set[_TcpClient]") -> None:
        super().__init__(self._received, self._gone)
        self._make = make
        self._clients = clients

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        assert isinstance(transport, asyncio.Transport)
        transport.set_write_buffer_limits(HIGH_WATER_BYTES, LOW_WATER_BYTES)
        self._connection = Connection(self._make, lambda body: transport.write(frame(body)))
        self._clients.add(self)
        self._served = asyncio.ensure_future(self._connection.run())
        self._served.add_done_callback(lambda _: self._clients.discard(self))
        self._served.add_done_callback(lambda _: transport.close())

    def pause_writing(self) -> None:
        self.hold(True)

    def resume_writing(self) -> None:
        self.hold(False)

    async def end(self) -> None:
        self._connection.end(0)
        await self._served

    def _received(self, items: Sequence[bytes | Fault]) -> None:
        self._connection.receive(items)
        if Fault.HTTP in items:
            self._connection.end(1)

    def _gone(self) -> None:
        self._connection.disconnected()


async def serve_websocket(make: MakeApplication, host: str, port: int) -> int:
    """Serve on a WebSocket, one message a frame, until the process is told to end."""
    from websockets.asyncio.server import serve

    async def talk(socket: "ServerConnection") -> None:
        await _WebSocketClient(make, socket).run()

    async with serve(
        talk,
        host,
        port,
        origins=[None, _LOCAL_PAGE],
        max_size=MAX_BODY_BYTES,
        compression=None,  # it costs more time than this machine's own network
    ) as server:
        _announce("ws", server.sockets)
        return await _until_signalled()


class _WebSocketClient:
    """One WebSocket connection."""

    def __init__(self, make: MakeApplication, socket: "ServerConnection") -> None:
        self._socket = socket
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue()
        self._kept_bytes = 0
        self._room = asyncio.Event()
        self._room.set()
        self._connection = Connection(make, self._send)

    async def run(self) -> None:
        tasks = [asyncio.ensure_future(self._read()), asyncio.ensure_future(self._write())]
        await self._connection.run()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._outbox.join(), FLUSH_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _send(self, body: bytes) -> None:
        self._outbox.put_nowait(body)
        self._kept_bytes += len(body)
        if self._kept_bytes > HIGH_WATER_BYTES:
            self._room.clear()

    async def _write(self) -> None:
        while True:
            body = await self._outbox.get()
            await self._socket.send(body, text=True)
            self._outbox.task_done()
            self._kept_bytes -= len(body)
            if self._kept_bytes < LOW_WATER_BYTES:
                self._room.set()

    async def _read(self) -> None:
        from websockets.exceptions import ConnectionClosed

        with contextlib.suppress(ConnectionClosed):
            while True:
                self._connection.receive([await self._socket.recv(decode=False)])
                await self._room.wait()
        self._connection.disconnected()


def _announce(kind: str, sockets: Iterable[socket.socket]) -> None:
    """Say on standard error where clients may connect; the port may have been left open."""
    for one in sockets:
        host, port = one.getsockname()[:2]
        sys.stderr.write(f"zeta-lsp: listening on {kind} {host}:{port}\n")
    sys.stderr.flush()


async def _until_signalled() -> int:
    code: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    end_on_signals(lambda number: None if code.done() else code.set_result(number))
    return await code
