"""Sockets on loopback, and the server on them.

Both loopback addresses are taken, since a client's ``localhost`` may mean either; a machine without
IPv6 has one. No other address can be chosen.
"""

import errno
import socket
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from zeta_lsp.core.errors import UsageError, ZetaError
from zeta_lsp.gateway.http.connection import Connection

ADDRESSES = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
BACKLOG = 64
HEAD_BYTES_MAX = 16 << 10
KEEP_ALIVE_S = 60
GRACE_S = 1


def listening(port: int) -> list[socket.socket]:
    """Sockets that listen on a port of loopback; 0 takes a free one.

    Raises:
        ZetaError: the port is taken.
        UsageError: the port is not ours to take.
    """
    (family, address), other = ADDRESSES
    sockets = [_bound(family, address, port)]
    with suppress(OSError, ZetaError):
        sockets.append(_bound(*other, port_of(sockets)))
    return sockets


def port_of(sockets: list[socket.socket]) -> int:
    """The port that sockets listen on."""
    port: int = sockets[0].getsockname()[1]
    return port


def server(app: ASGIApp, connection: type[Connection] = Connection) -> uvicorn.Server:
    """A server that keeps no log: what clients send is people's code."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=connection,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            backlog=BACKLOG,
            h11_max_incomplete_event_size=HEAD_BYTES_MAX,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=GRACE_S,
        )
    )


def _bound(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    # asyncio switches Nagle's algorithm off only where the protocol is named.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind((address, port))
        bound.listen(BACKLOG)
    except OSError as fault:
        bound.close()
        raise _refusal(fault, port) from None
    bound.setblocking(False)
    return bound


def _refusal(fault: OSError, port: int) -> ZetaError:
    if fault.errno == errno.EADDRINUSE:
        return ZetaError(f"port {port} is in use: choose another one with --port")
    if fault.errno == errno.EACCES:
        return UsageError(f"port {port} needs more rights: choose one of 1024 or more with --port")
    return ZetaError(f"cannot listen on port {port}: {fault.strerror}")
