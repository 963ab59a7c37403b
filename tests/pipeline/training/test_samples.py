"""What a row teaches, and what it does not."""

from typing import Any

import pytest

from pipeline.records import Dropped, Row
from pipeline.training.samples import Judged, Pair, Sample, demonstrations, judged, pair_of
from tests.pipeline.training.lessons import edit_row, silent_row, told


def reason(found: object) -> str:
    assert isinstance(found, Dropped)
    return found.reason


def test_a_formatted_row_is_its_prompt_and_its_expected_output() -> None:
    row = edit_row(1)
    assert demonstrations(row) == [Sample(row["prompt"]["input"], row["prompt"]["expected_output"])]


def test_a_row_of_silence_teaches_it() -> None:
    (sample,) = demonstrations(silent_row(1))
    assert isinstance(sample, Sample)
    assert sample.completion.startswith("<|marker_1|><|marker_1|>")


def test_other_right_answers_are_further_samples_up_to_a_number() -> None:
    row = edit_row(1)
    first = row["prompt"]["expected_output"]
    row = told(row, expected_outputs=[first, "second", "third", "fourth"])
    assert [one.completion for one in demonstrations(row, 3)] == [first, "second", "third"]
    assert [one.completion for one in demonstrations(row)] == [first]


@pytest.mark.parametrize("written_already", [True, False])
def test_a_prefill_is_given_and_never_asked_for(written_already: bool) -> None:
    text = "asked<[fim-middle]>" + "def " * written_already
    prompt = {"input": text, "prefill": "def ", "expected_output": "def f(): pass"}
    assert demonstrations({"prompt": prompt}) == [Sample("asked<[fim-middle]>def ", "f(): pass")]


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({}, "no_prompt"),
        ({"prompt": {"input": 7}}, "no_prompt"),
        ({"prompt": {"input": "", "expected_output": "x"}}, "chat_prompt"),
        ({"prompt": {"input": "x", "expected_output": None}}, "nothing_expected"),
        ({"prompt": "x", "completion": "y", "label": False}, "unwanted"),
    ],
)
def test_a_row_that_shows_nothing_is_a_drop_with_a_word(row: Row, word: str) -> None:
    assert reason(demonstrations(row)) == word


def test_a_rejected_patch_makes_a_pair() -> None:
    prompt = edit_row(1)["prompt"]
    found = pair_of({"prompt": prompt})
    assert found == Pair(prompt["input"], prompt["expected_output"], prompt["rejected_output"])


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"rejected_output": None}, "nothing_rejected"),
        ({"expected_output": None}, "nothing_expected"),
        ({"rejected_output": "same", "expected_output": "same"}, "no_difference"),
    ],
)
def test_half_a_pair_is_none(change: Row, word: str) -> None:
    assert reason(pair_of({"prompt": {**edit_row(1)["prompt"], **change}})) == word


@pytest.mark.parametrize(
    ("ending", "remark", "is_wanted"),
    [
        ("accepted", "", True),
        ("typed_through", "", True),
        ("rejected", "", False),
        ("accepted", "undone", False),
        ("ignored", "rated good", True),
        ("accepted", "undone, rated bad", False),
        ("rejected", "rated bad, rated good", True),
    ],
)
def test_what_a_person_did_is_a_verdict(ending: str, remark: str, is_wanted: bool) -> None:
    row = told(edit_row(1), outcome={"ending": ending, "remark": remark})
    found = judged(row)
    name = "expected_output" if is_wanted else "rejected_output"
    assert found == Judged(row["prompt"]["input"], row["prompt"][name], is_wanted)


@pytest.mark.parametrize("ending", ["ignored", "superseded", "not_shown", "partly", "held", None])
def test_ignored_is_not_rejected(ending: str | None) -> None:
    assert reason(judged(told(edit_row(1), outcome={"ending": ending}))) == "no_verdict"


def test_what_nobody_saw_has_no_verdict() -> None:
    assert reason(judged(edit_row(1))) == "no_verdict"


@pytest.mark.parametrize(
    ("read", "row", "sample"),
    [
        (demonstrations, {"prompt": "p", "completion": "c"}, [Sample("p", "c")]),
        (pair_of, {"prompt": "p", "chosen": "c", "rejected": "r"}, Pair("p", "c", "r")),
        (judged, {"prompt": "p", "completion": "c", "label": False}, None),
        (judged, {"prompt": "p", "completion": "c", "label": True}, Judged("p", "c", True)),
    ],
)
def test_what_capture_exports_for_trl_is_read_as_well(read: Any, row: Row, sample: object) -> None:
    assert read(row) == (sample or Judged("p", "c", False))
