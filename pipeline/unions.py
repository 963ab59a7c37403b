"""Things that belong together, by number: union-find with the smallest number as the name."""

from array import array


class Unions:
    """Sets of numbers 0 … n, each alone at first. Eight bytes a number."""

    def __init__(self) -> None:
        self._parent = array("q")

    def __len__(self) -> int:
        return len(self._parent)

    def add(self) -> int:
        """A new number, alone in its set."""
        self._parent.append(len(self._parent))
        return len(self._parent) - 1

    def root(self, number: int) -> int:
        """The smallest number of its set."""
        parent = self._parent
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    def join(self, one: int, other: int) -> None:
        """Make one set of two."""
        first, second = self.root(one), self.root(other)
        self._parent[max(first, second)] = min(first, second)

    def sets(self) -> dict[int, list[int]]:
        """All sets by their smallest number, in its order; numbers in theirs."""
        found: dict[int, list[int]] = {}
        for number in range(len(self)):
            found.setdefault(self.root(number), []).append(number)
        return found
