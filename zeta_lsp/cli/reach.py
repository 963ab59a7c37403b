"""Whether there is a way to an address: its name is known, and something listens there."""

import asyncio
import socket
import time
from urllib.parse import urlsplit

from zeta_lsp.cli.checks import Check, Status

_PORTS = {"http": 80, "https": 443}
_PATIENCE_S = 5.0


async def reach(url: str) -> list[Check]:
    """Look a host up and connect to it. Nothing is sent."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    checks = [await _look_up(host, port)]
    if checks[0].status is Status.OK:
        checks.append(await _connect(host, port))
    return checks


async def _look_up(host: str, port: int) -> Check:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_PATIENCE_S):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError:
        return Check("host", Status.FAIL, f"looking up {host} takes too long", "check the network")
    except (OSError, UnicodeError):
        advice = "correct the host in url, or the network's name service"
        return Check("host", Status.FAIL, f"no machine is called {host}", advice)
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    detail = host if addresses == [host] else f"{host} is {addresses[0]}"
    return Check("host", Status.OK, detail)


async def _connect(host: str, port: int) -> Check:
    began_s = time.perf_counter()
    try:
        async with asyncio.timeout(_PATIENCE_S):
            _, writer = await asyncio.open_connection(host, port)
    except TimeoutError:
        advice = "a firewall may be in between; correct host and port in url"
        return Check("connection", Status.FAIL, f"{host}:{port} does not answer", advice)
    except OSError:
        advice = "start the server, or correct host and port in url"
        return Check("connection", Status.FAIL, f"nothing listens at {host}:{port}", advice)
    took_ms = (time.perf_counter() - began_s) * 1000
    writer.close()
    return Check("connection", Status.OK, f"{host}:{port} in {took_ms:.0f} ms")
