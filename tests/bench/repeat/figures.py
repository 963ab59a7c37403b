"""Counts of questions and answers, by any key, with intervals over repositories."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

RESAMPLES = 2_000


class Outcome(NamedTuple):
    """One question: where it came from, whether something was left to do in sight, the answer.

    `ability` is "" where nothing was shown; then `exact`, `next` and `whole` are False.
    """

    repository: str
    language: str
    stream: str
    possible: bool
    ability: str
    exact: bool
    next: bool
    whole: bool
    spent_ms: float


class Figures(NamedTuple):
    """Shares over some questions, with 95 % intervals from resampling whole repositories."""

    questions: int
    shown: int
    exact: int
    precision: float
    precision_low: float
    precision_high: float
    coverage: float
    coverage_low: float
    coverage_high: float
    next: float
    whole: float
    possible: float


def by_key(outcomes: Iterable[Outcome], key: Callable[[Outcome], str]) -> dict[str, Figures]:
    """Figures of every group, the groups in the order of their names."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[key(outcome)].append(outcome)
    return {name: figures(groups[name]) for name in sorted(groups)}


def by_ability(outcomes: list[Outcome]) -> dict[str, Figures]:
    """Figures of the answers of each ability; coverage counts all questions."""
    names = sorted({outcome.ability for outcome in outcomes} - {""})
    return {name: figures([_only(outcome, name) for outcome in outcomes]) for name in names}


def figures(outcomes: list[Outcome]) -> Figures:
    """Figures of some questions."""
    total = _counts(outcomes)
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.repository].append(outcome)
    counts = [_counts(group) for group in groups.values()]
    precision, coverage = _intervals(counts)
    return Figures(
        total["questions"], total["shown"], total["exact"],
        _share(total, "exact", "shown"), *precision,
        _share(total, "shown", "questions"), *coverage,
        _share(total, "next", "shown"), _share(total, "whole", "shown"),
        _share(total, "possible", "questions"),
    )  # fmt: skip


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of them lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _only(outcome: Outcome, ability: str) -> Outcome:
    if outcome.ability == ability:
        return outcome
    return outcome._replace(ability="", exact=False, next=False, whole=False)


def _counts(outcomes: list[Outcome]) -> Counter[str]:
    return Counter(
        questions=len(outcomes),
        shown=sum(bool(outcome.ability) for outcome in outcomes),
        exact=sum(outcome.exact for outcome in outcomes),
        next=sum(outcome.next for outcome in outcomes),
        whole=sum(outcome.whole for outcome in outcomes),
        possible=sum(outcome.possible for outcome in outcomes),
    )


def _intervals(counts: list[Counter[str]]) -> tuple[tuple[float, float], tuple[float, float]]:
    draw, precisions, coverages = random.Random(0), list[float](), list[float]()
    for _ in range(RESAMPLES):
        total = Counter[str]()
        for count in draw.choices(counts, k=len(counts)):
            total.update(count)
        precisions.append(_share(total, "exact", "shown"))
        coverages.append(_share(total, "shown", "questions"))
    return _middle(precisions), _middle(coverages)


def _middle(values: list[float]) -> tuple[float, float]:
    return percentile(values, 0.025), percentile(values, 0.975)


def _share(counts: Counter[str], part: str, whole: str) -> float:
    return counts[part] / counts[whole] if counts[whole] else 0.0
