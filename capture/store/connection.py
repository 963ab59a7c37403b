"""Connections to a file of the store, with everything set that its promises rest on.

Writing: WAL with ``synchronous=FULL``, so that a commit that returned survives a power cut, and
``secure_delete``, so that what is deleted is overwritten. Transactions are begun and ended by hand.

SQLite before 3.51.3 can corrupt a WAL database if two connections write or checkpoint it in the
same instant. Here every file has one writer, which holds a lock on another file for as long as it
is open, and readers open with ``mode=ro``: they cannot write and never checkpoint. So the race has
nobody to run it.

A file may have been made by somebody else: nothing in its schema is trusted, cells are checked, it
is never mapped into memory, and only fixed queries on plain tables are run.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from capture.rows import SCHEMA_VERSION
from capture.store.errors import StoreUnavailable
from capture.store.faults import DATABASE_ERRORS

APPLICATION_ID = 0x7A657461  # "zeta"
_READER_WAITS_S = 5.0  # for a writer that mends what another left behind when it was killed
_WRITER_WAITS_S = 0.25  # for readers, and only to empty the WAL
_SMALL_BYTES = 64 * 1024 * 1024
_WAL_BYTES = 4 * 1024 * 1024

_ANY = (
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA mmap_size = 0",
)
_NEW = "PRAGMA auto_vacuum = INCREMENTAL"  # only heeded by a file that has no table yet
_WRITING = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    f"PRAGMA journal_size_limit = {_WAL_BYTES}",
)


def writer(path: Path, wait_s: float = _WRITER_WAITS_S) -> sqlite3.Connection:
    """The connection of a file's only writer, which holds the lock.

    `wait_s` is how long it waits for readers when it empties the WAL.

    Raises:
        StoreUnavailable: it is not ours, or newer than we are; it was not touched.
        sqlite3.Error: it is not a database, or cannot be written to.
    """
    with closing(reader(path)) as looking:
        check_kind(looking, path)
        making = (_NEW,) if version_of(looking) == 0 else ()
    connection = _opened(path, "rw", wait_s)
    try:
        for pragma in (*_ANY, *making, *_WRITING):
            connection.execute(pragma).fetchall()
    except DATABASE_ERRORS:
        connection.close()
        raise
    return connection


def reader(path: Path, *, immutable: bool = False) -> sqlite3.Connection:
    """A connection that cannot change the file. `immutable`: nobody writes it, its WAL is passed.

    Text that is not UTF-8 comes back altered instead of raising; the hash of its row will not
    match.

    Raises:
        sqlite3.Error: it is not a database, or cannot be read.
    """
    connection = _opened(path, "ro&immutable=1" if immutable else "ro", _READER_WAITS_S)
    connection.text_factory = lambda text: text.decode(errors="replace")
    try:
        for pragma in (*_ANY, "PRAGMA query_only = ON"):
            connection.execute(pragma).fetchall()
    except DATABASE_ERRORS:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction for writing: everything in it happens, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # some errors have ended it already
            connection.execute("ROLLBACK")
        raise


def empty_wal(connection: sqlite3.Connection) -> bool:
    """Move everything from the WAL into the file and cut it to nothing; False if a reader is in
    the way. Fails only as the disk does.
    """
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def vacuum(connection: sqlite3.Connection) -> None:
    """Write the file anew, so that no page keeps what was deleted.

    A small file does it in memory; a large one uses SQLite's temporary file, which holds nothing of
    what was deleted.
    """
    small = size_bytes(connection) <= _SMALL_BYTES
    connection.execute(f"PRAGMA temp_store = {'MEMORY' if small else 'DEFAULT'}")
    connection.execute("VACUUM")


def shrink(connection: sqlite3.Connection) -> None:
    """Give the pages that hold nothing back to the file system."""
    # `execute` stops at the first step, which frees one page; a script runs to the end.
    connection.executescript("PRAGMA incremental_vacuum")


def size_bytes(connection: sqlite3.Connection) -> int:
    """How large the file is, with what it holds in its WAL."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(page_bytes)


def check_kind(connection: sqlite3.Connection, path: object) -> None:
    """See that a file is empty, or ours and not newer than we are.

    Raises:
        StoreUnavailable: `not_a_file`: another program's database stands there; `newer_schema`.
        sqlite3.Error: it is not a database.
    """
    (kind,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if kind != APPLICATION_ID and tables:
        raise StoreUnavailable("not_a_file", str(path))
    if version_of(connection) > SCHEMA_VERSION:
        raise StoreUnavailable("newer_schema", str(path))


def version_of(connection: sqlite3.Connection) -> int:
    """How many migrations a file has seen."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _opened(path: Path, mode: str, wait_s: float) -> sqlite3.Connection:
    return sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        timeout=wait_s,
        isolation_level=None,
        check_same_thread=False,  # one thread at a time; which one may change
    )
