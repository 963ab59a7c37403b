"""The worst predictions: a heap of so many, and the rest is forgotten.

How bad one is, is what `eval` says (its loss), or else how far its delta-chrF is from the best. The
baselines of an evaluation are left out: nobody wants to mend them.
"""

import heapq
from typing import NamedTuple

from pipeline.example import given_of, ours, predictions
from pipeline.records import Dropped, Row

SILENT_BASELINE = "nothing"
BASELINES = frozenset({SILENT_BASELINE, "repeat"})


class Place(NamedTuple):
    """A line of an input."""

    file: str
    line: int


class Case(NamedTuple):
    """A prediction that may be shown: its row, its place among the predictions, where it stands."""

    value: float
    badness: float
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
        name = (
            _evaluated(self.row).get("case") or self.row.get("name") or self.row.get("cursor_path")
        )
        return name if isinstance(name, str) else ""

    @property
    def wants(self) -> str:
        """ "silence" where a case says that nothing is to be changed."""
        wants = _evaluated(self.row).get("wants")
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
                case = _case(float(value), row, index, place)
                if case.model not in lowest or case.badness > lowest[case.model].badness:
                    lowest[case.model] = case
        unwanted = BASELINES if lowest.keys() - BASELINES else {SILENT_BASELINE}
        for model, case in lowest.items():
            if model not in unwanted:
                self._push(case)

    def _push(self, case: Case) -> None:
        self._met += 1
        entry = (case.badness, -self._met, case)
        if len(self._heap) < self._count:
            heapq.heappush(self._heap, entry)
        elif entry > self._heap[0]:
            heapq.heapreplace(self._heap, entry)

    def cases(self) -> list[Case]:
        """The worst first."""
        return [case for *_, case in sorted(self._heap, reverse=True, key=lambda one: one[:2])]


def _case(value: float, row: Row, which: int, place: Place) -> Case:
    case = Case(value, 1.0 - value / 100, row, which, place)
    losses = _evaluated(row).get("loss")
    loss = losses.get(case.model) if isinstance(losses, dict) else None
    return case._replace(badness=float(loss)) if isinstance(loss, int | float) else case


def _evaluated(row: Row) -> Row:
    """What `eval` says of an example, empty without."""
    found = ours(row).get("eval")
    return found if isinstance(found, dict) else {}
