"""Which folder it is that somebody consented for: its path, and what tells it from another there.

A consent is for one folder, not for a name. A copy lies elsewhere; a new clone in the old place is
another directory. Its inode alone would not tell: file systems give the number of a folder that was
removed to the next one that is made. So the time when the folder was made counts too, where the
system tells it.
"""

import ctypes
import functools
import hashlib
import hmac
import os
import stat
import struct
from collections.abc import Callable
from pathlib import Path

import msgspec

_AT_FDCWD = -100
_AT_SYMLINK_NOFOLLOW = 0x100
_STATX_BTIME = 0x800
_STATX_BYTES = 256
_BTIME_OFFSET_BYTES = 80


class Identity(msgspec.Struct, frozen=True):
    """A folder. `root` is its path without symbolic links; `born_ns` is 0 where nobody tells."""

    root: str
    device: int
    inode: int
    born_ns: int


def identity_of(root: Path) -> Identity | None:
    """The identity of a folder, or None if there is none at that path."""
    try:
        real = root.resolve(strict=True)
        status = real.stat()
    except (OSError, RuntimeError, ValueError):
        return None
    if not stat.S_ISDIR(status.st_mode):
        return None
    return Identity(str(real), status.st_dev, status.st_ino, _born_ns(real, status))


def is_too_wide(root: str) -> bool:
    """Whether a folder holds more than a project: the whole disk, or everything of a person."""
    home = Path.home().resolve()
    return home == Path(root) or home.is_relative_to(root)


def project_id(key: bytes, root: str) -> str:
    """How rows know a project. Without the key nobody can tell, or guess, which folder it is."""
    return hmac.new(key, os.fsencode(root), hashlib.sha256).hexdigest()[:32]


def file_prefix(root: str) -> str:
    """How the names of a folder's receipts begin."""
    return hashlib.sha256(os.fsencode(root)).hexdigest()[:16]


def _born_ns(path: Path, status: os.stat_result) -> int:
    """When a folder was made: Python knows it on some systems, on Linux only `statx` does."""
    known = getattr(status, "st_birthtime_ns", None) or getattr(status, "st_birthtime", None)
    if known is not None:
        return int(known) if isinstance(known, int) else int(known * 1e9)
    ask = _statx()
    buffer = ctypes.create_string_buffer(_STATX_BYTES)
    if ask is None or ask(_AT_FDCWD, os.fsencode(path), _AT_SYMLINK_NOFOLLOW, _STATX_BTIME, buffer):
        return 0
    (mask,) = struct.unpack_from("=I", buffer)
    seconds, nanoseconds = struct.unpack_from("=qI", buffer, _BTIME_OFFSET_BYTES)
    return int(seconds * 1_000_000_000 + nanoseconds) if mask & _STATX_BTIME else 0


@functools.cache
def _statx() -> Callable[..., int] | None:
    """The C library's function, None on systems without it. The layout is part of Linux's ABI."""
    try:
        return ctypes.CDLL(None).statx
    except (OSError, AttributeError):
        return None
