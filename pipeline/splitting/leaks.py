"""What is on two sides of a split, found by looking at the rows as they are placed.

This does not trust how they were placed: the same check proves a new split and an old one.
"""

from collections.abc import Sequence

import msgspec

from pipeline.duplicates.clusters import THRESHOLD, similar_across
from pipeline.splitting.census import Census


class Leak(msgspec.Struct, frozen=True):
    """Something on several sides. `kind` is repository, person, example or near_duplicate.

    `lines` are those of one row on each side; `name` is whose they are, empty for code.
    """

    kind: str
    name: str
    outputs: tuple[str, ...]
    lines: tuple[int, ...]

    def told(self) -> str:
        """For a person."""
        what = f"the {self.kind} {self.name}" if self.name else "nearly the same code"
        places = " and ".join(
            f"{output} (line {line})" for output, line in zip(self.outputs, self.lines, strict=True)
        )
        return f"{what} is in {places}"


def owner_leaks(census: Census, places: Sequence[int], names: Sequence[str]) -> list[Leak]:
    """Names that own rows in several outputs. `places` are the outputs of all rows; -1 is none."""
    first: dict[str, dict[int, int]] = {}
    for row, place in enumerate(places):
        if place >= 0:
            for name in census.names(row):
                first.setdefault(name, {}).setdefault(place, row)
    return [
        _leak(name, [rows[place] for place in sorted(rows)], census, places, names)
        for name, rows in first.items()
        if len(rows) > 1
    ]


def near_leaks(census: Census, places: Sequence[int], names: Sequence[str]) -> list[Leak]:
    """Rows with a near-duplicate in another output: one such pair for each."""
    pairs = (sorted(pair, key=places.__getitem__) for pair in crossing_pairs(census, places))
    return [_leak("near_duplicate ", pair, census, places, names) for pair in pairs]


def crossing_pairs(census: Census, places: Sequence[int]) -> list[tuple[int, int]]:
    """The pairs of `near_leaks`, as rows; none without signatures."""
    if census.signatures is None:
        return []
    return list(similar_across(census.signatures, places, THRESHOLD))


def _leak(
    title: str, rows: Sequence[int], census: Census, places: Sequence[int], names: Sequence[str]
) -> Leak:
    kind, _, name = title.partition(" ")
    outputs = tuple(names[places[row]] for row in rows)
    return Leak(kind, name, outputs, tuple(census.numbers[row] for row in rows))
