"""The files that receipts lie in: ``<capture>/consents``, one for each.

A file's name begins with a hash of the folder that it is about, so that a receipt that cannot be
read still says whose it was, and one that lies under another folder's name is nobody's.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from capture.consent.identity import file_prefix
from capture.consent.keeping import read_private, remove, write_whole
from capture.consent.receipt import Receipt, decode, encode
from capture.folder import make_private
from capture.store.errors import StoreUnavailable

_FOLDER = "consents"
_SUFFIX = ".json"


class Shelf:
    """The receipts of a capture folder. Only `put` makes anything."""

    def __init__(self, folder: Path) -> None:
        self._capture = folder
        self._folder = folder / _FOLDER

    def of(self, root: str) -> list[Receipt]:
        """The receipts of a folder."""
        found = []
        for path, content in self._files(file_prefix(root)):
            receipt = decode(content) if content is not None else None
            if receipt is not None and receipt.root == root and path == self._path(receipt):
                found.append(receipt)
        return found

    def is_damaged(self, root: str) -> bool:
        """Whether a receipt of a folder cannot be read."""
        return len(self.of(root)) < sum(1 for _ in self._files(file_prefix(root)))

    def all(self) -> list[Receipt]:
        """Every receipt that can be read, oldest first."""
        found = (decode(content) for _, content in self._files("") if content is not None)
        return sorted((each for each in found if each), key=lambda each: each.granted_at)

    def put(self, receipt: Receipt) -> None:
        """Write a receipt, in place of an older state of it.

        Raises:
            StoreUnavailable: it could not be written, and is as it was before.
        """
        make_private(self._capture)
        make_private(self._folder)
        write_whole(self._path(receipt), encode(receipt))

    def withdraw(self, receipt: Receipt) -> None:
        """Write a receipt that was withdrawn; or remove it, which also works on a full disk.

        Raises:
            StoreUnavailable: neither could be done.
        """
        try:
            self.put(receipt)
        except StoreUnavailable:
            remove(self._path(receipt))

    def stamp(self) -> int:
        """Differs after every change of a receipt; 0 before the first."""
        try:
            return self._folder.stat().st_mtime_ns
        except OSError:
            return 0

    def _path(self, receipt: Receipt) -> Path:
        return self._folder / f"{file_prefix(receipt.root)}-{receipt.id}{_SUFFIX}"

    def _files(self, prefix: str) -> Iterator[tuple[Path, bytes | None]]:
        with contextlib.suppress(OSError):
            for path in sorted(self._folder.iterdir()):
                if path.name.startswith(prefix) and path.suffix == _SUFFIX:
                    yield path, read_private(path)
