"""Failed predictions are mended, and what failed stays as the half that was not wanted."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.teacher.failings import Bounds, failings
from pipeline.teacher.judge import Verdict
from pipeline.teacher.repairing import reproach
from tests.pipeline.teacher.examples import (
    CODE,
    DONE,
    case,
    finished,
    in_words,
    ran,
    read,
    row_for,
    written,
)
from tests.pipeline.teacher.vendor_server import Fault, VendorServer

UNDONE = CODE.replace(", timeout)", ")").replace("rows, timeout=timeout", "rows")
LONG = CODE.replace("second", "".join(f"third{n} = fetch({n})\n    " for n in range(40)) + "second")


def words(row: dict[str, Any], region: str, verdict: Verdict | None = None) -> list[str]:
    found = failings(case(row), row, region.removesuffix("\n"), verdict, Bounds())
    return [one.word for one in found]


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        (DONE, []),
        (CODE, []),
        (UNDONE, ["reverts_user"]),
        (LONG, ["too_large"]),
        (CODE.replace("    return", "\n    return"), ["too_small"]),
        ("\n".join(CODE.splitlines()[3:]), ["crosses_region"]),
    ],
)
def test_what_is_wrong_can_be_measured(region: str, expected: list[str]) -> None:
    assert words(row_for(), region) == expected


def test_with_an_expected_patch_large_is_what_nobody_expected() -> None:
    row = row_for()
    row["expected_patches"] = [case(row).patch(LONG)]
    assert words(row, LONG) == []
    row["expected_patches"] = [case(row).patch(DONE)]
    assert words(row, LONG) == ["too_large"]
    assert words(row, CODE) == ["too_small"]
    row["expected_patches"].append(case(row).patch(CODE))
    assert words(row, CODE) == []


def test_rows_around_the_region_do_not_belong_into_it() -> None:
    code = "".join(f"alpha_{n} = beta({n})\n" for n in range(300))
    row = row_for(code=code)
    row["prompt_inputs"]["cursor_offset_in_excerpt"] = len(code) // 2
    row["prompt_inputs"]["events"] = []
    found = case(row)
    above = found.excerpt.encode()[: found.prompt.editable[0]].decode().splitlines()[-2:]
    below = found.excerpt.encode()[found.prompt.editable[1] :].decode().split("\n")[1:3]
    assert words(row, "\n".join([*above, found.region])) == ["crosses_region"]
    assert words(row, "\n".join([found.region, *below])) == ["crosses_region"]
    assert words(row, found.region.replace("beta", "gamma", 1)) == []


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict("fine", reverts_edits=False, confidence=3), []),
        (Verdict("hm", reverts_edits=False, confidence=2), ["judged_unlikely"]),
        (Verdict("no", reverts_edits=True, confidence=5), ["judged_reverting"]),
    ],
)
def test_a_judge_is_believed(verdict: Verdict, expected: list[str]) -> None:
    assert words(row_for(), DONE, verdict) == expected


def test_the_model_is_told_what_is_wrong() -> None:
    row = row_for()
    found = failings(case(row), row, UNDONE.removesuffix("\n"), None, Bounds())
    told = reproach(found)
    assert "takes back" in told
    assert "KEEP_PREVIOUS" in told
    assert "NO_EDITS" in told


def predicted(row: dict[str, Any], *regions: str) -> dict[str, Any]:
    row["predictions"] = [
        {
            "actual_output": in_words(region.removesuffix("\n")),
            "actual_patch": case(row).patch(region.removesuffix("\n")),
            "actual_cursor": None,
            "error": None,
            "provider": "teacher",
        }
        for region in regions
    ]
    return row


def repaired(vendor: VendorServer, tmp_path: Path, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    source, out = written(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl"
    arguments = ["--url", vendor.url, "--cache", tmp_path / "a.sqlite"]
    model = "anthropic:claude-sonnet-4-6"
    assert ran("repair", source, "-o", out, "--model", model, *arguments) == 0
    return read(out)


def test_only_what_failed_is_asked_about_again(vendor: VendorServer, tmp_path: Path) -> None:
    vendor.answer = lambda _: in_words(DONE.removesuffix("\n"))
    row = predicted(row_for(), DONE, UNDONE)
    row["qa"] = [{"reasoning": "ok", "reverts_edits": False, "confidence": 5}, None]
    (made,) = repaired(vendor, tmp_path, row)
    assert vendor.asked() == 1
    assert made["predictions"][:2] == row["predictions"]
    repair = made["predictions"][2]
    assert repair["provider"] == "repair"
    assert repair["zeta"]["repairs"] == 1
    assert repair["zeta"]["failings"] == ["reverts_user"]
    assert repair["zeta"]["verdict"] == "rewritten"
    assert repair["zeta"]["failings_left"] == []
    assert repair["actual_patch"] == row["predictions"][0]["actual_patch"]
    assert made["rejected_patch"] == row["predictions"][1]["actual_patch"]
    assert made["qa"] == [row["qa"][0], None, None]


def test_the_conversation_is_question_answer_and_reproach(
    vendor: VendorServer, tmp_path: Path
) -> None:
    row = predicted(row_for(), UNDONE)
    repaired(vendor, tmp_path, row)
    (body,) = vendor.bodies
    roles = [message["role"] for message in body["messages"]]
    assert roles == ["user", "assistant", "user"]
    assert body["messages"][1]["content"] == row["predictions"][0]["actual_output"]
    assert "failed in this way" in body["messages"][2]["content"]
    assert "system" in body


def test_a_students_answer_is_shown_in_the_teachers_form(
    vendor: VendorServer, tmp_path: Path
) -> None:
    row = predicted(row_for(), UNDONE)
    row["predictions"][0]["actual_output"] = "<|marker_1|>x<|marker_2|>"
    repaired(vendor, tmp_path, row)
    said = vendor.bodies[0]["messages"][1]["content"]
    assert "<|editable_region_start|>\ndef total(rows):" in said
    assert "marker_1" not in said


def test_a_reproach_may_be_wrong(vendor: VendorServer, tmp_path: Path) -> None:
    vendor.answer = lambda _: "It is right as it is.\n\nKEEP_PREVIOUS"
    row = predicted(row_for(), LONG)
    (made,) = repaired(vendor, tmp_path, row)
    repair = made["predictions"][1]
    assert repair["zeta"]["verdict"] == "kept"
    assert repair["actual_patch"] == row["predictions"][0]["actual_patch"]
    assert "rejected_patch" not in made


def test_nothing_may_be_to_do(vendor: VendorServer, tmp_path: Path) -> None:
    row = predicted(row_for(), UNDONE)
    (made,) = repaired(vendor, tmp_path, row)  # the vendor says NO_EDITS to everything
    repair = made["predictions"][1]
    assert repair["zeta"]["verdict"] == "no_edits"
    assert repair["actual_patch"].count("\n") == 2
    assert made["rejected_patch"] == row["predictions"][0]["actual_patch"]


def test_a_repair_that_fails_again_says_so(vendor: VendorServer, tmp_path: Path) -> None:
    vendor.answer = lambda _: in_words(UNDONE.removesuffix("\n"))
    (made,) = repaired(vendor, tmp_path, predicted(row_for(), UNDONE))
    assert made["predictions"][1]["zeta"]["failings_left"] == ["reverts_user"]


def test_what_failed_is_rejected_for_nothing_but_a_good_repair(
    vendor: VendorServer, tmp_path: Path
) -> None:
    half = CODE.replace(", timeout):", "):").removesuffix("\n")
    vendor.answer = lambda _: in_words(half)
    (made,) = repaired(vendor, tmp_path, predicted(row_for(), UNDONE))
    failed, repair = made["predictions"]
    assert repair["actual_patch"] != failed["actual_patch"]
    assert repair["zeta"]["failings_left"] == ["reverts_user"]
    assert "rejected_patch" not in made


def test_an_unreadable_answer_is_repaired_too(vendor: VendorServer, tmp_path: Path) -> None:
    vendor.answer = finished
    row = row_for()
    row["predictions"] = [{"actual_output": "Hm.", "actual_patch": None, "error": "no_region"}]
    vendor.answer = lambda _: in_words(DONE.removesuffix("\n"))
    (made,) = repaired(vendor, tmp_path, row)
    assert made["predictions"][1]["zeta"]["failings"] == ["unreadable"]
    assert made["predictions"][1]["actual_patch"] is not None


def test_a_model_that_does_not_answer_leaves_the_row(vendor: VendorServer, tmp_path: Path) -> None:
    vendor.faults.append(Fault(400))
    (made,) = repaired(vendor, tmp_path, predicted(row_for(), UNDONE))
    assert made["predictions"][1]["error"] == "endpoint_refused_400"


def test_rows_without_failures_pass_as_they_are(vendor: VendorServer, tmp_path: Path) -> None:
    row = predicted(row_for(), DONE)
    assert repaired(vendor, tmp_path, row) == [row]
    assert vendor.requests == []


def test_repairs_are_not_repaired(vendor: VendorServer, tmp_path: Path) -> None:
    vendor.answer = lambda _: in_words(UNDONE.removesuffix("\n"))  # it fails like the first
    first = repaired(vendor, tmp_path, predicted(row_for(), UNDONE))
    (made,) = repaired(vendor, tmp_path, *first)
    assert [one["provider"] for one in made["predictions"]] == ["teacher", "repair", "repair"]
    assert [one["zeta"]["repairs"] for one in made["predictions"][1:]] == [0, 0]
