"""The private folder that holds the journal.

Only its owner can look into it: folders have mode 0700 and files 0600, whatever the umask says.
A folder that is a symbolic link or belongs to somebody else is refused, not followed, because
whoever planted it would get to read, or to choose, what is written.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SUFFIX = ".jsonl"
_PRIVATE_FOLDER = 0o700
_PRIVATE_FILE = 0o600


def open_folder(data_dir: Path) -> int:
    """Descriptor of ``data_dir/journal``, which is made if it is not there.

    Raises:
        OSError: it cannot be made, or somebody else may have made it.
    """
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    with _opened(data_dir, create=True), _opened(data_dir / "journal", create=True) as folder:
        return os.dup(folder)


@contextmanager
def existing_folder(data_dir: Path) -> Iterator[int]:
    """The same, only to read.

    Raises:
        OSError: as above; `FileNotFoundError` if nothing was written yet.
    """
    with _opened(data_dir / "journal", create=False) as folder:
        yield folder


def new_file(folder: int, name: str) -> int:
    """Descriptor of a new file, to append to. It never opens one that is already there."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(name, flags, _PRIVATE_FILE, dir_fd=folder)
    os.fchmod(descriptor, _PRIVATE_FILE)
    return descriptor


def segments(folder: int) -> list[tuple[str, os.stat_result]]:
    """The journal's files, the one written to last first. Anything else in the folder is passed."""
    found = []
    for name in os.listdir(folder):
        if not name.endswith(SUFFIX):
            continue
        try:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            continue  # another process tidied up
        if stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid():
            found.append((name, status))
    return sorted(found, key=lambda segment: segment[1].st_mtime_ns, reverse=True)


@contextmanager
def _opened(path: Path, *, create: bool) -> Iterator[int]:
    made = create and _make(path)
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags)
    try:
        _check(path, descriptor, made=made)
        yield descriptor
    finally:
        os.close(descriptor)


def _make(path: Path) -> bool:
    try:
        path.mkdir(mode=_PRIVATE_FOLDER)
    except FileExistsError:
        return False
    return True


def _check(path: Path, descriptor: int, *, made: bool) -> None:
    status = os.fstat(descriptor)
    if status.st_uid != os.geteuid():
        raise PermissionError(f"{path} belongs to another user")
    shared = status.st_mode & stat.S_ISVTX or path == Path.home()
    if made or (status.st_mode & 0o077 and not shared):
        os.fchmod(descriptor, _PRIVATE_FOLDER)
