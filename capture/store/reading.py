"""All files of the store, read as one.

Nothing here writes: a recorder may be writing the same files. A row whose hash is wrong is left out
and counted, a file that cannot be read is left out and named, and the rest is read. One text at a
time is in memory, however much there is.
"""

import heapq
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from capture.folder import check_private_file
from capture.rows import Count, Outcome, Session, Settled, Snapshot, Stream
from capture.store.connection import reader
from capture.store.errors import StoreUnavailable
from capture.store.faults import DATABASE_ERRORS, fault_of
from capture.store.lease import paths
from capture.store.rowreading import check_readable, is_empty, query_of, row_of, scan
from capture.store.tables import COUNTS, OUTCOMES, SESSIONS, SETTLED, SNAPSHOTS, STREAM, Table
from capture.store.usage import Usage, added, usage_of

_Entry = tuple[float, int, "_File"]
_R = TypeVar("_R", Outcome, Settled)


class StoredPrediction(msgspec.Struct, frozen=True):
    """A prediction with all that is known of it, in the order in which it became known."""

    session: Session
    snapshot: Snapshot
    outcomes: tuple[Outcome, ...]
    settled: tuple[Settled, ...]


class Reading:
    """The store, to be read. A context manager.

    `damaged` counts the rows that were left out so far because their hash is wrong; `problems` are
    the files that were left out, as the exceptions that say why.

    Raises:
        StoreUnavailable: the folder cannot be looked into. A missing one is an empty store.
    """

    def __init__(self, folder: Path) -> None:
        self.damaged = 0
        self.problems: list[StoreUnavailable] = []
        self._files: list[_File] = []
        for path in paths(folder):
            self._open(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        for file in self._files:
            file.connection.close()
        self._files.clear()

    def sessions(self) -> Iterator[Session]:
        """Every session, the earliest first."""
        found = [session for file in self._files for session in file.sessions.values()]
        yield from sorted(found, key=lambda session: (session.time, session.session))

    def predictions(
        self,
        *,
        project: str | None = None,
        since: float | None = None,
        until: float | None = None,
    ) -> Iterator[StoredPrediction]:
        """Predictions in the order of their times; `since` is included, `until` is not."""
        self._count_strays()
        times = (_low(since), _high(until))
        entries = (file.entries(SNAPSHOTS, project, times) for file in self._files)
        for _, n, file in heapq.merge(*entries, key=_time_of):
            found = self._prediction(file, n)
            if found is not None:
                yield found

    def stream(self, session: str) -> Iterator[Stream]:
        """The events of a session, in order of their numbers."""
        self._count_strays()
        for file in self._files:  # a session lies in one file
            query = "SELECT n FROM stream WHERE session = ? ORDER BY first_seq, n"
            for (n,) in file.ask(query, (session,)):
                row = self._row(file, STREAM, n)
                if isinstance(row, Stream):
                    yield row

    def counts(self, *, project: str | None = None) -> Iterator[Count]:
        """Numbers, in the order of their times."""
        entries = (file.entries(COUNTS, project, (_low(None), _high(None))) for file in self._files)
        for _, n, file in heapq.merge(*entries, key=_time_of):
            row = self._row(file, COUNTS, n)
            if isinstance(row, Count):
                yield row

    def usage(self) -> list[Usage]:
        """What is held of each project, the largest first; damaged rows count as well."""
        total: dict[str, Usage] = {}
        for file in self._files:
            try:
                for usage in usage_of(file.connection):
                    total[usage.project] = added(total.get(usage.project), usage)
            except DATABASE_ERRORS as error:
                self.problems.append(fault_of(error, file.path))
        return sorted(total.values(), key=lambda usage: -usage.bytes)

    def _open(self, path: Path) -> None:
        connection = None
        try:
            check_private_file(path)
            connection = reader(path)
            check_readable(connection, path)
            if not is_empty(connection):
                self._files.append(_File(path, connection, self._sessions(connection)))
                return
        except DATABASE_ERRORS as error:
            self.problems.append(fault_of(error, path))
        except StoreUnavailable as problem:
            self.problems.append(problem)
        if connection is not None:
            connection.close()

    def _sessions(self, connection: sqlite3.Connection) -> dict[str, Session]:
        sessions = {}
        for row in scan(connection, SESSIONS):
            if isinstance(row, Session):
                sessions[row.session] = row
            else:
                self.damaged += 1
        return sessions

    def _count_strays(self) -> None:
        """Count rows that nobody would ask for, once: what they refer to is not there."""
        for file in self._files:
            if not file.strays_counted:
                file.strays_counted = True
                self.damaged += sum(len(file.ask(query, ())) for query in _STRAYS)

    def _prediction(self, file: "_File", n: int) -> StoredPrediction | None:
        snapshot = self._row(file, SNAPSHOTS, n)
        if not isinstance(snapshot, Snapshot):
            return None
        session = file.sessions.get(snapshot.session)
        if session is None:
            self.damaged += 1  # its session was
            return None
        outcomes = self._of(file, OUTCOMES, snapshot, Outcome)
        return StoredPrediction(
            session, snapshot, outcomes, self._of(file, SETTLED, snapshot, Settled)
        )

    def _of(
        self, file: "_File", table: Table, snapshot: Snapshot, kind: type[_R]
    ) -> tuple[_R, ...]:
        records = file.ask(_OF_SNAPSHOT[table.name], (snapshot.session, snapshot.id))
        rows = [row_of(file.connection, table, record) for record in records]
        found = tuple(row for row in rows if isinstance(row, kind))
        self.damaged += len(rows) - len(found)
        return found

    def _row(self, file: "_File", table: Table, n: object) -> object:
        records = file.ask(_BY_NUMBER[table.name], (n,))
        row = row_of(file.connection, table, records[0]) if records else None
        self.damaged += row is None
        return row


class _File:
    """One file, and the sessions in it. What cannot be read is as if it were not there."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, sessions: dict[str, Session]
    ) -> None:
        self.path = path
        self.connection = connection
        self.sessions = sessions
        self.strays_counted = False

    def ask(self, query: str, values: tuple[object, ...]) -> list[tuple[object, ...]]:
        """All records of a query; none if its pages are damaged."""
        try:
            return self.connection.execute(query, values).fetchall()
        except DATABASE_ERRORS:
            return []

    def entries(
        self, table: Table, project: str | None, times: tuple[float, float]
    ) -> list[_Entry]:
        """Times and numbers of rows, in the order of their times."""
        found = self._by_index(table, project, times)
        return [(time, n, self) for time, n in found]

    def _by_index(
        self, table: Table, project: str | None, times: tuple[float, float]
    ) -> list[tuple[float, int]]:
        query = (
            f"SELECT time, n FROM {table.name} WHERE time >= ?1 AND time < ?2"  # noqa: S608
            " AND (?3 IS NULL OR project = ?3)"
        )
        values = (*times, project)
        try:
            return self.connection.execute(f"{query} ORDER BY time, n", values).fetchall()
        except DATABASE_ERRORS:
            return self._by_number(table, query, values)

    def _by_number(
        self, table: Table, query: str, values: tuple[object, ...]
    ) -> list[tuple[float, int]]:
        """The same, row by row, past damaged pages."""
        found = []
        for n in range(1, self._highest(table) + 1):
            found += self.ask(f"{query} AND n = ?4", (*values, n))
        return sorted((float(str(time)), int(str(n))) for time, n in found)

    def _highest(self, table: Table) -> int:
        records = self.ask(f"SELECT max(n) FROM {table.name}", ())  # noqa: S608
        return int(str(records[0][0] or 0)) if records else _MOST


_MOST = 1_000_000
_BY_NUMBER = {table.name: query_of(table, "WHERE n = ?") for table in (SNAPSHOTS, STREAM, COUNTS)}
_OF_SNAPSHOT = {
    table.name: query_of(table, "WHERE session = ? AND id = ? ORDER BY seq, n")
    for table in (OUTCOMES, SETTLED)
}
_STRAYS = (
    """SELECT n FROM outcomes o
    WHERE NOT EXISTS (SELECT 1 FROM snapshots WHERE session = o.session AND id = o.id)""",
    """SELECT n FROM settled q
    WHERE NOT EXISTS (SELECT 1 FROM snapshots WHERE session = q.session AND id = q.id)""",
    "SELECT n FROM stream s WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE session = s.session)",
)


def _time_of(entry: _Entry) -> float:
    return entry[0]


def _low(time: float | None) -> float:
    return float("-inf") if time is None else time


def _high(time: float | None) -> float:
    return float("inf") if time is None else time
