"""Scores by model: what `compare` compares, of any mixture of scored rows.

A model is whoever a prediction names as its provider; without one it is the file. The same provider
in two files is two models, told apart by the files' names.
"""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from pipeline.example import ours, predictions
from pipeline.metrics.comparison import Comparison, Model, comparison
from pipeline.records import Row
from pipeline.reporting.sharing import Sharing

BINS = 20
"""Bars of a histogram of delta-chrF, which runs from 0 to 100."""


class Scores:
    """One model in one file."""

    def __init__(self, provider: str, file: str) -> None:
        self.provider, self.file = provider, file
        self.model = Model("", {})
        self.bins = [0] * BINS


class Board:
    """All models, in the order in which they are met."""

    def __init__(self, sharing: Sharing) -> None:
        self._sharing = sharing
        self._found: dict[tuple[str, str], Scores] = {}

    def add(self, row: Row, file: str) -> None:
        """Take a row's scores in."""
        for provider, one in parted(row):
            name = self._sharing.model(provider or _stem(file))
            scores = self._found.setdefault((name, file), Scores(name, file))
            scores.model.read([one])
            for score in one["score"]:
                value = score.get("delta_chr_f")
                if isinstance(value, int | float):
                    scores.bins[min(max(int(value * BINS / 100), 0), BINS - 1)] += 1

    def named(self) -> list[Scores]:
        """The models under names of their own."""
        found = list(self._found.values())
        providers = [one.provider for one in found]
        for one in found:
            is_alone = providers.count(one.provider) == 1
            one.model.name = one.provider if is_alone else f"{one.provider} ({_stem(one.file)})"
        return found

    def comparisons(self, seed: int, resamples: int) -> list[Comparison]:
        """All models together; each alone if they have no example in common."""
        models = [one.model for one in self.named()]
        if not models:
            return []
        together = comparison(models, seed=seed, resamples=resamples)
        if together.strata or len(models) == 1:
            return [together]
        return [comparison([one], seed=seed, resamples=resamples) for one in models]


def parted(row: Row) -> Iterator[tuple[str, Row]]:
    """A scored row as one for each provider, with that provider's scores only."""
    scores = row.get("score")
    if not isinstance(scores, list):
        return
    providers = _providers(row, len(scores))
    more = ours(row).get("score")
    more = more if isinstance(more, list) and len(more) == len(scores) else [{}] * len(scores)
    for name in dict.fromkeys(providers):
        places = [
            place
            for place, provider in enumerate(providers)
            if provider == name and isinstance(scores[place], dict)
        ]
        if places:
            extras = {**ours(row), "score": [more[place] for place in places]}
            yield name, {**row, "score": [scores[place] for place in places], "zeta": extras}


def _providers(row: Row, count: int) -> Sequence[str]:
    said: list[Any] = [one.get("provider") for one in predictions(row)]
    if len(said) != count:
        return [""] * count
    return [one if isinstance(one, str) else "" for one in said]


def _stem(file: str) -> str:
    return PurePosixPath(file).name.split(".")[0]
