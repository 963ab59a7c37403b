"""Connections to one origin: those that wait for a request, and those on their way.

Connecting is never cancelled. Whoever waited for a connection may give up, as happens at every
keystroke; the attempt goes on and serves the next request. Otherwise somebody who types faster than
a TLS handshake takes would never get through one.

Each cancelled request costs its connection, so after the first of them a spare is opened ahead.
"""

import asyncio
import contextlib
import errno
import ssl
from collections.abc import Awaitable, Callable

from zeta_lsp.models.connection import Connection, connect

CONNECT_TIMEOUT_S = 2.0
KEEP_ALIVE_S = 120.0
IDLE_MAX = 2
SPARES = 1

TlsContext = Callable[[], Awaitable[ssl.SSLContext]]
Attempt = asyncio.Task[Connection]


class Pool:
    """Connections to `host`.

    Args:
        tls: where the TLS context comes from; None for plain HTTP.
    """

    def __init__(self, host: str, port: int, tls: TlsContext | None) -> None:
        self._host = host
        self._port = port
        self._tls = tls
        self._idle: list[tuple[Connection, float]] = []
        self._attempts: dict[Attempt, bool] = {}
        """Whether somebody waits for each of them."""
        self._spares = 0
        self._closed = False

    def take_idle(self) -> Connection | None:
        """A connection that was used or opened before and seems alive, the latest first."""
        self._discard_dead()
        if not self._idle:
            return None
        connection, _ = self._idle.pop()
        self._top_up()
        return connection

    async def take_fresh(self) -> Connection:
        """A connection nothing was sent on.

        Raises:
            OSError: it could not be made; `TimeoutError` if not within `CONNECT_TIMEOUT_S`.
        """
        attempt = next((task for task, claimed in self._attempts.items() if not claimed), None)
        if attempt is None:
            attempt = self._begin()
        self._attempts[attempt] = True
        try:
            return await asyncio.shield(attempt)
        except asyncio.CancelledError:
            if attempt in self._attempts:
                self._attempts[attempt] = False
            elif not attempt.cancelled():
                self._settle(attempt)
            raise

    def give_back(self, connection: Connection) -> None:
        """Keep a connection whose last response was read to its end."""
        self._discard_dead()
        if connection.is_quiet and len(self._idle) < IDLE_MAX and not self._closed:
            self._idle.append((connection, asyncio.get_running_loop().time()))
        else:
            connection.abort()

    def lose(self, connection: Connection) -> None:
        """Close a connection in the middle of a response, and have another ready."""
        connection.abort()
        self._spares = SPARES
        self._top_up()

    async def warm(self) -> None:
        """Have a connection ready; failing to is no fault."""
        self._discard_dead()
        if not self._idle and not self._attempts and not self._closed:
            await asyncio.wait([self._begin()])

    async def aclose(self) -> None:
        """Close what waits; connections in use close when they are given back."""
        self._closed = True
        attempts = list(self._attempts)
        for attempt in attempts:
            attempt.cancel()
        await asyncio.gather(*attempts, return_exceptions=True)
        for connection, _ in self._idle:
            connection.abort()
        self._idle.clear()

    def _begin(self) -> Attempt:
        attempt = asyncio.get_running_loop().create_task(self._connected())
        self._attempts[attempt] = False
        attempt.add_done_callback(self._ended)
        return attempt

    async def _connected(self) -> Connection:
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                tls = await self._tls() if self._tls is not None else None
                return await connect(self._host, self._port, tls)
        except UnicodeError as fault:  # from encoding the name for DNS
            raise OSError(errno.EINVAL, "the host name is malformed") from fault

    def _ended(self, attempt: Attempt) -> None:
        claimed = self._attempts.pop(attempt)
        if not claimed and not attempt.cancelled():
            self._settle(attempt)

    def _settle(self, attempt: Attempt) -> None:
        """Keep what an attempt brought that nobody waits for any more, if it brought anything."""
        with contextlib.suppress(OSError):  # the next request will meet the same fault
            self.give_back(attempt.result())

    def _top_up(self) -> None:
        unclaimed = len(self._idle) + list(self._attempts.values()).count(False)
        if unclaimed < self._spares and not self._closed:
            self._begin()

    def _discard_dead(self) -> None:
        now_s = asyncio.get_running_loop().time()
        alive = []
        for connection, since_s in self._idle:
            if connection.is_quiet and now_s - since_s < KEEP_ALIVE_S:
                alive.append((connection, since_s))
            else:
                connection.abort()
        self._idle = alive
