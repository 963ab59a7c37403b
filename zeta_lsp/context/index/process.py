"""One life of the helper: started, spoken to, and known to be over.

Bytes that the helper does not take are held up to `MAX_HELD_BYTES`; what comes then is refused, so
that a helper that hangs costs no memory here.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Sequence

from zeta_lsp.context.index import messages
from zeta_lsp.context.index.messages import BrokenStream, Report, Request

COMMAND = (sys.executable, "-P", "-m", "zeta_lsp.context.index")
MAX_HELD_BYTES = 32 << 20
END_S = 2.0
"""How long a helper may take to end after its input did."""
_READ_BYTES = 1 << 16


class HelperProcess:
    """A running helper."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._input = process.stdin
        self._output = process.stdout

    @classmethod
    async def started(cls, command: Sequence[str] = COMMAND) -> "HelperProcess":
        """Start a helper.

        Raises:
            OSError: there is no such program, or no process to be had.
        """
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=dict(os.environ),
        )
        return cls(process)

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def send(self, request: Request) -> bool:
        """Send a message; False if the helper does not take any more, or ever."""
        transport = self._input.transport
        if transport.is_closing() or transport.get_write_buffer_size() > MAX_HELD_BYTES:
            return False
        try:
            self._input.write(messages.framed(request))
        except BrokenStream:
            return False
        return True

    async def reports(self) -> AsyncIterator[Report]:
        """What it says, until it says no more or what is no message."""
        frames = messages.reports()
        while data := await self._output.read(_READ_BYTES):
            try:
                for report in frames.feed(data):
                    yield report
            except BrokenStream:
                return

    async def ended(self) -> int:
        """End it if it has not; its exit status, negative for a signal."""
        self._input.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(END_S):
                return await self._process.wait()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        return await self._process.wait()
