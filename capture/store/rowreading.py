"""Rows as they come back from a file that may be damaged or made by somebody else.

A row is handed out only if its hash is right. `scan` reads past damaged pages: first straight on,
and where that fails row by row.
"""

import sqlite3
from collections.abc import Iterator

import zstandard

from capture.rows import Row
from capture.store import blobs
from capture.store.connection import check_kind, version_of
from capture.store.errors import StoreUnavailable
from capture.store.faults import DATABASE_ERRORS
from capture.store.tables import TABLES, Table, witness

_BEYOND = 10_000  # numbers tried after the last row that could be read


def check_readable(connection: sqlite3.Connection, where: object) -> None:
    """See that the tables are what their names say: tables, of a version that is known.

    Raises:
        StoreUnavailable: they are not.
        sqlite3.Error: it is not a database.
    """
    check_kind(connection, where)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    ordinary = {name for name, sql in rows if str(sql).startswith("CREATE TABLE")}
    if not is_empty(connection) and not ordinary >= {"blobs", *(table.name for table in TABLES)}:
        raise StoreUnavailable("corrupt", str(where))


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether a file has no tables yet: its writer died, or is about to make them."""
    return version_of(connection) == 0


def query_of(table: Table, rest: str) -> str:
    """A query for rows of a table, for `row_of`. `rest` follows the name of the table."""
    columns = ", ".join((*table.columns, "witness", "body"))
    return f"SELECT {columns} FROM {table.name} {rest}"  # noqa: S608 - our own names


def row_of(connection: sqlite3.Connection, table: Table, record: tuple[object, ...]) -> Row | None:
    """The row that a record holds; None if any of it is damaged."""
    *values, witnessed, body = record
    try:
        text = _body(connection, table, body)
        if text is None or witness(table, values, text) != witnessed:
            return None
        return table.decode(values, text)
    except (zstandard.ZstdError, *DATABASE_ERRORS, ValueError, TypeError, MemoryError):
        return None  # msgspec's errors are ValueErrors


def scan(connection: sqlite3.Connection, table: Table) -> Iterator[Row | None]:
    """Every row of a table that can be read, in order; None for one that is damaged."""
    seen = 0
    try:
        for n, *record in connection.execute(_NUMBERED[table.name]):
            yield row_of(connection, table, tuple(record))
            seen = n
    except DATABASE_ERRORS:
        yield from _one_by_one(connection, table, seen)


def _one_by_one(connection: sqlite3.Connection, table: Table, seen: int) -> Iterator[Row | None]:
    query = query_of(table, "WHERE n = ?")
    for n in range(seen + 1, _last(connection, table, seen) + 1):
        try:
            record = connection.execute(query, (n,)).fetchone()
        except DATABASE_ERRORS:
            yield None
            continue
        if record is not None:
            yield row_of(connection, table, record)


def _last(connection: sqlite3.Connection, table: Table, seen: int) -> int:
    try:
        (last,) = connection.execute(f"SELECT max(n) FROM {table.name}").fetchone()  # noqa: S608
    except DATABASE_ERRORS:
        return seen + _BEYOND
    return min(int(last or 0), seen + 100 * _BEYOND)


def _body(connection: sqlite3.Connection, table: Table, body: object) -> bytes | None:
    if table.inline:
        return body.encode() if isinstance(body, str) else None
    return blobs.fetch(connection, body) if isinstance(body, int) else None


_NUMBERED = {
    table.name: query_of(table, "ORDER BY n").replace("SELECT ", "SELECT n, ", 1)
    for table in TABLES
}
