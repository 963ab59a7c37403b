"""What a split came to, for people and for programs."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from pipeline.splitting.census import Census
from pipeline.splitting.leaks import Leak

TOLD_MAX = 100
"""Leaks that a report names; all are counted."""


class Report(msgspec.Struct):
    """Rows in each output, drops by reason, leaks, and what a person should know."""

    outputs: dict[str, int]
    dropped: Counter[str]
    leaks: list[Leak]
    leak_count: int
    notes: list[str]

    def lines(self) -> list[str]:
        """For a person."""
        if self.leaks:
            return [self._leak()]
        counts = ", ".join(f"{name} {count}" for name, count in self.outputs.items())
        drops = ", ".join(f"{count} {reason}" for reason, count in self.dropped.most_common())
        return [f"{counts}{f', dropped {drops}' if drops else ''}; no leak", *self.notes]

    def _leak(self) -> str:
        more = self.leak_count - 1
        rest = f", and {more} more (--report names them)" if more else ""
        advice = "; run dedupe first, or --near-duplicates join" if not self.leaks[0].name else ""
        return f"leak: {self.leaks[0].told()}{rest}{advice}"


def report_of(
    census: Census,
    places: Sequence[int],
    names: Sequence[str],
    leaks: Sequence[Leak],
    dropped: Counter[str],
) -> Report:
    """The report on rows that are in these outputs."""
    counts = Counter(places)
    outputs = {name: counts[place] for place, name in enumerate(names)}
    groups = len({census.group(row) for row in range(len(census))})
    notes = [
        f"{name} is empty: the rows are of {groups} repositories or persons that stay whole"
        for name, count in outputs.items()
        if not count and len(census)
    ]
    return Report(outputs, dropped, list(leaks[:TOLD_MAX]), len(leaks), notes)
