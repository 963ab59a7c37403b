"""Changed rows that two patches share, as bags: what of a prediction is right to the character.

A row counts with its sign. Whatever looks like a header is left out, wherever it stands, and with
it the rare code whose removal looks like one (``--- comment``); so does Zed's metric.
"""

from collections import Counter

import msgspec

from pipeline.metrics.patch_rows import rows_of

_HEADERS = ("---", "+++")


class ExactLines(msgspec.Struct, frozen=True):
    """Rows that both patches change alike, only the actual one, only the expected one."""

    true_positives: int
    false_positives: int
    false_negatives: int

    @property
    def precision(self) -> float:
        """0 if nothing was predicted."""
        return _share(self.true_positives, self.false_positives)

    @property
    def recall(self) -> float:
        """0 if nothing was expected."""
        return _share(self.true_positives, self.false_negatives)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        precision, recall = self.precision, self.recall
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def exact_lines(expected: str, actual: str) -> ExactLines:
    """Compare the rows that two patches change."""
    wanted, found = changed_lines(expected), changed_lines(actual)
    shared = (wanted & found).total()
    return ExactLines(shared, found.total() - shared, wanted.total() - shared)


def changed_lines(patch: str) -> Counter[str]:
    """How often a patch adds or removes each row, by the row with its sign."""
    changed = (row for row in rows_of(patch) if row.startswith(("+", "-")))
    return Counter(row for row in changed if not row.startswith(_HEADERS))


def _share(right: int, wrong: int) -> float:
    return right / (right + wrong) if right + wrong else 0.0
