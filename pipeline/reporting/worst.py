"""The worst predictions by delta-chrF: a heap of so many, and the rest is forgotten."""

import heapq
from typing import NamedTuple

from pipeline.example import given_of, ours, predictions
from pipeline.records import Dropped, Row


class Place(NamedTuple):
    """A line of an input."""

    file: str
    line: int


class Case(NamedTuple):
    """A prediction that may be shown: its row, its place among the predictions, where it stands."""

    value: float
    row: Row
    which: int
    place: Place

    @property
    def prediction(self) -> Row:
        """What was predicted."""
        found = predictions(self.row)
        return found[self.which] if self.which < len(found) else {}

    @property
    def model(self) -> str:
        """Who predicted it, as far as it was said."""
        provider = self.prediction.get("provider")
        return provider if isinstance(provider, str) else ""

    @property
    def title(self) -> str:
        """What the example is called."""
        evaluated = ours(self.row).get("eval")
        case = evaluated.get("case") if isinstance(evaluated, dict) else None
        name = case or self.row.get("name") or self.row.get("cursor_path")
        return name if isinstance(name, str) else ""

    @property
    def wants(self) -> str:
        """ "silence" where a case says that nothing is to be changed."""
        evaluated = ours(self.row).get("eval")
        wants = evaluated.get("wants") if isinstance(evaluated, dict) else None
        return wants if isinstance(wants, str) else ""

    @property
    def excerpt(self) -> str | None:
        """The text that was to be changed."""
        given = given_of(self.row)
        return None if isinstance(given, Dropped) else given.cursor_excerpt

    @property
    def first_row(self) -> int:
        """The excerpt's first row in its file, from 0."""
        given = given_of(self.row)
        return 0 if isinstance(given, Dropped) else (given.excerpt_start_row or 0)


class Worst:
    """The worst so far; of equals those that came first. One for each model of an example."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._heap: list[tuple[float, int, Case]] = []
        self._met = 0

    def add(self, row: Row, place: Place) -> None:
        """Look at a row's predictions."""
        scores = row.get("score")
        if not isinstance(scores, list) or not self._count:
            return
        lowest: dict[str, Case] = {}
        for index, score in enumerate(scores):
            value = score.get("delta_chr_f") if isinstance(score, dict) else None
            if isinstance(value, int | float):
                case = Case(float(value), row, index, place)
                if case.model not in lowest or value < lowest[case.model].value:
                    lowest[case.model] = case
        for case in lowest.values():
            self._push(case)

    def _push(self, case: Case) -> None:
        self._met += 1
        entry = (-case.value, -self._met, case)
        if len(self._heap) < self._count:
            heapq.heappush(self._heap, entry)
        elif entry > self._heap[0]:
            heapq.heapreplace(self._heap, entry)

    def cases(self) -> list[Case]:
        """The worst first."""
        return [case for *_, case in sorted(self._heap, reverse=True, key=lambda one: one[:2])]
