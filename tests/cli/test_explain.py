import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec

from tests.cli.command import environment, run
from zeta_lsp.core.journal import JournalEntry
from zeta_lsp.journal.writer import JournalWriter


def journal(home: Path, *entries: JournalEntry) -> None:
    writer = JournalWriter(home / "data")
    for entry in entries:
        writer.add(entry)
    writer.close(5)


SHOWN = JournalEntry(
    "p1", 1700000000.25, "demo/a.py", "shown", model="zeta-2", format="zeta2", latency_ms=123.4
)
SILENT = JournalEntry(
    "p2", 1700000009.0, "demo/b.py", "not_shown", "excluded_path", detail="rule 3 of 9"
)


def test_predictions_are_listed_newest_first_with_a_reason(tmp_path: Path) -> None:
    journal(tmp_path, SHOWN, SILENT)
    outcome = run(tmp_path, "explain", "--json")
    first, second = json.loads(outcome.out)
    assert (first["id"], first["ending"], first["reason"]) == ("p2", "not_shown", "excluded_path")
    assert second["time"] == "2023-11-14T22:13:20.250+00:00"
    assert {"id", "time", "path", "ending", "reason"} <= second.keys()


def test_people_get_a_line_each(tmp_path: Path) -> None:
    journal(tmp_path, SHOWN, SILENT)
    outcome = run(tmp_path, "explain", TZ="UTC")
    first, second = outcome.out.splitlines()
    assert "not shown" in first
    assert "demo/b.py" in first
    assert "the file is excluded (predict.disabled_globs): rule 3 of 9" in first
    assert second.startswith("2023-11-14 22:13:20  shown")
    assert second.endswith("zeta-2, zeta2, 123 ms")
    assert outcome.err == ""


def test_what_the_model_saw_of_other_files_stands_under_the_prediction(tmp_path: Path) -> None:
    seen = tuple(f"bridge demo/shop{n}.py:4-9 rank {n}" for n in range(9))
    journal(tmp_path, msgspec.structs.replace(SHOWN, context=seen), SILENT)
    silent, shown, under = run(tmp_path, "explain", TZ="UTC").out.splitlines()
    assert "demo/b.py" in silent
    assert "demo/a.py" in shown
    assert under.strip() == f"saw {'; '.join(seen[:5])}; 4 more"
    (_, document) = json.loads(run(tmp_path, "explain", "--json").out)
    assert document["context"] == list(seen)


def test_only_the_last_are_shown_if_asked_so(tmp_path: Path) -> None:
    journal(tmp_path, SHOWN, SILENT)
    assert len(json.loads(run(tmp_path, "explain", "--last", "1", "--json").out)) == 1


def test_without_a_journal_it_says_how_to_get_one(tmp_path: Path) -> None:
    assert "no predictions yet" in run(tmp_path, "explain").out
    assert json.loads(run(tmp_path, "explain", "--json").out) == []
    assert not (tmp_path / "data").exists()


def test_a_path_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    journal(tmp_path, JournalEntry("p1", 1.0, "a\x1b[2J\n.py", "shown"))
    out = run(tmp_path, "explain").out
    assert "\x1b" not in out
    assert out.count("\n") == 1


def test_a_journal_that_is_not_ours_is_not_read(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "journal").symlink_to(elsewhere)
    outcome = run(tmp_path, "explain")
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith("zeta-lsp: the journal cannot be read")
    assert outcome.err.count("\n") == 1


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    journal(tmp_path, *(JournalEntry(f"p{n}", float(n), "x" * 80, "shown") for n in range(900)))
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "zeta_lsp", "explain", "--last", "900"],
            env=environment(tmp_path),
            cwd=tmp_path,
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
