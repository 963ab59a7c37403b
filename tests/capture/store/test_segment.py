import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from capture.folder import make_private, make_private_file
from capture.store import Limits, Reading, Segment, StoreUnavailable
from capture.store.connection import writer
from tests.capture.store.rows import (
    bytes_in,
    clock,
    count,
    one_of_each,
    outcome,
    session,
    settled,
    snapshot,
    stream,
    texts_with,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "capture"


def test_what_was_written_is_read_back(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    segment.commit(one_of_each())
    with Reading(folder) as reading:
        (found,) = reading.predictions()
        assert found.session == session()
        assert found.snapshot == snapshot(0)
        assert found.outcomes == (outcome(0),)
        assert found.settled == (settled(0),)
        assert list(reading.stream("s1")) == [stream(0)]
        assert list(reading.counts()) == [count(0)]
        assert list(reading.sessions()) == [session()]
        assert (reading.damaged, reading.problems) == (0, [])
    segment.close()


def test_rows_of_one_commit_may_come_in_any_order(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    segment.commit(one_of_each()[::-1])
    segment.close()
    with Reading(folder) as reading:
        assert len(list(reading.predictions())) == 1


def test_a_commit_can_be_repeated(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    segment.commit(one_of_each())
    segment.commit(one_of_each())
    segment.close()
    with Reading(folder) as reading:
        (usage,) = reading.usage()
        assert usage.rows == 6


def test_of_two_predictions_with_one_id_the_first_stays_and_nothing_of_the_other(
    folder: Path,
) -> None:
    segment = Segment.claim(folder, clock())
    segment.commit([session(), snapshot(1), snapshot(2)])
    segment.commit([snapshot(1, note="another text"), snapshot(3)])
    segment.commit([snapshot(4)])
    segment.close()
    assert texts_with(segment.path, "another text") == 0
    with Reading(folder) as reading:
        assert [one.snapshot for one in reading.predictions()] == [
            snapshot(n) for n in (1, 2, 3, 4)
        ]
        assert reading.damaged == 0


def test_an_outcome_without_its_prediction_is_refused_with_its_batch(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    with pytest.raises(StoreUnavailable) as refused:
        segment.commit([session(), snapshot(1), outcome(2)])
    assert refused.value.reason == "no_snapshot"
    segment.commit([session(), snapshot(1), outcome(1)])
    segment.close()
    with Reading(folder) as reading:
        assert [found.snapshot.id for found in reading.predictions()] == ["s1-1"]


@pytest.mark.parametrize("text", ["half \ud800 a pair", "\udfff"])
def test_half_a_surrogate_pair_is_refused_and_the_store_goes_on(folder: Path, text: str) -> None:
    segment = Segment.claim(folder, clock())
    for bad in (snapshot(1, note=text), msgspec.structs.replace(snapshot(1), path=text)):
        with pytest.raises(StoreUnavailable) as refused:
            segment.commit([session(), bad])
        assert refused.value.reason == "unusable_text"
    segment.commit([session(), snapshot(1)])
    segment.close()


def test_a_number_that_is_none_is_refused(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    with pytest.raises(StoreUnavailable, match="finite"):
        segment.commit([session(), msgspec.structs.replace(snapshot(1), total_ms=float("nan"))])
    segment.close()


def test_snapshots_of_one_file_cost_a_fraction_of_their_text(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    segment.commit([session(), *(snapshot(n) for n in range(64))])
    segment.close()
    connection = sqlite3.connect(segment.path)
    stored, whole, keyframes = connection.execute(
        "SELECT sum(length(data)), sum(size), count(*) - count(base) FROM blobs"
    ).fetchone()
    depth = connection.execute(
        "SELECT count(*) FROM blobs b JOIN blobs k ON k.n = b.base WHERE k.base IS NOT NULL"
    ).fetchone()
    connection.close()
    assert keyframes == 4
    assert depth == (0,)
    assert stored < whole / 30


def test_two_writers_get_a_file_each_and_are_read_as_one(folder: Path) -> None:
    first, second = Segment.claim(folder, clock()), Segment.claim(folder, clock())
    assert first.path != second.path
    first.commit([session("a"), *(snapshot(n, session="a") for n in (0, 2, 4))])
    second.commit([session("b"), *(snapshot(n, session="b") for n in (1, 3))])
    with Reading(folder) as reading:
        found = [prediction.snapshot.id for prediction in reading.predictions()]
    assert found == ["a-0", "b-1", "a-2", "b-3", "a-4"]
    first.close()
    second.close()


def test_a_file_that_was_given_back_is_used_again(folder: Path) -> None:
    first = Segment.claim(folder, clock())
    first.close()
    second = Segment.claim(folder, clock())
    assert second.path == first.path
    second.close()


def test_reading_chooses_by_project_and_time(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    segment.commit([session("a", project="one"), session("b", project="two")])
    segment.commit([snapshot(n, session="a", project="one") for n in range(4)])
    segment.commit([snapshot(n, session="b", project="two") for n in range(4)])
    segment.close()
    with Reading(folder) as reading:
        times = [found.snapshot.time for found in reading.predictions(project="two")]
        between = list(reading.predictions(since=times[1], until=times[3]))
    assert len(times) == 4
    assert [found.snapshot.id for found in between] == ["a-1", "b-1", "a-2", "b-2"]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o177, 0o777])
def test_only_the_owner_can_read_it_whatever_the_umask(folder: Path, umask: int) -> None:
    folder.parent.mkdir()
    before = os.umask(umask)
    try:
        segment = Segment.claim(folder, clock())
        segment.commit(one_of_each())
    finally:
        os.umask(before)
    names = {path.name: stat.S_IMODE(path.lstat().st_mode) for path in folder.rglob("*")}
    segment.close()
    assert stat.S_IMODE(folder.lstat().st_mode) == 0o700
    assert names.pop("segments") == 0o700
    assert {"0001.db", "0001.db-wal", "0001.db-shm", "0001.lock"} == set(names)
    assert set(names.values()) == {0o600}


@pytest.mark.parametrize("name", ["segments", "segments/0001.db", "segments/0001.lock"])
def test_a_planted_link_is_refused_and_not_followed(folder: Path, name: str) -> None:
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir(parents=True)
    planted = folder / name
    planted.parent.mkdir(parents=True)
    planted.symlink_to(elsewhere if name == "segments" else elsewhere / "stolen")
    with pytest.raises(StoreUnavailable) as refused:
        Segment.claim(folder, clock())
    assert refused.value.reason == "symlink"
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("suffix", ["-wal", "-shm"])
def test_a_link_planted_beside_the_file_is_refused(folder: Path, suffix: str) -> None:
    Segment.claim(folder, clock()).close()
    target = folder.parent / "stolen"
    (folder / "segments" / f"0001.db{suffix}").symlink_to(target)
    with pytest.raises(StoreUnavailable, match="symbolic link"):
        Segment.claim(folder, clock())
    assert not target.exists()


def test_a_pipe_in_place_of_the_file_is_refused(folder: Path) -> None:
    (folder / "segments").mkdir(parents=True)
    os.mkfifo(folder / "segments" / "0001.db")
    with pytest.raises(StoreUnavailable) as refused:
        Segment.claim(folder, clock())
    assert refused.value.reason == "not_a_file"


def test_a_second_name_of_a_file_is_refused(folder: Path) -> None:
    make_private(folder)
    make_private_file(folder / "a.db")
    (folder / "b.db").hardlink_to(folder / "a.db")
    with pytest.raises(StoreUnavailable):
        make_private_file(folder / "b.db")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_what_belongs_to_somebody_else_is_refused(folder: Path) -> None:
    Segment.claim(folder, clock()).close()
    os.chown(folder / "segments" / "0001.db", 12345, 12345)
    with pytest.raises(StoreUnavailable) as refused:
        Segment.claim(folder, clock())
    assert refused.value.reason == "foreign_owner"
    os.chown(folder, 12345, 12345)
    with pytest.raises(StoreUnavailable, match="another user"):
        Segment.claim(folder, clock())
    with Reading(folder) as reading:
        assert [problem.reason for problem in reading.problems] == ["foreign_owner"]


def test_a_file_that_is_removed_under_the_writer_is_noticed(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    segment.path.unlink()
    with pytest.raises(StoreUnavailable) as refused:
        segment.commit(one_of_each())
    assert refused.value.reason == "vanished"
    segment.close()
    again = Segment.claim(folder, clock())
    again.commit(one_of_each())
    again.close()


def test_another_programs_database_is_left_alone(folder: Path) -> None:
    make_private(folder)
    make_private(folder / "segments")
    foreign = folder / "segments" / "0001.db"
    connection = sqlite3.connect(foreign)
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    with pytest.raises(StoreUnavailable) as refused:
        Segment.claim(folder, clock())
    assert refused.value.reason == "not_a_file"
    with Reading(folder) as reading:
        assert [problem.reason for problem in reading.problems] == ["not_a_file"]


def test_everything_that_durability_and_secrecy_rest_on_is_set(folder: Path) -> None:
    Segment.claim(folder, clock()).close()
    connection = writer(folder / "segments" / "0001.db")
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "secure_delete": 1,
        "auto_vacuum": 2,
        "application_id": 0x7A657461,
        "user_version": 1,
        "busy_timeout": 250,
    }
    found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
    connection.close()
    assert found == wanted


def test_the_write_ahead_log_is_emptied_on_idle(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    segment.commit(one_of_each())
    log = segment.path.with_name("0001.db-wal")
    assert log.stat().st_size > 0
    segment.idle()
    assert log.stat().st_size == 0
    segment.close()
    assert not log.exists()


def test_the_views_can_be_read_by_a_person(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    segment.commit(one_of_each())
    segment.close()
    connection = sqlite3.connect(segment.path)
    connection.row_factory = sqlite3.Row
    views = connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")
    shown = {
        name: [dict(row) for row in connection.execute(f"SELECT * FROM {name}")]
        for (name,) in views
    }
    connection.close()
    (prediction,) = shown["predictions"]
    assert prediction["time"] == "2023-11-14T22:13:20.000Z"
    assert prediction["ending"] == "accepted"
    assert prediction["kept_rate"] == 0.75
    assert prediction["patch"] == "-def everything():\n+def nothing():"
    assert shown["projects"][0]["accepted"] == 1
    assert shown["days"][0]["day"] == "2023-11-14"
    assert shown["settled_texts"][0]["after_s"] == 10.0


def test_what_is_older_than_the_limit_goes_within_the_hour(folder: Path) -> None:
    now = clock()
    segment = Segment.claim(folder, now, Limits(days=2))
    segment.commit([session("a"), *(snapshot(n, session="a", note="CANARY") for n in range(3))])
    segment.commit([settled(1, session="a"), outcome(1, session="a")])
    now.now += 3 * 86400
    segment.commit([session("b", time=now()), snapshot(9, session="b", time=now())])
    with Reading(folder) as reading:
        assert [found.snapshot.id for found in reading.predictions()] == ["b-9"]
        assert [found.session for found in reading.sessions()] == ["b"]
    segment.close()


def test_a_clock_that_runs_ahead_deletes_nothing(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    segment.commit(one_of_each())
    segment.close()
    ahead = clock()
    ahead.now += 10 * 365 * 86400
    Segment.claim(folder, ahead).close()
    with Reading(folder) as reading:
        assert len(list(reading.predictions())) == 1


def test_the_oldest_go_while_there_is_too_much(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    noise = [f"{os.urandom(1500).hex()}" for _ in range(400)]
    segment.commit([session(), *(snapshot(n, note=text) for n, text in enumerate(noise))])
    segment.close()
    most_bytes = 400_000
    assert segment.path.stat().st_size > 2 * most_bytes
    segment = Segment.claim(folder, clock(), Limits(bytes=most_bytes))
    segment.close()
    assert segment.path.stat().st_size <= most_bytes
    with Reading(folder) as reading:
        found = [prediction.snapshot.id for prediction in reading.predictions()]
        assert reading.damaged == 0
    assert found == [f"s1-{n}" for n in range(400 - len(found), 400)]
    assert len(found) > 20


def test_other_files_are_kept_to_the_limits_when_nobody_writes_them(folder: Path) -> None:
    now = clock()
    first, second = Segment.claim(folder, now), Segment.claim(folder, now)
    second.commit([session("old"), snapshot(1, session="old")])
    second.close()
    now.now += 100 * 86400
    first.commit([session("new", time=now()), snapshot(2, session="new", time=now())])
    with Reading(folder) as reading:
        assert [found.snapshot.id for found in reading.predictions()] == ["new-2"]
    first.close()


def test_a_full_disk_is_told_and_overcome_without_a_restart(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    segment.commit([session(), snapshot(0)])
    connection = segment._connection
    assert connection is not None
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    notes = [os.urandom(4000).hex() for _ in range(1, 20)]
    noise = [snapshot(n, path="demo/new.py", note=note) for n, note in enumerate(notes, 1)]
    with pytest.raises(StoreUnavailable) as refused:
        segment.commit(noise)
    assert refused.value.reason == "disk_full"
    connection.execute("PRAGMA max_page_count = 1000000")
    segment.commit([snapshot(20, path="demo/new.py")])
    segment.commit(noise)
    segment.close()
    with Reading(folder) as reading:
        assert len(list(reading.predictions())) == 21
        assert reading.damaged == 0


FILES_THAT_MAY_NOT_GROW = """
import os, resource, sys
from pathlib import Path
from capture.store import Reading, Segment, StoreUnavailable
from tests.capture.store.rows import clock, session, snapshot
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder = Path(sys.argv[1])
segment = Segment.claim(folder, clock())
segment.commit([session(), snapshot(0)])
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
noise = [snapshot(n, note=os.urandom(4000).hex()) for n in range(1, 60)]
reasons = []
for _ in range(3):
    try:
        segment.commit(noise)
    except StoreUnavailable as failure:
        reasons.append(failure.reason)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
segment.commit(noise)
segment.close()
with Reading(folder) as reading:
    print(reasons, len(list(reading.predictions())), reading.damaged)
"""


def test_a_limit_on_the_size_of_files_is_overcome_too(folder: Path) -> None:
    script = [sys.executable, "-c", FILES_THAT_MAY_NOT_GROW, str(folder)]
    done = subprocess.run(script, capture_output=True, text=True, check=True)
    assert done.stdout == "['io_error', 'io_error', 'io_error'] 60 0\n"


ON_A_SMALL_DISK = """
import os, sys
from pathlib import Path
from capture.store import Reading, Segment, StoreUnavailable
from tests.capture.store.rows import clock, session, snapshot
disk = Path(sys.argv[1])
segment = Segment.claim(disk / "capture", clock())
segment.commit([session(), snapshot(0)])
(disk / "filler").write_bytes(b"x" * 200_000)
written, reason = 1, ""
while not reason:
    try:
        segment.commit([snapshot(written, note=os.urandom(4000).hex())])
        written += 1
    except StoreUnavailable as failure:
        reason = failure.reason
(disk / "filler").unlink()
segment.commit([snapshot(written, note=os.urandom(4000).hex())])
with Reading(disk / "capture") as reading:
    print(reason, len(list(reading.predictions())) - written, reading.damaged)
"""


def test_a_disk_that_is_really_full_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f'mount -t tmpfs -o size=1m tmpfs {disk} && exec "$0" -c "$1" {disk}'
    script = ["unshare", "-Urm", "sh", "-c", mount, sys.executable, ON_A_SMALL_DISK]
    try:
        done = subprocess.run(script, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no unshare")
    if "unshare:" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"not allowed to mount: {done.stderr.strip()}")
    assert (done.stdout, done.stderr) == ("disk_full 1 0\n", "")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    folder.parent.mkdir()
    folder.parent.chmod(0o500)
    with pytest.raises(StoreUnavailable) as refused:
        Segment.claim(folder, clock())
    assert refused.value.reason == "read_only"


def test_a_database_that_cannot_be_written_is_told(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    connection = segment._connection
    assert connection is not None
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreUnavailable) as refused:
        segment.commit(one_of_each())
    assert refused.value.reason == "read_only"
    segment.commit(one_of_each())  # with a new connection
    segment.close()


def test_a_purge_leaves_no_byte_and_keeps_the_rest(folder: Path) -> None:
    secret = "sk-live-4242424242424242"
    segment = Segment.claim(folder, clock())
    segment.commit([session(), session("s2")])
    segment.commit([snapshot(n) for n in range(4)])
    for n in range(4, 20):
        segment.commit([snapshot(n, note=secret), stream(n, text=secret)])
    other = "demo/other.py"
    segment.commit([settled(2, text=secret), settled(5, text=secret)])
    segment.commit([snapshot(20, path=other, history=("demo/main.py",), note=secret)])
    segment.commit([snapshot(21, path=other, related=("demo/main.py",), note=secret)])
    segment.commit([snapshot(22, path=other), settled(22, future=("demo/main.py",), text=secret)])
    segment.commit([snapshot(n, path=other) for n in range(23, 40)])
    segment.commit([snapshot(24, session="s2")])
    segment.purge("s1", "demo/main.py", 10 * 2 + 7)
    with Reading(folder) as reading:
        found = [prediction.snapshot for prediction in reading.predictions()]
        assert reading.damaged == 0
        assert list(reading.stream("s1")) == []
    assert [one.id for one in found if one.path == "demo/main.py"] == [
        *("s1-0", "s1-1", "s1-2"),
        "s2-24",
    ]
    assert [one.id for one in found if one.path == other] == [f"s1-{n}" for n in range(22, 40)]
    assert found[-1] == snapshot(39, path=other)
    held = bytes_in(folder)
    windows = [secret[at : at + 8].encode() for at in range(len(secret) - 7)]
    assert not [window for window in windows if window in held]
    assert texts_with(segment.path, secret) == 0
    segment.commit([snapshot(50)])
    segment.close()


def test_a_purge_behind_a_reader_is_finished_when_the_reader_is_gone(folder: Path) -> None:
    segment = Segment.claim(folder, clock())
    noise = os.urandom(40).hex()
    segment.commit([session(), msgspec.structs.replace(snapshot(0), revision=noise)])
    reader = sqlite3.connect(segment.path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM snapshots").fetchone()
    assert segment.purge("s1", "demo/main.py", 0) == 1
    assert noise.encode() in bytes_in(folder)
    reader.close()
    segment.idle()
    assert noise.encode() not in bytes_in(folder)
    segment.close()
