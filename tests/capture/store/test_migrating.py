import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from capture.store import Segment, StoreUnavailable
from capture.store.connection import writer
from capture.store.schema import MIGRATIONS, bring_up_to_date
from tests.capture.store.rows import clock, one_of_each


@pytest.fixture
def path(tmp_path: Path) -> Path:
    segment = Segment.claim(tmp_path / "capture", clock())
    segment.commit(one_of_each())
    segment.close()
    return segment.path


def brought_up(path: Path, *further: object) -> sqlite3.Connection:
    connection = writer(path)
    bring_up_to_date(connection, path, path.parents[1] / "backups", (*MIGRATIONS, *further))
    return connection


def rate(database: Database) -> None:
    database.table("snapshots").add_column("rating", str)
    database.table("remarks").create({"n": int, "text": str}, pk="n")


def lose(database: Database) -> None:
    database.execute("DELETE FROM outcomes")


def alter(database: Database) -> None:
    database.execute("UPDATE settled SET witness = zeroblob(16)")


def fail(database: Database) -> None:
    rate(database)
    raise sqlite3.OperationalError("the disk failed")


def test_an_older_file_becomes_a_newer_one_after_a_backup(path: Path) -> None:
    before = sqlite3.connect(path).execute("SELECT * FROM snapshots").fetchall()
    connection = brought_up(path, rate)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    after = connection.execute("SELECT * FROM snapshots").fetchall()
    assert after == [(*row, None) for row in before]
    connection.close()
    (backup,) = (path.parents[1] / "backups").iterdir()
    assert backup.stat().st_mode & 0o777 == 0o600
    copy = sqlite3.connect(backup)
    assert copy.execute("PRAGMA user_version").fetchone() == (1,)
    assert copy.execute("SELECT * FROM snapshots").fetchall() == before
    copy.close()


@pytest.mark.parametrize("bad", [lose, alter])
def test_a_migration_that_loses_something_does_not_happen(path: Path, bad: object) -> None:
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable) as refused:
        brought_up(path, rate, bad)
    assert refused.value.reason == "not_migrated"
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert connection.execute("SELECT count(*) FROM outcomes").fetchone() == (1,)
    connection.close()
    assert path.read_bytes()[4096:] == before[4096:]


def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        brought_up(path, fail)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    columns = [row[1] for row in connection.execute("PRAGMA table_info(snapshots)")]
    assert "rating" not in columns
    connection.close()


def test_nothing_is_copied_where_nothing_is_due(path: Path) -> None:
    brought_up(path).close()
    assert not (path.parents[1] / "backups").exists()
