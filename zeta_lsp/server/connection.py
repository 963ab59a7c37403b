"""One client's connection from its first byte to its end, whatever carries the bytes.

A transport hands in what it reads (`receive`) and takes what is sent. The connection joins the
dispatcher, the rare lane and the application, and says with which code a process that serves this
client alone ends.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from zeta_lsp.server.editor import Editor
from zeta_lsp.server.faults import where
from zeta_lsp.server.framing import Fault
from zeta_lsp.server.garbage import IdleCollector
from zeta_lsp.server.rare import RareLane
from zeta_lsp.server.rpc import Route, Rpc

if TYPE_CHECKING:
    from zeta_lsp.server.host import Host, ZetaServer

log = logging.getLogger(__name__)

CLOSE_S = 1.5
"""How long an application may take to put things away."""


class Application(msgspec.Struct, frozen=True):
    """What a session gives to the wire.

    `initialize` takes the parameters and returns the `InitializeResult`. `routes` are the methods
    of the keystroke path and all others that the session answers itself. `lost` is told that a
    notification was not followed: its method and document, or None where that is not known.
    `close` is awaited when the connection ended. `register` may put further features on pygls'
    server; it is called once pygls is loaded.
    """

    initialize: Callable[[dict[str, Any]], Any]
    routes: Mapping[str, Route[Any]]
    lost: Callable[[str | None, str | None], None]
    close: Callable[[], Awaitable[None]]
    register: "Callable[[ZetaServer], None] | None" = None


MakeApplication = Callable[[Editor], Application]
"""Joins a session to the client that connected."""


class Connection:
    """A client's session on the wire.

    `send` takes the bodies of messages. `initialized`
    is told the parameters once the reply to `initialize` is out.
    """

    def __init__(
        self,
        make: MakeApplication,
        send: Callable[[bytes], None],
        initialized: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self.received = 0
        self._loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[int] = self._loop.create_future()
        self._params: dict[str, Any] = {}
        self._initialized = initialized
        self._lane = RareLane(self._make_host, self._join_host)
        routes: dict[str, Route[Any]] = {}
        self._rpc = Rpc(peer=self, routes=routes, rare=self._lane, send=send, exited=self.end)
        self._editor = Editor(self._rpc, self._lane)
        self._application = make(self._editor)
        routes.update(self._application.routes)
        self._collector = IdleCollector(lambda: self.received)

    def receive(self, items: Sequence[bytes | Fault]) -> None:
        """Handle what one read brought."""
        self.received += len(items)
        self._rpc.receive(items)

    def disconnected(self) -> None:
        """No more bytes will come."""
        self.end(0 if self._rpc.shut_down else 1)

    def end(self, code: int) -> None:
        """The session is over."""
        if not self._ended.done():
            self._ended.set_result(code)

    async def run(self) -> int:
        """Serve until the end, put things away, and return the exit code."""
        code = await self.until_end()
        await self.close()
        return code

    async def until_end(self) -> int:
        """Serve until the end; the exit code."""
        self._collector.start()
        return await asyncio.shield(self._ended)

    async def close(self) -> None:
        """Put things away, within `CLOSE_S`."""
        self._collector.close()
        self._rpc.close()
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._application.close()
        except Exception as error:  # noqa: BLE001 - the edge: the process ends in any case
            log.error("the session was not closed cleanly: %s", where(error))

    def initialize(self, params: dict[str, Any]) -> Any:
        """See `rpc.Peer`."""
        self._params = params
        self._editor.introduce(params)
        result = self._application.initialize(params)
        self._loop.call_soon(self._after_reply)
        return result

    def lost(self, method: str | None, uri: str | None) -> None:
        """See `rpc.Peer`."""
        self._application.lost(method, uri)

    def _after_reply(self) -> None:
        self._lane.start()
        if self._initialized is not None:
            self._initialized(self._params)

    def _make_host(self) -> "Host":
        from zeta_lsp.server.host import Host

        return Host(self._params)

    def _join_host(self, host: "Host") -> None:
        host.join(self._rpc)
        if self._application.register is not None:
            self._application.register(host.server)
