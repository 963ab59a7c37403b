"""The file that is being parsed, written down where a later helper finds it.

A file can bring a parser down, or keep it busy for ever until the helper is ended. The next helper
then reads here which file that was, tries it once more, and after a second time leaves it out. Only
the path is written, beside the cache.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

MAX_ATTEMPTS = 2
_MAX_BYTES = 8192


class Trial:
    """Notes of the file on trial; without a place for it nothing is noted."""

    def __init__(self, note: Path | None) -> None:
        self._file: int | None = None
        self._attempts: dict[str, int] = {}
        if note is not None:
            with contextlib.suppress(OSError):
                flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
                self._file = os.open(note, flags, 0o600)
                self._read()

    def has_failed(self, path: str) -> bool:
        """Whether a file brought helpers down too often to be tried again."""
        return self._attempts.get(path, 0) >= MAX_ATTEMPTS

    @contextlib.contextmanager
    def of(self, path: str) -> Iterator[None]:
        """A file is tried while this lasts."""
        attempts = self._attempts.get(path, 0) + 1
        self._write(f"{attempts}\n{path}".encode())
        yield
        self._write(b"")

    def close(self) -> None:
        """Note nothing any more."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _write(self, data: bytes) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, 0)
                os.pwrite(self._file, data[:_MAX_BYTES], 0)

    def _read(self) -> None:
        assert self._file is not None
        text = os.pread(self._file, _MAX_BYTES, 0).decode(errors="replace")
        attempts, newline, path = text.partition("\n")
        if newline and attempts.isdigit():
            self._attempts[path] = int(attempts)
