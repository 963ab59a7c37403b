"""A page of a bad answer is for a person: colours on a terminal, and no long stretches between."""

from pathlib import Path

import pytest

from pipeline.evaluation.answering import Answers
from pipeline.evaluation.cases import cases_of
from pipeline.evaluation.judging import Judged, judged
from pipeline.evaluation.showing import shown
from tests.pipeline.evaluation.scenes import folder, mumbling, says, undoing

RED, GREEN, PLAIN = "\x1b[31;9m", "\x1b[32m", "\x1b[0m"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return folder(tmp_path / "cases")


def answer_of(cases: Path, name: str, patch: str | None, error: str | None = None) -> Judged:
    (case,) = cases_of([str(cases / f"{name}.md")], lambda _: iter(())).found
    said = [says(case.row, "m", patch, error)]
    return judged(case, [Answers("m", {case.key: said})], None).by_model["m"]


def test_a_terminal_sees_colours_in_place_of_brackets(cases: Path) -> None:
    patch = undoing({"name": "apple"})["actual_patch"]
    told = shown([answer_of(cases, "apple", patch)], in_colour=True)
    assert f"price = {RED}3{PLAIN}{GREEN}2{PLAIN}" in told
    assert "[-" not in told
    assert "{+" not in told


def test_an_answer_that_could_not_be_read_says_why(cases: Path) -> None:
    error = mumbling({"name": "apple"})["error"]
    told = shown([answer_of(cases, "apple", None, error)], in_colour=False)
    assert told.endswith("predicted\n  (no readable answer: no_markers)\n")


def test_rows_between_two_changes_are_left_out(tmp_path: Path) -> None:
    rows = "".join(f"row_{n} = {n}\n" for n in range(20))
    case = folder(tmp_path / "cases") / "apple.md"
    page = case.read_text().replace("price = 3<|user_cursor|>\ntax = 1\n", f"<|user_cursor|>{rows}")
    head, fence, _ = page.partition("## Expected Patch\n\n```diff\n")
    header = "--- a/shop/apple.py\n+++ b/shop/apple.py\n"
    case.write_text(f"{head}{fence}{header}```\n")
    first, last = "@@ -1 +1 @@\n-row_0 = 0\n+first\n", "@@ -20 +20 @@\n-row_19 = 19\n+last\n"
    told = shown([answer_of(case.parent, "apple", header + first + last)], in_colour=False)
    assert "row_2 = 2\n  ...\n  row_17 = 17\n" in told
