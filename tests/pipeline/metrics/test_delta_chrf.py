"""delta-chrF: what it rewards, and that counting only around changes loses nothing."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline.metrics.delta_chrf as subject
from pipeline.metrics.delta_chrf import Delta, collapsed, delta_chrf

texts = st.text(alphabet="ab \n\té名", max_size=40)


def plainly(before: str, after: str, order: int) -> Counter[str]:
    """By how much each n-gram of the whole text became more or less."""

    def grams(text: str) -> Counter[str]:
        return Counter(text[at : at + order] for at in range(len(text) - order + 1))

    found = grams(after)
    found.subtract(grams(before))
    return Counter({gram: count for gram, count in found.items() if count})


@given(texts, texts, st.integers(1, 6))
def test_counting_around_changes_is_counting_everything(
    before: str, after: str, order: int
) -> None:
    changed = Delta(before, after).of_order(order)
    ours = Counter(changed.more)
    ours.subtract(changed.fewer)
    assert ours == plainly(before, after, order)
    assert changed.size == sum(map(abs, ours.values()))


@given(texts, texts, st.integers(1, 6), st.sampled_from([0, 8, 400]))
def test_texts_too_large_to_be_paired_by_character_give_the_same_counts(
    before: str, after: str, order: int, limit: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(subject, "_PAIRED_MAX", limit)
        coarse = Delta(before, after).of_order(order)
    assert coarse == Delta(before, after).of_order(order)


def test_two_large_texts_are_compared_without_much_memory() -> None:
    rows = [f"row {number}\n" for number in range(20_000)]
    before, after = "".join(rows), "".join([*rows[:10_000], "new\n", *rows[10_000:]])
    assert delta_chrf(before, after, after).score == 100.0
    assert delta_chrf(before, after, before).score == 0.0


@pytest.mark.parametrize(
    ("original", "expected", "actual", "score"),
    [
        ("one two three", "one three", "one two four", 24.026800569286586),
        ("let x = 42;", "let x = 100;", "let x = 99;", 48.264642082429496),
        ("", "abc", "", 50.0),
        ("a", "b", "c", 91.66666666666667),
        ("a b", "a  b", "a   b", 100.0),
        ("same", "same", "same", 100.0),
        ("long enough", "long enough", "long enough!", 0.0),
        ("long enough", "long enough!", "long enough", 0.0),
    ],
)
def test_known_scores(original: str, expected: str, actual: str, score: float) -> None:
    assert delta_chrf(original, expected, actual).score == pytest.approx(score, abs=1e-9)


@given(texts, texts)
def test_the_expected_edit_itself_is_perfect(original: str, expected: str) -> None:
    found = delta_chrf(original, expected, expected)
    assert found.false_positives == found.false_negatives == 0
    if collapsed(original) == collapsed(expected):
        assert found.score == 100.0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("abc   \n\n\n   123", "abc \n 123"),
        ("a\t\tb\r\nc", "a b \nc"),
        ("a\u00a0\u2003b\x1cc", "a b\x1cc"),
        ("  a ", " a "),
    ],
)
def test_runs_of_blanks_and_of_line_ends_count_as_one(text: str, wanted: str) -> None:
    assert collapsed(text) == wanted
