"""How a process that is to forget something asks those that record to let go of their files.

It puts ``0001.wanted`` beside ``0001.db``, which says what is to be forgotten, by whom and since
when. The recorder looks for that name at each of its turns. A request whose process is gone, or
that is older than `STALE_S`, counts for nothing and is removed.
"""

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from capture.store.errors import StoreUnavailable

STALE_S = 60.0


class Forgetting(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is to be forgotten; all that is None is not asked for. `time` is when it was asked."""

    pid: int
    time: float
    project: str | None = None
    path: str | None = None
    since: float | None = None
    until: float | None = None

    @property
    def is_all(self) -> bool:
        """Whether nothing is to be kept."""
        asked_for = (self.project, self.path, self.since, self.until)
        return all(given is None for given in asked_for)


def ask(segment: Path, forgetting: Forgetting) -> None:
    """Ask the writer of a file to let go of it.

    Raises:
        StoreUnavailable: the request could not be written.
    """
    name = segment.with_suffix(".wanted")
    draft = name.with_name(f"{name.name}.{os.getpid()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(draft, flags, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(forgetting))
        draft.replace(name)
    except OSError as error:
        raise StoreUnavailable.of(error) from error


def withdraw(segment: Path) -> None:
    """Take back a request, if there is one."""
    segment.with_suffix(".wanted").unlink(missing_ok=True)


def asked(segment: Path, now: float) -> Forgetting | None:
    """What the writer of a file is asked for; one look for a name if it is nothing."""
    try:
        content = segment.with_suffix(".wanted").read_bytes()
    except OSError:
        return None
    try:
        forgetting = msgspec.json.decode(content, type=Forgetting)
    except msgspec.DecodeError:
        forgetting = None
    if forgetting is None or abs(now - forgetting.time) > STALE_S or not _lives(forgetting.pid):
        withdraw(segment)
        return None
    return forgetting


def anybody_asks(segments: Path, wall_clock: Callable[[], float]) -> bool:
    """Whether anything in a folder is about to be forgotten."""
    now = wall_clock()
    names = [*segments.glob("*.wanted")]
    return any(asked(name.with_suffix(".db"), now) is not None for name in names)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OverflowError, PermissionError):
        return True
    return True
