"""`export`, `show` and `forget` over a real store."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from capture.commands import main
from tests.capture.export.filled import consented, filled
from tests.capture.export.recording import stored

RUN = (
    "import sys; from pathlib import Path; from capture.commands import main; "
    "sys.exit(main(sys.argv[2:], Path(sys.argv[1]), enabled=True, settings_globs=(), version='1'))"
)
INTERRUPTED = """
import itertools, os, signal
import capture.commands.exporting as exporting
count, made = itertools.count(), exporting.line_of
def line_of(*given):
    if next(count) == 200:
        os.kill(os.getpid(), signal.SIGINT)
    return made(*given)
exporting.line_of = line_of
"""
PREDICTIONS = [
    stored(),
    stored(ending="ignored", settled="return resu + 1", language="rust"),
    stored(form="zeta2", ending="rejected", settled="return 0"),
]


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def shop(tmp_path, data):
    root = tmp_path / "shop"
    filled(consented(root, data), data, PREDICTIONS, "5e55")
    return root


def run(data, *words):
    return main([str(word) for word in words], data, enabled=True, settings_globs=(), version="1")


def started(data, *words, **options):
    command = [sys.executable, "-c", RUN, str(data), *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def lines_of(path):
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def names_in(path):
    return [line["zeta"]["id"] for line in lines_of(path)]


def test_everything_that_settled_is_exported(shop, data, tmp_path, capsys):
    out = tmp_path / "out.jsonl"
    assert run(data, "export", "-o", out) == 0
    assert names_in(out) == ["5e55-0", "5e55-1", "5e55-2"]
    told = capsys.readouterr()
    assert told.out == ""
    assert f"3 lines written to {out}" in told.err
    assert "private: 3 lines of your closed code in shop" in told.err


def test_lines_go_to_standard_output_and_counts_elsewhere(shop, data):
    process = started(data, "export", "--json")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert len(out.splitlines()) == 3
    assert json.loads(err)["written"] == 3


@pytest.mark.parametrize("words", [["export"], ["show"], ["show", "--json"]])
def test_a_reader_that_has_had_enough_is_no_failure(data, tmp_path, words):
    receipt = consented(tmp_path / "shop", data)
    filled(receipt, data, [stored()] * 40, "5e55")
    process = started(data, *words, cwd=tmp_path / "shop", env={"PYTHONPATH": str(Path.cwd())})
    process.stdout.read(10)
    process.stdout.close()
    with process.stderr as stream:
        assert stream.read() == b""
    assert process.wait(60) == 0


@pytest.mark.parametrize(
    ("words", "written", "dropped"),
    [
        (["--language", "Rust"], 1, {"other_language": 2}),
        (["--outcome", "accepted", "--outcome", "ignored"], 2, {"other_outcome": 1}),
        (["--licence", "mit"], 3, {}),
        (["--licence", "ISC"], 0, {"other_licence": 3}),
        (["--horizon", "300s"], 0, {"horizon_not_reached": 3}),
        (["--format", "dpo"], 2, {"not_refused": 1}),
        (["--format", "kto"], 3, {}),
        (["--since", "2026-09-21T14:13:22Z"], 2, {}),
        (["--until", "2026-09-21T14:13:22Z"], 1, {}),
    ],
)
def test_filters_say_what_they_left_out(shop, data, tmp_path, capsys, words, written, dropped):
    assert run(data, "export", "--json", "-o", tmp_path / "out.jsonl", *words) == 0
    counts = json.loads(capsys.readouterr().out)
    assert (counts["written"], counts["dropped"]) == (written, dropped)


def test_a_project_is_exported_alone(shop, data, tmp_path):
    other = tmp_path / "other"
    filled(consented(other, data), data, PREDICTIONS[:1], "07e4")
    out = tmp_path / "out.jsonl"
    run(data, "export", other, "-o", out)
    assert names_in(out) == ["07e4-0"]
    run(data, "export", other, shop, "-o", out)
    assert sorted(names_in(out)) == ["07e4-0", "5e55-0", "5e55-1", "5e55-2"]


def test_an_export_goes_on_where_it_was_cut(shop, data, tmp_path):
    out = tmp_path / "out.jsonl"
    run(data, "export", "-o", out)
    whole = out.read_bytes()
    out.write_bytes(whole[: len(whole) * 2 // 3])
    assert run(data, "export", "-o", out, "--resume") == 0
    assert out.read_bytes() == whole


def test_nothing_recorded_is_nothing_exported(data, tmp_path, capsys):
    out = tmp_path / "out.jsonl"
    assert run(data, "export", "-o", out) == 0
    assert out.read_bytes() == b""
    assert not data.exists()
    assert run(data, "export", tmp_path, "-o", out) == 2
    assert "nothing was ever recorded" in capsys.readouterr().err


def test_an_interrupted_export_leaves_no_file(data, tmp_path):
    receipt = consented(tmp_path / "shop", data)
    filled(receipt, data, [stored()] * 400, "5e55")
    out = tmp_path / "out.jsonl"
    code = INTERRUPTED + RUN
    done = subprocess.run(
        [sys.executable, "-c", code, str(data), "export", "-o", str(out)],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert b"no half-written line" in done.stderr
    assert [each.name for each in tmp_path.iterdir() if "out" in each.name] == []


def in_a_terminal(data, *words):
    """Exit status and what a person sees of stderr, while stdout goes elsewhere."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(data), *map(str, words)],
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
        if b"[y/N]" in piece:
            os.write(ours, b"n\n")
    os.close(ours)
    return process.wait(60), seen.decode()


def test_progress_is_for_terminals(shop, data, tmp_path):
    status, seen = in_a_terminal(data, "export", "-o", tmp_path / "out.jsonl")
    assert status == 0
    assert "predictions" in seen
    assert "\x1b[" in seen


def test_everything_held_is_shown(shop, data, capsys):
    assert run(data, "show", shop) == 0
    shown = capsys.readouterr().out
    for part in (
        "Consent ",
        "Session 5e55",
        "Neovim 0.12",
        "Prediction 5e55-1",
        "shop/till.py:67:16, rust",
        "ending: ignored after 0.9 s",
        "    | +    return resu + 1",
        "history (typed, pasted)",
        "related shop/tax.py from line 1 (lsp)",
        "diagnostic of severity 1",
        "uncommitted",
        "Events 1 to 40",
        '"type": "Saved"',
        "Counters of 2026-09-21",
        "shown 3",
    ):
        assert part in shown, part
    assert "\x1b" not in shown
    assert shown.count("Prediction ") == 3


def test_every_row_is_shown_as_json(shop, data, capsys):
    assert run(data, "show", shop, "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    kinds = [row["type"] for row in rows]
    assert kinds == [
        "Receipt",
        "Session",
        *["Snapshot", "Outcome", "Settled"] * 3,
        "Stream",
        "Count",
    ]
    assert rows[2]["prompt"] == PREDICTIONS[0].snapshot.prompt
    assert rows[2]["given"]["cursor_excerpt"] == PREDICTIONS[0].snapshot.given.cursor_excerpt
    assert rows[-2]["events"][0][2]["type"] == "Saved"


def test_sessions_can_be_listed_alone(shop, data, capsys):
    run(data, "show", shop, "--sessions")
    shown = capsys.readouterr().out
    assert "Session 5e55" in shown
    assert "Prediction" not in shown
    assert "Consent " not in shown
    run(data, "show", shop, "--sessions", "--json")
    assert [json.loads(line)["session"] for line in capsys.readouterr().out.splitlines()] == [
        "5e55"
    ]


def test_what_somebody_else_wrote_cannot_move_the_cursor(data, tmp_path, capsys):
    receipt = consented(tmp_path / "shop", data)
    filled(receipt, data, [stored(detail="\x1b[2J\x07", output="a\x1b]0;x\x07\tb")], "5e55")
    run(data, "show", tmp_path / "shop")
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "\tb" in shown


def test_a_project_of_which_nothing_is_held(shop, data, tmp_path, capsys):
    for words in (["show"], ["show", "--sessions"], ["forget", "--yes"]):
        assert run(data, words[0], tmp_path / "elsewhere", *words[1:]) == 0
    told = capsys.readouterr().out
    assert told.count("nothing is held about") + told.count("deleted") == 3
    run(data, "show", tmp_path / "elsewhere", "--json")
    assert capsys.readouterr().out == ""


def test_what_is_forgotten_is_exported_no_more(shop, data, tmp_path, capsys):
    other = tmp_path / "other"
    filled(consented(other, data), data, PREDICTIONS[:1], "07e4")
    assert run(data, "forget", shop, "--yes") == 0
    told = capsys.readouterr().out
    assert f"deleted what is recorded of {shop}: 12 rows" in told
    assert f"capture is still on for {shop}" in told
    out = tmp_path / "out.jsonl"
    run(data, "export", "-o", out)
    assert names_in(out) == ["07e4-0"]


def test_a_time_range_is_forgotten(shop, data, tmp_path):
    assert run(data, "forget", shop, "--yes", "--until", "2026-09-21T14:13:22Z") == 0
    out = tmp_path / "out.jsonl"
    run(data, "export", "-o", out)
    assert names_in(out) == ["5e55-1", "5e55-2"]


def test_all_is_all(shop, data, tmp_path):
    assert run(data, "forget", "--all", "--yes") == 0
    out = tmp_path / "out.jsonl"
    run(data, "export", "-o", out)
    assert out.read_bytes() == b""


def test_nothing_is_deleted_when_nobody_says_yes(shop, data, tmp_path):
    done = started(data, "forget", shop, stdin=subprocess.DEVNULL)
    _, err = done.communicate(timeout=60)
    assert done.returncode == 2
    assert b"add --yes to delete it" in err
    status, seen = in_a_terminal(data, "forget", shop)
    assert status == 0
    assert "It cannot be brought back. [y/N]" in seen
    out = tmp_path / "out.jsonl"
    run(data, "export", "-o", out)
    assert len(names_in(out)) == 3
