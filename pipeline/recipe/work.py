"""The folder of a run: one run at a time works in it.

The lock on it is the kernel's, so it ends with whoever holds it, ``kill -9`` included. A step's
process holds it as well: a step that outlives its run ends before another run begins.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zeta_lsp.core.errors import UsageError

HELD = ".running"


@contextmanager
def held(work: Path) -> Iterator[int]:
    """Hold a run's folder, made if need be; the descriptor that a step inherits.

    Raises:
        UsageError: another run, or a step of one, holds it.
    """
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(work / HELD, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 32, 0).decode().strip()
        os.close(descriptor)
        raise UsageError(
            f"another run, or a step of one that was ended, is at work in {work}"
            f" (process {holder}): wait for it, or choose another folder with --into"
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
