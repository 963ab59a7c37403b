"""Patches apply to the cursor's excerpt, or, where they reach further, to all that was shown."""

import msgspec
import pytest
from msgspec import UNSET

from pipeline.metrics.prediction_score import Cursor, Prediction, examined
from pipeline.metrics.surface import After, excerpts_of
from zeta_lsp.core.prompt import PromptInput, RelatedExcerpt, RelatedFile

HERE = "import o\n\nprint(o.f(1))\n"
THERE = "def f(a):\n    return a\n"
LATER = "def g(a):\n    return a\n"
GIVEN = PromptInput(
    "src/m.py",
    HERE,
    0,
    excerpt_start_row=100,
    related_files=(
        RelatedFile(
            "src/o.py", 90, (RelatedExcerpt((10, 12), THERE), RelatedExcerpt((50, 52), LATER))
        ),
    ),
)


def patch(path: str, row: int, old: str, new: str) -> str:
    return f"--- a/{path}\n+++ b/{path}\n@@ -{row},1 +{row},1 @@\n-{old}\n+{new}\n"


CALL = patch("src/m.py", 103, "print(o.f(1))", "print(o.f(1, 2))")
NAMED = patch("src/o.py", 11, "def f(a):", "def f(a, b):")


def test_a_patch_of_several_files_is_applied_to_the_excerpts_of_each() -> None:
    found = excerpts_of(GIVEN).after(CALL + NAMED)
    assert found is not None
    here = HERE.replace("1", "1, 2")
    assert found == After("\n".join([here, THERE.replace("f(a)", "f(a, b)"), LATER]), here)


def test_a_hunk_goes_to_the_first_excerpt_that_has_its_text() -> None:
    found = excerpts_of(GIVEN).after(patch("src/o.py", 52, "    return a", "    return b"))
    assert found is not None
    assert found.text == "\n".join([HERE, THERE.replace("return a", "return b"), LATER])


@pytest.mark.parametrize(
    "unfit", [patch("src/other.py", 1, "def f(a):", "x"), patch("src/o.py", 1, "no such row", "x")]
)
def test_a_hunk_that_fits_nowhere_makes_no_text(unfit: str) -> None:
    assert excerpts_of(GIVEN).after(CALL + unfit) is None


def test_rows_of_the_file_tell_repeated_code_apart() -> None:
    twice = msgspec.structs.replace(GIVEN, cursor_excerpt="x\ny\nx\n", related_files=())
    found = excerpts_of(twice).after(patch("src/m.py", 103, "x", "z"))
    assert found is not None
    assert found.text == "x\ny\nz\n"


def test_an_expected_change_elsewhere_is_scored_there_with_what_was_shown_of_it() -> None:
    example = examined(GIVEN, [CALL + NAMED])
    assert example is not None
    right = example.score(Prediction(CALL + NAMED)).score
    assert (right.delta_chr_f, right.kept_rate, right.recall_rate) == (100.0, 1.0, 1.0)
    assert right.editable_context_coverage is not UNSET
    assert right.editable_context_coverage.lines_recall == 1.0
    half = example.score(Prediction(CALL)).score
    assert half.kept_rate == 1.0
    assert half.recall_rate < 1.0
    assert half.jump_location.files_recall == 0.5


def test_where_the_cursors_excerpt_is_enough_there_is_no_question_of_coverage() -> None:
    example = examined(GIVEN, [CALL])
    assert example is not None
    assert example.score(Prediction(CALL)).score.editable_context_coverage is UNSET


def test_an_expected_patch_that_fits_nowhere_leaves_nothing_to_compare_with() -> None:
    assert examined(GIVEN, [CALL, patch("src/q.py", 1, "x", "y")]) is None
    assert examined(msgspec.structs.replace(GIVEN, related_files=()), [NAMED]) is None


def test_a_prediction_that_does_not_apply_changes_nothing() -> None:
    example = examined(GIVEN, [CALL])
    assert example is not None
    scored = example.score(Prediction(patch("src/m.py", 1, "nothing like it", "x")))
    assert not scored.applies
    assert scored.after.text == HERE
    assert scored.score.delta_chr_f == 0.0
    assert scored.score.wrong_editable_region is False


def test_of_several_right_answers_the_nearest_counts() -> None:
    example = examined(GIVEN, [patch("src/m.py", 101, "import o", "import p"), CALL])
    assert example is not None
    for answer in (CALL, patch("src/m.py", 101, "import o", "import p")):
        assert example.score(Prediction(answer)).score.delta_chr_f == 100.0


def test_a_cursor_is_as_far_off_as_the_bytes_between() -> None:
    marked = CALL.replace("1, 2", "1, <|user_cursor|>2")
    example = examined(GIVEN, [marked])
    assert example is not None

    def distance(cursor: Cursor | None) -> tuple[object, object]:
        score = example.score(Prediction(CALL, cursor)).score
        return score.cursor_distance, score.cursor_exact_match

    assert distance(Cursor(2, 13)) == (0, True)
    assert distance(Cursor(2, 10)) == (3, False)
    assert distance(Cursor(2)) == (13, False)
    assert distance(None) == (UNSET, False)
    assert distance(Cursor()) == (UNSET, False)
