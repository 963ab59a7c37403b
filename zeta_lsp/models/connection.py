"""One connection to an endpoint: bytes out, bytes in, and no more.

A `Connection` is an asyncio protocol with one reader. What arrives is kept until it is asked for;
beyond `HELD_BYTES_MAX` the socket is left unread, so that an endpoint that pours can neither fill
memory nor keep the event loop busy for long. Closing is always `abort`: nothing is waited for, and
the endpoint sees it at once.
"""

import asyncio
import ipaddress
import ssl
from typing import cast

HELD_BYTES_MAX = 64 << 10
EYEBALLS_DELAY_S = 0.25  # RFC 8305, section 5: the pause before the next address is tried as well


class Connection(asyncio.Protocol):
    """A connected socket, with or without TLS. Made by `connect`."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._held = bytearray()
        self._closed = False
        self._fault: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None

    @property
    def is_quiet(self) -> bool:
        """Open, with nothing unread: fit for another request."""
        return not self._closed and not self._held

    def send(self, data: bytes) -> None:
        """Queue bytes to be sent."""
        if self._transport is not None:
            self._transport.write(data)

    async def receive(self) -> bytes:
        """Whatever has arrived, at least one byte; empty when the other side has closed.

        Raises:
            OSError: the connection broke.
        """
        if not self._held and not self._closed:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if not self._held and self._fault is not None:
            raise self._fault
        return self._take()

    def abort(self) -> None:
        """Close at once, dropping what was not sent."""
        self._closed = True
        if self._transport is not None:
            self._transport.abort()

    def _take(self) -> bytes:
        data = bytes(self._held)
        if len(data) > HELD_BYTES_MAX and self._transport is not None:
            self._transport.resume_reading()
        self._held.clear()
        return data

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport (asyncio)."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Hold what arrived (asyncio)."""
        self._held += data
        if len(self._held) > HELD_BYTES_MAX and self._transport is not None:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """The other side has closed; asyncio then closes ours (asyncio)."""
        self._closed = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is gone, by our doing or not (asyncio)."""
        self._closed = True
        self._fault = exc
        self._wake()


async def connect(host: str, port: int, tls: ssl.SSLContext | None) -> Connection:
    """Open a connection, trying IPv6 and IPv4 addresses as RFC 8305 says.

    Raises:
        OSError: no address answered, or TLS failed (`ssl.SSLError`).
    """
    _, connection = await asyncio.get_running_loop().create_connection(
        Connection,
        host,
        port,
        ssl=tls,
        server_hostname=host if tls is not None else None,
        happy_eyeballs_delay=None if _is_address(host) else EYEBALLS_DELAY_S,
    )
    return connection


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
