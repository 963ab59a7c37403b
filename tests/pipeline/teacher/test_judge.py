"""A judge's verdict stands beside each prediction."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.jsonl import drops_path
from pipeline.teacher.judge import Verdict, verdict_of
from pipeline.teacher.worddiff import changed_units, word_diff
from tests.pipeline.teacher.examples import CODE, DONE, case, ran, read, row_for, written
from tests.pipeline.teacher.vendor_server import Fault, VendorServer

GOOD = Verdict("It follows.", reverts_edits=False, confidence=4)
SAID = '{"reasoning": "It follows.", "reverts_edits": false, "confidence": 4}'


def prediction(row: dict[str, Any], region: str) -> dict[str, Any]:
    return {"actual_output": "x", "actual_patch": case(row).patch(region.removesuffix("\n"))}


def judged(vendor: VendorServer, tmp_path: Path, rows: list[dict[str, Any]]) -> Path:
    source, out = written(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl"
    arguments = ["--url", f"{vendor.url}/v1", "--cache", tmp_path / "a.sqlite"]
    assert ran("qa", source, "-o", out, "--judge", "openai:gpt-5.2", *arguments) == 0
    return out


def test_each_prediction_gets_its_verdict(vendor: VendorServer, tmp_path: Path) -> None:
    def judge(text: str) -> str:
        diff = text.rpartition("# The prediction")[2]
        return SAID if "{+, timeout=timeout+}" in diff else SAID.replace("4", "1")

    vendor.answer = judge
    row = row_for()
    broken = {"actual_output": "?", "actual_patch": None, "error": "no_region"}
    row["predictions"] = [prediction(row, DONE), broken, prediction(row, CODE)]
    (made,) = read(judged(vendor, tmp_path, [row]))
    assert [one and one["confidence"] for one in made["qa"]] == [4, None, 1]
    assert made["qa"][0]["reverts_edits"] is False
    assert made["predictions"] == row["predictions"]
    assert made["zeta"]["judge"]["model"] == "gpt-5.2"
    assert vendor.asked() == 2


def test_the_judge_sees_what_was_done_and_what_is_predicted(
    vendor: VendorServer, tmp_path: Path
) -> None:
    row = row_for()
    row["predictions"] = [prediction(row, DONE), prediction(row, CODE)]
    judged(vendor, tmp_path, [row])
    first, second = sorted(body["messages"][-1]["content"] for body in vendor.bodies)
    assert "(nothing is changed)" in first
    assert "second = fetch(rows{+, timeout=timeout+})" in second
    assert "-    first = fetch(rows)" in second


def test_no_verdict_is_not_a_bad_one(vendor: VendorServer, tmp_path: Path) -> None:
    vendor.answer = lambda _: "I would rather not."
    row = row_for()
    row["predictions"] = [prediction(row, DONE)]
    (made,) = read(judged(vendor, tmp_path, [row]))
    assert made["qa"] == [{"response": "I would rather not.", "error": "no_verdict"}]


def test_a_judge_who_does_not_answer_leaves_an_error(vendor: VendorServer, tmp_path: Path) -> None:
    vendor.faults.append(Fault(422))
    row = row_for()
    row["predictions"] = [prediction(row, DONE)]
    (made,) = read(judged(vendor, tmp_path, [row]))
    assert made["qa"] == [{"error": "endpoint_refused_422"}]


def test_without_predictions_there_is_nothing_to_judge(
    vendor: VendorServer, tmp_path: Path
) -> None:
    out = judged(vendor, tmp_path, [row_for()])
    assert [one["reason"] for one in read(drops_path(str(out)))] == ["nothing_predicted"]
    assert vendor.requests == []


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (SAID, GOOD),
        (f"```json\n{SAID}\n```", GOOD),
        (f"Thinking of {{x}}. First {SAID.replace('4', '1')}, no: {SAID}. Done {{}}", GOOD),
        (SAID.replace("4", '"4"'), GOOD),
        (SAID.replace("4", "9"), None),
        (SAID.replace("false", '"maybe"'), None),
        ("{" * 50, None),
        ("", None),
    ],
)
def test_a_verdict_is_found_in_what_was_said(text: str, verdict: Verdict | None) -> None:
    assert verdict_of(text) == verdict


@given(st.text(st.sampled_from('{}[]":,01 atruefalsn')))
def test_any_text_is_read(text: str) -> None:
    verdict_of(text)
    verdict_of(json.dumps({"confidence": text}))


@given(st.text(), st.text())
def test_a_word_diff_holds_both_texts(old: str, new: str) -> None:
    old, new = (text.translate(str.maketrans("", "", "{}[]+-")) for text in (old, new))
    diff = word_diff(old, new)
    gone, come = changed_units(old, new)
    if old == new:
        assert diff == old
        assert (gone, come) == (0, 0)
    assert ("{+" in diff) or ("[-" in diff) or old == new
