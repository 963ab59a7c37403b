"""The record of what setup has written, so that it can be undone exactly.

In the data folder, `setup/`: `receipts.json`, a list in the order of writing, and `files/`, the
contents before and after each change, named by their SHA-256. Everything is the owner's alone,
since people keep keys in their editors' settings. A receipt is on disk before the first file
changes; it goes when its changes have been undone.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from zeta_lsp.core.errors import ZetaError
from zeta_lsp.setup.change import Change, Command
from zeta_lsp.setup.writing import missing_folders, write


class Written(msgspec.Struct, frozen=True):
    """One changed file. `before` and `after` are digests, None where there was or is no file.

    `path` is where the editor looks, `target` the file itself; `folders` were made for it.
    """

    path: str
    target: str
    before: str | None
    after: str | None
    folders: tuple[str, ...] = ()


class Receipt(msgspec.Struct, frozen=True):
    """What one run has done for one editor. `time_s` is seconds since 1970."""

    editor: str
    time_s: float
    version: str
    written: tuple[Written, ...] = ()
    commands: tuple[Command, ...] = ()


class Receipts:
    """The record in a data folder. `wall_clock` gives seconds since 1970."""

    def __init__(self, data_dir: Path, version: str, wall_clock: Callable[[], float]) -> None:
        self._folder = data_dir / "setup"
        self._version = version
        self._wall_clock = wall_clock

    def all(self) -> list[Receipt]:
        """Every receipt, oldest first.

        Raises:
            ZetaError: the record cannot be read.
        """
        path = self._folder / "receipts.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=list[Receipt])
        except FileNotFoundError:
            return []
        except (OSError, msgspec.MsgspecError) as fault:
            raise ZetaError(f"{path} cannot be read: {fault}") from None

    def add(self, editor: str, changes: Sequence[Change], commands: Sequence[Command]) -> Receipt:
        """Record what is about to be done."""
        written = tuple(map(self._written, changes))
        now_s = self._wall_clock()
        receipt = Receipt(editor, now_s, self._version, written, tuple(commands))
        self._keep([*self.all(), receipt])
        return receipt

    def drop(self, receipt: Receipt) -> None:
        """Forget a receipt whose changes are undone, and contents that no other one needs."""
        self._keep([each for each in self.all() if each != receipt])

    def leave(self, receipt: Receipt, rest: Sequence[Written]) -> None:
        """Keep of a receipt only what could not be undone."""
        kept = [
            replace(r, written=tuple(rest), commands=()) if r == receipt else r for r in self.all()
        ]
        self._keep(kept)

    def content(self, digest: str | None) -> bytes | None:
        """The content that a receipt names.

        Raises:
            ZetaError: it is gone, or no longer what it was.
        """
        if digest is None:
            return None
        path = self._folder / "files" / digest
        try:
            content = path.read_bytes()
        except OSError as fault:
            raise ZetaError(f"{path} cannot be read: {fault.strerror}") from None
        if digest_of(content) != digest:
            raise ZetaError(f"{path} is damaged")
        return content

    def _written(self, change: Change) -> Written:
        folders = tuple(map(str, missing_folders(change.target)))
        before, after = self._stored(change.before), self._stored(change.after)
        return Written(str(change.path.absolute()), str(change.target), before, after, folders)

    def _stored(self, content: bytes | None) -> str | None:
        if content is None:
            return None
        digest = digest_of(content)
        path = self._folder / "files" / digest
        if not path.exists():
            self._make_folders()
            write(Change(path, None, content, private=True))
        return digest

    def _keep(self, receipts: list[Receipt]) -> None:
        self._make_folders()
        path = self._folder / "receipts.json"
        before = path.read_bytes() if path.exists() else None
        after = msgspec.json.format(msgspec.json.encode(receipts), indent=2)
        write(Change(path, before, after, private=True))
        needed = {
            digest
            for each in receipts
            for one in each.written
            for digest in (one.before, one.after)
        }
        for file in (self._folder / "files").iterdir():
            if file.name not in needed:
                file.unlink()

    def _make_folders(self) -> None:
        try:
            for folder in (self._folder.parent, self._folder, self._folder / "files"):
                if not folder.exists():
                    folder.mkdir(mode=0o700, parents=True)
        except OSError as fault:
            raise ZetaError(f"{self._folder} cannot be made: {fault.strerror}") from None


def digest_of(content: bytes) -> str:
    """SHA-256, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
