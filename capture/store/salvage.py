"""A damaged file is set aside, never deleted, and what can be read of it goes on in a new one."""

import sqlite3
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from capture.folder import make_private
from capture.rows import Row
from capture.store.connection import reader, size_bytes
from capture.store.errors import StoreUnavailable
from capture.store.faults import DATABASE_ERRORS
from capture.store.rowreading import scan
from capture.store.tables import TABLES

_AT_ONCE = 64
_PARTS = ("", "-wal", "-shm")


def quarantine_of(folder: Path) -> Path:
    """Where damaged files lie within the capture folder."""
    return folder / "quarantine"


def look_over(connection: sqlite3.Connection, most_bytes: int) -> None:
    """See that a file is sound: all of it if it is small, else one row of each table.

    Raises:
        StoreUnavailable: `corrupt`.
        sqlite3.Error: it is so damaged that it cannot be looked over, or the disk failed.
    """
    if size_bytes(connection) <= most_bytes:
        (state,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if state != "ok":
            raise StoreUnavailable("corrupt")
        return
    for table in TABLES:
        connection.execute(f"SELECT * FROM {table.name} ORDER BY n DESC LIMIT 1").fetchall()  # noqa: S608


def set_aside(folder: Path, path: Path, now: float) -> Path:
    """Move a file and what belongs to it into quarantine; its new name.

    Raises:
        StoreUnavailable: the folder cannot be made.
        OSError: the file cannot be moved.
    """
    make_private(quarantine_of(folder))
    aside = _free_name(quarantine_of(folder), f"{path.stem}-{int(now)}")
    for part in _PARTS:
        beside = path.with_name(path.name + part)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + part))
    return aside


def rescue(aside: Path, write: Callable[[Sequence[Row]], None]) -> tuple[int, int]:
    """Hand every row that can be read to `write`; how many there were, and how many were damaged.

    Raises:
        sqlite3.Error, StoreUnavailable: as `write` does.
    """
    connection = _opened(aside)
    if connection is None:
        return 0, 0
    try:
        return _rescued(connection, write)
    finally:
        connection.close()


def remove(aside: Path) -> None:
    """Delete a file in quarantine, with what belongs to it."""
    for part in _PARTS:
        aside.with_name(aside.name + part).unlink(missing_ok=True)


def _rescued(
    connection: sqlite3.Connection, write: Callable[[Sequence[Row]], None]
) -> tuple[int, int]:
    kept = lost = 0
    held: list[Row] = []
    for table in TABLES:
        for row in scan(connection, table):
            if row is None:
                lost += 1
                continue
            held.append(row)
            if len(held) >= _AT_ONCE:
                saved = _written(held, write)
                kept, lost, held = kept + saved, lost + len(held) - saved, []
    saved = _written(held, write)
    return kept + saved, lost + len(held) - saved


def _written(rows: Sequence[Row], write: Callable[[Sequence[Row]], None]) -> int:
    """How many could be written: not those whose session or prediction is lost."""
    try:
        write(rows)
    except StoreUnavailable as failure:
        if failure.reason != "no_snapshot":
            raise
        return sum(_written([row], write) for row in rows) if len(rows) > 1 else 0
    return len(rows)


def _opened(aside: Path) -> sqlite3.Connection | None:
    """A connection that reads the WAL too, if there is one that can be read."""
    for immutable in (False, True):
        try:
            connection = reader(aside, immutable=immutable)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except DATABASE_ERRORS:
            continue
        return connection
    return None


def _free_name(quarantine: Path, stem: str) -> Path:
    names = (f"{stem}.db" if n == 0 else f"{stem}-{n}.db" for n in count())
    return next(quarantine / name for name in names if not (quarantine / name).exists())
