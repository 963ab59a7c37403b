"""Everything that the recorder needs of the outside, as it sees it.

The parts that do it live beside it (`consent`, `licences`, `eligibility`, `secrets`, `repository`,
`store`); `join` hands them in. A test hands in others.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from capture.consent.receipt import Receipt, Refusal
from capture.rows import Licence, Row


class ConsentDoor(Protocol):
    """Who consented to what."""

    def live(self, root: Path) -> Receipt | Refusal:
        """The consent for a folder, with everything checked anew."""

    def refusal_of(self, receipt: Receipt, file: Path) -> Refusal | None:
        """Why the consent for a folder does not cover a file of it: a switch, its own licence."""

    def stamp(self) -> int:
        """A number that changes whenever a receipt does; 0 if there is none. One stat."""


class EligibilityDoor(Protocol):
    """Which files of one folder may be recorded."""

    def refusal(self, file: Path, lines: Sequence[str]) -> str | None:
        """Why an open file may not be recorded."""

    def refusal_of_path(self, relative: str) -> str | None:
        """Why a path within the folder may not be recorded."""


class Found(Protocol):
    """Where a secret stands: a row, and columns in code points."""

    @property
    def row(self) -> int: ...  # noqa: D102
    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102


class ScannerDoor(Protocol):
    """Finds secrets in text."""

    def find(self, lines: Sequence[str], first_row: int = 0) -> Sequence[Found]:
        """The secrets in some rows of a file."""

    def is_clean(self, text: str) -> bool:
        """Whether a text holds no secret."""


class RepositoryDoor(Protocol):
    """The version control of one folder."""

    @property
    def url(self) -> str:
        """The remote, without what is private about it."""

    def revision(self) -> str:
        """The commit that is checked out; empty if there is none."""

    def uncommitted_diff(self, paths: Sequence[str], texts: Sequence[str]) -> str | None:
        """From that commit to these texts; None if it is too large or cannot be told."""


class Forgetting(Protocol):
    """What another process is about to delete from the store; None stands for all."""

    @property
    def project(self) -> str | None: ...  # noqa: D102


class SegmentDoor(Protocol):
    """One writer's file of the store. `notice` is what a person should be told about it."""

    notice: str

    @property
    def path(self) -> Path:
        """The file."""

    def commit(self, rows: Sequence[Row]) -> None:
        """Write rows; they are durable when this returns. Raises `StoreUnavailable`."""

    def purge(self, session: str, path: str, from_seq: int) -> int:
        """Delete a session's rows about a path from a number on."""

    def asked_to_yield(self) -> Forgetting | None:
        """Whether another process wants to write this file."""

    def idle(self) -> None:
        """Nothing is being written: tidy up."""

    def close(self) -> None:
        """Give the file back."""


def _nothing(*_: object) -> None:
    """What is told to nobody."""


class Doors(msgspec.Struct, frozen=True, kw_only=True):
    """All of them, and the clocks.

    `acknowledged` is told the rows of each commit once they are durable, on the recorder's thread.
    """

    consents: ConsentDoor
    licence_of: Callable[[Path, Path | None], Licence | None]
    eligibility_of: Callable[[Path, Sequence[str]], EligibilityDoor]
    scanner: Callable[[], ScannerDoor]
    repository_of: Callable[[Path], RepositoryDoor | None]
    claim: Callable[[], SegmentDoor]
    monotonic: Callable[[], float]
    wall_clock: Callable[[], float]
    acknowledged: Callable[[Sequence[Row]], None] = _nothing
