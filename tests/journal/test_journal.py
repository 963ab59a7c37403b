import json
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.core.journal import MAX_DETAIL_CHARS, JournalEntry, decode, encode, newest
from zeta_lsp.journal.reader import read_journal
from zeta_lsp.journal.writer import JournalWriter


def entry(number: int, **more: str) -> JournalEntry:
    return JournalEntry(f"p{number}", float(number), "demo/a.py", "shown", **more)


def written(data_dir: Path, *entries: JournalEntry) -> JournalWriter:
    writer = JournalWriter(data_dir)
    writer.enter(entries)
    writer.close(5)
    return writer


def modes(folder: Path) -> set[tuple[bool, int]]:
    paths = [folder, *folder.rglob("*")]
    return {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in paths}


TEXTS = st.text(alphabet=st.characters(codec=None), max_size=300)  # lone surrogates too


@given(TEXTS, TEXTS, TEXTS)
def test_any_entry_is_one_line_that_can_be_read_again(path: str, model: str, detail: str) -> None:
    line = encode(JournalEntry("p1", 1.5, path, "shown", model=model, detail=detail))
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    again = decode(line)
    assert again is not None
    assert len(again.detail) <= MAX_DETAIL_CHARS


@given(st.binary(max_size=60))
def test_foreign_lines_are_no_entries(line: bytes) -> None:
    assert decode(line) is None


def test_the_last_word_on_a_prediction_counts_and_the_newest_comes_first() -> None:
    first = entry(1)
    final = JournalEntry("p1", 9.0, "demo/a.py", "accepted")
    assert [e.ending for e in newest([entry(2), final, first])] == ["accepted", "shown"]
    assert newest([entry(1), entry(2), entry(3)], 1) == [entry(3)]


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    written(tmp_path / "data", entry(1), entry(2, reason="guarded"))
    written(tmp_path / "data", entry(3))
    assert [e.id for e in read_journal(tmp_path / "data")] == ["p3", "p2", "p1"]
    assert [e.id for e in read_journal(tmp_path / "data", 1)] == ["p3"]


def test_no_journal_yet_is_an_empty_one(tmp_path: Path) -> None:
    assert read_journal(tmp_path / "nothing") == []


def test_nothing_is_created_before_the_first_entry(tmp_path: Path) -> None:
    JournalWriter(tmp_path / "data").close()
    assert list(tmp_path.iterdir()) == []


def test_entries_arrive_while_the_writer_runs(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)
    writer.add(entry(1))
    arrived = threading.Event()
    for _ in range(500):
        if read_journal(tmp_path):
            arrived.set()
            break
        threading.Event().wait(0.01)
    assert arrived.is_set()
    writer.close(5)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_only_the_owner_can_look_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        written(tmp_path / "data", entry(1))
    finally:
        os.umask(before)
    assert modes(tmp_path / "data") == {(True, 0o700), (False, 0o600)}


def test_a_data_folder_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o755)
    (tmp_path / "data").chmod(0o755)
    written(tmp_path / "data", entry(1))
    assert modes(tmp_path / "data") == {(True, 0o700), (False, 0o600)}


@pytest.mark.parametrize("planted", ["data", "data/journal"])
def test_a_planted_link_is_refused_and_counted(tmp_path: Path, planted: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / planted).parent.mkdir(exist_ok=True)
    (tmp_path / planted).symlink_to(elsewhere)
    writer = written(tmp_path / "data", entry(1), entry(2))
    assert writer.dropped == 2
    assert writer.fault
    assert list(elsewhere.iterdir()) == []


def test_a_link_in_the_folder_is_not_followed(tmp_path: Path) -> None:
    written(tmp_path, entry(1))
    (tmp_path / "secret").write_bytes(encode(entry(99)))
    (tmp_path / "journal" / "0-0.jsonl").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "journal" / "1-1.jsonl")
    assert [e.id for e in read_journal(tmp_path)] == ["p1"]


def test_the_journal_stays_small_and_keeps_the_newest(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path, max_segment_bytes=2000, max_total_bytes=8000, max_waiting=9999)
    for number in range(2000):
        writer.add(entry(number))
    writer.close(30)
    assert writer.dropped == 0
    sizes = [path.stat().st_size for path in (tmp_path / "journal").iterdir()]
    assert max(sizes) <= 2000
    assert sum(sizes) <= 8000
    assert read_journal(tmp_path)[0].id == "p1999"


def test_a_file_that_was_tidied_away_is_replaced(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)
    writer.add(entry(1))
    while not read_journal(tmp_path):
        threading.Event().wait(0.01)
    for path in (tmp_path / "journal").iterdir():
        path.unlink()
    writer.add(entry(2))
    writer.close(5)
    assert [e.id for e in read_journal(tmp_path)] == ["p2"]


def test_a_full_queue_drops_and_counts(tmp_path: Path) -> None:
    data = tmp_path / "data"
    os.mkfifo(tmp_path / "gate")
    writer = JournalWriter(tmp_path / "gate" / "data", max_waiting=1)  # never writable
    for number in range(50):
        writer.add(entry(number))
    writer.close(5)
    assert writer.dropped == 50
    assert not data.exists()


def test_torn_lines_do_not_hide_the_others(tmp_path: Path) -> None:
    written(tmp_path, entry(1), entry(2))
    (path,) = (tmp_path / "journal").iterdir()
    content = path.read_bytes()
    for cut in range(len(content)):
        path.write_bytes(content[:cut])
        assert len(read_journal(tmp_path)) == content[:cut].count(b"}")
    path.write_bytes(b"\xff{]\n" + content)
    assert len(read_journal(tmp_path)) == 2


def test_a_killed_process_leaves_what_it_had_written(tmp_path: Path) -> None:
    script = """
import sys, time, pathlib
from zeta_lsp.core.journal import JournalEntry
from zeta_lsp.journal.writer import JournalWriter
writer = JournalWriter(pathlib.Path(sys.argv[1]))
for number in range(100000):
    writer.add(JournalEntry(str(number), float(number), "a.py", "shown"))
    if number % 50 == 0:
        time.sleep(0.001)
    if number == 500:
        print("go", flush=True)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "go\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    entries = read_journal(tmp_path)
    assert entries
    assert all(json.loads(encode(each))["path"] == "a.py" for each in entries)
