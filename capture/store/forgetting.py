"""Deleting for good, while servers run.

Every writer is asked to let go of its file (`wanted`); each file is then taken, what is to be
forgotten is deleted from it, and it is written anew, so that neither it nor its WAL keeps a byte of
that. Backups and damaged files cannot be picked apart: all of them are deleted, whatever is asked.

Rows are chosen by project, by a file that they mention, and by when they were recorded. A
prediction takes along everything that became of it.
"""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from capture.store import deleting, salvage, wanted
from capture.store.connection import writer
from capture.store.errors import StoreUnavailable
from capture.store.faults import DATABASE_ERRORS, fault_of
from capture.store.lease import Lease, paths, segments_of
from capture.store.retention import deserted
from capture.store.schema import bring_up_to_date
from capture.store.tables import Rows
from capture.store.wanted import Forgetting

_MENTIONING = ("snapshots", "settled", "stream")


class Forgotten(msgspec.Struct, frozen=True):
    """What was deleted: rows, and backups and damaged files as a whole.

    `held` are files that were not let go of in time, or failed, with the reason; they may still
    hold what was to be forgotten.
    """

    rows: int
    files: int
    held: tuple[tuple[str, str], ...] = ()


def forget(
    folder: Path,
    *,
    project: str | None = None,
    path: str | None = None,
    since: float | None = None,
    until: float | None = None,
    wait_s: float = 10.0,
    wall_clock: Callable[[], float] = time.time,
) -> Forgotten:
    """Delete everything that fits all that is given; everything there is if nothing is given.

    Waits up to `wait_s` for each writer. `project` is the keyed hash, `path` as prompts name it;
    `since` is included, `until` is not.

    Raises:
        StoreUnavailable: the folder cannot be looked into, or nothing can be written there.
    """
    asked = Forgetting(os.getpid(), wall_clock(), project, path, since, until)
    files: list[Path] = []
    try:
        while new := [file for file in paths(folder) if file not in files]:
            files += new  # somebody may have claimed one meanwhile
            for file in new:
                wanted.ask(file, asked)
        done = [_forgotten(folder, file, asked, wait_s) for file in files]
    finally:
        for file in files:
            wanted.withdraw(file)
    held = tuple((file.name, why) for file, (_, why) in zip(files, done, strict=True) if why)
    return Forgotten(sum(rows for rows, _ in done), _remove_copies(folder), held)


def _forgotten(folder: Path, file: Path, asked: Forgetting, wait_s: float) -> tuple[int, str]:
    """How many rows of a file went, and why it could not be done, if it could not."""
    try:
        lease = Lease.take(file, wait_s)
        if lease is None:
            return 0, "locked"
        try:
            lease.make()
            return _delete(folder, file, asked, wait_s), ""
        finally:
            lease.free()
    except DATABASE_ERRORS as error:
        return 0, fault_of(error, file).reason
    except StoreUnavailable as failure:
        return 0, failure.reason


def _delete(folder: Path, file: Path, asked: Forgetting, wait_s: float) -> int:
    if asked.is_all:
        return _delete_file(file)
    connection = writer(file, wait_s)
    try:
        bring_up_to_date(connection, file, folder / "backups")
        count = deleting.delete(connection, _doomed(connection, asked))
        count += deleting.delete(connection, {"sessions": _left(connection, asked)})
        if not deleting.scrub(connection, thorough=True):
            raise StoreUnavailable("locked", str(file))
        return count
    finally:
        connection.close()


def _delete_file(file: Path) -> int:
    count = 0
    with suppress(*DATABASE_ERRORS):  # a damaged one goes as well
        connection = writer(file)
        try:
            count = deleting.held(connection)
        finally:
            connection.close()
    salvage.remove(file)
    return count


def _doomed(connection: sqlite3.Connection, asked: Forgetting) -> Rows:
    names = _MENTIONING if asked.path is not None else (*_MENTIONING, "outcomes", "counts")
    values = (asked.project, asked.since, asked.until)
    return {
        name: [
            n
            for n, body in connection.execute(_CHOSEN[name], values).fetchall()
            if asked.path is None or deleting.mentions(connection, name, n, body, asked.path)
        ]
        for name in names
    }


def _left(connection: sqlite3.Connection, asked: Forgetting) -> list[int]:
    """Sessions of the project of which nothing is left; with a whole project, all of them."""
    query = "SELECT n FROM sessions WHERE ?1 IS NULL OR project = ?1"
    chosen = {n for (n,) in connection.execute(query, (asked.project,))}
    return [n for n in deserted(connection) if n in chosen]


def _remove_copies(folder: Path) -> int:
    """Delete all backups and damaged files; how many there were."""
    removed = 0
    for copies in (folder / "backups", salvage.quarantine_of(folder)):
        if copies.is_dir() and not copies.is_symlink():
            removed += len(list(copies.glob("*.db")))
            shutil.rmtree(copies)
    for draft in segments_of(folder).glob("*.wanted.*"):
        draft.unlink(missing_ok=True)
    return removed


def _chosen(name: str) -> str:
    body = "r.body" if name in _MENTIONING else "NULL"
    return (
        f"SELECT r.n, {body} FROM {name} r JOIN sessions s ON s.session = r.session"  # noqa: S608
        " WHERE (?1 IS NULL OR s.project = ?1)"
        " AND (?2 IS NULL OR r.time >= ?2) AND (?3 IS NULL OR r.time < ?3)"
    )


_CHOSEN = {name: _chosen(name) for name in (*_MENTIONING, "outcomes", "counts")}
