"""What a split has to know of all rows: whose they are, their kind, their time, how they look.

Rows that have a name in common belong together, and so do those that they belong together with:
neither a repository nor a person can then be on two sides. Memory: some 550 bytes a row, and the
names.
"""

import sys
from array import array
from collections import Counter
from math import nan

from pipeline.duplicates.signatures import Signatures, text_of
from pipeline.example import language_of, time_of
from pipeline.records import Row
from pipeline.splitting.owners import owners_of
from pipeline.unions import Unions


class Census:
    """All rows, by their place among them. `numbers` are their lines, `times` NaN if unknown."""

    def __init__(self, by: str, strata: str = "none", signatures: Signatures | None = None) -> None:
        self.numbers = array("Q")
        self.times = array("d")
        self.signatures = signatures
        self._by = by
        self._strata_by = strata
        self._ids: dict[str, int] = {}
        self._names: list[str] = []
        self._owners = Unions()
        self._owned: list[tuple[int, ...]] = []
        self._known: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._strata: list[str] = []

    def __len__(self) -> int:
        return len(self.numbers)

    def add(self, number: int, row: Row) -> None:
        """A row, with the number of its line."""
        owners = tuple(self._id(name) for name in owners_of(row, self._by))
        for other in owners[1:]:
            self._owners.join(owners[0], other)
        self.numbers.append(number)
        time = time_of(row)
        self.times.append(nan if time is None else time)
        self._owned.append(self._known.setdefault(owners, owners))
        self._strata.append(sys.intern(_stratum(row, self._strata_by)))
        if self.signatures is not None:
            self.signatures.add(text_of(row))

    def _id(self, name: str) -> int:
        found = self._ids.get(name)
        if found is None:
            found = self._ids[name] = self._owners.add()
            self._names.append(name)
        return found

    def join(self, one: int, other: int) -> None:
        """Keep two rows together."""
        self._owners.join(self._owned[one][0], self._owned[other][0])

    def group(self, row: int) -> int:
        """The number of what a row belongs to."""
        return self._owners.root(self._owned[row][0])

    def names(self, row: int) -> list[str]:
        """Whose a row is."""
        return [self._names[one] for one in self._owned[row]]

    def groups(self) -> "dict[int, Group]":
        """All groups: their rows by kind, and a name that stays when others are added."""
        found: dict[int, Group] = {}
        for row, stratum in enumerate(self._strata):
            root = self.group(row)
            found.setdefault(root, Group()).strata[stratum] += 1
        for name, ident in self._ids.items():
            group = found[self._owners.root(ident)]
            group.name = min(group.name or name, name)
        return found


class Group:
    """Rows that stay together."""

    def __init__(self) -> None:
        self.name = ""
        self.strata: Counter[str] = Counter()

    @property
    def size(self) -> int:
        """How many rows it has."""
        return self.strata.total()


def _stratum(row: Row, by: str) -> str:
    if by == "language":
        return language_of(row)
    tags = row.get("tags")
    if by == "source" and isinstance(tags, list):
        return next((one for one in map(str, tags) if one.startswith("source:")), "")
    return ""
