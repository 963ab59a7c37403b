"""Deleting rows, with the texts that only they referred to, so that no byte of them is left.

`secure_delete` overwrites what a page no longer holds, but a page that was split or moved may keep
a copy of a row in the space between its cells. So a file from which something private is taken is
written anew as well, and its WAL cut to nothing.
"""

import sqlite3
from collections.abc import Mapping, Sequence

import msgspec
import zstandard

from capture.store import blobs
from capture.store.connection import empty_wal, shrink, size_bytes, transaction, vacuum
from capture.store.tables import TABLES, Rows

_VACUUM_BYTES = 64 * 1024 * 1024


def delete(connection: sqlite3.Connection, doomed: Rows) -> int:
    """Delete rows by table and number, in one transaction, with what refers to them; how many.

    Sessions of which nothing is left go too if `doomed` names them.
    """
    with transaction(connection):
        before = held(connection)
        bodies = _bodies(connection, doomed)
        for name, numbers in doomed.items():
            connection.executemany(f"DELETE FROM {name} WHERE n = ?", ((n,) for n in numbers))  # noqa: S608 - our own name
        blobs.remove_unused(connection, bodies)
        return before - held(connection)


def scrub(connection: sqlite3.Connection, *, thorough: bool) -> bool:
    """Leave nothing of what was deleted in the file or its WAL. False: a reader is in the way.

    Unless it is to be `thorough`, a large file is not written anew, which takes seconds.
    """
    if thorough or size_bytes(connection) <= _VACUUM_BYTES:
        vacuum(connection)
    else:
        shrink(connection)
    return empty_wal(connection)


def about(connection: sqlite3.Connection, session: str, path: str, from_seq: int) -> Rows:
    """Rows of a session from a number on that mention a file: in a column or in their body.

    A body mentions a file if it holds the path as a string of its own: as cursor path, in the
    history under its old or new name, or as a related file.
    """
    found: dict[str, list[int]] = {}
    for name in ("snapshots", "settled", "stream"):
        rows = connection.execute(
            f"SELECT n, body FROM {name} WHERE session = ? AND seq >= ?",  # noqa: S608
            (session, from_seq),
        ).fetchall()
        found[name] = [n for n, body in rows if mentions(connection, name, n, body, path)]
    return found


def mentions(connection: sqlite3.Connection, name: str, n: int, body: int, path: str) -> bool:
    """Whether a row is about a file or names it. One that is damaged may, so it does."""
    if connection.execute(_ABOUT[name], (n, path)).fetchone() is not None:
        return True
    try:
        text = blobs.fetch(connection, body)
    except zstandard.ZstdError:
        return True
    return text is None or msgspec.json.encode(path) in text


_ABOUT = {
    "snapshots": "SELECT 1 FROM snapshots WHERE n = ? AND path = ?",
    "settled": (
        "SELECT 1 FROM settled q JOIN snapshots p ON p.session = q.session AND p.id = q.id"
        " WHERE q.n = ? AND p.path = ?"
    ),
    "stream": "SELECT 1 FROM stream WHERE n = ? AND path = ?",
}


def _bodies(connection: sqlite3.Connection, doomed: Mapping[str, Sequence[int]]) -> list[int]:
    """The texts of rows that are to go, and of those that go with them."""
    queries = {
        "snapshots": (
            "SELECT body FROM snapshots WHERE n = ?1 UNION ALL SELECT q.body FROM settled q"
            " JOIN snapshots p ON p.session = q.session AND p.id = q.id WHERE p.n = ?1"
        ),
        "settled": "SELECT body FROM settled WHERE n = ?1",
        "stream": "SELECT body FROM stream WHERE n = ?1",
    }
    return [
        body
        for name, query in queries.items()
        for n in doomed.get(name, ())
        for (body,) in connection.execute(query, (n,))
    ]


def held(connection: sqlite3.Connection) -> int:
    """How many rows a file holds."""
    counts = (connection.execute(f"SELECT count(*) FROM {table.name}") for table in TABLES)  # noqa: S608
    return sum(int(count.fetchone()[0]) for count in counts)
