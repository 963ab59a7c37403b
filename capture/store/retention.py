"""How long and how much is kept: what is too old goes, then the oldest while there is too much.

A writer keeps its own file to the limits, and those that nobody writes. Age is measured from the
latest row of the store, or from now if that is earlier, so that a clock that runs years ahead for
an hour deletes nothing when it is looked at before anything was written with it.
"""

import sqlite3
from contextlib import ExitStack, suppress
from pathlib import Path

import msgspec

from capture.store import deleting, salvage
from capture.store.connection import empty_wal, shrink, size_bytes, version_of, writer
from capture.store.errors import StoreUnavailable
from capture.store.faults import DATABASE_ERRORS
from capture.store.lease import Lease, paths
from capture.store.tables import Rows

PAUSE_S = 3600.0
_DAY_S = 86400.0
_OF_ROWS = ("snapshots", "outcomes", "settled", "stream", "counts")
_SHARE = 10  # one part in so many goes at a time


class Limits(msgspec.Struct, frozen=True):
    """`days`, `bytes`: rows in all files together. `copies_days`: damaged files and backups."""

    days: float = 90.0
    bytes: int = 1024**3
    copies_days: float = 14.0


def keep(folder: Path, path: Path, own: sqlite3.Connection, now: float, limits: Limits) -> None:
    """Keep the store to its limits, as far as its files can be written.

    Raises:
        sqlite3.Error, OSError: the disk failed.
    """
    _remove_copies(folder, now - limits.copies_days * _DAY_S)
    with ExitStack() as opened:
        files = {path: own}
        for other in paths(folder):
            if other != path:
                connection = _free(other, opened)
                files |= {other: connection} if connection is not None else {}
        _drop_old(files, now, limits)
        _drop_surplus(folder, files, limits)


def _drop_old(files: dict[Path, sqlite3.Connection], now: float, limits: Limits) -> None:
    latest = max((_edge(connection, "max") or 0.0 for connection in files.values()), default=0.0)
    before = min(now, latest) - limits.days * _DAY_S
    for connection in files.values():
        _drop_before(connection, before)


def _drop_surplus(folder: Path, files: dict[Path, sqlite3.Connection], limits: Limits) -> None:
    while _total_bytes(folder, files) > limits.bytes:
        oldest = {path: edge for path in files if (edge := _edge(files[path], "min")) is not None}
        if not oldest:
            return
        connection = files[min(oldest, key=lambda path: oldest[path])]
        _drop_before(connection, _after_share(connection))


def _drop_before(connection: sqlite3.Connection, time: float) -> None:
    doomed: Rows = {
        name: [n for (n,) in connection.execute(_OLDER[name], (time,))] for name in _OF_ROWS
    }
    if not any(doomed.values()):
        return
    deleting.delete(connection, doomed)
    deleting.delete(connection, {"sessions": deserted(connection, time)})
    shrink(connection)
    empty_wal(connection)


def deserted(connection: sqlite3.Connection, before: float | None = None) -> list[int]:
    """Sessions of which nothing is left, that began before a time."""
    query = (
        "SELECT n FROM sessions s WHERE time < ?"
        " AND NOT EXISTS (SELECT 1 FROM snapshots WHERE session = s.session)"
        " AND NOT EXISTS (SELECT 1 FROM stream WHERE session = s.session)"
        " AND NOT EXISTS (SELECT 1 FROM counts WHERE session = s.session)"
    )
    limit = float("inf") if before is None else before
    return [n for (n,) in connection.execute(query, (limit,))]


def _after_share(connection: sqlite3.Connection) -> float:
    """The time before which a share of the rows lies; beyond the last one if they are few."""
    every = " UNION ALL ".join(f"SELECT time FROM {name}" for name in _OF_ROWS)  # noqa: S608
    (count,) = connection.execute(f"SELECT count(*) FROM ({every})").fetchone()  # noqa: S608
    found = connection.execute(
        f"SELECT time FROM ({every}) ORDER BY time LIMIT 1 OFFSET ?",  # noqa: S608
        (count // _SHARE + 1,),
    ).fetchone()
    edge = _edge(connection, "min")
    if found is None or found[0] == edge:
        return float("inf")
    return float(found[0])


def _edge(connection: sqlite3.Connection, side: str) -> float | None:
    """The time of the first or last row."""
    each = (f"SELECT {side}(time) AS time FROM {name}" for name in _OF_ROWS)  # noqa: S608
    query = f"SELECT {side}(time) FROM ({' UNION ALL '.join(each)})"  # noqa: S608
    (edge,) = connection.execute(query).fetchone()
    return None if edge is None else float(edge)


def _total_bytes(folder: Path, files: dict[Path, sqlite3.Connection]) -> int:
    others = [path for path in paths(folder) if path not in files]
    unseen = sum(path.lstat().st_size for path in others)
    return unseen + sum(size_bytes(connection) for connection in files.values())


def _free(path: Path, opened: ExitStack) -> sqlite3.Connection | None:
    """A connection to a file that nobody writes; None if somebody does, or it is not fit for it."""
    with ExitStack() as held, suppress(StoreUnavailable, *DATABASE_ERRORS):
        lease = Lease.take(path)
        if lease is None:
            return None
        held.callback(lease.free)
        lease.make()
        connection = writer(path)
        held.callback(connection.close)
        if version_of(connection):
            opened.push(held.pop_all())
            return connection
    return None


def _remove_copies(folder: Path, before: float) -> None:
    for copies in (salvage.quarantine_of(folder), folder / "backups"):
        for copy in copies.glob("*.db"):  # none if there is no such folder
            if copy.lstat().st_mtime < before:
                salvage.remove(copy)


_OLDER = {name: f"SELECT n FROM {name} WHERE time < ?" for name in _OF_ROWS}  # noqa: S608
