"""Intervals hold what they promise when examples of a repository resemble each other."""

import random
import statistics

import pytest

from pipeline.metrics.bootstrap import Draws, quantile


def clustered(rng: random.Random, clusters: int, each: int) -> list[tuple[str, float]]:
    """Values around 0 whose clusters differ far more than what is in them."""
    levels = {f"r{number}": rng.gauss(0, 1) for number in range(clusters)}
    return [(name, rng.gauss(level, 0.2)) for name, level in levels.items() for _ in range(each)]


def covers(values: list[tuple[str, float]]) -> bool:
    found = Draws((name for name, _ in values), 300, "s").estimate(values)
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    return found.low <= 0.0 <= found.high


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    rng = random.Random(1)
    share = statistics.mean(covers(clustered(rng, 30, 5)) for _ in range(200))
    assert 0.88 <= share <= 0.99


def test_drawing_single_examples_would_promise_too_much() -> None:
    rng = random.Random(1)
    alone = [
        [(f"{name}-{number}", value) for number, (name, value) in enumerate(clustered(rng, 30, 5))]
        for _ in range(100)
    ]
    assert statistics.mean(map(covers, alone)) < 0.75


def test_the_mean_is_that_of_the_values_whatever_their_clusters() -> None:
    found = Draws("ab", 10, "s").estimate([("a", 1.0), ("a", 2.0), ("b", 6.0)])
    assert found is not None
    assert (found.mean, found.count, found.clusters) == (3.0, 3, 2)


def test_one_repository_gives_a_mean_and_no_interval() -> None:
    found = Draws("a", 100, "s").estimate([("a", 1.0), ("a", 3.0)])
    assert found is not None
    assert (found.mean, found.low, found.high) == (2.0, None, None)


def test_a_figure_that_only_one_of_several_repositories_has_gets_no_interval() -> None:
    found = Draws("abc", 100, "s").estimate([("a", 1.0), ("a", 3.0)])
    assert found is not None
    assert found.low is None


def test_no_values_give_no_estimate() -> None:
    assert Draws("ab", 10, "s").estimate([]) is None


def test_the_same_seed_draws_the_same_and_another_seed_does_not() -> None:
    values = clustered(random.Random(2), 12, 3)
    names = [name for name, _ in values]
    found = [Draws(names, 200, seed).estimate(values) for seed in ("1", "1", "2")]
    assert found[0] == found[1] != found[2]


def test_the_order_of_the_repositories_does_not_matter() -> None:
    values = clustered(random.Random(3), 12, 1)
    names = [name for name, _ in values]
    one = Draws(names, 200, "s").estimate(values)
    other = Draws(reversed(names), 200, "s").estimate(values)
    assert one == other


@pytest.mark.parametrize(
    ("share", "value"), [(0.0, 1.0), (0.5, 2.5), (1.0, 4.0), (1 / 3, 2.0), (0.025, 1.075)]
)
def test_a_quantile_lies_between_two_values(share: float, value: float) -> None:
    assert quantile([1.0, 2.0, 3.0, 4.0], share) == pytest.approx(value)
