"""Writing a person's files: whole or not at all, through links, with the rights they had.

A file is written beside its place and then put there in one step, so that neither Ctrl-C nor a
full disk leaves half of it. It is not written if it is no longer what the person was shown.
"""

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from zeta_lsp.core.errors import ZetaError
from zeta_lsp.setup.change import Change, Refused, content_of

_PRIVATE = 0o600
_READABLE = 0o666


def check(change: Change) -> None:
    """See beforehand whether a file can be written.

    Raises:
        Refused: it cannot, and why.
    """
    target = change.target
    if change.path.is_symlink() and not target.parent.is_dir():
        raise Refused(f"{change.path} is a link to {target}, where no folder is")
    folder = next(each for each in (target, *target.parents) if each.exists())
    status = target.stat() if target.exists() else folder.stat()
    if status.st_uid not in (os.geteuid(), 0) and os.geteuid() != 0:
        raise Refused(f"{folder} belongs to another user")
    if not os.access(target.parent if target.exists() else folder, os.W_OK):
        raise Refused(f"{target} cannot be written{_reason(change)}")
    if target.exists() and not os.access(target, os.W_OK):
        raise Refused(f"{target} is write-protected{_reason(change)}")


def write(change: Change) -> None:
    """Make a file what it is to become.

    Raises:
        ZetaError: it has changed since it was looked at, or cannot be written.
    """
    target = change.target
    if content_of(target) != change.before:
        raise ZetaError(f"{change.path} has just been changed by something else: run setup again")
    try:
        if change.after is None:
            target.unlink()
        else:
            _replace(target, change.after, private=change.private)
    except OSError as fault:
        raise ZetaError(f"{target} cannot be written: {fault.strerror}") from fault


def take_back(changes: Sequence[Change]) -> None:
    """Restore those files that have become what they were to become; the others never did."""
    for change in reversed(changes):
        if content_of(change.target) == change.after != change.before:
            write(Change(change.target, change.after, change.before, change.private))


def missing_folders(path: Path) -> list[Path]:
    """The folders that have to be made for a file, outermost first."""
    return [each for each in reversed(path.parents) if not each.exists()]


def remove_empty(folders: Sequence[Path]) -> None:
    """Remove folders that were made for a file, if nothing else is in them by now."""
    for folder in reversed(folders):
        with contextlib.suppress(OSError):
            folder.rmdir()


def _reason(change: Change) -> str:
    return f" ({change.path} is a link to it)" if change.is_linked else ""


def _replace(target: Path, content: bytes, *, private: bool) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    status = target.stat() if target.exists() else None
    with _beside(target) as (descriptor, temporary):
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            os.fchmod(descriptor, _mode(status, private=private))
            if status and (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
                with contextlib.suppress(PermissionError):
                    os.fchown(descriptor, status.st_uid, status.st_gid)
            file.flush()
            os.fsync(descriptor)
        temporary.replace(target)


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[tuple[int, Path]]:
    """A new file in the same folder, gone afterwards if it has not been moved."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
    try:
        yield descriptor, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _mode(status: os.stat_result | None, *, private: bool) -> int:
    if status is not None:
        return stat.S_IMODE(status.st_mode)
    umask = os.umask(0o077)
    os.umask(umask)
    return _PRIVATE if private else _READABLE & ~umask
