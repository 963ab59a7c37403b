"""A power cut loses nothing that was acknowledged; the same cuts hurt where syncing is off."""

import os
import random
from pathlib import Path

import apsw
import pytest

from capture.store import Reading, Segment
from capture.store.connection import _ANY, _WRITING
from tests.capture.store.power import Recording, Step, cut
from tests.capture.store.rows import clock, outcome, session, settled, snapshot, stream

CUTS = int(os.environ.get("ZETA_SOAK_CUTS", "150"))
COMMITS = 30


def statements(folder: Path) -> list[list[str]]:
    """What a segment asks of SQLite for each commit."""
    segment = Segment.claim(folder, clock())
    connection = segment._connection
    assert connection is not None
    traced: list[str] = []
    connection.set_trace_callback(traced.append)
    commits = []
    for n in range(COMMITS):
        rows = [snapshot(n), outcome(n), settled(n), stream(n)]
        segment.commit([session(), *rows] if n == 0 else rows)
        commits.append(traced[:])
        traced.clear()
    connection.set_trace_callback(None)
    segment.close()
    return commits


def empty_segment(folder: Path) -> bytes:
    segment = Segment.claim(folder, clock())
    segment.close()
    return segment.path.read_bytes()


def recorded(tmp_path: Path, synchronous: str) -> tuple[dict[str, bytes], list[Step]]:
    """The file at the beginning, and everything that happened to it and its WAL."""
    commits = statements(tmp_path / "traced")
    start = {"0001.db": empty_segment(tmp_path / "empty")}
    path = tmp_path / "0001.db"
    path.write_bytes(start["0001.db"])
    log: list[Step] = []
    vfs = Recording(log)
    connection = apsw.Connection(str(path), vfs="recording")
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # apsw's files share no memory
    for pragma in (*_ANY, *_WRITING):
        connection.execute(pragma).fetchall()
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.execute("PRAGMA wal_autocheckpoint = 40").fetchall()
    for number, commit in enumerate(commits):
        for statement in commit:
            connection.execute(statement).fetchall()
        log.append(Step("ack", offset=number))
    connection.close()
    vfs.unregister()
    return start, log


def lost(folder: Path, start: dict[str, bytes], log: list[Step], dice: random.Random) -> bool:
    """Whether a power cut took something that had been acknowledged, or broke the file."""
    at = dice.randrange(1, len(log) + 1)
    acknowledged = [step.offset for step in log[:at] if step.kind == "ack"]
    segments = folder / "segments"
    segments.mkdir(parents=True, exist_ok=True)
    for old in segments.iterdir():
        old.unlink()
    for name, content in cut(start, log, at, dice).items():
        (segments / name).write_bytes(content)
    with Reading(folder) as reading:
        found = {one.snapshot.id: one for one in reading.predictions()}
        whole = not reading.damaged and not reading.problems
    if not whole or any(f"s1-{n}" not in found for n in acknowledged):
        return True
    segment = Segment.claim(folder, clock())
    segment.close()
    return bool(segment.notice)


def losses(tmp_path: Path, synchronous: str) -> int:
    start, log = recorded(tmp_path, synchronous)
    dice = random.Random(5)
    return sum(lost(tmp_path / "cut", start, log, dice) for _ in range(CUTS))


def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    assert losses(tmp_path, "FULL") == 0


@pytest.mark.parametrize("synchronous", ["OFF", "NORMAL"])
def test_the_same_cuts_hurt_a_store_that_syncs_less(tmp_path: Path, synchronous: str) -> None:
    assert losses(tmp_path, synchronous) > 0
