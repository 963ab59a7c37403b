"""Who may write a file of the store: whoever holds the lock on the file beside it.

``segments/0001.db`` is written by the process that holds ``segments/0001.lock``. The system frees
the lock when that process dies, however it dies, and the next one goes on with the file.
"""

import os
import re
from pathlib import Path

from filelock import FileLock, Timeout

from capture.folder import make_private, make_private_file
from capture.store.errors import StoreUnavailable

HIGHEST = 9999
_WAIT_S = 0.05
_NAME = re.compile(r"\d{4}\.db")


def segments_of(folder: Path) -> Path:
    """Where the files lie within the capture folder."""
    return folder / "segments"


def paths(folder: Path) -> list[Path]:
    """The files there are, in order of their numbers. None if there is no folder.

    Raises:
        StoreUnavailable: the folder cannot be looked into.
    """
    try:
        found = [path for path in segments_of(folder).iterdir() if _NAME.fullmatch(path.name)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreUnavailable.of(error) from error
    return sorted(found)


class Lease:
    """The right to write one file, from when it is made until it is freed. `path` is the file."""

    def __init__(self, path: Path, lock: FileLock) -> None:
        self.path = path
        self._lock = lock
        self._identity: tuple[int, int] | None = None

    @classmethod
    def take(cls, path: Path, wait_s: float = 0.0) -> "Lease | None":
        """The lease of a file, which is made if it is not there; None if somebody else has it.

        Raises:
            StoreUnavailable: something that is not ours stands there, or nothing can be made.
        """
        locked = path.with_suffix(".lock")
        make_private_file(locked)
        lock = FileLock(locked, mode=0o600, thread_local=False, fallback_to_soft=False)
        try:
            lock.acquire(timeout=wait_s, poll_interval=0.02)
        except Timeout:
            return None
        except OSError as error:
            raise StoreUnavailable.of(error) from error
        return cls(path, lock)

    def make(self) -> None:
        """Make the file, empty and private, if it is not there; remember which one it is.

        Raises:
            StoreUnavailable: it cannot be made, or something that is not ours stands there.
        """
        for suffix in ("", "-wal", "-shm"):
            self._check(suffix)
        try:
            self._identity = _identity(self.path)
        except OSError as error:
            raise StoreUnavailable.of(error) from error

    def _check(self, suffix: str) -> None:
        beside = self.path.with_name(self.path.name + suffix)
        if not suffix or beside.is_symlink() or beside.exists():
            make_private_file(beside)

    def holds(self) -> bool:
        """Whether the file and its lock are still where they were."""
        try:
            there = _identity(self.path) == self._identity
            return there and self.path.with_suffix(".lock").exists()
        except OSError:
            return False

    def free(self) -> None:
        """Let others take it."""
        self._lock.release()


def free_lease(folder: Path) -> Lease:
    """The lease of the first file that nobody has; of a new one if all are taken.

    Raises:
        StoreUnavailable: nothing can be made there.
    """
    make_private(folder)
    make_private(segments_of(folder))
    for wait_s in (0.0, _WAIT_S):  # some are held for a moment, to be tidied
        for path in paths(folder):
            lease = Lease.take(path, wait_s)
            if lease is not None:
                return lease
    for number in range(1, HIGHEST + 1):
        lease = Lease.take(segments_of(folder) / f"{number:04}.db")
        if lease is not None:
            return lease
    raise StoreUnavailable("locked", str(folder))


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _identity(path: Path) -> tuple[int, int]:
    status = path.lstat()
    return status.st_dev, status.st_ino
