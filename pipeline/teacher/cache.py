"""Every answer that was ever paid for, in one SQLite file.

A row per answer: digest → reply. What is asked is not stored, so the file holds no more of
anybody's code than models wrote, and never a key. It is private to the user (0600) and survives
being killed at any moment: what `keep` returned from is there.

Two processes may use a file at once. Both may then ask the same question; the first answer counts,
for both, and for every later run. Writing and closing happen under a lock of their own, because
SQLite before 3.51.3 can damage a WAL file if two connections write and checkpoint it in the same
instant.

Batches are in the file too: which questions are with which vendor under which id. `Waiting` keeps
them from being asked again. The questions of a run that are still open (`want`) are in a temporary
table, on disk if they are many, which is gone with the connection.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import filelock
import msgspec

from pipeline.teacher.calls import Call, Question, digest_of, encoded
from pipeline.teacher.replies import Reply
from zeta_lsp.core.errors import UsageError

APPLICATION_ID = 0x7A747563  # "ztuc"
VERSION = 1
_MARKS = ("application_id", "user_version")
_PATIENCE_S = 60.0

_TABLES = """
CREATE TABLE IF NOT EXISTS answers (
  digest TEXT PRIMARY KEY, vendor TEXT NOT NULL, model TEXT NOT NULL, reply BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS batches (
  label TEXT PRIMARY KEY, vendor TEXT NOT NULL, url TEXT NOT NULL, id TEXT, calls INTEGER NOT NULL,
  is_done INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS batch_calls (digest TEXT PRIMARY KEY, label TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS calls_of_a_batch ON batch_calls (label);
"""
_TEMPORARY = """
CREATE TEMP TABLE calls (
  number INTEGER PRIMARY KEY, data BLOB NOT NULL, size_bytes INTEGER, max_tokens INTEGER
);
CREATE TEMP TABLE wanted (
  digest TEXT PRIMARY KEY, call INTEGER NOT NULL, sample INTEGER NOT NULL, failure TEXT
);
"""

_IN_BATCH = "wanted.digest IN (SELECT digest FROM batch_calls)"
_UNANSWERED = "NOT EXISTS (SELECT 1 FROM answers WHERE answers.digest = wanted.digest)"
_OPEN = f"failure IS NULL AND NOT {_IN_BATCH} AND {_UNANSWERED}"
"""What makes a wanted question one that is still to be asked."""
_SUMS = (
    "SELECT count(*), coalesce(sum(size_bytes), 0), coalesce(sum(max_tokens), 0)"  # noqa: S608
    f" FROM wanted JOIN calls ON call = number WHERE {_OPEN}"  # nothing from outside is in these
)
_WAITING = f"SELECT count(*) FROM wanted WHERE {_UNANSWERED} AND {_IN_BATCH}"  # noqa: S608
_NEXT = (
    "SELECT wanted.rowid, digest, sample, data FROM wanted"  # noqa: S608
    f" JOIN calls ON call = number WHERE wanted.rowid > ? AND {_OPEN}"
    " ORDER BY wanted.rowid LIMIT 256"
)


class Wanted(msgspec.Struct, frozen=True):
    """A question of this run without an answer."""

    digest: str
    call: Call
    sample: int


class Batch(msgspec.Struct, frozen=True):
    """Questions that were sent together. Without an id, nobody knows whether they arrived."""

    label: str
    id: str | None
    calls: int


class Needs(msgspec.Struct, frozen=True):
    """What a run still has to ask. Output tokens are the most that may come."""

    calls: int = 0
    input_bytes: int = 0
    output_tokens_max: int = 0
    waiting: int = 0


class AnswerCache:
    """An open file of answers; made if it is not there.

    Raises:
        UsageError: the file is something else.
        OSError: it cannot be made.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._lock = filelock.FileLock(f"{path}.lock", mode=0o600, timeout=_PATIENCE_S)
        self._connection = sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None)
        try:
            with self._lock:
                self._open(path)
        except sqlite3.DatabaseError as fault:
            self._connection.close()
            raise UsageError(f"{path} is no file of answers: choose another --cache") from fault
        self._decoder = msgspec.msgpack.Decoder(Reply)

    def _open(self, path: Path) -> None:
        run = self._connection.execute
        ident, version = (run(f"PRAGMA {name}").fetchone()[0] for name in _MARKS)
        is_used = run("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if is_used and (ident != APPLICATION_ID or version > VERSION):
            raise UsageError(f"{path} is no file of answers that this version reads")
        run("PRAGMA journal_mode = WAL").fetchall()
        self._connection.executescript(_TABLES)
        run(f"PRAGMA application_id = {APPLICATION_ID}")
        run(f"PRAGMA user_version = {VERSION}")
        self._connection.executescript(_TEMPORARY)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    # Answers.

    def reply(self, digest: str) -> Reply | None:
        """The answer, if it was given."""
        found = self._connection.execute("SELECT reply FROM answers WHERE digest = ?", (digest,))
        row = found.fetchone()
        return None if row is None else self._decoder.decode(row[0])

    def keep(self, answers: Iterable[tuple[str, Reply]], vendor: str, model: str) -> None:
        """Keep answers, for good once this returns. One that is there already stays."""
        rows = [(name, vendor, model, msgspec.msgpack.encode(reply)) for name, reply in answers]
        with self._writing() as connection:
            connection.executemany("INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?)", rows)

    # What this run wants.

    def want(self, questions: Iterable[Question]) -> tuple[int, int]:
        """Note questions; how many samples they are, and how many of these had their answers."""
        asked = known = 0
        with self._quietly() as connection:
            for question in questions:
                data, number = encoded(question.call), None
                for sample in range(question.samples):
                    digest = digest_of(data, sample)
                    asked += 1
                    if self._has(digest):
                        known += 1
                        continue
                    if number is None:
                        number = self._add(question.call, data)
                    connection.execute(
                        "INSERT OR IGNORE INTO wanted VALUES (?, ?, ?, NULL)",
                        (digest, number, sample),
                    )
        return asked, known

    def _add(self, call: Call, data: bytes) -> int:
        row = (data, call.size_bytes, call.max_tokens)
        found = self._connection.execute("INSERT INTO calls VALUES (NULL, ?, ?, ?)", row)
        assert found.lastrowid is not None
        return found.lastrowid

    def needs(self) -> Needs:
        """What is still to be asked, and how much of it is in batches already."""
        calls, size_bytes, most = self._connection.execute(_SUMS).fetchone()
        return Needs(calls, size_bytes, most, self._connection.execute(_WAITING).fetchone()[0])

    def wanted(self) -> Iterator[Wanted]:
        """The questions that have no answer and are in no batch, in the order of the input."""
        decoder, data = msgspec.json.Decoder(Call), b""
        last = 0
        while rows := self._connection.execute(_NEXT, (last,)).fetchall():
            for _, digest, sample, found in rows:
                if found != data:
                    data, call = found, decoder.decode(found)
                yield Wanted(digest, call, sample)
            last = rows[-1][0]

    def failed(self, digest: str, reason: str) -> None:
        """Note that a question was asked in vain; it counts for this run alone."""
        update = "UPDATE wanted SET failure = ? WHERE digest = ?"
        self._connection.execute(update, (reason, digest))

    def failure(self, digest: str) -> str | None:
        """Why a question of this run has no answer."""
        found = self._connection.execute("SELECT failure FROM wanted WHERE digest = ?", (digest,))
        row = found.fetchone()
        return row[0] if row else None

    # Batches.

    def begin_batch(self, label: str, vendor: str, url: str, digests: Sequence[str]) -> None:
        """Note a batch before it is sent: whatever happens, its questions are not asked twice."""
        with self._writing(is_durable=True) as connection:
            row = (label, vendor, url, len(digests))
            columns = "INSERT INTO batches (label, vendor, url, calls) VALUES (?, ?, ?, ?)"
            connection.execute(columns, row)
            rows = [(digest, label) for digest in digests]
            connection.executemany("INSERT OR IGNORE INTO batch_calls VALUES (?, ?)", rows)

    def batch_sent(self, label: str, ident: str) -> None:
        """The vendor took a batch and calls it by that id."""
        with self._writing(is_durable=True) as connection:
            connection.execute("UPDATE batches SET id = ? WHERE label = ?", (ident, label))

    def batches(self, vendor: str, url: str) -> list[Batch]:
        """The batches that are not done."""
        query = (
            "SELECT label, id, calls FROM batches"
            " WHERE vendor = ? AND url = ? AND NOT is_done ORDER BY rowid"
        )
        return [Batch(*row) for row in self._connection.execute(query, (vendor, url))]

    def knows_batch(self, ident: str) -> bool:
        """Whether a batch of that id is ours, done or not."""
        found = self._connection.execute("SELECT 1 FROM batches WHERE id = ?", (ident,))
        return found.fetchone() is not None

    def is_in_batch(self, digest: str, label: str) -> bool:
        """Whether a question was sent with a batch."""
        query = "SELECT 1 FROM batch_calls WHERE digest = ? AND label = ?"
        return self._connection.execute(query, (digest, label)).fetchone() is not None

    def end_batch(self, label: str) -> None:
        """Nothing more comes of a batch. What it did not answer is wanted again."""
        with self._writing() as connection:
            connection.execute("DELETE FROM batch_calls WHERE label = ?", (label,))
            connection.execute("UPDATE batches SET is_done = 1 WHERE label = ?", (label,))

    def _has(self, digest: str) -> bool:
        found = self._connection.execute("SELECT 1 FROM answers WHERE digest = ?", (digest,))
        return found.fetchone() is not None

    @contextmanager
    def _writing(self, *, is_durable: bool = False) -> Iterator[sqlite3.Connection]:
        """A transaction. A durable one outlives even a power cut."""
        with self._lock:
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if is_durable else 'NORMAL'}")
            self._connection.execute("BEGIN IMMEDIATE")
            with self._ended():
                yield self._connection

    @contextmanager
    def _quietly(self) -> Iterator[sqlite3.Connection]:
        """A transaction of temporary tables, which no other process sees."""
        self._connection.execute("BEGIN")
        with self._ended():
            yield self._connection

    @contextmanager
    def _ended(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
