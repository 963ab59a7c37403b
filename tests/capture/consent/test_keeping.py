import os
from pathlib import Path

import pytest

from capture.consent.keeping import read_private, remove, write_once, write_whole
from capture.store.errors import StoreUnavailable


def test_a_file_is_there_in_whole_and_nothing_beside_it(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", b"one")
    write_whole(tmp_path / "a", b"two")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert read_private(tmp_path / "a") == b"two"


def test_what_is_written_once_is_never_written_again(tmp_path: Path) -> None:
    assert write_once(tmp_path / "a", b"one")
    assert not write_once(tmp_path / "a", b"two")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert read_private(tmp_path / "a") == b"one"


def test_the_folders_time_grows_with_every_change_even_if_the_clock_does_not(
    tmp_path: Path,
) -> None:
    far_ns = 4_000_000_000_000_000_000
    os.utime(tmp_path, ns=(far_ns, far_ns))
    write_whole(tmp_path / "a", b"one")
    assert tmp_path.stat().st_mtime_ns > far_ns
    os.utime(tmp_path, ns=(2 * far_ns, 2 * far_ns))
    remove(tmp_path / "a")
    assert tmp_path.stat().st_mtime_ns > 2 * far_ns


def test_a_folder_that_is_not_there_is_an_unavailable_store(tmp_path: Path) -> None:
    for write in (write_whole, write_once):
        with pytest.raises(StoreUnavailable):
            write(tmp_path / "no" / "a", b"")
    assert read_private(tmp_path / "no" / "a") is None
