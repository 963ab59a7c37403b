"""The tables and views of the store, and how an older file becomes a newer one.

Migrations are numbered; ``user_version`` says how many a file has seen. None of them deletes what a
person recorded. Before one runs on a file that holds something the file is copied by SQLite's own
backup; all that are due run in one transaction, and it is only committed if the file is sound, no
table lost a row and every row still has the hash it had.

`sqlite-utils` is imported only when there is something to migrate.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from capture.folder import make_private, make_private_file
from capture.rows import SCHEMA_VERSION
from capture.store.connection import APPLICATION_ID, empty_wal, transaction, version_of
from capture.store.errors import StoreUnavailable
from capture.store.faults import DATABASE_ERRORS
from capture.store.tables import TABLES, Table
from capture.store.views import VIEWS

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.db import ForeignKey

Migration = Callable[["Database"], None]

_REFERS_TO_SESSION = ("snapshots", "stream", "counts")
_REFERS_TO_SNAPSHOT = ("outcomes", "settled")
_UNIQUE = ("sessions", "snapshots")
_KEYS = {
    "sessions": ("session",),
    "snapshots": ("session", "id"),
    "outcomes": ("session", "id"),
    "settled": ("session", "id"),
}


def _first(database: "Database") -> None:
    blobs = {"n": int, "hash": bytes, "base": int, "size": int, "data": bytes}
    database.table("blobs").create(
        blobs, pk="n", foreign_keys=[("base", "blobs", "n")], not_null=("hash", "size", "data")
    )
    database.table("blobs").create_index(["hash"], unique=True)
    database.table("blobs").create_index(["base"])
    for table in TABLES:
        _make_table(database, table)
    for name, query in VIEWS.items():
        database.create_view(name, query)


def _make_table(database: "Database", table: Table) -> None:
    columns = {"n": int, **table.columns, "witness": bytes}
    made = database.table(table.name)
    made.create(
        {**columns, "body": str if table.inline else int},
        pk="n",
        foreign_keys=_references(table),
        not_null=("session", "seq", "time", "witness", "body"),
    )
    made.create_index(["witness"], unique=True)
    made.create_index(["time"])
    made.create_index(_KEYS.get(table.name, ("session", "seq")), unique=table.name in _UNIQUE)
    if not table.inline:
        made.create_index(["body"])


def _references(table: Table) -> list["ForeignKey"]:
    from sqlite_utils.db import ForeignKey

    made = [] if table.inline else [ForeignKey(table.name, "body", "blobs", "n")]
    if table.name in _REFERS_TO_SESSION:
        made.append(ForeignKey(table.name, "session", "sessions", "session", on_delete="CASCADE"))
    if table.name in _REFERS_TO_SNAPSHOT:
        both = ("session", "id")
        made.append(
            ForeignKey(
                table.name,
                None,
                "snapshots",
                None,
                columns=both,
                other_columns=both,
                is_compound=True,
                on_delete="CASCADE",
            )
        )
    return made


MIGRATIONS: tuple[Migration, ...] = (_first,)
assert len(MIGRATIONS) == SCHEMA_VERSION


def bring_up_to_date(
    connection: sqlite3.Connection,
    path: Path,
    backups: Path,
    migrations: Sequence[Migration] = MIGRATIONS,
) -> None:
    """Run the migrations that a file has not seen.

    Raises:
        StoreUnavailable: `newer_schema`, and the file is untouched; `not_migrated` if it would not
            have come out of a migration whole, and nothing has changed.
        sqlite3.Error: the disk failed; nothing has changed.
    """
    version = version_of(connection)
    if version > len(migrations):
        raise StoreUnavailable("newer_schema", str(path))
    if version == len(migrations):
        return
    if version:
        back_up(connection, backups / f"{path.stem}.v{version}.db")
    before = _contents(connection) if version else {}
    with transaction(connection):
        _migrate(connection, migrations[version:])
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        _check(connection, path, before)
    empty_wal(connection)


def back_up(connection: sqlite3.Connection, copy: Path) -> None:
    """Copy a database that is in use; a private file, whole or not there.

    Raises:
        StoreUnavailable: the folder or the file cannot be made.
        sqlite3.Error: the copy could not be written.
    """
    make_private(copy.parent)
    copy.unlink(missing_ok=True)
    make_private_file(copy)
    other = sqlite3.connect(copy)
    try:
        connection.backup(other)
        other.execute("PRAGMA journal_mode = DELETE").fetchall()
    except DATABASE_ERRORS:
        copy.unlink(missing_ok=True)
        raise
    finally:
        other.close()


def _migrate(connection: sqlite3.Connection, due: Sequence[Migration]) -> None:
    from sqlite_utils import Database

    database = Database(connection, recursive_triggers=False, execute_plugins=False)
    for migration in due:
        migration(database)


def _check(connection: sqlite3.Connection, path: Path, before: dict[str, bytes]) -> None:
    """See that a migration lost nothing; every table that held rows holds the same rows."""
    (state,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    after = _contents(connection)
    if state != "ok" or broken or any(after.get(name) != held for name, held in before.items()):
        raise StoreUnavailable("not_migrated", str(path))


def _contents(connection: sqlite3.Connection) -> dict[str, bytes]:
    """For each table, a hash over the hashes of its rows."""
    contents = {}
    for table in TABLES:
        hashed = hashlib.blake2b(digest_size=16)
        for (row,) in connection.execute(f"SELECT witness FROM {table.name} ORDER BY n"):  # noqa: S608 - our own name
            hashed.update(row)
        contents[table.name] = hashed.digest()
    return contents
