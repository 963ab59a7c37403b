"""The cache: what it keeps, whose it is, and what becomes of a damaged one."""

import sqlite3
from pathlib import Path

import pytest

from zeta_lsp.context.index.facts import facts_of, key_of
from zeta_lsp.context.index.reading import Stamp
from zeta_lsp.context.index.store import SLOTS, Store, store_in

TEXT = "from a import b as c\n\n\nclass Shop:\n    def total(self): ...\n"
STAMP = Stamp(1, 2)


def filled(folder: Path) -> Store:
    store = store_in(folder, ["/w"])
    store.put("/w/a.py", STAMP, b"digest", facts_of("python", TEXT), "")
    store.commit()
    return store


def only_file(folder: Path) -> Path:
    (file,) = folder.glob("*.sqlite")
    return file


def test_what_was_put_is_there_after_the_next_start(tmp_path: Path) -> None:
    filled(tmp_path).close()
    store = store_in(tmp_path, ["/w"])
    row = store.files()["/w/a.py"]
    assert (row.stamp, row.digest, row.skipped) == (STAMP, b"digest", "")
    ((file, symbol),) = store.members(key_of("Shop"), key_of("total"), 10)
    assert (file, symbol.name_row, symbol.name_col, symbol.kind) == (row.id, 4, 8, "method")
    (bound,) = store.bounds(row.id, key_of("c"))
    assert (bound.module, bound.origin) == ("a", "b")
    assert not store.was_rebuilt
    store.close()


def test_a_file_that_is_put_again_or_forgotten_leaves_nothing(tmp_path: Path) -> None:
    store = filled(tmp_path)
    store.put("/w/a.py", STAMP, b"", facts_of("python", "def other(): ...\n"), "")
    assert store.named(key_of("total"), 10) == []
    assert store.symbol_count() == 1
    store.forget("/w/a.py")
    assert (store.symbol_count(), store.files()) == (0, {})
    store.close()


def test_the_cache_is_its_users_alone(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "index"
    store = filled(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    store.close()


def damage_header(file: Path) -> None:
    file.write_bytes(b"no database at all" * 100)


def damage_page(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[4096:12288] = b"\xaa" * 8192
    file.write_bytes(data)


def damage_version(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version=999")
    connection.close()


def damage_application(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE files(x)")
    connection.close()


@pytest.mark.parametrize("damage", [damage_header, damage_page, damage_version, damage_application])
def test_a_cache_that_is_of_no_use_is_begun_anew(damage: object, tmp_path: Path) -> None:
    filled(tmp_path).close()
    damage(only_file(tmp_path))
    store = store_in(tmp_path, ["/w"])
    assert store.was_rebuilt
    assert store.files() == {}
    store.put("/w/a.py", STAMP, b"", facts_of("python", TEXT), "")
    assert store.symbol_count() == 2
    store.close()


def test_two_helpers_have_a_file_each_and_a_fifth_has_none(tmp_path: Path) -> None:
    stores = [store_in(tmp_path, ["/w"]) for _ in range(SLOTS + 1)]
    files = [store.file for store in stores]
    assert len(set(files[:SLOTS])) == SLOTS
    assert files[SLOTS] is None
    for store in stores:
        store.close()
    store = store_in(tmp_path, ["/w"])
    assert store.file == files[0]
    store.close()


def test_without_a_folder_that_can_be_written_memory_serves(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = filled(tmp_path / "file" / "cache")
    assert store.file is None
    assert store.symbol_count() == 2
    store.close()


def test_a_link_in_the_place_of_the_cache_is_not_followed(tmp_path: Path) -> None:
    filled(tmp_path / "cache").close()
    file, target = only_file(tmp_path / "cache"), tmp_path / "precious"
    target.write_text("mine")
    file.unlink()
    file.symlink_to(target)
    store = store_in(tmp_path / "cache", ["/w"])
    store.close()
    assert target.read_text() == "mine"
