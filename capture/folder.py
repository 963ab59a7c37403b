"""The one folder that everything captured lies in: only its owner can look into it.

Folders have mode 0700 and files 0600, whatever the umask says. Where a symbolic link, a pipe or
something of another user stands in the way it is refused, not followed, because whoever planted it
would get to read, or to choose, what is written. Inside a private folder nobody else can plant
anything between this check and the use of a name, so checking names is enough there.

A database file is never opened here once it exists: closing any descriptor of a file drops the
locks that SQLite holds on it in the same process.
"""

import os
import stat
from pathlib import Path

from capture.store.errors import StoreUnavailable

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


def capture_folder(data_dir: Path) -> Path:
    """Where captured data lies within the user's data folder. Makes nothing."""
    return data_dir / "capture"


def make_private(folder: Path) -> None:
    """Make a folder that only its owner can enter, or see that it is one.

    Raises:
        StoreUnavailable: it cannot be made, or somebody else may have made it.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
        made = _made(folder)
        _check_folder(folder, made=made)
    except OSError as error:
        raise StoreUnavailable.of(error) from error


def make_private_file(path: Path) -> bool:
    """Make an empty file that only its owner can read; False if it is there already, and fine.

    Raises:
        StoreUnavailable: it cannot be made, or what is there is not an own, ordinary file.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags, _FILE_MODE)
    except FileExistsError:
        check_private_file(path)
        return False
    except OSError as error:
        raise StoreUnavailable.of(error) from error
    try:
        os.fchmod(descriptor, _FILE_MODE)  # a umask may have taken bits away
    finally:
        os.close(descriptor)
    return True


def check_private_file(path: Path) -> None:
    """See that a file is ordinary and the user's own, and take away what others may do with it.

    Raises:
        StoreUnavailable: it is something else, belongs to somebody else, or is not there.
    """
    try:
        status = path.lstat()
        _check_kind(path, status)
        if stat.S_IMODE(status.st_mode) != _FILE_MODE:
            path.chmod(_FILE_MODE)
    except OSError as error:
        raise StoreUnavailable.of(error) from error


def _check_kind(path: Path, status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise StoreUnavailable("symlink", str(path))
    if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
        raise StoreUnavailable("not_a_file", str(path))
    if status.st_uid != os.geteuid():
        raise StoreUnavailable("foreign_owner", str(path))


def _made(folder: Path) -> bool:
    try:
        folder.mkdir(mode=_FOLDER_MODE)
    except FileExistsError:
        return False
    return True


def _check_folder(folder: Path, *, made: bool) -> None:
    status = folder.lstat()
    if stat.S_ISLNK(status.st_mode):
        raise StoreUnavailable("symlink", str(folder))
    if not stat.S_ISDIR(status.st_mode):
        raise StoreUnavailable("not_a_file", str(folder))
    if status.st_uid != os.geteuid():
        raise StoreUnavailable("foreign_owner", str(folder))
    if made or stat.S_IMODE(status.st_mode) != _FOLDER_MODE:
        folder.chmod(_FOLDER_MODE)
