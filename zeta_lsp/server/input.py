"""The reading end of a stream of bytes, and the thread that stands in for the event loop.

A loop can watch pipes and sockets on POSIX. A file, a device or Windows' standard input is read by
a `ThreadInput`, which feeds the same `asyncio.Protocol`; a message then costs a change of threads.
"""

import asyncio
import os
import stat
import sys
import threading
from collections.abc import Callable

from zeta_lsp.server.framing import MAX_BODY_BYTES, Fault, Framer

CHUNK_BYTES = 256 * 1024
CHUNKS_AHEAD = 4
"""How far a thread may read ahead of the loop."""


class Inbound(asyncio.Protocol):
    """Bytes in, bodies and faults out."""

    def __init__(
        self,
        receive: Callable[[list[bytes | Fault]], None],
        ended: Callable[[], None],
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        self._receive = receive
        self._ended = ended
        self._framer = Framer(max_body_bytes)
        self._transport: asyncio.ReadTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        assert isinstance(transport, asyncio.ReadTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        items = self._framer.feed(data)
        if items:
            self._receive(items)

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._transport = None
        self._ended()

    def hold(self, full: bool) -> None:
        """Stop reading, or go on."""
        if self._transport is None:
            return
        if full:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def close(self) -> None:
        """Read no more."""
        if self._transport is not None:
            self._transport.close()


class ThreadInput(asyncio.ReadTransport):
    """A file descriptor read by a thread. Owns the descriptor."""

    def __init__(self, fd: int, protocol: asyncio.Protocol) -> None:
        super().__init__()
        self._fd = fd
        self._protocol = protocol
        self._loop = asyncio.get_running_loop()
        self._going = threading.Event()
        self._going.set()
        self._ahead = threading.Semaphore(CHUNKS_AHEAD)
        self._closing = False
        protocol.connection_made(self)
        threading.Thread(target=self._work, name="zeta-input", daemon=True).start()

    def pause_reading(self) -> None:
        """See `asyncio.ReadTransport`."""
        self._going.clear()

    def resume_reading(self) -> None:
        """See `asyncio.ReadTransport`."""
        self._going.set()

    def is_closing(self) -> bool:
        """See `asyncio.BaseTransport`."""
        return self._closing

    def close(self) -> None:
        """See `asyncio.BaseTransport`. The thread may wait for its last bytes until the end."""
        self._closing = True
        self._going.set()

    def _work(self) -> None:
        try:
            while not self._closing and (data := self._read()):
                self._ahead.acquire()
                self._loop.call_soon_threadsafe(self._take, data)
                self._going.wait()
            os.close(self._fd)
            self._loop.call_soon_threadsafe(self._protocol.connection_lost, None)
        except RuntimeError:  # the loop has ended meanwhile
            return

    def _read(self) -> bytes:
        try:
            return os.read(self._fd, CHUNK_BYTES)
        except OSError:
            return b""

    def _take(self, data: bytes) -> None:
        self._ahead.release()
        if not self._closing:
            self._protocol.data_received(data)


async def open_input(fd: int, protocol: Inbound) -> None:
    """Read a file descriptor, which is owned from here on, into a protocol."""
    mode = os.fstat(fd).st_mode
    if sys.platform != "win32" and (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        pipe = os.fdopen(fd, "rb", buffering=0)
        await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, pipe)
    else:
        ThreadInput(fd, protocol)
