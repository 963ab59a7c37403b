"""How much is held of each project."""

import sqlite3
from collections.abc import Iterator

import msgspec


class Usage(msgspec.Struct, frozen=True):
    """What is held of a project: rows, bytes as stored, times of the first and the last row.

    `project` is its keyed hash. A text that several rows share counts with each of them.
    """

    project: str
    project_name: str
    rows: int
    bytes: int
    oldest: float
    newest: float


_ROWS = """
SELECT s.project AS project, r.time AS time, r.bytes AS bytes FROM (
  SELECT session, time, length(b.data) AS bytes FROM snapshots JOIN blobs b ON b.n = body
  UNION ALL
  SELECT session, time, length(b.data) FROM settled JOIN blobs b ON b.n = body
  UNION ALL
  SELECT session, time, length(b.data) FROM stream JOIN blobs b ON b.n = body
  UNION ALL SELECT session, time, length(body) FROM outcomes
  UNION ALL SELECT session, time, length(body) FROM counts
  UNION ALL SELECT session, time, length(body) FROM sessions
) r JOIN sessions s ON s.session = r.session
"""
_USAGE = f"""
SELECT project, (SELECT max(project_name) FROM sessions WHERE project = u.project),
  count(*), sum(bytes), min(time), max(time)
FROM ({_ROWS}) u GROUP BY project
"""  # noqa: S608 - built from our own words


def usage_of(connection: sqlite3.Connection) -> Iterator[Usage]:
    """What a file holds of each project.

    Raises:
        sqlite3.Error: the file is damaged.
    """
    for record in connection.execute(_USAGE):
        yield Usage(*record)


def added(one: Usage | None, other: Usage) -> Usage:
    """Both together; they are of one project."""
    if one is None:
        return other
    return Usage(
        one.project,
        one.project_name or other.project_name,
        one.rows + other.rows,
        one.bytes + other.bytes,
        min(one.oldest, other.oldest),
        max(one.newest, other.newest),
    )
