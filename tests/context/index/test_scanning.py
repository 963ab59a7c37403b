"""The index agrees with the disk, whatever files, caches and readers do."""

import os
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.context.index.marked import asked, finish, indexed
from zeta_lsp.context.index.admission import Admission
from zeta_lsp.context.index.facts import key_of
from zeta_lsp.context.index.messages import Note, Progress, Reason, Report
from zeta_lsp.context.index.readers import STALLED, Known, Readers
from zeta_lsp.context.index.scanning import MANY_FILES, Scanner
from zeta_lsp.context.index.store import Store
from zeta_lsp.context.index.trial import Trial
from zeta_lsp.context.index.view import View
from zeta_lsp.core.related import Identifier

STUBBORN = """
import os, signal, sys
from zeta_lsp.context.index import readers

def known(path):
    if "hangs" in path:
        while True:
            pass
    if "kills" in path:
        os.kill(os.getpid(), signal.SIGSEGV)
    return readers.Known(path, b"", "", None)

find, readers.known = readers.known, known
readers.serve(0, 1, file_s=0.2)
"""


def scanner(root: Path, told: list[Report], trial: Trial, most: int = 1000) -> Scanner:
    view = View(Store(None), lambda path: None)
    return Scanner(Admission([str(root)], []), view, None, trial, told.append, most)


def test_more_files_than_can_be_held_are_named(tmp_path: Path) -> None:
    for number in range(10):
        (tmp_path / f"m{number}.py").write_text("x = 1\n")
    told: list[Report] = []
    scan = scanner(tmp_path, told, Trial(None), most=4)
    finish(scan.everything())
    assert Note(Reason.TOO_MANY_FILES, 4) in told
    assert told[-1] == Progress(4, 4)


def test_many_files_are_read_by_several_processes(tmp_path: Path) -> None:
    count = MANY_FILES + 50
    for number in range(count):
        (tmp_path / f"m{number}.py").write_text(f"class C{number}:\n    def f(self): ...\n")
    (tmp_path / "bad.py").write_bytes(b"\0")
    told: list[Report] = []
    workspace = indexed(tmp_path, told)
    state = workspace.state(1)
    assert (state.files, state.symbols, state.skipped) == (count, 2 * count, {"binary": 1})
    main = tmp_path / "m0.py"
    (place,) = asked(workspace, main, Identifier("C0", 0, 6, 0))
    assert (place.path, place.start_row) == (str(main), 0)
    assert told[-1] == Progress(count + 1, count + 1)
    workspace.close()


def test_a_file_that_brings_readers_down_costs_nothing_but_itself() -> None:
    paths = ["/a.py", "/hangs.py", "/b.py", "/kills.py", *(f"/c{n}.py" for n in range(9))]
    readers = Readers(2, (sys.executable, "-P", "-c", STUBBORN))
    found: list[Known] = []
    pending = list(paths)
    try:
        while len(found) < len(paths):
            while pending and readers.take(pending[0]):
                pending.pop(0)
            found += readers.collect()
    finally:
        readers.close()
    assert sorted(known.path for known in found) == sorted(paths)
    assert {known.path for known in found if known.skipped} == {"/hangs.py", "/kills.py"}
    assert {known.skipped for known in found} == {"", STALLED}


def test_a_file_that_brought_helpers_down_twice_is_left_out(tmp_path: Path) -> None:
    root, note = tmp_path / "root", tmp_path / "note"
    root.mkdir()
    (root / "evil.py").write_text("x = 1\n")
    (root / "good.py").write_text("y = 1\n")
    for _ in range(2):
        trial = Trial(note)
        with pytest.raises(InterruptedError), trial.of(str(root / "evil.py")):
            raise InterruptedError
        trial.close()
    told: list[Report] = []
    scan = scanner(root, told, Trial(note))
    finish(scan.everything())
    assert Note(Reason.FILE_STALLED, 1) in told
    assert scan.skipped() == {STALLED: 1}


def test_one_failure_is_no_reason_to_leave_a_file_out(tmp_path: Path) -> None:
    trial = Trial(tmp_path / "note")
    with pytest.raises(InterruptedError), trial.of("/a.py"):
        raise InterruptedError
    trial.close()
    trial = Trial(tmp_path / "note")
    assert not trial.has_failed("/a.py")
    with trial.of("/a.py"):
        pass
    trial.close()
    assert (tmp_path / "note").read_bytes() == b""
    assert (tmp_path / "note").stat().st_mode & 0o777 == 0o600


def test_a_file_whose_text_is_the_same_is_not_parsed_again(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    workspace = indexed(tmp_path)
    before = workspace.view.rows[str(tmp_path / "a.py")]
    os.utime(tmp_path / "a.py", ns=(1, 1))
    finish(workspace.scanner.everything())
    after = workspace.view.rows[str(tmp_path / "a.py")]
    assert (after.id, after.stamp.mtime_ns) == (before.id, 1)
    workspace.close()


def test_a_cache_that_breaks_under_way_is_begun_anew(tmp_path: Path) -> None:
    root, cache = tmp_path / "root", tmp_path / "cache"
    root.mkdir()
    (root / "a.py").write_text("class A: ...\n")
    workspace = indexed(root, cache=str(cache))
    (file,) = cache.glob("*.sqlite")
    with sqlite3.connect(file) as other:
        other.execute("DROP TABLE symbols")
    other.close()
    with pytest.raises(sqlite3.DatabaseError):
        workspace.view.named(key_of("A"))
    workspace.rebuild()
    finish(workspace.scanner.everything())
    assert [hit.path for hit in workspace.view.named(key_of("A"))] == [str(root / "a.py")]
    workspace.close()
