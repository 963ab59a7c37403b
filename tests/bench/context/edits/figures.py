"""Shares of definitions in prompts, with 95 % intervals from resampling whole projects."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tests.bench.context.edits.playing import SHOWN, Asked, tally
from tests.bench.repeat.figures import percentile

RESAMPLES = 2_000

Counts = Counter[tuple[str, str, str]]


class Share(NamedTuple):
    """A share and its interval."""

    share: float
    low: float
    high: float


class Figures(NamedTuple):
    """Of some definitions at one moment: how many are in the prompt.

    `by_server` and `by_index` are shares of all, `kept` the share of the server's that the index
    shows too, `index_only` counts those that it shows and the server's door does not. `lost` are
    counts of what became of the others, ``door fate``.
    """

    projects: int
    edits: int
    definitions: int
    by_server: Share
    by_index: Share
    kept: Share
    index_only: int
    lost: dict[str, int]


def figures(asked: Sequence[Asked], moment: str) -> Figures:
    """The figures of some definitions at a moment."""
    groups: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        groups[one.project].append(one)
    counts = [tally(group) for group in groups.values()]
    total = sum(counts, Counts())

    def of(door: str) -> Callable[[Counts], tuple[int, int]]:
        return lambda some: (some[moment, door, SHOWN], _all(some, moment))

    def kept(some: Counts) -> tuple[int, int]:
        return some[moment, "both", SHOWN], some[moment, "server", SHOWN]

    return Figures(
        len(groups),
        len({(one.project, one.file, one.edit) for one in asked}),
        len(asked),
        interval(counts, of("server")),
        interval(counts, of("index")),
        interval(counts, kept),
        total[moment, "index", SHOWN] - total[moment, "both", SHOWN],
        {
            f"{door} {fate}": count
            for (when, door, fate), count in sorted(total.items())
            if when == moment and fate != SHOWN and count
        },
    )


def _all(counts: Counts, moment: str) -> int:
    return sum(n for (when, door, _), n in counts.items() if (when, door) == (moment, "server"))


def interval(counts: Sequence[Counts], part_of: Callable[[Counts], tuple[int, int]]) -> Share:
    """A share over all projects, and where 95 % of the shares lie when projects are redrawn."""
    parts = [part_of(one) for one in counts]
    draw = random.Random(0)
    drawn = sorted(_share(draw.choices(parts, k=len(parts))) for _ in range(RESAMPLES))
    return Share(_share(parts), percentile(drawn, 0.025), percentile(drawn, 0.975))


def _share(parts: Iterable[tuple[int, int]]) -> float:
    found = list(parts)
    whole = sum(of for _, of in found)
    return sum(part for part, _ in found) / whole if whole else 0.0
