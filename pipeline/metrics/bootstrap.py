"""How sure one may be of a mean: intervals by the bootstrap, with whole repositories as the unit.

Examples of one repository resemble each other, so drawing single examples would promise far more
than the data holds. Repositories are drawn instead, with replacement, each with all its examples;
the interval is that of the middle 95 % of the means. The same draws serve every figure, so that
figures of one table are comparable, and the same seed gives the same interval everywhere.

Source: Field and Welsh, "Bootstrapping clustered data" (2007), the cluster bootstrap.
"""

import random
from collections.abc import Iterable, Sequence

import msgspec

CONFIDENCE = 0.95


class Estimate(msgspec.Struct, frozen=True):
    """A mean with its interval; no interval with fewer than two clusters.

    `count` are the values, `clusters` the repositories that they come from.
    """

    mean: float
    low: float | None
    high: float | None
    count: int
    clusters: int


class Draws:
    """Which clusters are drawn, how often; the same for all figures."""

    def __init__(self, clusters: Iterable[str], resamples: int, seed: str) -> None:
        self.names = sorted(set(clusters))
        rng = random.Random(seed)  # noqa: S311 - statistics, no secrets
        places = range(len(self.names))
        count = resamples if len(self.names) > 1 else 0
        self._drawn = [rng.choices(places, k=len(places)) for _ in range(count)]

    def estimate(self, values: Sequence[tuple[str, float]]) -> Estimate | None:
        """The mean of values, each with its cluster; None if there are none."""
        if not values:
            return None
        sums, counts = self._by_cluster(values)
        total, count = sum(sums), sum(counts)
        clusters = sum(map(bool, counts))
        means = sorted(self._means(sums, counts)) if clusters > 1 else []
        edge = (1.0 - CONFIDENCE) / 2
        return Estimate(
            total / count,
            quantile(means, edge) if means else None,
            quantile(means, 1.0 - edge) if means else None,
            count,
            clusters,
        )

    def _by_cluster(self, values: Sequence[tuple[str, float]]) -> tuple[list[float], list[int]]:
        places = {name: place for place, name in enumerate(self.names)}
        sums, counts = [0.0] * len(places), [0] * len(places)
        for cluster, value in values:
            sums[places[cluster]] += value
            counts[places[cluster]] += 1
        return sums, counts

    def _means(self, sums: list[float], counts: list[int]) -> Iterable[float]:
        """Means of the draws; one that has no value of this figure says nothing."""
        for drawn in self._drawn:
            count = sum(map(counts.__getitem__, drawn))
            if count:
                yield sum(map(sums.__getitem__, drawn)) / count


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which a share of ordered values lies, interpolated; there is at least one."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
