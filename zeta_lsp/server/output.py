"""The writing end of a pipe: never waits, forgets nothing, and says when it is full.

A message goes out with one write on the spot. What the pipe does not take is kept and written
when the client reads again; meanwhile `pressed` is told, so that no more input is read than can be
answered. A client that stops reading for a minute costs `HIGH_WATER_BYTES` and a little, and
stops nothing else.

`PipeOutput` is for POSIX. `ThreadOutput` does the same where a loop cannot watch a pipe (Windows);
a message then costs a change of threads.
"""

import asyncio
import collections
import os
import stat
import sys
import threading
from collections.abc import Callable
from typing import Protocol

HIGH_WATER_BYTES = 16 * 1024 * 1024
"""High, because a client that writes without reading would wait for us as we for it."""
LOW_WATER_BYTES = 4 * 1024 * 1024
FLUSH_S = 0.5
"""How long the last replies may take to leave."""


class Output(Protocol):
    """Where messages go."""

    def write(self, data: bytes) -> None:
        """Send bytes, or keep them until they can be sent. Nothing happens once it is closed."""

    async def close(self, within_s: float) -> None:
        """Send what is kept, for at most this long, then give up the file descriptor."""


class PipeOutput:
    """A pipe or socket watched by the event loop. Owns the file descriptor."""

    def __init__(
        self, fd: int, pressed: Callable[[bool], None], broken: Callable[[], None]
    ) -> None:
        mode = os.fstat(fd).st_mode
        if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):  # a terminal is shared with the shell
            os.set_blocking(fd, False)
        self._fd: int | None = fd
        self._loop = asyncio.get_running_loop()
        self._kept = bytearray()
        self._pressed = pressed
        self._broken = broken
        self._full = False
        self._empty = asyncio.Event()
        self._empty.set()

    def write(self, data: bytes) -> None:
        """See `Output`."""
        if self._fd is None:
            return
        if self._kept:
            self._kept += data
        else:
            sent = self._send(data)
            if sent == len(data) or self._fd is None:
                return
            self._kept += data[sent:]
            self._empty.clear()
            self._loop.add_writer(self._fd, self._send_kept)
        if len(self._kept) > HIGH_WATER_BYTES and not self._full:
            self._full = True
            self._pressed(True)

    async def close(self, within_s: float) -> None:
        """See `Output`."""
        try:
            async with asyncio.timeout(within_s):
                await self._empty.wait()
        except TimeoutError:
            pass
        self._drop()

    def _send(self, data: bytes | bytearray) -> int:
        assert self._fd is not None
        try:
            return os.write(self._fd, data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError:  # the client closed its end
            self._drop()
            self._broken()
            return 0

    def _send_kept(self) -> None:
        del self._kept[: self._send(self._kept)]
        if self._fd is None:
            return
        if not self._kept:
            self._loop.remove_writer(self._fd)
            self._empty.set()
        if self._full and len(self._kept) < LOW_WATER_BYTES:
            self._full = False
            self._pressed(False)

    def _drop(self) -> None:
        if self._fd is not None:
            self._loop.remove_writer(self._fd)
            os.close(self._fd)
        self._fd = None
        self._kept.clear()
        self._empty.set()


class ThreadOutput:
    """A file descriptor written by a thread of its own. Owns the descriptor."""

    def __init__(
        self, fd: int, pressed: Callable[[bool], None], broken: Callable[[], None]
    ) -> None:
        self._fd = fd
        self._loop = asyncio.get_running_loop()
        self._pressed = pressed
        self._broken = broken
        self._changed = threading.Condition()
        self._kept: collections.deque[bytes] = collections.deque()
        self._kept_bytes = 0
        self._full = False
        self._closed = False
        threading.Thread(target=self._work, name="zeta-output", daemon=True).start()

    def write(self, data: bytes) -> None:
        """See `Output`."""
        with self._changed:
            if self._closed:
                return
            self._kept.append(data)
            self._kept_bytes += len(data)
            full = self._kept_bytes > HIGH_WATER_BYTES and not self._full
            self._full |= full
            self._changed.notify_all()
        if full:
            self._pressed(True)

    async def close(self, within_s: float) -> None:
        """See `Output`."""
        await asyncio.to_thread(self._wait_until_sent, within_s)

    def _wait_until_sent(self, within_s: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._kept_bytes == 0 or self._closed, within_s)
            self._closed = True
            self._changed.notify_all()

    def _work(self) -> None:
        try:
            while (data := self._next()) is not None:
                _write_all(self._fd, data)
                self._sent(len(data))
        except OSError:
            self._end()
        os.close(self._fd)

    def _next(self) -> bytes | None:
        with self._changed:
            self._changed.wait_for(lambda: self._kept or self._closed)
            return self._kept.popleft() if self._kept else None

    def _sent(self, size_bytes: int) -> None:
        with self._changed:
            self._kept_bytes -= size_bytes
            relieved = self._full and self._kept_bytes < LOW_WATER_BYTES
            self._full &= not relieved
            self._changed.notify_all()
        if relieved:
            _tell(self._loop, lambda: self._pressed(False))

    def _end(self) -> None:
        with self._changed:
            self._closed = True
            self._kept.clear()
            self._kept_bytes = 0
            self._changed.notify_all()
        _tell(self._loop, self._broken)


def open_output(fd: int, pressed: Callable[[bool], None], broken: Callable[[], None]) -> Output:
    """The output for a file descriptor, which is owned from here on.

    `pressed` is told True when so much is kept that no more should be asked for, and False when
    that is over; `broken` that the other end is closed. Both are called on the event loop.
    """
    kind = ThreadOutput if sys.platform == "win32" else PipeOutput
    return kind(fd, pressed, broken)


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _tell(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    try:
        loop.call_soon_threadsafe(what)
    except RuntimeError:  # the loop has ended meanwhile, and with it whoever wanted to know
        return
