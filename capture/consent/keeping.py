"""Small private files: written whole or not at all, and read only if nobody else could have.

What is read decides whether somebody is recorded. So a file that others may write, that belongs to
somebody else or that is no ordinary file is not read. The folder's time of change grows with every
write, however coarse the system's clock is: who reads the time first and the files later notices
every change after.
"""

import os
import secrets
import stat
from pathlib import Path

from capture.store.errors import StoreUnavailable

_MAX_BYTES = 64 * 1024
_MODE = 0o600


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there with this content, or as it was before; durable on return.

    Raises:
        StoreUnavailable: it could not be written.
    """
    try:
        before_ns = path.parent.stat().st_mtime_ns
        temporary = _written(path.parent, content)
        try:
            temporary.rename(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        _settle(path.parent, before_ns)
    except OSError as error:
        raise StoreUnavailable.of(error) from error


def write_once(path: Path, content: bytes) -> bool:
    """Write a file unless it exists; False if somebody was there before.

    Raises:
        StoreUnavailable: it could not be written.
    """
    try:
        temporary = _written(path.parent, content)
        try:
            path.hardlink_to(temporary)
        except FileExistsError:
            return False
        finally:
            temporary.unlink()
        _settle(path.parent, 0)
    except OSError as error:
        raise StoreUnavailable.of(error) from error
    return True


def remove(path: Path) -> None:
    """Remove a file.

    Raises:
        StoreUnavailable: it could not be removed.
    """
    try:
        before_ns = path.parent.stat().st_mtime_ns
        path.unlink(missing_ok=True)
        _settle(path.parent, before_ns)
    except OSError as error:
        raise StoreUnavailable.of(error) from error


def read_private(path: Path) -> bytes | None:
    """The bytes of an ordinary file that only its owner, who is the user, can write; or None."""
    try:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(path, flags)
    except (OSError, ValueError):
        return None
    try:
        status = os.fstat(descriptor)
        return os.read(descriptor, _MAX_BYTES) if _is_private(status) else None
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _is_private(status: os.stat_result) -> bool:
    ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
    return ours and not status.st_mode & 0o022 and status.st_size <= _MAX_BYTES


def _written(folder: Path, content: bytes) -> Path:
    temporary = folder / f".{secrets.token_hex(8)}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, _MODE)
    try:
        os.fchmod(descriptor, _MODE)  # a umask may have taken bits away
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)
    return temporary


def _settle(folder: Path, before_ns: int) -> None:
    """Make a change of the folder durable, and its time later than it was before."""
    status = folder.stat()
    if status.st_mtime_ns <= before_ns:
        os.utime(folder, ns=(status.st_atime_ns, before_ns + 1))
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
