"""One life of a language server: started, spoken to, and known to be over with all its children.

Bytes that it does not take are held up to `MAX_HELD_BYTES`; what comes then is refused, so that a
server that does not read costs no memory here.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Sequence
from pathlib import Path

MAX_HELD_BYTES = 64 << 20
LEAVE_S = 1.0
"""How long it may take to end by itself."""
_READ_BYTES = 1 << 16


class Process:
    """A running server. What it writes to stderr is dropped: it may hold code."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        output: asyncio.StreamReader,
        listening: asyncio.ReadTransport,
    ) -> None:
        assert process.stdin is not None
        self._process = process
        self._input = process.stdin
        self._output = output
        self._listening = listening

    @classmethod
    async def started(cls, argv: Sequence[str], folder: Path) -> "Process":
        """Start a server in a folder, in a process group of its own.

        Raises:
            OSError: there is no such program, or no process to be had.
        """
        # A pipe of our own: whoever else holds its other end cannot keep us from closing ours.
        ours, theirs = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *argv,
                cwd=folder,
                stdin=asyncio.subprocess.PIPE,
                stdout=theirs,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        except BaseException:
            os.close(ours)
            raise
        finally:
            os.close(theirs)
        output = asyncio.StreamReader()
        listening, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(output), os.fdopen(ours, "rb", buffering=0)
        )
        return cls(process, output, listening)

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def send(self, data: bytes) -> bool:
        """Send bytes; False if it does not take any more, or ever."""
        transport = self._input.transport
        if transport.is_closing() or transport.get_write_buffer_size() > MAX_HELD_BYTES:
            return False
        self._input.write(data)
        return True

    async def read(self) -> bytes:
        """What it says next; nothing at its end."""
        return await self._output.read(_READ_BYTES)

    async def end(self) -> int:
        """Wait a little for its end, then kill it and what it started; its exit status."""
        self._input.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LEAVE_S):
                await self._process.wait()
        self.kill()
        if self._input.transport.get_write_buffer_size():  # what it never read
            self._input.transport.abort()
        self._listening.close()
        return await self._process.wait()

    def kill(self) -> None:
        """End it now, and what it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
