"""A damaged or hostile file: nothing wrong is handed out, nothing whole is lost, nothing raises."""

import os
import random
import sqlite3
from pathlib import Path

import pytest

from capture.rows import Snapshot
from capture.store import Limits, Reading, Segment
from capture.store.errors import StoreUnavailable
from capture.store.tables import TABLES
from tests.capture.store.rows import (
    PROJECT,
    START,
    clock,
    count,
    one_of_each,
    outcome,
    session,
    settled,
    snapshot,
    stream,
)

FLIPS = int(os.environ.get("ZETA_SOAK_FLIPS", "150"))
MANY = 120


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "capture"


def filled(folder: Path, rows: int = MANY) -> Path:
    segment = Segment.claim(folder, clock())
    segment.commit([session()])
    for n in range(rows):
        segment.commit([snapshot(n), outcome(n), settled(n), stream(n), count(n)])
    segment.close()
    return segment.path


def everything(folder: Path) -> tuple[list[object], int]:
    with Reading(folder) as reading:
        rows: list[object] = [*reading.sessions()]
        for found in reading.predictions():
            rows += [found.snapshot, *found.outcomes, *found.settled]
        rows += [*reading.stream("s1"), *reading.counts()]
        return rows, reading.damaged


def flip_a_bit(path: Path, dice: random.Random) -> str:
    """Change one bit of one value of one row, as a failing disk would; says where."""
    connection = sqlite3.connect(path)
    tables = {table.name: (*table.columns, "witness", "body") for table in TABLES}
    tables["blobs"] = ("base", "data")
    name = dice.choice(sorted(tables))
    column = dice.choice(tables[name])
    n, value = dice.choice(
        connection.execute(
            f"SELECT n, {column} FROM {name} WHERE {column} IS NOT NULL AND {column} <> ''"
        ).fetchall()
        or [(None, None)]
    )
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    changed = _flipped(value, dice)
    if n is not None and changed != value:
        connection.execute(f"UPDATE OR IGNORE {name} SET {column} = ? WHERE n = ?", (changed, n))
    connection.commit()
    changes = connection.total_changes
    connection.close()
    return f"{name}.{column} {value!r} {changed!r}"[:200] if changes else ""


def _flipped(value: object, dice: random.Random) -> object:
    if isinstance(value, int):
        return value ^ (1 << dice.randrange(16))
    if isinstance(value, float):
        return value + 2.0 ** dice.randrange(-8, 8)
    raw = bytearray(value.encode() if isinstance(value, str) else value or b"")
    if not raw:
        return value
    raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    return raw.decode(errors="replace") if isinstance(value, str) else bytes(raw)


def test_every_flipped_bit_of_a_row_is_caught_when_it_is_read(tmp_path: Path) -> None:
    original = filled(tmp_path / "whole", rows=12)
    whole, damaged = everything(tmp_path / "whole")
    assert damaged == 0
    content = original.read_bytes()
    victim = tmp_path / "victim" / "segments" / "0001.db"
    victim.parent.mkdir(parents=True)
    dice, flipped = random.Random(7), 0
    while flipped < FLIPS:
        victim.write_bytes(content)
        where = flip_a_bit(victim, dice)
        if not where:
            continue
        flipped += 1
        rows, damaged = everything(tmp_path / "victim")
        assert all(row in whole for row in rows), where
        # A spare bit in the head of a frame changes nothing that is read.
        assert damaged or rows == whole, where


def test_bytes_changed_anywhere_never_bring_out_a_wrong_row_or_an_error(tmp_path: Path) -> None:
    original = filled(tmp_path / "whole", rows=12)
    whole, _ = everything(tmp_path / "whole")
    content = original.read_bytes()
    victim = tmp_path / "victim" / "segments" / "0001.db"
    victim.parent.mkdir(parents=True)
    dice = random.Random(11)
    for _ in range(FLIPS):
        raw = bytearray(content)
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
        victim.write_bytes(raw)
        rows, _ = everything(tmp_path / "victim")
        assert all(row in whole for row in rows)
        assert len(rows) <= len(whole)


def test_one_zeroed_page_costs_few_rows_and_the_file_is_kept(folder: Path) -> None:
    path = filled(folder)
    content = bytearray(path.read_bytes())
    page = leaf_of(path, "outcomes")
    content[(page - 1) * 4096 : page * 4096] = bytes(4096)
    path.write_bytes(content)
    segment = Segment.claim(folder, clock())
    assert "was damaged" in segment.notice
    segment.commit([session("after"), snapshot(500, session="after")])
    segment.close()
    rows, damaged = everything(folder)
    assert damaged == 0
    assert sum(isinstance(row, Snapshot) for row in rows) == MANY + 1
    assert len(rows) > 0.9 * 5 * MANY
    (aside,) = (folder / "quarantine").glob("*.db")
    assert aside.read_bytes() == bytes(content)


def leaf_of(path: Path, table: str) -> int:
    """The page that the first rows of a table are on."""
    content = path.read_bytes()
    connection = sqlite3.connect(path)
    (page,) = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
    ).fetchone()
    connection.close()
    while content[(page - 1) * 4096] == 5:  # an inner page of a table: go to its first child
        start = (page - 1) * 4096
        cell = start + int.from_bytes(content[start + 12 : start + 14], "big")
        page = int.from_bytes(content[cell : cell + 4], "big")
    assert content[(page - 1) * 4096] == 13
    return int(page)


def zero_all_but_the_first_page(segment: Segment) -> None:
    with segment.path.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(segment.path.stat().st_size - 4096))
    assert segment._connection is not None
    segment._connection.execute("PRAGMA shrink_memory")  # forget the pages that were read


def test_damage_that_shows_while_writing_is_mended_and_the_commit_succeeds(folder: Path) -> None:
    filled(folder)
    segment = Segment.claim(folder, clock())
    segment.idle()
    zero_all_but_the_first_page(segment)
    segment.commit([session("after"), snapshot(500, session="after")])
    segment.close()
    assert "was damaged" in segment.notice
    with Reading(folder) as reading:
        assert [found.snapshot.id for found in reading.predictions()][-1] == "after-500"


@pytest.mark.parametrize("content", [b"\0" * 8192, b"not a database at all" * 400])
def test_a_file_that_is_no_database_is_set_aside(folder: Path, content: bytes) -> None:
    path = filled(folder, rows=1)
    path.write_bytes(content)
    segment = Segment.claim(folder, clock())
    segment.commit(one_of_each())
    segment.close()
    assert len(everything(folder)[0]) == 6
    (aside,) = (folder / "quarantine").glob("*.db")
    assert aside.read_bytes() == content


def test_a_cut_file_is_set_aside_and_what_is_left_is_saved(folder: Path) -> None:
    path = filled(folder)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2 // 4096 * 4096])
    segment = Segment.claim(folder, clock())
    segment.close()
    assert segment.notice
    _, damaged = everything(folder)
    assert damaged == 0


def test_damaged_files_and_backups_are_kept_for_two_weeks(folder: Path) -> None:
    path = filled(folder, rows=1)
    path.write_bytes(b"not a database at all" * 400)
    Segment.claim(folder, clock()).close()
    (aside,) = (folder / "quarantine").glob("*.db")
    backup = folder / "backups" / "0001.v1.db"
    backup.parent.mkdir()
    backup.touch()
    os.utime(aside, (START, START))
    os.utime(backup, (START, START))
    Segment.claim(folder, clock(START + 13 * 86400), Limits()).close()
    assert aside.exists()
    assert backup.exists()
    Segment.claim(folder, clock(START + 15 * 86400), Limits()).close()
    assert not aside.exists()
    assert not backup.exists()


def test_a_purge_reaches_the_damaged_file_that_was_set_aside_meanwhile(folder: Path) -> None:
    filled(folder, rows=3)
    segment = Segment.claim(folder, clock())
    segment.idle()
    zero_all_but_the_first_page(segment)
    segment.commit([session("after")])
    assert list((folder / "quarantine").iterdir())
    segment.purge("s1", "demo/main.py", 0)
    assert not list((folder / "quarantine").iterdir())
    segment.close()


def test_a_newer_schema_is_left_untouched(folder: Path) -> None:
    path = filled(folder, rows=2)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable) as refused:
        Segment.claim(folder, clock())
    assert refused.value.reason == "newer_schema"
    with Reading(folder) as reading:
        assert [problem.reason for problem in reading.problems] == ["newer_schema"]
    assert path.read_bytes() == before
    assert not (folder / "quarantine").exists()


def test_views_in_place_of_tables_are_not_read(folder: Path) -> None:
    path = filled(folder, rows=2)
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE counts")
    connection.execute("CREATE VIEW counts AS SELECT * FROM sessions")
    connection.commit()
    connection.close()
    with Reading(folder) as reading:
        assert [problem.reason for problem in reading.problems] == ["corrupt"]
        assert list(reading.predictions()) == []


def test_a_frame_that_claims_to_be_huge_is_not_unpacked(folder: Path) -> None:
    path = filled(folder, rows=2)
    claim = bytes.fromhex("28b52ffd") + bytes([0xE0]) + (1 << 40).to_bytes(8, "little")
    connection = sqlite3.connect(path)
    connection.execute("UPDATE blobs SET data = ?", (claim + b"\x01\x00\x00",))
    connection.commit()
    connection.close()
    with Reading(folder) as reading:
        assert list(reading.predictions(project=PROJECT)) == []
        assert reading.damaged == 2
