"""A server that sends exactly the bytes a test wants, when it wants: raw asyncio, no HTTP library.

    async with RawServer(script) as server:
        ...ask server.url...

`script` handles one connection and is given a `Client`. `server.connections` counts them,
`server.requests` holds what was asked, in order.
"""

import asyncio
import contextlib
import json
import re
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

PATIENCE_S = 5.0
_LENGTH = re.compile(rb"(?im)^content-length: *(\d+)")


class Request(msgspec.Struct):
    """One request as it came."""

    head: bytes
    body: bytes
    connection: int
    """Which connection it came on, counted from 1."""

    @property
    def line(self) -> str:
        return self.head.partition(b"\r\n")[0].decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        match = re.search(rb"(?im)^%s: *([^\r\n]*)" % name.encode(), self.head)
        return match[1].decode() if match else None


class Client:
    """The other end of one connection."""

    def __init__(
        self, server: "RawServer", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server = server
        self.number = server.connections
        self.reader = reader
        self.writer = writer

    async def request(self) -> Request:
        """The next request; raises `ConnectionError` when the client is gone."""
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            body = await self.reader.readexactly(int(length[1]) if length else 0)
        except asyncio.IncompleteReadError as end:
            raise ConnectionError from end
        request = Request(head, body, self.number)
        self.server.requests.append(request)
        self.server.notice()
        return request

    async def send(self, data: bytes) -> None:
        """Send, and wait until the socket has taken it."""
        self.writer.write(data)
        await self.writer.drain()

    async def gone(self) -> None:
        """Wait until the client closes the connection."""
        with contextlib.suppress(ConnectionError):
            while await self.reader.read(65536):
                pass
        self.server.closed_by_client += 1
        self.server.notice()

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Script = Callable[[Client], Awaitable[None]]


class RawServer:
    """Listens on loopback while its context is open."""

    def __init__(
        self, script: Script, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ) -> None:
        self.script = script
        self.connections = 0
        self.requests: list[Request] = []
        self.closed_by_client = 0
        self._noticed = asyncio.Event()
        self._tls = tls
        self._host = host
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "RawServer":
        self._server = await asyncio.start_server(
            self._accept, self._host, 0, ssl=self._tls, limit=1 << 22
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def url(self) -> str:
        """Where completions are asked for."""
        scheme = "https" if self._tls else "http"
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{scheme}://{host}:{self.port}/v1/completions"

    def notice(self) -> None:
        """Something happened that a test may wait for."""
        self._noticed.set()

    async def until(self, happened: Callable[["RawServer"], bool]) -> None:
        """Wait until something is so; fails the test if that takes long."""
        async with asyncio.timeout(PATIENCE_S):
            while not happened(self):
                self._noticed.clear()
                await self._noticed.wait()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.notice()
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self.script(Client(self, reader, writer))
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.transport.abort() if task.cancelling() else writer.close()


def event(text: str, finish: str | None = None) -> bytes:
    """One completions event."""
    choice = {"index": 0, "text": text, "finish_reason": finish}
    return b"data: " + json.dumps({"model": "served", "choices": [choice]}).encode() + b"\n\n"


def chunk(data: bytes) -> bytes:
    """One HTTP chunk."""
    return b"%x\r\n%s\r\n" % (len(data), data)


STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
)
DONE = b"data: [DONE]\n\n"
LAST_CHUNK = b"0\r\n\r\n"


def streamed(*texts: str, finish: str = "stop") -> bytes:
    """A whole good reply."""
    events = [*map(event, texts), event("", finish), DONE]
    return STREAM_HEAD + b"".join(map(chunk, events)) + LAST_CHUNK


def answered(status: str, *headers: str, body: bytes = b"") -> bytes:
    """A whole reply of another kind."""
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def replying(*replies: bytes) -> Script:
    """Answer each request of each connection with the next reply, the last one for ever."""
    left = list(replies)

    async def script(client: Client) -> None:
        while True:
            await client.request()
            await client.send(left.pop(0) if len(left) > 1 else left[0])

    return script
