import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from capture.folder import make_private
from capture.store import Reading, Segment, StoreUnavailable, forget
from capture.store.wanted import Forgetting, ask
from tests.capture.store.rows import (
    START,
    bytes_in,
    clock,
    count,
    outcome,
    session,
    settled,
    snapshot,
    stream,
    texts_with,
)
from tests.capture.store.test_kills import started

MARK = "f0rg3t-m3-c0mpl3t3ly"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "capture"


def filled(folder: Path) -> Path:
    """Two projects; what is about the first is marked in columns and in texts."""
    segment = Segment.claim(folder, clock())
    segment.commit([session("one", project="one"), session("two", project="two")])
    for n in range(20):
        marked = snapshot(n, session="one", project="one", note=MARK, path=f"one/{MARK}.py")
        segment.commit([marked, outcome(n, session="one")])
        segment.commit([settled(n, session="one", text=MARK), stream(n, session="one", text=MARK)])
        plain = snapshot(n, session="two", project="two", path="two/main.py")
        segment.commit([plain, outcome(n, session="two"), count(n, session="two")])
    segment.close()
    return segment.path


def left(folder: Path) -> list[str]:
    with Reading(folder) as reading:
        found = [prediction.snapshot.id for prediction in reading.predictions()]
        assert reading.damaged == 0
        assert reading.problems == []
        return found


def test_a_forgotten_project_is_nowhere_any_more(folder: Path) -> None:
    path = filled(folder)
    assert MARK.encode() in bytes_in(folder)
    done = forget(folder, project="one", wall_clock=clock())
    assert done.rows == 81
    assert done.held == ()
    assert MARK.encode() not in bytes_in(folder)
    assert texts_with(path, MARK) == 0
    assert left(folder) == [f"two-{n}" for n in range(20)]
    with Reading(folder) as reading:
        assert [usage.project for usage in reading.usage()] == ["two"]
        assert [one.session for one in reading.sessions()] == ["two"]


def test_everything_can_be_forgotten(folder: Path) -> None:
    filled(folder)
    assert forget(folder, wall_clock=clock()).rows == 142
    assert left(folder) == []
    assert not [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"]


def test_nothing_can_be_forgotten_where_nothing_is(folder: Path) -> None:
    assert forget(folder, wall_clock=clock()).rows == 0
    assert not folder.exists()


def test_a_file_can_be_forgotten(folder: Path) -> None:
    path = filled(folder)
    forget(folder, path=f"one/{MARK}.py", wall_clock=clock())
    assert left(folder) == [f"two-{n}" for n in range(20)]
    # What is left of that session are events of another file.
    forget(folder, path="demo/main.py", wall_clock=clock())
    assert MARK.encode() not in bytes_in(folder)
    assert texts_with(path, MARK) == 0


def test_a_time_can_be_forgotten(folder: Path) -> None:
    filled(folder)
    forget(folder, since=START + 5, until=START + 15, wall_clock=clock())
    kept = [*range(5), *range(15, 20)]
    assert sorted(left(folder)) == sorted(f"{name}-{n}" for n in kept for name in ("one", "two"))


def test_backups_and_damaged_files_go_whatever_is_forgotten(folder: Path) -> None:
    filled(folder)
    for copies in ("backups", "quarantine"):
        make_private(folder / copies)
        (folder / copies / "0001.db").write_text(MARK)
        (folder / copies / "0001.db-wal").write_text(MARK)
    done = forget(folder, project="one", wall_clock=clock())
    assert done.files == 2
    assert MARK.encode() not in bytes_in(folder)


def test_a_damaged_file_can_be_forgotten_as_a_whole(folder: Path) -> None:
    path = filled(folder)
    path.write_bytes(b"\0" * 4096 + MARK.encode() * 1000)
    (problem,) = forget(folder, project="one", wall_clock=clock()).held
    assert problem == ("0001.db", "corrupt")
    assert forget(folder, wall_clock=clock()).held == ()
    assert MARK.encode() not in bytes_in(folder)


def test_a_writer_is_asked_and_lets_go_while_it_writes(folder: Path) -> None:
    processes = [started(folder, name, "yield") for name in ("a", "b")]
    try:
        for process in processes:
            assert process.stdout is not None
            process.stdout.read(10)
        done = forget(folder)
        assert done.held == ()
        assert done.rows > 0
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    with Reading(folder) as reading:
        assert reading.damaged == 0
        assert {one.session for one in reading.sessions()} <= {"ax", "bx"}
        assert all(one.snapshot.session in ("ax", "bx") for one in reading.predictions())


def test_a_writer_that_does_not_let_go_is_named(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    segment.commit([session(), snapshot(0)])
    done = forget(folder, wait_s=0.05, wall_clock=clock())
    assert done.held == (("0001.db", "locked"),)
    assert segment.asked_to_yield() is None
    segment.close()
    assert left(folder) == ["s1-0"]


def test_a_writer_sees_what_is_to_be_forgotten_and_nobody_claims_meanwhile(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    assert segment.asked_to_yield() is None
    ask(segment.path, Forgetting(os.getpid(), START, project="one", since=3.0))
    asked = segment.asked_to_yield()
    assert asked is not None
    assert (asked.project, asked.since, asked.path) == ("one", 3.0, None)
    segment.close()
    with pytest.raises(StoreUnavailable) as refused:
        Segment.claim(folder, clock())
    assert refused.value.reason == "locked"


def gone() -> int:
    """The number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_request_that_nobody_makes_any_more_is_removed(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    request = segment.path.with_suffix(".wanted")
    too_old = Forgetting(os.getpid(), START - 61)
    for stale in (too_old, Forgetting(gone(), START), "not a request"):
        request.write_bytes(msgspec.json.encode(stale))
        assert segment.asked_to_yield() is None
        assert not request.exists()
    segment.close()


def test_a_request_holds_no_more_than_what_is_asked(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    ask(segment.path, Forgetting(1, START, project="one"))
    request = segment.path.with_suffix(".wanted")
    assert json.loads(request.read_bytes()) == {"pid": 1, "time": START, "project": "one"}
    assert request.stat().st_mode & 0o777 == 0o600
    segment.close()


def test_a_reader_in_the_way_is_told(folder: Path) -> None:
    path = filled(folder)
    writer = Segment.claim(folder, clock())
    writer.commit([session("three"), snapshot(1, session="three")])
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM snapshots").fetchone()
    writer.close()
    done = forget(folder, project="one", wait_s=0.05, wall_clock=clock())
    assert done.held == (("0001.db", "locked"),)
    reader.close()
    assert forget(folder, project="one", wall_clock=clock()).held == ()
    assert MARK.encode() not in bytes_in(folder)
