"""Rows that wait for their turn, and what was found for them: on disk, a few bytes of each here.

The file has no name, so nothing of it is left whatever happens.
"""

import tempfile
import weakref
from typing import IO, Any

import msgspec


class Spool:
    """JSON by number. Written and read in any order; each number once."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - it ends with the spool
        self._places: dict[int, tuple[int, int]] = {}
        weakref.finalize(self, self._file.close)  # nobody says when the last row was read

    def put(self, number: int, value: Any) -> None:
        """Keep a value."""
        data = msgspec.json.encode(value)
        at = self._file.seek(0, 2)
        self._file.write(data)
        self._places[number] = (at, len(data))

    def get(self, number: int) -> Any:
        """The value; None if there is none."""
        if not self.has(number):
            return None
        at, size = self._places[number]
        self._file.seek(at)
        return msgspec.json.decode(self._file.read(size))

    def has(self, number: int) -> bool:
        """Whether there is a value."""
        return number in self._places
