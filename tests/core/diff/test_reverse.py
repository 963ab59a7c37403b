from hypothesis import given

from tests.core.diff.rewriting import PLAIN, hunks_between, joined, versions
from zeta_lsp.core.diff.reverse import cut_to_rows, take_back, take_back_in_excerpt

DIFF = "@@ -2,3 +2,4 @@\n b\n-c\n+C\n+new\n d\n"
AFTER = "a\nb\nC\nnew\nd\ne\n"


@given(versions(2, PLAIN))
def test_a_diff_taken_back_gives_the_text_before_it(both: list[list[str]]) -> None:
    old, new = joined(both[0]), joined(both[1])
    assert take_back(hunks_between(old, new, context=99), new) == old


def test_hunks_that_still_fit_are_taken_back_although_others_do_not() -> None:
    diff = "@@ -1 +1 @@\n-a\n+b\n@@ -5 +5 @@\n-gone\n+changed since\n"
    assert take_back(diff, "b\nc\n") == "a\nc\n"


def test_only_what_concerns_the_rows_is_left() -> None:
    assert cut_to_rows(DIFF, 1, 2) == "@@ -1,2 +1,2 @@\n b\n-c\n+C\n"
    assert cut_to_rows(DIFF, 3, 5) == "@@ -1,1 +1,2 @@\n+new\n d\n"
    assert cut_to_rows(DIFF, 5, 9) == ""


def test_an_excerpt_is_taken_back_by_itself() -> None:
    assert take_back_in_excerpt(DIFF, "C\nnew\nd\n", 2) == "c\nd\n"
    assert take_back_in_excerpt(DIFF, "d\ne\n", 4) == "d\ne\n"


def test_an_excerpt_that_the_diff_does_not_fit_stays() -> None:
    assert take_back_in_excerpt(DIFF, "C\nold\nd\n", 2) == "C\nold\nd\n"


def test_the_whole_text_is_its_own_excerpt() -> None:
    assert take_back_in_excerpt(DIFF, AFTER, 0) == take_back(DIFF, AFTER) == "a\nb\nc\nd\ne\n"
