"""Serve clients on standard input and output, on a TCP port or on a WebSocket.

On stdio the process lives for one client and ends with it: with 0 after ``shutdown`` and ``exit``,
with 1 when the client went away without them. On a port every connection is a session of its own,
several at a time, and the process ends when it is told to. Ports are for this machine unless the
address says otherwise; nothing on them asks who is there.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from zeta_lsp.server.connection import MakeApplication
from zeta_lsp.server.faults import where
from zeta_lsp.server.garbage import prepare

log = logging.getLogger(__name__)


def serve(
    make: MakeApplication, transport: str = "stdio", address: tuple[str, int] | None = None
) -> int:
    """Serve until the end; the exit code.

    `make` joins a session to each client that connects. `transport` is ``stdio``, ``tcp`` or
    ``ws``; the latter two need an address.

    Raises:
        OSError: the streams are closed, or the address cannot be had.
    """
    prepare()
    if transport == "stdio":
        from zeta_lsp.server.stdio import serve_pipes
        from zeta_lsp.server.streams import claim_standard_streams

        given, taken = claim_standard_streams()
        return asyncio.run(guarded(lambda: serve_pipes(make, given, taken)))
    assert address is not None
    from zeta_lsp.server.ports import serve_tcp, serve_websocket

    on_port = serve_tcp if transport == "tcp" else serve_websocket
    return asyncio.run(guarded(lambda: on_port(make, *address)))


async def guarded(work: Callable[[], Awaitable[int]]) -> int:
    """Run the work on a loop that logs what nobody caught."""
    asyncio.get_running_loop().set_exception_handler(_log_stray)
    return await work()


def _log_stray(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what nobody caught, without the text that messages of exceptions hold."""
    error = context.get("exception")
    log.error("%s: %s", context.get("message"), where(error) if error is not None else "")
