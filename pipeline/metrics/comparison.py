"""Two or more models on the same examples: means, and differences example by example.

Only examples that every model was scored on are compared, so that nobody wins by what the others
were not asked. An example's figure is the mean over its predictions. Differences are taken against
the first model, per example, and then averaged: what examples have in common cancels out, and the
interval is that of the difference, not of two means that may overlap.
"""

import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from pipeline.example import (
    changed_rows,
    expected_patches,
    key_of,
    language_of,
    ours,
    repository_of,
)
from pipeline.metrics.bootstrap import Draws, Estimate
from pipeline.metrics.figures import MEASURES, Measure, figures_of
from pipeline.records import Row

SIZES = ((0, "no change"), (3, "1-3 rows"), (10, "4-10 rows"), (30, "11-30 rows"))
"""Most changed rows of each size; what is larger is `LARGE`."""
LARGE = "over 30 rows"
_PLACES = {measure.name: place for place, measure in enumerate(MEASURES)}
_NOTHING = (0,) * len(MEASURES)


class Judged(msgspec.Struct, gc=False):
    """What one model's predictions of one example come to: sums and counts of each figure.

    They are in the order of `MEASURES`, as plain numbers: there may be a hundred thousand of these.
    """

    repository: str
    language: str
    size: str
    predictions: int = 0
    sums: "array[float]" = msgspec.field(default_factory=lambda: array("d", _NOTHING))
    counts: "array[int]" = msgspec.field(default_factory=lambda: array("I", _NOTHING))

    def add(self, figures: dict[str, float]) -> None:
        """One more prediction."""
        self.predictions += 1
        for name, value in figures.items():
            place = _PLACES[name]
            self.sums[place] += value
            self.counts[place] += 1

    def mean(self, name: str) -> float | None:
        """The mean of a figure, None if no prediction has it."""
        place = _PLACES[name]
        count = self.counts[place]
        return self.sums[place] / count if count else None


class Model(msgspec.Struct):
    """A model's scores by example; `unscored` are the rows without any."""

    name: str
    examples: dict[str, Judged] = {}
    unscored: int = 0

    def read(self, rows: Iterable[Row]) -> "Model":
        """Take the scores of rows in."""
        for row in rows:
            scores = list(_scores(row))
            self.unscored += not scores
            if scores:
                judged = self.examples.setdefault(key_of(row), _nothing_yet(row))
                for figures in scores:
                    judged.add(figures)
        return self


class Difference(msgspec.Struct, frozen=True):
    """A model against the first one; how many examples are better, the same, and worse."""

    model: str
    estimate: Estimate
    better: int
    same: int
    worse: int
    verdict: str


class Compared(msgspec.Struct, frozen=True):
    """A figure: its mean for each model that has it, and the differences against the first one."""

    measure: Measure
    means: dict[str, Estimate]
    differences: tuple[Difference, ...]


class Stratum(msgspec.Struct, frozen=True):
    """Some of the examples: `by` "all", "language" or "size", `of` which."""

    by: str
    of: str
    examples: int
    repositories: int
    figures: tuple[Compared, ...]


class Comparison(msgspec.Struct, frozen=True):
    """Everything. `unpaired` counts the examples that not every model was scored on."""

    models: tuple[str, ...]
    predictions: dict[str, int]
    unscored: dict[str, int]
    unpaired: dict[str, int]
    seed: int
    resamples: int
    strata: tuple[Stratum, ...]


def comparison(models: Sequence[Model], *, seed: int, resamples: int) -> Comparison:
    """Compare models; the first is the one that the others are held against."""
    shared = [
        key for key in models[0].examples if all(key in model.examples for model in models[1:])
    ]
    return Comparison(
        tuple(model.name for model in models),
        {one.name: sum(judged.predictions for judged in one.examples.values()) for one in models},
        {one.name: one.unscored for one in models},
        {one.name: len(one.examples) - len(shared) for one in models},
        seed,
        resamples,
        tuple(_strata(models, shared, seed, resamples)),
    )


def _strata(
    models: Sequence[Model], keys: Sequence[str], seed: int, resamples: int
) -> Iterator[Stratum]:
    first = models[0].examples
    kinds: tuple[tuple[str, Callable[[Judged], str]], ...] = (
        ("all", lambda _: "all"),
        ("language", lambda judged: judged.language),
        ("size", lambda judged: judged.size),
    )
    for by, kind_of in kinds:
        parts: dict[str, list[str]] = {}
        for key in keys:
            parts.setdefault(kind_of(first[key]), []).append(key)
        for of, part in sorted(parts.items(), key=_order):
            draws = Draws((first[key].repository for key in part), resamples, f"{seed}:{by}:{of}")
            figures = tuple(_figures(models, part, draws))
            yield Stratum(by, of, len(part), len(draws.names), figures)


def _order(part: tuple[str, list[str]]) -> tuple[int, int, str]:
    """Sizes from small to large, languages from many examples to few."""
    sizes = [name for _, name in SIZES] + [LARGE]
    of, keys = part
    return (sizes.index(of), 0, of) if of in sizes else (0, -len(keys), of)


def _figures(models: Sequence[Model], keys: Sequence[str], draws: Draws) -> Iterator[Compared]:
    first = models[0]
    for measure in MEASURES:
        values = {model.name: _values(model, keys, measure.name) for model in models}
        means = {
            name: estimate
            for name, found in values.items()
            if (estimate := draws.estimate([(first.examples[k].repository, v) for k, v in found]))
        }
        if means:
            base = dict(values[first.name])
            found = (
                _difference(model, base, values[model.name], measure, draws) for model in models[1:]
            )
            yield Compared(measure, means, tuple(one for one in found if one is not None))


def _values(model: Model, keys: Sequence[str], name: str) -> list[tuple[str, float]]:
    found = ((key, model.examples[key].mean(name)) for key in keys)
    return [(key, value) for key, value in found if value is not None]


def _difference(
    model: Model,
    base: dict[str, float],
    values: Sequence[tuple[str, float]],
    measure: Measure,
    draws: Draws,
) -> Difference | None:
    """The difference over the examples for which both have the figure; None if there are none."""
    pairs = [
        (model.examples[key].repository, value - base[key]) for key, value in values if key in base
    ]
    estimate = draws.estimate(pairs)
    if estimate is None:
        return None
    sign = 1 if measure.is_more_better else -1
    better = sum(sign * change > 0 for _, change in pairs)
    worse = sum(sign * change < 0 for _, change in pairs)
    same = len(pairs) - better - worse
    return Difference(model.name, estimate, better, same, worse, verdict_of(estimate, sign))


def verdict_of(estimate: Estimate, sign: int) -> str:
    """Whether a difference leaves no doubt who is better; `sign` is -1 where less is."""
    if estimate.low is None or estimate.high is None or estimate.low <= 0.0 <= estimate.high:
        return "unclear"
    return "better" if sign * estimate.mean > 0 else "worse"


def _nothing_yet(row: Row) -> Judged:
    sizes = [changed_rows(patch) for patch in expected_patches(row)]
    rows = min(sizes, default=0)
    size = next((name for most, name in SIZES if rows <= most), LARGE)
    return Judged(sys.intern(repository_of(row)), sys.intern(language_of(row)), size)


def _scores(row: Row) -> Iterator[dict[str, float]]:
    """The figures of each prediction that has a score."""
    scores, more = row.get("score"), ours(row).get("score")
    if not isinstance(scores, list):
        return
    more = more if isinstance(more, list) and len(more) == len(scores) else [{}] * len(scores)
    for score, extra in zip(scores, more, strict=True):
        if isinstance(score, dict):
            yield figures_of(score, extra if isinstance(extra, dict) else {})
