"""How long the process lives: not longer than the editor that started it.

Most editors close the pipe when they end, and that is the end of the session. But a pipe stays
open as long as any process holds it, so the editor's process is watched as well (LSP's
`processId`). A thread does that, since it must work when the event loop does not: first the session
is asked to end, and soon after that the process ends in any case.

Where Linux can signal a parent's death, the watch looks at once instead of at its next turn. The
signal is only a hint: it is sent as well when a mere thread of the parent ends.

A process id that is unknown here from the start (an editor in another container) is not watched,
unless it was our own parent's, whose death then came before the watch.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

PERIOD_S = 2.0
GRACE_S = 2.5
"""Together they keep the promise of 5 seconds."""

_PR_SET_PDEATHSIG = 1
_HINT = signal.SIGURG if sys.platform != "win32" else None
"""A signal that does nothing where nobody handles it."""


class ParentWatch:
    """Watches one process. `gone` is called on the event loop once it does not exist any more.

    `force` is called from the watching thread at that moment, for the case that the loop hangs.
    `parent_pid` is the process that started this one.
    """

    def __init__(
        self,
        pid: int,
        *,
        parent_pid: int,
        gone: Callable[[], None],
        force: Callable[[], None],
        period_s: float = PERIOD_S,
    ) -> None:
        self._pid = pid
        self._force = force
        self._parent_pid = parent_pid
        self._gone = gone
        self._period_s = period_s
        self._look = threading.Event()
        self._closed = False
        self._loop = asyncio.get_running_loop()

    def start(self) -> bool:
        """Begin, if the process can be seen at all."""
        birth = birth_of(self._pid)
        if birth is None:
            if self._pid == self._parent_pid:
                self._loop.call_soon(self._gone)
            return False
        if _HINT is not None:
            self._loop.add_signal_handler(_HINT, self._look.set)
        work = threading.Thread(target=self._work, args=(birth,), name="zeta-parent", daemon=True)
        work.start()
        return True

    def close(self) -> None:
        """Watch no more."""
        self._closed = True
        self._look.set()

    def _work(self, birth: str) -> None:
        _ask_for_hint()
        while birth_of(self._pid) == birth:
            self._look.wait(self._period_s)
            self._look.clear()
            if self._closed:
                return
        self._force()
        try:
            self._loop.call_soon_threadsafe(self._gone)
        except RuntimeError:  # the loop has ended already
            return


def birth_of(pid: int) -> str | None:
    """Something that names a living process apart from others of the same id; None if it is gone.

    A process that ended and was not waited for is gone.
    """
    if sys.platform == "win32":
        return "alive" if _runs_on_windows(pid) else None
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return "alive" if _takes_signals(pid) else None
    return None if fields[0] in "ZX" else fields[19]


def end_on_signals(end: Callable[[int], None]) -> None:
    """Call `end` with the customary exit code when somebody asks the process to stop."""
    if sys.platform == "win32":
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end, 128 + number)


def end_within(seconds: float, code: int) -> None:
    """End the process after some time, even if the event loop or another thread hangs."""
    timer = threading.Timer(seconds, os._exit, (code,))
    timer.daemon = True
    timer.start()


def _takes_signals(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it exists, and belongs to somebody else
        return True
    return True


def _ask_for_hint() -> None:
    if not sys.platform.startswith("linux") or _HINT is None:
        return
    import ctypes  # 10 ms: not before initialize was answered

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(_HINT))


def _runs_on_windows(pid: int) -> bool:
    import ctypes

    synchronize, still_running = 0x0010_0000, 0x102
    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined]  # exists on Windows only
    handle = kernel.OpenProcess(synchronize, False, pid)
    if not handle:
        return False
    try:
        return bool(kernel.WaitForSingleObject(handle, 0) == still_running)
    finally:
        kernel.CloseHandle(handle)
