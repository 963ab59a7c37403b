"""What a teacher came to becomes what the student is to write."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.example import applied
from pipeline.jsonl import drops_path
from pipeline.records import Row
from pipeline.teacher.distilling import with_cursor
from tests.pipeline.teacher.examples import CODE, DONE, case, ran, read, row_for, written
from zeta_lsp.core.formats.cursor_mark import CURSOR

OTHER = CODE.replace("return first + second", "return first + second + third")
THIRD = CODE.replace("return first", "return 1 * first")
FOURTH = CODE.replace("return first", "return 2 * first")


def said(region: str | None, provider: str = "teacher", **zeta: Any) -> Row:
    patch = None if region is None else case(row_for()).patch(region.removesuffix("\n"))
    return {"actual_output": "…", "actual_patch": patch, "provider": provider, "zeta": zeta}


def distilled(tmp_path: Path, *made: Row, **fields: Any) -> list[Row]:
    source = written(tmp_path / "in.jsonl", [row_for(predictions=list(made), **fields)])
    assert ran("distill", source, "-o", tmp_path / "out.jsonl", "--workers", 1) == 0
    return read(tmp_path / "out.jsonl")


def texts(row: Row) -> list[str | None]:
    return [applied(patch, CODE) for patch in row["expected_patches"]]


def test_up_to_three_different_answers_are_expected(tmp_path: Path) -> None:
    made = [said(one) for one in (DONE, DONE, OTHER, THIRD, FOURTH)]
    (row,) = distilled(tmp_path, *made)
    assert texts(row) == [DONE, OTHER, THIRD]


def test_a_repair_counts_instead_of_what_it_repairs(tmp_path: Path) -> None:
    rejected = said(THIRD)["actual_patch"]
    made = [said(DONE), said(THIRD), said(OTHER, "repair", repairs=1, failings=["too_large"])]
    (row,) = distilled(tmp_path, *made, rejected_patch=rejected)
    assert texts(row) == [DONE, OTHER]
    assert row["rejected_patch"] == rejected
    assert row["zeta"]["distilled"][1] == {
        "provider": "repair", "repairs": 1, "failings": ["too_large"],
    }  # fmt: skip


def test_what_is_expected_is_not_rejected_as_well(tmp_path: Path) -> None:
    made = [said(DONE), said(DONE), said(OTHER, "repair", repairs=1)]
    (row,) = distilled(tmp_path, *made, rejected_patch=made[0]["actual_patch"])
    assert row["rejected_patch"] is None


@pytest.mark.parametrize(
    "repair",
    [
        said(OTHER, "repair", repairs=0, failings_left=["too_large"]),
        said(None, "repair", repairs=0),
    ],
)
def test_what_still_fails_is_not_expected(tmp_path: Path, repair: Row) -> None:
    assert distilled(tmp_path, said(DONE), repair) == []
    (drop,) = read(drops_path(str(tmp_path / "out.jsonl")))
    assert drop["reason"] == "nothing_to_distill"


def test_what_led_there_is_cleared_and_what_was_settled_is_kept(tmp_path: Path) -> None:
    fields = {"prompt": {"input": "…"}, "score": [1], "qa": [None], "expected_patches": ["settled"]}
    (row,) = distilled(tmp_path, said(DONE), **fields)
    assert "prompt" not in row
    assert (row["predictions"], row["score"], row["qa"]) == ([], [], [])
    assert row["zeta"]["settled_patches"] == ["settled"]
    assert row["unknown"] == {"kept": 0}


def test_no_edit_is_an_answer(tmp_path: Path) -> None:
    (row,) = distilled(tmp_path, said(CODE))
    assert texts(row) == [CODE]
    assert "@@" not in row["expected_patches"][0]


def test_the_cursor_is_marked_in_an_added_row(tmp_path: Path) -> None:
    one = said(DONE)
    column = len("    second = fetch(rows, timeout=timeout")
    one["actual_cursor"] = {"path": "shop/total.py", "row": 2, "column": column, "offset": 0}
    (row,) = distilled(tmp_path, one)
    (patch,) = row["expected_patches"]
    assert f"+    second = fetch(rows, timeout=timeout{CURSOR})\n" in patch
    assert applied(patch, CODE) == DONE


@pytest.mark.parametrize(
    "cursor",
    [
        None, {}, {"row": 1, "column": 0}, {"row": 2, "column": 999}, {"row": 99, "column": 0},
        {"row": "2", "column": 0},
    ],
)  # fmt: skip
def test_a_cursor_elsewhere_is_left_out(cursor: object) -> None:
    patch = said(DONE)["actual_patch"]
    assert with_cursor(patch, cursor) == patch


def test_a_cursor_never_cuts_a_character() -> None:
    patch = "--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n-e\n+é\n"
    assert with_cursor(patch, {"row": 0, "column": 1}) == patch
    assert with_cursor(patch, {"row": 0, "column": 2}) == patch.replace("+é", f"+é{CURSOR}")


def test_patches_that_count_rows_of_the_file_are_marked_there() -> None:
    patch = "--- a/x\n+++ b/x\n@@ -41,1 +41,1 @@\n-e\n+f\n"
    assert with_cursor(patch, {"row": 0, "column": 1}, 40) == patch.replace("+f", f"+f{CURSOR}")
    assert with_cursor(patch, {"row": 0, "column": 1}) == patch
