"""`predict` asks each question once, keeps what it hears, and goes on where it was stopped."""

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipeline.example import applied
from pipeline.jsonl import drops_path
from tests.pipeline.teacher.examples import CODE, DONE, finished, ran, read, row_for, written
from tests.pipeline.teacher.vendor_server import Fault, VendorServer

TEACHERS = ("anthropic:claude-sonnet-4-6", "openai:gpt-5.4", "chat:home")


def url_of(vendor: VendorServer, teacher: str) -> str:
    return vendor.url if teacher.startswith("anthropic") else f"{vendor.url}/v1"


def predict(
    vendor: VendorServer,
    tmp_path: Path,
    *more: object,
    teacher: str = TEACHERS[0],
    out: str = "out",
) -> Path:
    target = tmp_path / f"{out}.jsonl"
    status = ran(
        "predict", tmp_path / "in.jsonl", "-o", target, "--teacher", teacher, "--url",
        url_of(vendor, teacher), "--cache", tmp_path / "answers.sqlite", *more,
    )  # fmt: skip
    assert status == 0
    return target


@pytest.mark.parametrize("teacher", TEACHERS)
def test_a_teacher_writes_the_patch_that_zeds_tools_apply(
    vendor: VendorServer, tmp_path: Path, teacher: str
) -> None:
    vendor.answer = finished
    written(tmp_path / "in.jsonl", [row_for()])
    (row,) = read(predict(vendor, tmp_path, teacher=teacher))
    (made,) = row["predictions"]
    assert applied(made["actual_patch"], CODE) == DONE
    assert made["error"] is None
    assert made["actual_cursor"]["row"] == 2
    assert made["actual_cursor"]["column"] == len("    second = fetch(rows, timeout=timeout)")
    assert row["unknown"] == {"kept": 0}
    assert made["provider"].startswith("teacher")


def test_a_rerun_asks_nobody_and_writes_the_same_bytes(
    vendor: VendorServer, tmp_path: Path
) -> None:
    vendor.answer = finished
    written(tmp_path / "in.jsonl", [row_for(n) for n in range(6)])
    first = predict(vendor, tmp_path, "-n", 3).read_bytes()
    assert vendor.asked() == 18
    again = predict(vendor, tmp_path, "-n", 3, out="again", teacher=TEACHERS[0])
    assert vendor.asked() == 18
    assert again.read_bytes() == first
    predict(vendor, tmp_path, "-n", 4, out="more")
    assert vendor.asked() == 24


def test_the_same_question_in_two_rows_is_asked_once(vendor: VendorServer, tmp_path: Path) -> None:
    written(tmp_path / "in.jsonl", [row_for(), row_for(tags=["another"])])
    assert len(read(predict(vendor, tmp_path))) == 2
    assert vendor.asked() == 1


def test_other_options_are_other_questions(vendor: VendorServer, tmp_path: Path) -> None:
    written(tmp_path / "in.jsonl", [row_for()])
    for more in ((), ("--temperature", 0.5), ("--revision", "b"), ("--max-tokens", 99)):
        predict(vendor, tmp_path, *more)
    assert vendor.asked() == 4


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_goes_on_where_it_was(
    vendor: VendorServer, tmp_path: Path, how: signal.Signals
) -> None:
    vendor.answer = finished
    source = written(tmp_path / "in.jsonl", [row_for(n) for n in range(12)])
    whole = tmp_path / "whole.jsonl"
    arguments = [
        "predict", source, "-o", str(whole), "--teacher", TEACHERS[0], "--url", vendor.url,
        "--cache", str(tmp_path / "answers.sqlite"), "--concurrency", "1",
    ]  # fmt: skip
    fifth = threading.Event()
    vendor.held = threading.Event()
    vendor.held.set()

    def stop_at_the_fifth(text: str) -> str:
        if vendor.asked() == 5 and not fifth.is_set():
            assert vendor.held is not None
            vendor.held.clear()  # the sixth is never answered
            fifth.set()
        return finished(text)

    vendor.answer = stop_at_the_fifth
    program = [sys.executable, "-m", "pipeline", *arguments]
    process = subprocess.Popen(program, env=dict(os.environ), stderr=subprocess.DEVNULL)
    assert fifth.wait(30)
    while vendor.asked() < 6:  # the fifth answer is kept before the sixth question goes
        vendor.reached.clear()
        if vendor.asked() < 6:
            assert vendor.reached.wait(30)
    process.send_signal(how)
    assert process.wait() == (-signal.SIGKILL if how is signal.SIGKILL else 1)
    vendor.held.set()
    assert not whole.exists()
    before = vendor.asked()
    assert predict(vendor, tmp_path, out="whole") == whole
    assert vendor.asked() - before == 7
    assert len(read(whole)) == 12


@pytest.mark.parametrize("teacher", TEACHERS)
@pytest.mark.parametrize(
    "fault",
    [
        Fault(429, retry_after="0.01"),
        Fault(529, retry_after="0.01"),
        Fault(503, retry_after_ms="5"),
    ],
    ids=["rate", "overloaded", "unavailable"],
)
def test_what_passes_is_tried_again(
    vendor: VendorServer, tmp_path: Path, teacher: str, fault: Fault
) -> None:
    vendor.answer = finished
    vendor.faults.append(fault)
    written(tmp_path / "in.jsonl", [row_for(n) for n in range(3)])
    assert len(read(predict(vendor, tmp_path, teacher=teacher))) == 3
    assert vendor.asked() == 4


@pytest.mark.parametrize("teacher", TEACHERS)
def test_a_reply_that_is_cut_in_the_middle_is_asked_for_again(
    vendor: VendorServer, tmp_path: Path, teacher: str
) -> None:
    vendor.answer = finished
    vendor.faults.append(Fault())
    written(tmp_path / "in.jsonl", [row_for()])
    (row,) = read(predict(vendor, tmp_path, teacher=teacher))
    assert row["predictions"][0]["error"] is None
    assert vendor.asked() == 2


def test_one_question_that_is_refused_costs_its_row_only(
    vendor: VendorServer, tmp_path: Path
) -> None:
    vendor.answer = finished
    vendor.faults.append(Fault(400))
    written(tmp_path / "in.jsonl", [row_for(n) for n in range(4)])
    out = predict(vendor, tmp_path, "--concurrency", 1)
    assert len(read(out)) == 3
    (drop,) = read(drops_path(str(out)))
    assert (drop["reason"], drop["detail"]) == ("not_answered", "endpoint_refused_400")
    assert len(read(predict(vendor, tmp_path))) == 4  # a failure is not kept
    assert vendor.asked() == 5


def test_a_sample_that_failed_leaves_the_others(vendor: VendorServer, tmp_path: Path) -> None:
    vendor.faults.append(Fault(400))
    written(tmp_path / "in.jsonl", [row_for()])
    (row,) = read(predict(vendor, tmp_path, "-n", 3, "--concurrency", 1))
    errors = [one["error"] for one in row["predictions"]]
    assert errors == ["endpoint_refused_400", None, None]


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_fault_of_all_questions_ends_the_run_at_once(
    vendor: VendorServer, tmp_path: Path, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    vendor.faults.extend([Fault(status)] * 50)
    source = written(tmp_path / "in.jsonl", [row_for(n) for n in range(9)])
    out = tmp_path / "out.jsonl"
    arguments = ["--cache", tmp_path / "a.sqlite", "--concurrency", 1, "--url", vendor.url]
    assert ran("predict", source, "-o", out, "--teacher", TEACHERS[0], *arguments) == 1
    assert vendor.asked() == 1
    assert not out.exists()
    assert str(status) in capsys.readouterr().err


def test_no_credit_left_is_no_reason_to_wait(vendor: VendorServer, tmp_path: Path) -> None:
    vendor.faults.extend([Fault(429, code="insufficient_quota")] * 9)
    source = written(tmp_path / "in.jsonl", [row_for()])
    arguments = ["--cache", tmp_path / "a.sqlite", "--url", f"{vendor.url}/v1"]
    assert ran("predict", source, "-o", tmp_path / "o", "--teacher", TEACHERS[1], *arguments) == 1
    assert vendor.asked() == 1


def test_keys_are_sent_and_nowhere_written(
    vendor: VendorServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor.faults.append(Fault(400))
    written(tmp_path / "in.jsonl", [row_for(n) for n in range(2)])
    for teacher in TEACHERS[:2]:
        predict(vendor, tmp_path, teacher=teacher)
    assert any("sk-canary-anthropic" in key for key in vendor.keys)
    assert any("sk-canary-openai" in key for key in vendor.keys)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files if b"canary" in path.read_bytes()]
    assert "canary" not in "".join(capsys.readouterr())


def test_the_cache_is_private(vendor: VendorServer, tmp_path: Path) -> None:
    written(tmp_path / "in.jsonl", [row_for()])
    predict(vendor, tmp_path)
    assert stat.S_IMODE((tmp_path / "answers.sqlite").stat().st_mode) == 0o600


def test_what_is_no_cache_is_left_alone(
    vendor: VendorServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, other = written(tmp_path / "in.jsonl", [row_for()]), tmp_path / "other.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (a)")
    connection.close()
    before = other.read_bytes()
    arguments = ("--teacher", TEACHERS[0], "--url", vendor.url, "--cache")
    assert ran("predict", source, "-o", tmp_path / "o", *arguments, other) == 2
    assert ran("predict", source, "-o", tmp_path / "o", *arguments, source) == 2
    assert other.read_bytes() == before
    assert "--cache" in capsys.readouterr().err
    assert vendor.asked() == 0


@pytest.mark.parametrize(
    ("remote", "allowed", "kept"), [(True, False, 1), (True, True, 2), (False, False, 2)]
)
def test_private_code_stays_on_this_machine(
    vendor: VendorServer, tmp_path: Path, remote: bool, allowed: bool, kept: int
) -> None:
    vendor.answer = finished
    rows = [row_for(1, private=True), row_for(2)]
    written(tmp_path / "in.jsonl", rows)
    more: tuple[object, ...] = ("--allow-private",) if allowed else ()
    if remote:  # answers of the vendor are there already, so nothing is asked far away
        predict(vendor, tmp_path, "--allow-private")
        more = (*more, "--cache-only", "--url", "https://vendor.example")
    out = predict(vendor, tmp_path, *more)
    assert len(read(out)) == kept
    if kept == 1:
        assert [one["reason"] for one in read(drops_path(str(out)))] == ["private"]


def test_what_is_not_in_the_cache_is_dropped_when_nobody_may_be_asked(
    vendor: VendorServer, tmp_path: Path
) -> None:
    written(tmp_path / "in.jsonl", [row_for()])
    out = predict(vendor, tmp_path, "--cache-only")
    assert [one["detail"] for one in read(drops_path(str(out)))] == ["not_answered"]
    assert vendor.requests == []


def test_predictions_that_were_there_are_set_aside(vendor: VendorServer, tmp_path: Path) -> None:
    earlier = [{"actual_output": "x", "provider": "zeta2:V0318SeedMultiRegions"}]
    written(tmp_path / "in.jsonl", [row_for(predictions=earlier, score=[{"a": 1}], qa=[])])
    (row,) = read(predict(vendor, tmp_path))
    assert row["zeta"]["earlier_predictions"] == {"predictions": earlier, "score": [{"a": 1}]}
    assert row["score"] == []
    assert row["predictions"][0]["actual_output"] == "NO_EDITS"


def test_rows_that_cannot_be_asked_about_are_dropped_with_a_reason(
    vendor: VendorServer, tmp_path: Path
) -> None:
    written(tmp_path / "in.jsonl", [{"name": "no input"}, row_for()])
    out = predict(vendor, tmp_path)
    assert len(read(out)) == 1
    assert [one["reason"] for one in read(drops_path(str(out)))] == ["no_input"]


def test_a_program_is_told_what_was_asked_and_spent(
    vendor: VendorServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path / "in.jsonl", [row_for(n) for n in range(2)])
    predict(vendor, tmp_path, "--json")
    said = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line[0] == "{"]
    assert said[0] == {
        "questions": 2,
        "asked": 2,
        "input_tokens": 2000,
        "output_tokens": 200,
        "usd": pytest.approx(0.009),
    }
