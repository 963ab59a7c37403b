"""Everybody's figures with intervals, as a whole and by tag, and against one that is the reference.

Intervals are those of `metrics.bootstrap`: repositories are drawn, not cases. Differences are taken
case by case, over the cases to which both answered. Which cases are the worst is said of the models
that are being tried: not of baselines and not of the reference, unless there is nobody else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from pipeline.evaluation.answering import BASELINES
from pipeline.evaluation.cases import EDIT, SILENCE
from pipeline.evaluation.judging import MEASURES, Judged, JudgedCase
from pipeline.metrics.bootstrap import Draws, Estimate
from pipeline.metrics.comparison import verdict_of
from pipeline.metrics.figures import Measure
from pipeline.records import Row

GROUP_MEASURES = frozenset({"delta_chr_f", "exact", "silent", "annoys"})
"""What is said of a tag's cases."""
_Value = tuple[str, str, float]
"""A case's key, its repository, and a figure."""


class Difference(msgspec.Struct, frozen=True):
    """A model against the reference; how many cases are better and worse."""

    estimate: Estimate
    better: int
    worse: int
    verdict: str


class Figure(msgspec.Struct, frozen=True):
    """A measure: each model's mean, and its difference from the reference."""

    measure: Measure
    means: dict[str, Estimate]
    differences: dict[str, Difference]


class Group(msgspec.Struct, frozen=True):
    """Cases with a tag, or all of them (`tag` empty)."""

    tag: str
    cases: int
    figures: tuple[Figure, ...]


class Summary(msgspec.Struct, frozen=True):
    """Everything that is said of an evaluation. `wants` counts cases by what they want.

    `answered` says to how many cases each model answered, `worst` are the answers of those that are
    `tried`, the worst first.
    """

    models: tuple[str, ...]
    reference: str
    tried: tuple[str, ...]
    cases: int
    repositories: int
    wants: dict[str, int]
    answered: dict[str, int]
    all: Group
    groups: tuple[Group, ...]
    worst: tuple[Judged, ...]
    seed: int
    resamples: int

    def figure(self, name: str) -> Figure | None:
        """A measure over all cases; None if nobody has it."""
        return next((one for one in self.all.figures if one.measure.name == name), None)


def summary(
    cases: Sequence[JudgedCase],
    models: Sequence[str],
    *,
    previous: str | None,
    seed: int,
    resamples: int,
) -> Summary:
    """What everybody's answers come to. The reference is the previous model, or the first one."""
    reference = previous or models[0]
    tried = _tried(models, previous)
    told = _Telling(models, reference, seed, resamples)
    one_case = [next(iter(one.by_model.values())).case for one in cases if one.by_model]
    tags = sorted({tag for case in one_case for tag in case.tags})
    worst = [one.by_model[name] for one in cases for name in tried if name in one.by_model]
    return Summary(
        models=tuple(models),
        reference=reference,
        tried=tried,
        cases=len(cases),
        repositories=len({case.repository for case in one_case}),
        wants={kind: sum(case.wants == kind for case in one_case) for kind in (EDIT, SILENCE)},
        answered={name: sum(name in one.by_model for one in cases) for name in models},
        all=told.group("", cases),
        groups=tuple(told.group(tag, _with(cases, tag)) for tag in tags),
        worst=tuple(sorted(worst, key=lambda one: (-one.loss, one.case.name, one.model))),
        seed=seed,
        resamples=resamples,
    )


def _tried(models: Sequence[str], previous: str | None) -> tuple[str, ...]:
    others = [name for name in models if name != previous]
    named = [name for name in others if name not in BASELINES]
    return tuple(named or others[-1:] or models)


def _with(cases: Iterable[JudgedCase], tag: str) -> list[JudgedCase]:
    return [one for one in cases if any(tag in each.case.tags for each in one.by_model.values())]


class _Telling:
    """Who is compared, and how intervals are drawn."""

    def __init__(self, models: Sequence[str], reference: str, seed: int, resamples: int) -> None:
        self._models, self._reference = models, reference
        self._seed, self._resamples = seed, resamples

    def group(self, tag: str, cases: Sequence[JudgedCase]) -> Group:
        repositories = (each.case.repository for one in cases for each in one.by_model.values())
        draws = Draws(repositories, self._resamples, f"{self._seed}:{tag}")
        wanted = [one for one in MEASURES if not tag or one.name in GROUP_MEASURES]
        figures = (self._figure(measure, cases, draws) for measure in wanted)
        return Group(tag, len(cases), tuple(one for one in figures if one.means))

    def _figure(self, measure: Measure, cases: Sequence[JudgedCase], draws: Draws) -> Figure:
        values = {name: list(_values(cases, name, measure.name)) for name in self._models}
        means = {
            name: estimate
            for name, found in values.items()
            if (estimate := draws.estimate([(where, value) for _, where, value in found]))
        }
        base = {key: value for key, _, value in values[self._reference]}
        compared = {
            name: difference
            for name, found in values.items()
            if name != self._reference and (difference := _against(base, found, measure, draws))
        }
        return Figure(measure, means, compared)


def _values(cases: Iterable[JudgedCase], model: str, name: str) -> Iterator[_Value]:
    for one in cases:
        found = one.by_model.get(model)
        value = None if found is None else found.figures.get(name)
        if found is not None and value is not None:
            yield found.case.key, found.case.repository, value


def _against(
    base: Mapping[str, float], values: Iterable[_Value], measure: Measure, draws: Draws
) -> Difference | None:
    pairs = [(where, value - base[key]) for key, where, value in values if key in base]
    estimate = draws.estimate(pairs)
    if estimate is None:
        return None
    sign = 1 if measure.is_more_better else -1
    better = sum(sign * change > 0 for _, change in pairs)
    worse = sum(sign * change < 0 for _, change in pairs)
    return Difference(estimate, better, worse, verdict_of(estimate, sign))


def told(found: Summary, gates: Sequence[Row] = ()) -> Row:
    """The summary as JSON."""
    return {
        "kind": "zeta-eval",
        "version": 1,
        "models": list(found.models),
        "reference": found.reference,
        "tried": list(found.tried),
        "cases": found.cases,
        "repositories": found.repositories,
        "wants": found.wants,
        "answered": found.answered,
        "measures": _means(found.all),
        "differences": _differences(found.all),
        "silence": _silence(found),
        "groups": {one.tag: {"cases": one.cases, "measures": _means(one)} for one in found.groups},
        "worst": [_worst(one) for one in found.worst],
        "gates": list(gates),
        "seed": found.seed,
        "resamples": found.resamples,
    }


def _means(group: Group) -> Row:
    return {
        one.measure.name: {name: _estimate(estimate) for name, estimate in one.means.items()}
        for one in group.figures
    }


def _estimate(one: Estimate) -> dict[str, Any]:
    return {"mean": one.mean, "low": one.low, "high": one.high, "n": one.count}


def _differences(group: Group) -> Row:
    return {
        one.measure.name: {
            name: {
                **_estimate(each.estimate),
                "better": each.better,
                "worse": each.worse,
                "verdict": each.verdict,
            }
            for name, each in one.differences.items()
        }
        for one in group.figures
    }


def _silence(found: Summary) -> Row:
    figure = found.figure("silent")
    means = {} if figure is None else figure.means
    return {
        name: {"right": round(one.mean * one.count, 6), "cases": one.count}
        for name, one in means.items()
    }


def _worst(one: Judged) -> Row:
    names = ("delta_chr_f", "silent", "reversal_ratio", "annoys")
    figures = {name: one.figures[name] for name in names if name in one.figures}
    said = {"wants": one.case.wants, "tags": list(one.case.tags), "loss": one.loss}
    return {"case": one.case.name, "model": one.model, **said, **figures, "error": one.worst.error}
