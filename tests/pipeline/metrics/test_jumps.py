"""Places: what a patch is anchored to, and whether the model saw it."""

import msgspec
import pytest

from pipeline.metrics.jumps import anchors_of, context_coverage, location_match
from pipeline.metrics.surface import Excerpt


def patch(rows: str, start: int = 11, path: str = "src/m.py") -> str:
    return f"--- a/{path}\n+++ b/{path}\n@@ -{start},9 +{start},9 @@\n{rows}"


@pytest.mark.parametrize(
    ("rows", "anchors"),
    [
        (" a\n-b\n-c\n d\n", [11, 12]),
        (" a\n-b\n+c\n d\n", [11]),
        (" a\n+b\n c\n", [10, 11]),
        ("+b\n c\n", [10]),
        (" a\n+b\n", [10]),
        ("+b\n", []),
        (" a\n+b\n c\n-d\n", [10, 11, 12]),
        (" a\n b\n", None),
    ],
)
def test_a_patch_is_anchored_to_what_it_deletes_or_stands_between(
    rows: str, anchors: list[int] | None
) -> None:
    assert anchors_of(patch(rows)).get("src/m.py") == anchors


def test_places_match_within_twenty_rows_of_the_same_file() -> None:
    near = location_match(patch("-a\n"), patch("-a\n", 31))
    far = location_match(patch("-a\n"), patch("-a\n", 32))
    elsewhere = location_match(patch("-a\n"), patch("-a\n", path="src/o.py"))
    assert (near.lines_tp, far.lines_tp, elsewhere.lines_tp) == (1, 0, 0)
    assert (near.files_f1, far.files_f1, elsewhere.files_f1) == (1.0, 1.0, 0.0)


def test_each_row_has_one_partner() -> None:
    found = location_match(patch("-a\n"), patch("-a\n-b\n-c\n"))
    assert (found.lines_tp, found.lines_fp, found.lines_fn) == (1, 2, 0)
    assert found.lines_precision == pytest.approx(1 / 3)


def test_nothing_expected_and_nothing_done_is_right() -> None:
    assert location_match("", "").lines_f1 == location_match("", "").files_f1 == 1.0


def test_the_name_of_the_project_before_a_path_is_forgiven() -> None:
    assert location_match(patch("-a\n"), patch("-a\n", path="project/src/m.py")).files_tp == 1
    assert location_match(patch("-a\n", path="project/src/m.py"), patch("-a\n")).files_tp == 0


def excerpt(path: str, first_row: int, rows: int) -> Excerpt:
    return Excerpt(path, first_row, "x\n" * rows)


def test_what_is_shown_around_the_right_place_covers_it() -> None:
    found = context_coverage(patch("-a\n", 51), [excerpt("src/m.py", 40, 20)])
    assert (found.lines_tp, found.lines_fp, found.lines_fn) == (20, 0, 0)
    assert (found.lines_precision, found.lines_recall, found.files_f1) == (1.0, 1.0, 1.0)


def test_what_is_shown_beside_it_costs_precision_and_what_is_missing_recall() -> None:
    shown = [excerpt("src/m.py", 0, 40), excerpt("src/o.py", 0, 10)]
    found = context_coverage(patch("-a\n", 51), shown)
    assert (found.lines_tp, found.lines_fp, found.lines_fn) == (10, 40, 1)
    assert (found.lines_precision, found.lines_recall) == (0.2, 0.0)
    assert (found.files_tp, found.files_fp, found.files_fn) == (1, 1, 0)


def test_rows_that_are_shown_twice_count_once() -> None:
    once = context_coverage(patch("-a\n", 51), [excerpt("src/m.py", 40, 20)])
    twice = context_coverage(
        patch("-a\n", 51), [excerpt("src/m.py", 40, 20), excerpt("p/src/m.py", 45, 5)]
    )
    assert msgspec.to_builtins(once) == msgspec.to_builtins(twice)


def test_without_an_expected_change_all_that_is_shown_is_too_much() -> None:
    found = context_coverage("", [excerpt("src/m.py", 0, 5)])
    assert (found.lines_precision, found.lines_recall, found.files_precision) == (0.0, 1.0, 0.0)
