from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.core.diff.change import Change
from zeta_lsp.core.diff.histogram import histogram_diff
from zeta_lsp.core.diff.myers import myers_diff

FEW_LETTERS = st.text("ab", max_size=60)
SOME_LETTERS = st.text("abcdefg\n ", max_size=60)


def replayed(before: str, after: str, changes: list[Change]) -> str:
    """What the changes make of `before`."""
    parts, done = [], 0
    for change in changes:
        parts += (before[done : change.before_start], after[change.after_start : change.after_end])
        done = change.before_end
    return "".join(parts) + before[done:]


def are_apart(changes: list[Change]) -> bool:
    """Whether every change changes something, and unchanged tokens lie between any two."""
    ends, starts = [c.before_end for c in changes[:-1]], [c.before_start for c in changes[1:]]
    return all(end < start for end, start in zip(ends, starts, strict=True)) and all(
        change.before_start < change.before_end or change.after_start < change.after_end
        for change in changes
    )


@given(st.one_of(FEW_LETTERS, SOME_LETTERS), st.one_of(FEW_LETTERS, SOME_LETTERS))
def test_changes_turn_the_old_sequence_into_the_new_one(before: str, after: str) -> None:
    for diff in (histogram_diff, myers_diff):
        changes = diff(before, after)
        assert replayed(before, after, changes) == after
        assert are_apart(changes)


def test_equal_sequences_have_no_changes() -> None:
    assert histogram_diff("abc", "abc") == []
    assert histogram_diff("", "") == []


def test_a_rare_common_run_is_the_anchor_even_if_a_longer_frequent_one_exists() -> None:
    before, after = ["}", "}", "f()", "}", "}"], ["f()", "}", "}", "x", "}", "}", "}"]
    assert histogram_diff(before, after)[0] == Change(0, 2, 0, 0)


def test_a_stretch_of_frequent_tokens_only_goes_to_myers() -> None:
    before = "ab" * 70
    after = "ba" * 70 + "a"
    changes = histogram_diff(before, after)
    assert replayed(before, after, changes) == after
    assert len(changes) < 10


def test_a_search_that_costs_too_much_settles_for_a_correct_answer() -> None:
    letters = "abcabbacacbbcabacbcba"
    before = letters * 60
    after = letters[::-1] * 60 + "c"
    assert replayed(before, after, myers_diff(before, after)) == after


def test_nesting_as_deep_as_the_text_is_no_problem() -> None:
    before = [str(number) for number in range(1100)]
    after = [token for number in range(1100) for token in ("new", str(number))]
    assert len(histogram_diff(before, after)) == 1100
