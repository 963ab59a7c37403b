"""The neighbour's process: started before anything else, ended with us, whatever happens.

It gets the arguments, the folder and the environment that we got, and our standard error as its
own. Its other two streams are pipes. Where Linux can do that, the kernel kills it when we are
killed; everywhere it sees the end of its input.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence

_PR_SET_PDEATHSIG = 1

LEAVE_S = 1.5
"""How long a server may take to end after the end of its input."""
OBEY_S = 0.8
"""How long it may take after a signal."""


class Process:
    """A running server. `given` and `taken` are the descriptors of its input and its output.

    `ended` is its exit code as a shell would say it, once `watch` was called.
    """

    def __init__(self, popen: "subprocess.Popen[bytes]") -> None:
        assert popen.stdin is not None
        assert popen.stdout is not None
        self._popen = popen
        self.given, self.taken = os.dup(popen.stdin.fileno()), os.dup(popen.stdout.fileno())
        popen.stdin.close()
        popen.stdout.close()
        self.ended: asyncio.Future[int]

    def watch(self) -> None:
        """Wait for its end in a thread, which works on every system."""
        loop = asyncio.get_running_loop()
        self.ended = loop.create_future()
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


def start(command: Sequence[str], env: Mapping[str, str]) -> Process:
    """Start a server; `command` is its name or path, and its arguments.

    Raises:
        OSError: it cannot be started.
    """
    name = command[0]
    if sys.platform == "win32":  # scripts are found by their ending
        name = shutil.which(name, path=env.get("PATH")) or name
    popen = subprocess.Popen(  # noqa: S603 - the user's own command line
        [name, *command[1:]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=dict(env),
        bufsize=0,
        preexec_fn=_die_with_parent(),  # noqa: PLW1509 - no thread is running yet
    )
    return Process(popen)


def _die_with_parent() -> Callable[[], None] | None:
    """What the child runs before it becomes the server."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    prctl = ctypes.CDLL(None).prctl

    def ask_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))

    return ask_kernel
