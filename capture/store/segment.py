"""The file of one writer: rows go in, and are durable when `commit` returns.

A segment is claimed, written to by one thread at a time, and closed. If the disk fails nothing of a
commit is kept, and the next one tries again; nothing has to be restarted. If the file turns out to
be damaged it is set aside, whatever can be read of it is written to a new one, and `notice` says
so.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from capture.rows import Row, Settled, Snapshot, Stream
from capture.store import blobs, deleting, retention, salvage, wanted
from capture.store.blobs import Keyframes, Subject
from capture.store.connection import empty_wal, transaction, writer
from capture.store.errors import StoreUnavailable
from capture.store.faults import DATABASE_ERRORS, fault_of
from capture.store.lease import Lease, free_lease, segments_of, sync_folder
from capture.store.retention import Limits
from capture.store.schema import bring_up_to_date
from capture.store.tables import TABLES, Encoded, Table, encoded

_T = TypeVar("_T")
_Ready = dict[str, list[tuple[Row, Encoded]]]
"""Rows as they are written, by the name of their table."""

_QUICK_CHECK_BYTES = 16 * 1024 * 1024


class Segment:
    """One writer's file of the store. Made by `claim`.

    `notice` is what a person should be told, once: that a damaged file was set aside.
    """

    def __init__(self, folder: Path, lease: Lease, wall_clock: Callable[[], float]) -> None:
        self.notice = ""
        self._folder = folder
        self._lease = lease
        self._wall_clock = wall_clock
        self._limits = Limits()
        self._keyframes = Keyframes()
        self._connection: sqlite3.Connection | None = None
        self._set_aside: list[Path] = []
        self._owes_scrub = False
        self._tidied_at = wall_clock()

    @classmethod
    def claim(
        cls,
        folder: Path,
        wall_clock: Callable[[], float],
        limits: Limits | None = None,
    ) -> "Segment":
        """The first file that nobody writes, made if there is none. A few ms; more if it is old.

        Raises:
            StoreUnavailable: `locked` while somebody forgets something; `newer_schema`; or what is
                wrong with the folder or the disk.
        """
        if wanted.anybody_asks(segments_of(folder), wall_clock):
            raise StoreUnavailable("locked", str(folder))
        segment = cls(folder, free_lease(folder), wall_clock)
        segment._limits = limits or Limits()
        try:
            segment._claimed()
            if wanted.anybody_asks(segments_of(folder), wall_clock):  # meanwhile
                raise StoreUnavailable("locked", str(folder))
        except BaseException:
            with suppress(StoreUnavailable):
                segment.close()
            raise
        return segment

    @property
    def path(self) -> Path:
        """The file."""
        return self._lease.path

    def commit(self, rows: Sequence[Row]) -> None:
        """Write rows, all of them or none. They survive a power cut once this returned.

        Rows that are there already change nothing, so a commit of which nobody knows what became of
        it can be repeated; of two predictions with one id the first stays. A session is written
        before its other rows, a prediction before its outcomes, in the same file; in one commit any
        order will do.

        Raises:
            StoreUnavailable: nothing was written. `unusable_text` and `no_snapshot` are the fault
                of a row, everything else is that of the disk.
        """
        ready = _ready_to_write(rows)
        self._done(lambda: self._write(ready))
        self._tidy()

    def purge(self, session: str, path: str, from_seq: int) -> int:
        """Delete what a session said of a file from an event on. Returns how many rows went.

        That is rows that mention the file at all: as the one with the cursor, in the history, as a
        related file, in what followed. No byte of them is left in the file or its WAL, unless
        somebody is reading it at this moment: then it is done at the next chance.

        Raises:
            StoreUnavailable: the disk failed; nothing may have been deleted.
        """
        return self._done(lambda: self._purge(session, path, from_seq))

    def idle(self) -> None:
        """Nothing is being written: move all of it into the file itself.

        Raises:
            StoreUnavailable: the disk failed. What was written is durable nevertheless.
        """
        self._done(self._settle)

    def asked_to_yield(self) -> wanted.Forgetting | None:
        """What another process is about to forget, for which it needs this file."""
        return wanted.asked(self.path, self._wall_clock())

    def close(self) -> None:
        """Let others have the file.

        Raises:
            StoreUnavailable: the disk failed. What was written is durable, and the file is free.
        """
        try:
            if self._connection is not None:
                self._scrub()
                empty_wal(self._connection)
        except DATABASE_ERRORS as error:
            raise fault_of(error, self.path) from error
        finally:
            self._disconnect()
            self._lease.free()

    def _claimed(self) -> None:
        self._done(lambda: salvage.look_over(self._ready(), _QUICK_CHECK_BYTES))
        self._done(self._keep_limits)

    def _purge(self, session: str, path: str, from_seq: int) -> int:
        connection = self._ready()
        count = deleting.delete(connection, deleting.about(connection, session, path, from_seq))
        self._keyframes.clear()
        self._owes_scrub = self._owes_scrub or count > 0
        self._scrub()
        for aside in self._set_aside:  # they may hold it too
            salvage.remove(aside)
        self._set_aside.clear()
        return count

    def _settle(self) -> None:
        self._scrub()
        empty_wal(self._ready())

    def _keep_limits(self) -> None:
        retention.keep(self._folder, self.path, self._ready(), self._wall_clock(), self._limits)
        self._keyframes.clear()

    def _ready(self) -> sqlite3.Connection:
        if self._connection is not None:
            if not self._lease.holds():
                raise StoreUnavailable("vanished", str(self.path))
            return self._connection
        self._lease.make()
        connection = writer(self.path)
        try:
            bring_up_to_date(connection, self.path, self._folder / "backups")
            sync_folder(self.path.parent)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _done(self, work: Callable[[], _T]) -> _T:
        """Do it; if the file turns out to be damaged, replace it and do it once more."""
        try:
            return self._tried(work)
        except StoreUnavailable as failure:
            if failure.reason != "corrupt":
                raise
        self._tried(self._replace)
        return self._tried(work)

    def _tried(self, work: Callable[[], _T]) -> _T:
        try:
            return work()
        except DATABASE_ERRORS as error:
            failure = fault_of(error, self.path)
            if failure.reason != "disk_full":
                self._disconnect()  # the next attempt begins with a new connection
            raise failure from error
        except OSError as error:
            raise StoreUnavailable.of(error) from error

    def _replace(self) -> None:
        self._disconnect()
        aside = salvage.set_aside(self._folder, self.path, self._wall_clock())
        self._set_aside.append(aside)
        kept, lost = salvage.rescue(aside, self._rescued)
        self.notice = (
            f"The file of captured data {self.path.name} was damaged. {kept} rows were saved, "
            f"{lost} could not be read; the damaged file is kept as {aside}"
        )

    def _rescued(self, rows: Sequence[Row]) -> None:
        self._write(_ready_to_write(rows))

    def _write(self, ready: "_Ready") -> None:
        connection = self._ready()
        try:
            with transaction(connection):
                for table in TABLES:
                    for row, made in ready[table.name]:
                        self._insert(connection, table, row, made)
        except BaseException as error:
            self._keyframes.clear()  # what they name was rolled back
            if isinstance(error, sqlite3.IntegrityError):
                raise StoreUnavailable("no_snapshot", str(self.path)) from error
            raise

    def _insert(
        self, connection: sqlite3.Connection, table: Table, row: Row, made: Encoded
    ) -> None:
        body: str | int
        if table.inline:
            body = made.body.decode()
        else:
            subject, leads = self._subject(connection, row)
            body = blobs.put(connection, self._keyframes, made.body, subject, leads=leads)
        done = connection.execute(_INSERT[table.name], (*made.values, made.witness, body))
        if done.rowcount == 0 and isinstance(body, int):  # the row was there, maybe with other text
            blobs.remove_unused(connection, [body])
            self._keyframes.clear()

    def _subject(self, connection: sqlite3.Connection, row: Row) -> tuple[Subject | None, bool]:
        """What a text resembles, and whether later ones are to be compressed against it."""
        if isinstance(row, Snapshot):
            return ("snapshots", row.session, row.path), True
        if isinstance(row, Stream):
            return ("stream", row.session, row.path), True
        assert isinstance(row, Settled)
        found = connection.execute(_PATH_OF, (row.session, row.id)).fetchone()
        return (("snapshots", row.session, found[0]) if found else None), False

    def _scrub(self) -> None:
        if self._owes_scrub:
            self._owes_scrub = not deleting.scrub(self._ready(), thorough=False)

    def _tidy(self) -> None:
        """Keep to the limits, once in a while. What is written is written, whatever comes of it."""
        now = self._wall_clock()
        if abs(now - self._tidied_at) < retention.PAUSE_S:
            return
        self._tidied_at = now
        with suppress(StoreUnavailable):
            self._done(self._keep_limits)

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        self._keyframes.clear()
        if connection is not None:
            connection.close()


def _ready_to_write(rows: Sequence[Row]) -> _Ready:
    ready: _Ready = {table.name: [] for table in TABLES}
    for row in rows:
        table, made = encoded(row)
        ready[table.name].append((row, made))
    return ready


def _insert_of(table: Table) -> str:
    columns = (*table.columns, "witness", "body")
    marks = ", ".join("?" * len(columns))
    into = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - our own names
    if table.name == "sessions":  # told again when something about it changed
        updates = ", ".join(f"{name} = excluded.{name}" for name in columns)
        return f"{into} ON CONFLICT (session) DO UPDATE SET {updates}"
    return f"{into} ON CONFLICT DO NOTHING"


_INSERT = {table.name: _insert_of(table) for table in TABLES}
_PATH_OF = "SELECT path FROM snapshots WHERE session = ? AND id = ?"
