"""The neighbour's process while it runs, and how it is brought to its end."""

import asyncio
import contextlib
import os
import subprocess
import threading

LEAVE_S = 1.5
"""How long a server may take to end after the end of its input."""
OBEY_S = 0.8
"""How long it may take after a signal."""


class Process:
    """A running server.

    `given` and `taken` are the descriptors of its input and its output, which whoever uses them
    owns. `ended` is its exit code, as a shell would say it.
    """

    def __init__(self, popen: "subprocess.Popen[bytes]") -> None:
        assert popen.stdin is not None
        assert popen.stdout is not None
        self._popen = popen
        self.given, self.taken = os.dup(popen.stdin.fileno()), os.dup(popen.stdout.fileno())
        popen.stdin.close()
        popen.stdout.close()
        loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[int] = loop.create_future()
        # A thread, because that works on every system.
        threading.Thread(target=self._wait, args=(loop,), name="zeta-wait", daemon=True).start()

    async def stop(self, patience_s: float) -> int:
        """Wait for the end, whose input was closed; then ask, then kill. The exit code."""
        if not await self._ends_within(patience_s):
            self.terminate()
            if not await self._ends_within(OBEY_S):
                self.kill()
        return await asyncio.shield(self.ended)

    async def _ends_within(self, limit_s: float) -> bool:
        done, _ = await asyncio.wait((self.ended,), timeout=limit_s)
        return bool(done)

    def terminate(self) -> None:
        """Ask it to end."""
        self._popen.terminate()

    def kill(self) -> None:
        """End it, from any thread."""
        self._popen.kill()

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        code = self._popen.wait()
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(self.ended.set_result, code if code >= 0 else 128 - code)
