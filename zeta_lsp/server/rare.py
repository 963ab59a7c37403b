"""The lane for rare messages, and how pygls comes into it without anybody waiting.

Importing pygls takes a quarter of a second of interpreter time, most of it to build the classes of
the protocol. It is done in a thread once `initialize` is answered, with the interpreter's switch
interval so short that a keystroke meanwhile waits a millisecond or two. Messages of this lane that
come earlier wait for it, in order.

If pygls cannot be loaded, the keystroke path goes on without it and this lane knows no method.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from zeta_lsp.server.faults import Code, RpcError, where
from zeta_lsp.server.garbage import Quiet
from zeta_lsp.server.messages import Part

if TYPE_CHECKING:
    from zeta_lsp.server.host import Host

log = logging.getLogger(__name__)


class RareLane:
    """Loads the host once, and hands it the messages that no route takes.

    `load` makes the host and runs in a thread; `joined` connects it and runs on the event loop.
    """

    def __init__(self, load: "Callable[[], Host]", joined: "Callable[[Host], None]") -> None:
        self._load = load
        self._joined = joined
        self._host: asyncio.Future[Host] | None = None

    def start(self) -> "asyncio.Future[Host]":
        """Begin to load, once."""
        if self._host is None:
            loop = asyncio.get_running_loop()
            self._host = loop.create_future()
            quiet = Quiet()
            quiet.begin()
            work = threading.Thread(
                target=self._work, args=(loop, quiet), name="zeta-pygls", daemon=True
            )
            work.start()
        return self._host

    async def host(self) -> "Host":
        """The host, as soon as it is there.

        Raises:
            RpcError: it cannot be had.
        """
        return await asyncio.shield(self.start())

    async def answer(self, method: str, params: Part) -> Any:
        """Handle a message; see `rpc.Rare`."""
        return await (await self.host()).answer(method, params)

    def _work(self, loop: asyncio.AbstractEventLoop, quiet: Quiet) -> None:
        result: Host | Exception
        try:
            result = self._load()
        except Exception as error:  # noqa: BLE001 - the edge: whatever it is, the loop must know
            result = error
        try:
            loop.call_soon_threadsafe(self._loaded, result, quiet)
        except RuntimeError:  # the session ended meanwhile
            return

    def _loaded(self, result: "Host | Exception", quiet: Quiet) -> None:
        """Back on the loop: let everything through that waits."""
        assert self._host is not None
        quiet.end()
        if isinstance(result, Exception):
            log.error("pygls could not be loaded: %s", where(result))
            self._host.set_exception(RpcError(Code.METHOD_NOT_FOUND, "there is no such method"))
            self._host.exception()  # looked at: perhaps nobody ever asks for it
        else:
            self._joined(result)
            self._host.set_result(result)
