"""uvicorn's connections, with a limit to how long a request may take to begin, and to their number.

uvicorn closes a connection that is idle between requests, but waits for ever for the first request
and for the rest of one whose head has begun. Programs that open connections and drip headers would
hold all of them. Bodies have a limit of their own (`posted`).
"""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S_MAX = 10.0
CONNECTIONS_MAX = 64


class Connection(H11Protocol):
    """One connection of a client."""

    head_s_max = HEAD_S_MAX
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or close it where there are too many (asyncio)."""
        super().connection_made(transport)
        if len(self.connections) > CONNECTIONS_MAX:
            transport.abort()
            return
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone (asyncio)."""
        self._stop_waiting()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Look at what arrived (uvicorn)."""
        before = self.scope
        super().handle_events()
        if self.scope is not before:
            self._stop_waiting()
        elif self._deadline is None and self._is_between_requests():
            self._wait_for_head()

    def _is_between_requests(self) -> bool:
        """Whether what arrived belongs to a request that has no head yet."""
        return self.cycle is None or self.cycle.response_complete

    def _wait_for_head(self) -> None:
        self._deadline = self.loop.call_later(self.head_s_max, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.abort()
