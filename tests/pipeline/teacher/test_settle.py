"""Examples are kept that a student neither always nor never gets right."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.jsonl import drops_path
from pipeline.records import Dropped, Row
from pipeline.teacher.settling import Band, band_of, distances, histogram
from tests.pipeline.teacher.examples import CODE, DONE, case, ran, read, row_for, written

ADDED = len(", timeout=timeout")


def patch_of(region: str) -> str:
    return case(row_for()).patch(region.removesuffix("\n"))


def sampled(*regions: str | None, settled: str = DONE, **fields: Any) -> Row:
    """An example with a student's answers; None for one that could not be read."""
    made = [{"actual_patch": None if one is None else patch_of(one)} for one in regions]
    return row_for(expected_patches=[patch_of(settled)], predictions=made, **fields)


ELSEWHERE = "--- a\n+++ b\n@@ -1 +1 @@\n-no\n+x\n"
HALF = CODE.replace("second = fetch(rows)", "second = fetch(rows, timeo)")


@pytest.mark.parametrize(
    ("region", "distance"),
    [
        (DONE, 0.0),
        (CODE, 1.0),
        (HALF, (ADDED - len(", timeo")) / ADDED),
        (None, 1.0),
        (CODE.replace("return", "# something else entirely, and long\n    return"), 1.0),
    ],
)
def test_a_distance_is_a_share_of_the_edit(region: str | None, distance: float) -> None:
    found = distances(sampled(region))
    assert not isinstance(found, Dropped)
    assert list(found) == pytest.approx([distance])


def test_where_nothing_was_to_be_done_a_sample_is_right_or_it_is_not() -> None:
    found = distances(sampled(CODE, DONE, settled=CODE))
    assert not isinstance(found, Dropped)
    assert list(found) == [0.0, 1.0]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({}, "no_input"),
        (row_for(), "nothing_predicted"),
        (row_for(predictions=[{"actual_patch": None}]), "not_settled"),
        (
            row_for(predictions=[{"actual_patch": None}], expected_patches=[ELSEWHERE]),
            "not_settled",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_says_why(row: Row, reason: str) -> None:
    found = distances(row)
    assert isinstance(found, Dropped)
    assert found.reason == reason


def settled(tmp_path: Path, rows: list[Row], *more: object) -> list[Row]:
    source = written(tmp_path / "in.jsonl", rows)
    assert ran("settle", source, "-o", tmp_path / "out.jsonl", *more) == 0
    return read(tmp_path / "out.jsonl")


MIDDLE = ("--low", 0.25, "--high", 0.75)


def spread() -> list[Row]:
    """Ten examples; the n-th gets n of ten samples right."""
    return [sampled(*[DONE] * n, *[CODE] * (10 - n), name=f"right {n} times") for n in range(11)]


def sampled_named(rows: list[Row]) -> list[str]:
    return [row["name"] for row in rows]


def test_the_middle_is_kept_and_both_ends_say_why_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = settled(tmp_path, spread(), *MIDDLE)
    assert sampled_named(rows) == [f"right {n} times" for n in range(3, 8)]
    assert rows[0]["zeta"]["settle"] == {
        "distances": [0.0] * 3 + [1.0] * 7, "pass_rate": 0.3, "score": 0.7, "kept": True,
    }  # fmt: skip
    drops = read(drops_path(str(tmp_path / "out.jsonl")))
    assert [one["reason"] for one in drops] == ["out_of_reach"] * 3 + ["too_easy"] * 3
    said = capsys.readouterr().err
    assert "5 of 11" in said
    assert "█" in said
    assert "░" in said


def test_absolute_thresholds_and_all_rows_with_their_marks(tmp_path: Path) -> None:
    more = ("--absolute", "--low", 0, "--high", 1, "--keep-all", "--by", "pass-rate")
    rows = settled(tmp_path, spread(), *more)
    assert [row["zeta"]["settle"]["kept"] for row in rows] == [False, *[True] * 9, False]


def test_many_of_the_same_score_at_an_end_are_dropped(tmp_path: Path) -> None:
    easy = [sampled(DONE, DONE) for _ in range(6)]
    rows = settled(
        tmp_path, [*easy, sampled(DONE, CODE, name="both"), sampled(HALF, HALF, name="half")]
    )
    assert sampled_named(rows) == ["both", "half"]


def test_the_histogram_is_written_for_programs(tmp_path: Path) -> None:
    path = tmp_path / "bands.json"
    settled(tmp_path, [*spread(), row_for()], "--histogram", path, *MIDDLE)
    found = json.loads(path.read_text())
    assert (found["examples"], found["kept"]) == (11, 5)
    assert (found["too_easy"], found["out_of_reach"]) == (3, 3)
    assert sum(one["count"] for one in found["bins"]) == 11
    assert (found["low"], found["high"]) == pytest.approx((0.3, 0.7))
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_samples_can_be_left_out_of_what_is_written(tmp_path: Path) -> None:
    rows = settled(tmp_path, spread(), "--forget-samples")
    assert {len(row["predictions"]) for row in rows} == {0}


def test_without_examples_nothing_is_kept(tmp_path: Path) -> None:
    assert settled(tmp_path, [row_for()]) == []


@pytest.mark.parametrize("more", [("--low", 0.9, "--high", 0.1), ("--low", -1), ("--high", 2)])
def test_a_band_that_is_none_is_refused(tmp_path: Path, more: tuple[object, ...]) -> None:
    source = written(tmp_path / "in.jsonl", [])
    assert ran("settle", source, "-o", tmp_path / "o", *more) == 2


@given(st.lists(st.floats(0, 1)), st.floats(0, 0.5), st.floats(0.5, 1))
def test_a_band_holds_the_middle_and_neither_end(
    scores: list[float], low: float, high: float
) -> None:
    band = band_of(scores, low, high)
    kept = sorted(score for score in scores if band.place(score) is None)
    middle = sorted(score for score in scores if 0 < score < 1)
    assert bool(kept) == bool(middle)
    assert len(middle) - len(kept) <= (low + 1 - high) * len(middle)
    assert band.place(0) == "too_easy"
    assert band.place(1) == "out_of_reach"


@given(st.lists(st.floats(0, 1)))
def test_a_histogram_counts_every_score_once(scores: list[float]) -> None:
    bars = histogram(scores)
    assert sum(bars.counts) == len(scores)
    assert len(bars.text(Band(0.2, 0.8)).splitlines()) == len(bars.counts)
