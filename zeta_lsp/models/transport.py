"""A lean HTTP/1.1 transport for one origin, behind httpx's transport interface.

What it is for: an endpoint is asked at almost every pause in typing, and most requests are
cancelled. httpx's own transport costs more time than all the rest of a prediction, and HTTP/2 as
Python speaks it leaks streams that are cancelled. So: HTTP/1.1 only, one packet is one piece of
body, and a cancel closes the connection, which is the one way in which every server notices and
stops generating.

What it promises: it connects to its own origin and to no other; it follows no redirect, keeps no
cookie and reads no environment variable. A kept connection that turns out to be dead before a byte
of the reply came is replaced once, silently. It times nothing but connecting; see `deadline`.
"""

import re
from collections.abc import AsyncIterator

import httpx

from zeta_lsp.models.connection import Connection
from zeta_lsp.models.pool import CONNECT_TIMEOUT_S, Pool, TlsContext
from zeta_lsp.models.wire import BrokenReply, ResponseReader

_LINE_BREAK = re.compile(rb"[\r\n\0]")


class LeanTransport(httpx.AsyncBaseTransport):
    """Requests to one origin.

    Args:
        url: any URL of the origin.
        tls: where the TLS context comes from; asked at the first connection, if at all.
    """

    def __init__(self, url: httpx.URL, tls: TlsContext) -> None:
        self._origin = _origin(url)
        scheme, host, port = self._origin
        self._pool = Pool(host, port, tls if scheme == "https" else None)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read the head of its response.

        Raises:
            httpx.ConnectError, httpx.ConnectTimeout: no connection.
            httpx.ReadError: the connection broke.
            httpx.RemoteProtocolError: what came is not a response.
            httpx.UnsupportedProtocol: the request goes to another origin.
        """
        if _origin(request.url) != self._origin:
            raise httpx.UnsupportedProtocol("this transport serves one origin only")
        message = _message(request)
        kept = self._pool.take_idle()
        body = await self._exchange(kept, message) if kept is not None else None
        if body is None:
            body = await self._exchange(await self._fresh(), message)
        if body is None:
            raise httpx.ReadError("the connection was closed before a reply")
        return body.response()

    async def warm(self) -> None:
        """Have a connection ready; failing to is no fault."""
        await self._pool.warm()

    async def aclose(self) -> None:
        """Close idle connections; those in use close with their responses."""
        await self._pool.aclose()

    async def _exchange(self, connection: Connection, message: bytes) -> "_Body | None":
        """The response, or None if the connection was dead before any byte of it."""
        reader = ResponseReader()
        try:
            connection.send(message)
            first = await _first_bytes(connection)
            piece = reader.feed(first)
            while first and reader.head is None:
                piece = reader.feed(await _received(connection, reader))
        except BrokenReply as fault:
            self._pool.lose(connection)
            raise httpx.RemoteProtocolError(str(fault)) from fault
        except BaseException:
            self._pool.lose(connection)
            raise
        if not first:
            connection.abort()
            return None
        return _Body(self._pool, connection, reader, piece)

    async def _fresh(self) -> Connection:
        try:
            return await self._pool.take_fresh()
        except TimeoutError as fault:
            raise httpx.ConnectTimeout(f"no connection within {CONNECT_TIMEOUT_S:g} s") from fault
        except OSError as fault:
            raise httpx.ConnectError("no connection") from fault


class _Body(httpx.AsyncByteStream):
    """The body of one response; closing it early closes the connection."""

    def __init__(
        self, pool: Pool, connection: Connection, reader: ResponseReader, first: bytes
    ) -> None:
        self._pool = pool
        self._connection = connection
        self._reader = reader
        self._first = first
        self._released = False

    def response(self) -> httpx.Response:
        """The response as httpx knows it, its body unread."""
        head = self._reader.head
        assert head is not None
        return httpx.Response(
            head.status,
            headers=list(head.headers),
            stream=self,
            extensions={
                "ended": lambda: self._reader.complete,
                "ready": lambda: bool(self._first),
            },
        )

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        """The next piece of the body, never empty.

        Raises:
            httpx.ReadError: the connection broke.
            httpx.RemoteProtocolError: the body is malformed, too large, or was cut short.
        """
        piece, self._first = self._first, b""
        try:
            while not piece:
                if self._reader.complete:
                    raise StopAsyncIteration
                piece = self._reader.feed(await _received(self._connection, self._reader))
        except BrokenReply as fault:
            raise httpx.RemoteProtocolError(str(fault)) from fault
        return piece

    async def aclose(self) -> None:
        """Give the connection back, or close it if the body was not read to its end."""
        if self._released:
            return
        self._released = True
        if self._reader.complete and self._reader.reusable:
            self._pool.give_back(self._connection)
        else:
            self._pool.lose(self._connection)


async def _first_bytes(connection: Connection) -> bytes:
    """The first bytes of a reply; empty if the connection is gone."""
    try:
        return await connection.receive()
    except OSError:
        return b""


async def _received(connection: Connection, reader: ResponseReader) -> bytes:
    """More bytes of a reply; empty if this was its end."""
    try:
        data = await connection.receive()
    except OSError as fault:
        raise httpx.ReadError("the connection broke") from fault
    if not data:
        reader.feed_eof()
    return data


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    port = url.port or (443 if url.scheme == "https" else 80)
    return url.scheme, url.raw_host.decode("ascii"), port


def _message(request: httpx.Request) -> bytes:
    """The bytes of a request.

    Raises:
        httpx.LocalProtocolError: a header would break the message.
    """
    lines = [b"%s %s HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path)]
    lines += [name + b": " + value for name, value in request.headers.raw]
    if any(map(_LINE_BREAK.search, lines)):
        raise httpx.LocalProtocolError("a header holds a line break")
    return b"\r\n".join([*lines, b"", request.content])
