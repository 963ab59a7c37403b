"""What a stage is. There are three kinds, by what they need to see at a time.

A *pure* stage makes rows of one row and nothing else: it runs in all cores. An *asking* stage waits
for a model or a language server about one row: many wait at once, in one process. A *whole* stage
has to see every row before it can say anything of one, and streams by itself.

`version` is that of what a stage makes: it grows when the same row comes out differently, so that a
recipe knows which of its files are stale.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol, runtime_checkable

from pipeline.records import Dropped, Noted, Row


@runtime_checkable
class PureStage(Protocol):
    """Rows from one row. Pickled once into each worker process."""

    name: str
    version: int

    def rows(self, row: Row) -> Iterable[Row | Dropped | Noted]:
        """What becomes of a row: none, one, several, or a drop with its reason; notes beside them.

        An exception drops the row as ``stage_failed``; what can be expected is returned.
        """


@runtime_checkable
class AskingStage(Protocol):
    """Rows from one row, after somebody was asked."""

    name: str
    version: int

    def opened(self) -> AbstractAsyncContextManager["Asker"]:
        """Connect to whom it asks; leaving the context lets go of them."""


class Asker(Protocol):
    """An asking stage at work."""

    async def rows(self, row: Row) -> Iterable[Row | Dropped]:
        """As `PureStage.rows`. Called for many rows at a time; the output has their order."""


@runtime_checkable
class WholeStage(Protocol):
    """Rows from one row, by what all of them are. The input is read twice."""

    name: str
    version: int

    def surveyed(self, rows: Iterator[tuple[int, Row]]) -> "Surveyed":
        """Look at all rows, each with the number of its line; keep a few bytes of each at most."""


class Surveyed(Protocol):
    """A whole stage that has seen everything."""

    def rows(self, number: int, row: Row) -> Iterable[Row | Dropped | Noted]:
        """As `PureStage.rows`, for the row in that line."""


Stage = PureStage | AskingStage | WholeStage
