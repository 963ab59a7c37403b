"""The index on disk, so that the next start has it at once: an SQLite file that is only a cache.

A row for each file (path, time, size, hash), for each symbol (hash of the name, ranges) and for
each imported name (module and name there). Nothing else of a file's text is kept. The file is 0600
in a folder that is 0700.

A cache of another version, or one that is damaged, is removed and begun anew. Each helper has a
file of its own, held by a lock beside it: of two editors on one workspace the second takes the next
of `SLOTS`. Without a folder that can be written, everything is kept in memory.
"""

import contextlib
import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from zeta_lsp.context.index.facts import Bound, Facts, Symbol
from zeta_lsp.context.index.reading import Stamp

VERSION = 1
SLOTS = 4
_APPLICATION = 0x7A6C7369  # "zlsi"
_SCHEMA = """
CREATE TABLE files(id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, mtime_ns INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL, digest BLOB NOT NULL, skipped TEXT NOT NULL);
CREATE TABLE symbols(name INTEGER NOT NULL, container INTEGER NOT NULL, file INTEGER NOT NULL,
  kind TEXT NOT NULL, depth INTEGER NOT NULL, name_row INTEGER NOT NULL, name_col INTEGER NOT NULL,
  name_cols INTEGER NOT NULL, start_row INTEGER NOT NULL, end_row INTEGER NOT NULL);
CREATE INDEX symbols_by_name ON symbols(name, container, file);
CREATE INDEX symbols_by_file ON symbols(file);
CREATE TABLE bounds(file INTEGER NOT NULL, name INTEGER NOT NULL, module TEXT NOT NULL,
  origin TEXT NOT NULL, line INTEGER NOT NULL);
CREATE INDEX bounds_by_file ON bounds(file, name);
"""
_SETTINGS = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-8192;
PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=2000;
"""
_SYMBOL = "name, container, kind, depth, name_row, name_col, name_cols, start_row, end_row"


class Row(msgspec.Struct, frozen=True, gc=False):
    """What the cache knows of a file; `skipped` is the word for why it has no facts."""

    id: int
    stamp: Stamp
    digest: bytes
    skipped: str


class Store:
    """The tables. Every method may raise `sqlite3.DatabaseError`; the cache is then discarded.

    Changes are kept back until `commit`. `file` is None if everything is in memory.
    """

    def __init__(self, file: Path | None, lock: int | None = None) -> None:
        self.file = file
        self._lock = lock
        self.was_rebuilt = False
        self._connection = self._opened()

    def files(self) -> dict[str, Row]:
        """Every known file by its path."""
        rows = self._connection.execute(
            "SELECT path, id, mtime_ns, size_bytes, digest, skipped FROM files"
        )
        return {
            path: Row(file, Stamp(ns, size), digest, skipped)
            for path, file, ns, size, digest, skipped in rows
        }

    def symbol_count(self) -> int:
        """How many definitions are known."""
        (count,) = self._connection.execute("SELECT count(*) FROM symbols").fetchone()
        return int(count)

    def put(self, path: str, stamp: Stamp, digest: bytes, facts: Facts | None, skipped: str) -> Row:
        """Know a file anew."""
        self.forget(path)
        cursor = self._connection.execute(
            "INSERT INTO files(path, mtime_ns, size_bytes, digest, skipped) VALUES(?,?,?,?,?)",
            (path, stamp.mtime_ns, stamp.size_bytes, digest, skipped),
        )
        id_ = cursor.lastrowid or 0
        if facts is not None:
            self._insert(id_, facts)
        return Row(id_, stamp, digest, skipped)

    def restamp(self, row: Row, stamp: Stamp) -> Row:
        """Note that a file was written but its text is the same."""
        self._connection.execute(
            "UPDATE files SET mtime_ns=?, size_bytes=? WHERE id=?",
            (stamp.mtime_ns, stamp.size_bytes, row.id),
        )
        return Row(row.id, stamp, row.digest, row.skipped)

    def forget(self, path: str) -> None:
        """Know nothing of a file any more."""
        found = self._connection.execute("SELECT id FROM files WHERE path=?", (path,)).fetchone()
        if found is not None:
            self._connection.execute("DELETE FROM symbols WHERE file=?", found)
            self._connection.execute("DELETE FROM bounds WHERE file=?", found)
            self._connection.execute("DELETE FROM files WHERE id=?", found)

    def named(self, name: int, limit: int) -> list[tuple[int, Symbol]]:
        """(file, symbol) of the definitions of a name."""
        return self._symbols("name=? LIMIT ?", (name, limit))

    def members(self, container: int, name: int, limit: int) -> list[tuple[int, Symbol]]:
        """(file, symbol) of the definitions of a name inside items of a name."""
        return self._symbols("name=? AND container=? LIMIT ?", (name, container, limit))

    def in_file(self, file: int, name: int) -> list[Symbol]:
        """The definitions of a name in one file, in their order."""
        found = self._symbols("file=? AND +name=?", (file, name))
        return sorted((symbol for _, symbol in found), key=lambda symbol: symbol.start_row)

    def bounds(self, file: int, name: int) -> list[Bound]:
        """What binds a name in a file, in order of the rows."""
        rows = self._connection.execute(
            "SELECT name, module, origin, line FROM bounds WHERE file=? AND name=? ORDER BY line",
            (file, name),
        )
        return [Bound(*row) for row in rows]

    def commit(self) -> None:
        """Make what was put last."""
        self._connection.commit()

    def close(self) -> None:
        """Commit, and let another helper have the file."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.commit()
        self._connection.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def discard(self) -> None:
        """Begin anew with nothing."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()
        self._remove()
        self._connection = self._opened()
        self.was_rebuilt = True

    def _insert(self, file: int, facts: Facts) -> None:
        self._connection.executemany(
            f"INSERT INTO symbols({_SYMBOL}, file) VALUES(?,?,?,?,?,?,?,?,?,?)",
            [(*msgspec.structs.astuple(symbol), file) for symbol in facts.symbols],
        )
        self._connection.executemany(
            "INSERT INTO bounds(name, module, origin, line, file) VALUES(?,?,?,?,?)",
            [(*msgspec.structs.astuple(bound), file) for bound in facts.bounds],
        )

    def _symbols(self, where: str, values: Sequence[int]) -> list[tuple[int, Symbol]]:
        query = f"SELECT file, {_SYMBOL} FROM symbols WHERE {where}"  # noqa: S608 - `where` is ours
        return [(row[0], Symbol(*row[1:])) for row in self._connection.execute(query, values)]

    def _opened(self) -> sqlite3.Connection:
        try:
            return _connected(self.file)
        except (sqlite3.DatabaseError, _OtherVersion):
            self._remove()
            self.was_rebuilt = True
        try:
            return _connected(self.file)
        except (sqlite3.DatabaseError, _OtherVersion):
            self.file = None
            return _connected(None)

    def _remove(self) -> None:
        if self.file is not None:
            for ending in ("", "-wal", "-shm"):
                with contextlib.suppress(OSError):
                    Path(f"{self.file}{ending}").unlink()


class _OtherVersion(Exception):
    """The file holds tables of another version."""


def store_in(folder: Path | None, roots: Iterable[str]) -> Store:
    """The cache of a workspace in a folder, or one in memory if the folder is of no use."""
    if folder is None:
        return Store(None)
    name = hashlib.blake2b("\0".join(sorted(roots)).encode(), digest_size=12).hexdigest()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        for slot in range(SLOTS):
            file = folder / f"{name}-{slot}.sqlite"
            lock = _locked(file.with_suffix(".lock"))
            if lock is not None:
                return Store(file, lock)
    except OSError:
        pass
    return Store(None)


def _locked(file: Path) -> int | None:
    """A lock that holds until this process ends; None if another process has it."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _connected(file: Path | None) -> sqlite3.Connection:
    if file is not None:  # made before SQLite makes it, for its mode
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
        file.chmod(0o600)
    connection = sqlite3.connect(str(file) if file is not None else ":memory:")
    try:
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    connection.executescript(_SETTINGS)
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if tables == 0:
        connection.executescript(_SCHEMA)
        connection.execute(f"PRAGMA application_id={_APPLICATION}")
        connection.execute(f"PRAGMA user_version={VERSION}")
        return
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if (application, version) != (_APPLICATION, VERSION):
        raise _OtherVersion
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError("the cache is damaged")
