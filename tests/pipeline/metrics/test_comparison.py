"""Models are compared on what all were asked, example by example, and doubt is called doubt."""

import random
from typing import Any

import pytest

from pipeline.metrics.comparison import Comparison, Difference, Model, Stratum, comparison
from pipeline.records import Row
from tests.pipeline.metrics.scored_rows import row


def model(name: str, rows: list[Row]) -> Model:
    return Model(name, {}).read(rows)


def compared(*models: Model) -> Comparison:
    return comparison(models, seed=0, resamples=200)


def stratum(found: Comparison, by: str = "all", of: str = "all") -> Stratum:
    return next(one for one in found.strata if (one.by, one.of) == (by, of))


def difference(found: Stratum, measure: str = "delta_chr_f") -> Difference:
    return next(one for one in found.figures if one.measure.name == measure).differences[0]


def noisy(shift: float, spread: float, seed: int) -> list[Row]:
    rng, noise = random.Random(1), random.Random(seed)
    return [row(n, rng.uniform(0, 90) + shift + noise.gauss(0, spread)) for n in range(100)]


def test_a_small_gain_on_every_example_is_seen_through_large_differences_of_examples() -> None:
    found = stratum(compared(model("old", noisy(0, 0.1, 1)), model("new", noisy(0.5, 0.1, 2))))
    change = difference(found)
    assert change.estimate.mean == pytest.approx(0.5, abs=0.05)
    assert change.verdict == "better"
    old, new = found.figures[0].means.values()
    assert old.high is not None
    assert new.low is not None
    assert new.low < old.high  # the means alone could not tell


def test_a_gain_that_may_be_chance_is_unclear() -> None:
    found = compared(model("old", noisy(0, 20, 1)), model("new", noisy(0.5, 20, 2)))
    assert difference(stratum(found)).verdict == "unclear"


def test_less_is_better_of_what_should_not_be() -> None:
    rows = [row(n, 1.0) for n in range(40)]
    for one in rows:
        one["score"] = [{"reversal_ratio": 0.5}]
    fewer = [{**one, "score": [{"reversal_ratio": 0.1}]} for one in rows]
    change = difference(stratum(compared(model("a", rows), model("b", fewer))), "reversal_ratio")
    assert change.verdict == "better"
    assert (change.better, change.same, change.worse) == (40, 0, 0)
    assert change.estimate.mean == pytest.approx(-0.4)


def test_only_examples_that_all_were_scored_on_are_compared() -> None:
    one = model("a", [row(n, 10.0) for n in range(10)])
    other = model("b", [row(n, 20.0 if n < 8 else None) for n in range(5, 12)])
    found = compared(one, other)
    assert stratum(found).examples == 3
    assert found.unpaired == {"a": 7, "b": 0}
    assert found.unscored == {"a": 0, "b": 4}


def test_nothing_in_common_leaves_nothing_to_say() -> None:
    assert compared(model("a", [row(1, 1.0)]), model("b", [row(2, 1.0)])).strata == ()


def test_an_example_counts_once_however_often_it_was_predicted() -> None:
    often = row(1, 0.0)
    often["score"] = [{"delta_chr_f": value} for value in (0.0, 50.0, 100.0)]
    found = compared(
        model("a", [often, row(2, 80.0)]), model("b", [row(1, 60.0), row(1, 40.0), row(2, 80.0)])
    )
    change = difference(stratum(found))
    assert (change.estimate.count, change.estimate.mean) == (2, 0.0)
    assert found.predictions == {"a": 4, "b": 3}


def test_languages_and_sizes_stand_apart_sizes_from_small_to_large() -> None:
    long = ["--- a/a.rs\n+++ b/a.rs\n@@ -1,1 +1,40 @@\n" + "+x\n" * 40]
    rows = [
        row(1, 1.0),
        row(2, 2.0, cursor_path="b.rs", expected_patches=long),
        row(3, 3.0, cursor_path="c.rs", expected_patches=[]),
        row(4, 4.0, cursor_path="c.rs", expected_patches=[*long, ""]),
    ]
    found = compared(model("a", rows), model("b", rows))
    assert [(one.by, one.of, one.examples) for one in found.strata] == [
        ("all", "all", 4),
        ("language", "rs", 3),
        ("language", "py", 1),
        ("size", "no change", 2),
        ("size", "1-3 rows", 1),
        ("size", "over 30 rows", 1),
    ]


def test_a_figure_is_compared_where_both_have_it() -> None:
    def with_cursor(number: int, *, is_exact: bool | None) -> Row:
        score = {"delta_chr_f": 1.0}
        return row(
            number,
            1.0,
            score=[score | ({"cursor_exact_match": is_exact} if is_exact is not None else {})],
        )

    one = [with_cursor(n, is_exact=False) for n in range(4)]
    other = [with_cursor(n, is_exact=True if n < 2 else None) for n in range(4)]
    found = stratum(compared(model("a", one), model("b", other)))
    change = difference(found, "cursor_exact")
    assert (change.estimate.count, change.estimate.mean) == (2, 1.0)


@pytest.mark.parametrize("scores", [None, "x", [None], [5], [{}], [{"delta_chr_f": "x"}]])
def test_strange_scores_are_none(scores: Any) -> None:
    strange = row(1, 1.0, score=scores)
    found = compared(model("a", [strange, row(2, 1.0)]), model("b", [row(1, 1.0), row(2, 1.0)]))
    assert stratum(found).figures[0].means["a"].count == 1


def test_errors_that_a_prediction_adds_are_counted() -> None:
    rows = [row(n, 1.0) for n in range(3)]
    ours = {"applies": True, "syntax_errors_before": 1, "syntax_errors_after": 3}
    broken = [one | {"zeta": {"score": [ours]}} for one in rows]
    sound = [one | {"zeta": {"score": [ours | {"syntax_errors_after": 1}]}} for one in rows]
    change = difference(
        stratum(compared(model("a", broken), model("b", sound))), "syntax_errors_added"
    )
    assert change.estimate.mean == -2.0
    assert change.better == 3


@pytest.mark.parametrize(
    ("counts", "f1"), [((0, 0, 0), 1.0), ((0, 2, 0), 0.0), ((0, 0, 2), 0.0), ((2, 2, 0), 2 / 3)]
)
def test_changing_nothing_is_right_where_nothing_was_to_change(
    counts: tuple[int, int, int], f1: float
) -> None:
    names = ("exact_lines_tp", "exact_lines_fp", "exact_lines_fn")
    rows = [row(n, 1.0, score=[dict(zip(names, counts, strict=True))]) for n in range(2)]
    (figure,) = stratum(compared(model("a", rows), model("b", rows))).figures
    assert figure.measure.name == "exact_lines_f1"
    assert figure.means["a"].mean == pytest.approx(f1)
