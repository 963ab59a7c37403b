"""Which row goes to which table, what people can read of it there, and how it comes back.

A row has a body, which is the whole row, and plain columns beside it for people, for queries and
for the views. Short bodies are JSON in the table itself; texts lie in the table of blobs. `witness`
is the hash of all of it: a bit that flips in a column, in a body or in the hash itself shows,
which SQLite's own checks do not promise.
"""

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from capture.rows import Count, Outcome, Row, Session, Settled, Snapshot, Stream
from capture.store.errors import StoreUnavailable
from capture.store.patches import patch_of

Value = str | int | float | bytes | None
Rows = Mapping[str, Sequence[int]]
"""Rows of a file: numbers by the name of the table."""
_R = TypeVar("_R", Session, Snapshot, Outcome, Settled, Stream, Count)


class Table(msgspec.Struct, frozen=True):
    """A table. `columns` are those beside the body; `values` gives one value for each.

    `inline` tables keep the body as JSON text, the others the number of a blob.
    """

    name: str
    columns: dict[str, type]
    inline: bool
    values: Callable[[Any], tuple[Value, ...]]
    encode: Callable[[Any], bytes]
    decode: Callable[[Sequence[Any], bytes], Row]


def _session(row: Session) -> tuple[Value, ...]:
    spdx = row.licence.spdx if row.licence else None
    return (
        row.session,
        row.seq,
        row.time,
        row.project,
        row.project_name,
        row.level,
        int(row.private),
        spdx,
        row.repository_url,
        row.editor,
        row.server_version,
    )


def _snapshot(row: Snapshot) -> tuple[Value, ...]:
    return (
        row.session,
        row.id,
        row.seq,
        row.time,
        row.project,
        row.path,
        row.language,
        *row.cursor,
        row.trigger,
        row.model,
        row.format,
        row.finish,
        row.reason,
        row.licence.spdx if row.licence else None,
        int(row.private),
        row.revision,
        row.waited_ms,
        row.first_token_ms,
        row.total_ms,
        patch_of(row),
    )


def _outcome(row: Outcome) -> tuple[Value, ...]:
    told = (row.ending, row.reason, row.remark, row.after_ms)
    return (row.session, row.id, row.seq, row.time, *told)


def _settled(row: Settled) -> tuple[Value, ...]:
    rates = (row.kept.kept_rate, row.kept.recall_rate)
    return (
        row.session,
        row.id,
        row.seq,
        row.time,
        row.horizon,
        row.after_ms,
        *rates,
        row.edits,
        int(row.crossed),
    )


def _stream(row: Stream) -> tuple[Value, ...]:
    return (row.session, row.seq, row.first_seq, row.time, row.project, row.path)


def _count(row: Count) -> tuple[Value, ...]:
    return (row.session, row.seq, row.time, row.project, row.day)


def _stream_again(values: Sequence[Any], body: bytes) -> Stream:
    session, seq, first_seq, time, project, path = values
    return Stream(session, seq, first_seq, time, project, path, body)


def _json(row: type[_R]) -> Callable[[Sequence[Any], bytes], _R]:
    decoder = msgspec.json.Decoder(row)
    return lambda _, body: decoder.decode(body)


SESSIONS = Table(
    "sessions",
    {
        "session": str,
        "seq": int,
        "time": float,
        "project": str,
        "project_name": str,
        "level": str,
        "private": int,
        "licence": str,
        "repository_url": str,
        "editor": str,
        "server_version": str,
    },
    True,
    _session,
    msgspec.json.encode,
    _json(Session),
)
SNAPSHOTS = Table(
    "snapshots",
    {
        "session": str,
        "id": str,
        "seq": int,
        "time": float,
        "project": str,
        "path": str,
        "language": str,
        "cursor_row": int,
        "cursor_col": int,
        "trigger": str,
        "model": str,
        "format": str,
        "finish": str,
        "reason": str,
        "licence": str,
        "private": int,
        "revision": str,
        "waited_ms": float,
        "first_token_ms": float,
        "total_ms": float,
        "patch": str,
    },
    False,
    _snapshot,
    msgspec.json.encode,
    _json(Snapshot),
)
OUTCOMES = Table(
    "outcomes",
    {
        "session": str,
        "id": str,
        "seq": int,
        "time": float,
        "ending": str,
        "reason": str,
        "remark": str,
        "after_ms": float,
    },
    True,
    _outcome,
    msgspec.json.encode,
    _json(Outcome),
)
SETTLED = Table(
    "settled",
    {
        "session": str,
        "id": str,
        "seq": int,
        "time": float,
        "horizon": str,
        "after_ms": float,
        "kept_rate": float,
        "recall_rate": float,
        "edits": int,
        "crossed": int,
    },
    False,
    _settled,
    msgspec.json.encode,
    _json(Settled),
)
STREAM = Table(
    "stream",
    {
        "session": str,
        "seq": int,
        "first_seq": int,
        "time": float,
        "project": str,
        "path": str,
    },
    False,
    _stream,
    lambda row: row.events,
    _stream_again,
)
COUNTS = Table(
    "counts",
    {"session": str, "seq": int, "time": float, "project": str, "day": str},
    True,
    _count,
    msgspec.json.encode,
    _json(Count),
)

TABLES = (SESSIONS, SNAPSHOTS, OUTCOMES, SETTLED, STREAM, COUNTS)
"""In the order in which they refer to each other."""

TABLE_OF: dict[type, Table] = dict(
    zip((Session, Snapshot, Outcome, Settled, Stream, Count), TABLES, strict=True)
)


class Encoded(msgspec.Struct, frozen=True):
    """A row as it is written: its columns, its body and the hash over both."""

    values: tuple[Value, ...]
    body: bytes
    witness: bytes


def encoded(row: Row) -> tuple[Table, Encoded]:
    """The table of a row, and what is written to it.

    Raises:
        StoreUnavailable: `unusable_text`: the row could not be read back.
    """
    table = TABLE_OF[type(row)]
    try:
        values, body = table.values(row), table.encode(row)
        hashed = witness(table, values, body)
    except UnicodeEncodeError as error:
        raise StoreUnavailable("unusable_text", table.name) from error
    if any(isinstance(value, float) and not math.isfinite(value) for value in values):
        raise StoreUnavailable("unusable_text", table.name)
    return table, Encoded(values, body, hashed)


def witness(table: Table, values: Sequence[Any], body: bytes) -> bytes:
    """BLAKE2b-128 over the table's name, the columns beside the body, and the body.

    Raises:
        UnicodeEncodeError: a text holds half a surrogate pair.
    """
    hashed = hashlib.blake2b(digest_size=16, person=table.name.encode())
    hashed.update(msgspec.msgpack.encode(values))
    hashed.update(body)
    return hashed.digest()
