"""A client that sends exactly the bytes a test wants, to a port of loopback."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

PATIENCE_S = 10.0


class RawClient:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def status(self) -> int:
        """The status of the next response."""
        async with asyncio.timeout(PATIENCE_S):
            return int((await self._reader.readline()).split()[1])

    async def closed(self) -> bytes:
        """Wait until the other side closes; what it said before."""
        async with asyncio.timeout(PATIENCE_S):
            with contextlib.suppress(ConnectionError):
                return await self._reader.read()
        return b""

    def leave(self) -> None:
        """Close at once."""
        self._writer.transport.abort()


@contextlib.asynccontextmanager
async def connected(port: int, host: str = "127.0.0.1") -> AsyncIterator[RawClient]:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        yield RawClient(reader, writer)
    finally:
        writer.transport.abort()


def posting(prompt: str, path: str = "/v1/completions", **others: object) -> bytes:
    """The bytes of a request."""
    body = json.dumps({"prompt": prompt, **others}).encode()
    return headed(path, f"content-length: {len(body)}") + body


def headed(path: str, *headers: str, host: str = "127.0.0.1") -> bytes:
    """The head of a POST."""
    lines = (f"POST {path} HTTP/1.1", f"host: {host}", "content-type: application/json", *headers)
    return "\r\n".join(lines).encode() + b"\r\n\r\n"
