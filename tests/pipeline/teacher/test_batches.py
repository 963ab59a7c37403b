"""Batches: handed in once, taken when they are ready, whatever happens in between."""

import json
from pathlib import Path

import pytest

from pipeline.example import applied
from pipeline.jsonl import drops_path
from pipeline.teacher.cache import AnswerCache
from tests.pipeline.teacher.examples import CODE, DONE, finished, ran, read, row_for, written
from tests.pipeline.teacher.vendor_server import Fault, VendorServer

TEACHERS = ("anthropic:claude-sonnet-4-6", "openai:gpt-5.4")
CREATE = {TEACHERS[0]: "/v1/messages/batches$", TEACHERS[1]: "/v1/batches$"}
RESULTS = {TEACHERS[0]: "/results$", TEACHERS[1]: "/content$"}


def predict(vendor: VendorServer, tmp_path: Path, teacher: str, *more: object) -> int:
    url = vendor.url if teacher.startswith("anthropic") else f"{vendor.url}/v1"
    return ran(
        "predict", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", "--teacher", teacher,
        "--url", url, "--cache", tmp_path / "answers.sqlite", "--poll", 0.01, *more,
    )  # fmt: skip


def created(vendor: VendorServer) -> int:
    return len(vendor.batches)


@pytest.fixture(params=TEACHERS, ids=["anthropic", "openai"])
def teacher(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_a_batch_is_submitted_by_one_run_and_taken_by_a_later_one(
    vendor: VendorServer, tmp_path: Path, teacher: str, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor.answer, vendor.is_over = finished, False
    written(tmp_path / "in.jsonl", [row_for(n) for n in range(5)])
    assert predict(vendor, tmp_path, teacher, "--batch", "-n", 2) == 1
    assert "10 questions" in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()
    assert predict(vendor, tmp_path, teacher, "--batch", "-n", 2) == 1  # still not ready
    assert predict(vendor, tmp_path, teacher, "-n", 2) == 1  # nor is it asked one by one
    vendor.finish()
    assert predict(vendor, tmp_path, teacher, "--batch", "-n", 2) == 0
    rows = read(tmp_path / "out.jsonl")
    assert [len(row["predictions"]) for row in rows] == [2] * 5
    assert applied(rows[0]["predictions"][0]["actual_patch"], CODE) == DONE
    assert created(vendor) == 1
    assert vendor.asked("/v1/messages$|/completions$") == 0


def test_a_batch_that_is_waited_for_is_one_run(
    vendor: VendorServer, tmp_path: Path, teacher: str
) -> None:
    written(tmp_path / "in.jsonl", [row_for(n) for n in range(3)])
    assert predict(vendor, tmp_path, teacher, "--batch", "--wait") == 0
    assert len(read(tmp_path / "out.jsonl")) == 3
    requests = len(vendor.requests)
    before = (tmp_path / "out.jsonl").read_bytes()
    assert predict(vendor, tmp_path, teacher, "--batch", "--wait") == 0
    assert len(vendor.requests) == requests
    assert (tmp_path / "out.jsonl").read_bytes() == before


def test_a_batch_costs_half(
    vendor: VendorServer, tmp_path: Path, teacher: str, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path / "in.jsonl", [row_for(n) for n in range(2)])
    prices = ("--price-in", 10, "--price-out", 100)  # 1000 tokens in and 100 out are $0.02
    assert predict(vendor, tmp_path, teacher, "--batch", "--wait", "--json", *prices) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert json.loads(lines[0])["usd"] == pytest.approx(0.02)


def test_what_expired_is_sent_again_and_what_is_wrong_is_not(
    vendor: VendorServer, tmp_path: Path, teacher: str
) -> None:
    vendor.is_over = False
    written(tmp_path / "in.jsonl", [row_for(n) for n in range(4)])
    assert predict(vendor, tmp_path, teacher, "--batch") == 1
    vendor.unlucky = {"1": "expired", "2": "invalid_request_error"}
    vendor.finish()
    vendor.unlucky = {"1": "expired", "2": "invalid_request_error"}
    assert predict(vendor, tmp_path, teacher, "--batch") == 1
    assert [len(batch["requests"]) for batch in vendor.batches.values()] == [4, 1]
    vendor.unlucky = {}
    assert predict(vendor, tmp_path, teacher, "--batch", "--wait") == 0
    # The refused one was asked again by this run, for which its failure is no more known.
    assert [len(batch["requests"]) for batch in vendor.batches.values()] == [4, 1, 1]
    assert len(read(tmp_path / "out.jsonl")) == 4


def test_a_question_that_the_vendor_refuses_drops_its_row(
    vendor: VendorServer, tmp_path: Path, teacher: str
) -> None:
    vendor.unlucky = {"1": "invalid_request_error"}
    written(tmp_path / "in.jsonl", [row_for(n) for n in range(3)])
    assert predict(vendor, tmp_path, teacher, "--batch", "--wait") == 0
    out = tmp_path / "out.jsonl"
    assert len(read(out)) == 2
    (drop,) = read(drops_path(str(out)))
    assert drop["reason"] == "not_answered"
    assert "quotes" not in drop["detail"]


def test_batches_are_cut_by_bytes(vendor: VendorServer, tmp_path: Path, teacher: str) -> None:
    written(tmp_path / "in.jsonl", [row_for(n) for n in range(12)])
    assert predict(vendor, tmp_path, teacher, "--batch", "--wait", "--batch-bytes", 20_000) == 0
    sizes = [len(batch["requests"]) for batch in vendor.batches.values()]
    assert sum(sizes) == 12
    assert len(sizes) > 2
    assert max(sizes) > 1


@pytest.mark.parametrize("fault", [Fault(429, retry_after="0"), Fault(529), Fault(500)])
def test_a_busy_vendor_is_asked_again(
    vendor: VendorServer, tmp_path: Path, teacher: str, fault: Fault
) -> None:
    fault.headers = {"retry-after": "0"}
    vendor.faults.append(fault)
    written(tmp_path / "in.jsonl", [row_for()])
    assert predict(vendor, tmp_path, teacher, "--batch", "--wait") == 0
    assert created(vendor) == 1


def test_results_that_are_cut_in_the_middle_are_read_again(
    vendor: VendorServer, tmp_path: Path, teacher: str
) -> None:
    vendor.answer = finished
    vendor.faults.append(Fault(only=RESULTS[teacher]))
    written(tmp_path / "in.jsonl", [row_for(n) for n in range(8)])
    assert predict(vendor, tmp_path, teacher, "--batch", "--wait") == 0
    assert len(read(tmp_path / "out.jsonl")) == 8
    assert created(vendor) == 1


def test_a_batch_whose_confirmation_was_cut_is_found_and_not_sent_twice(
    vendor: VendorServer, tmp_path: Path, teacher: str
) -> None:
    cut = Fault(only=CREATE[teacher])
    cut.is_taken = True
    vendor.faults.append(cut)
    written(tmp_path / "in.jsonl", [row_for(n) for n in range(3)])
    assert predict(vendor, tmp_path, teacher, "--batch", "--wait") == 0
    assert created(vendor) == 1
    assert len(read(tmp_path / "out.jsonl")) == 3


def test_a_batch_whose_run_was_killed_before_it_had_an_id_is_found(
    vendor: VendorServer, tmp_path: Path, teacher: str
) -> None:
    vendor.is_over = False
    written(tmp_path / "in.jsonl", [row_for(n) for n in range(3)])
    assert predict(vendor, tmp_path, teacher, "--batch") == 1
    cache = AnswerCache(tmp_path / "answers.sqlite")
    cache._connection.execute("UPDATE batches SET id = NULL")  # as if it had been killed there
    cache.close()
    vendor.finish()
    assert predict(vendor, tmp_path, teacher, "--batch") == 0
    assert created(vendor) == 1


def test_a_batch_of_the_same_size_that_was_taken_already_is_not_mistaken_for_a_lost_one(
    vendor: VendorServer, tmp_path: Path, teacher: str
) -> None:
    written(tmp_path / "in.jsonl", [row_for(n) for n in range(3)])
    assert predict(vendor, tmp_path, teacher, "--batch", "--wait") == 0
    vendor.is_over = False
    written(tmp_path / "in.jsonl", [row_for(n) for n in range(3, 6)])
    assert predict(vendor, tmp_path, teacher, "--batch") == 1
    cache = AnswerCache(tmp_path / "answers.sqlite")
    cache._connection.execute("UPDATE batches SET id = NULL WHERE NOT is_done")
    cache.close()
    vendor.finish()
    assert predict(vendor, tmp_path, teacher, "--batch") == 0
    assert created(vendor) == 2


def test_a_batch_of_somebody_else_that_looks_like_ours_leaves_nothing_in_the_cache(
    vendor: VendorServer, tmp_path: Path
) -> None:
    vendor.is_over = False
    written(tmp_path / "in.jsonl", [row_for()])
    assert predict(vendor, tmp_path, TEACHERS[0], "--batch") == 1
    cache = AnswerCache(tmp_path / "answers.sqlite")
    cache._connection.execute("UPDATE batches SET id = NULL")
    cache.close()
    (ours,) = vendor.batches.values()
    vendor.batches = {"theirs": {"requests": [{**ours["requests"][0], "custom_id": "foreign"}]}}
    vendor.finish()
    assert predict(vendor, tmp_path, TEACHERS[0], "--batch", "--wait") == 0
    cache = AnswerCache(tmp_path / "answers.sqlite")
    assert cache.reply("foreign") is None
    cache.close()
    assert len(read(tmp_path / "out.jsonl")) == 1


def test_a_batch_that_never_arrived_is_sent_again(
    vendor: VendorServer, tmp_path: Path, teacher: str
) -> None:
    vendor.is_over = False
    written(tmp_path / "in.jsonl", [row_for(n) for n in range(3)])
    assert predict(vendor, tmp_path, teacher, "--batch") == 1
    cache = AnswerCache(tmp_path / "answers.sqlite")
    cache._connection.execute("UPDATE batches SET id = NULL")
    cache.close()
    vendor.batches.clear()
    vendor.finish()
    assert predict(vendor, tmp_path, teacher, "--batch", "--wait") == 0
    assert created(vendor) == 1
    assert len(read(tmp_path / "out.jsonl")) == 3


def test_a_refused_batch_leaves_its_questions_open(
    vendor: VendorServer, tmp_path: Path, teacher: str
) -> None:
    vendor.faults.append(Fault(400, only=CREATE[teacher]))
    written(tmp_path / "in.jsonl", [row_for()])
    assert predict(vendor, tmp_path, teacher, "--batch") == 1
    assert predict(vendor, tmp_path, teacher) == 0  # one by one it works
    assert created(vendor) == 0


def test_those_who_take_no_batches_say_so(
    vendor: VendorServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path / "in.jsonl", [row_for()])
    assert predict(vendor, tmp_path, "chat:home", "--batch") == 2
    assert "--batch" in capsys.readouterr().err
