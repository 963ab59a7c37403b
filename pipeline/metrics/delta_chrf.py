"""delta-chrF: how alike two edits of one text are, by the runs of characters that they change.

An edit is what it adds to and takes from the counts of the text's n-grams (orders 1 to 6). Two
edits are compared as bags of such changes, order by order; the score is the F-measure (β = 0.5, so
precision counts double) of the mean precision and recall, 0 to 100. Runs of blanks and of line ends
count as one, and where in the text a change lies does not matter.

How it is fast: n-grams inside a run that both sides of an edit share cancel out, so only those that
touch a changed place are counted. Which runs are taken as shared decides nothing but the time.

Promise: the figures are those of Zed's metric of that name, its leniency with edits of very short
texts included: an order for which neither edit's surroundings have a single n-gram counts as
perfect.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import cast

import msgspec
from rapidfuzz.distance import Indel, Postfix, Prefix

ORDERS = range(1, 7)
BETA = 0.5
CONTEXT_CHARS = 5
"""So much around the changed stretch belongs to an edit's surroundings."""
_PAIRED_MAX = 1 << 26
"""Sizes of two sequences multiplied; larger ones would take too much memory to be paired."""
_GAP_CHARS = 6
"""Changes closer than that are counted as one, which is faster."""

_BLANK = "\t\x0b\x0c\r\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_ODD_BLANKS = re.compile(f"[ {_BLANK}]{{2,}}|[{_BLANK}]")
_ROW_ENDS = re.compile("\n{2,}")
_ROW = re.compile("[^\n]*\n|[^\n]+")

Span = tuple[int, int]
Bag = dict[str, int]
Difference = tuple[int, int, int, int]
"""Start and end before, start and end after."""


class DeltaChrF(msgspec.Struct, frozen=True):
    """Score (0 to 100), mean precision and recall (0 to 1), and n-grams over all orders."""

    score: float
    true_positives: int
    false_positives: int
    false_negatives: int
    precision: float
    recall: float


def delta_chrf(original: str, expected: str, actual: str) -> DeltaChrF:
    """Compare the edit original → actual with the edit original → expected."""
    before = collapsed(original)
    return compared(Delta(before, collapsed(expected)), Delta(before, collapsed(actual)))


def collapsed(text: str) -> str:
    """Text with every run of blanks as one space and every run of line ends as one."""
    return _ROW_ENDS.sub("\n", _ODD_BLANKS.sub(" ", text))


class Changed(msgspec.Struct, frozen=True):
    """N-grams that became fewer and more, by how many, and the sum of both. None is in both."""

    fewer: Bag
    more: Bag
    size: int


class Delta:
    """An edit, and what it changes in the counts of n-grams. Both texts are `collapsed`."""

    def __init__(self, before: str, after: str) -> None:
        head, tail = _edges(before, after)
        self.surroundings_chars = _surroundings_chars(before, after, head, tail)
        changes = _changes(before, after, head, tail)
        self._before, self._removed = before, [(start, end) for start, end, _, _ in changes]
        self._after, self._added = after, [(start, end) for _, _, start, end in changes]
        self._orders: dict[int, Changed] = {}

    def of_order(self, order: int) -> Changed:
        """What changes of the n-grams of one order."""
        found = self._orders.get(order)
        if found is None:
            removed = _grams(self._before, self._removed, order)
            found = _changed(removed, _grams(self._after, self._added, order))
            self._orders[order] = found
        return found


def compared(expected: Delta, actual: Delta) -> DeltaChrF:
    """How alike two edits of the same text are."""
    precisions, recalls = 0.0, 0.0
    right = surplus = missing = 0
    for order in ORDERS:
        if max(expected.surroundings_chars, actual.surroundings_chars) < order:
            precisions, recalls = precisions + 1.0, recalls + 1.0
            continue
        wanted, found = expected.of_order(order), actual.of_order(order)
        shared = _shared(wanted.fewer, found.fewer) + _shared(wanted.more, found.more)
        precisions += shared / found.size if found.size else 0.0
        recalls += shared / wanted.size if wanted.size else 0.0
        right += shared
        surplus += found.size - shared
        missing += wanted.size - shared
    precision, recall = precisions / len(ORDERS), recalls / len(ORDERS)
    return DeltaChrF(_f_score(precision, recall), right, surplus, missing, precision, recall)


def _f_score(precision: float, recall: float) -> float:
    if precision + recall == 0.0:
        return 0.0
    weight = BETA * BETA
    return (1.0 + weight) * precision * recall / (weight * precision + recall) * 100.0


def _changed(removed: list[str], added: list[str]) -> Changed:
    fewer, more = _bag(removed), _bag(added)
    size = len(removed) + len(added)
    for gram in fewer.keys() & more.keys():
        surplus = more[gram] - fewer[gram]
        size -= 2 * min(more[gram], fewer[gram])
        if surplus >= 0:
            del fewer[gram]
        if surplus <= 0:
            del more[gram]
        if surplus > 0:
            more[gram] = surplus
        elif surplus < 0:
            fewer[gram] = -surplus
    return Changed(fewer, more, size)


def _shared(one: Bag, other: Bag) -> int:
    return sum(min(one[gram], other[gram]) for gram in one.keys() & other.keys())


def _bag(grams: list[str]) -> Bag:
    return dict(Counter(grams))


def _grams(text: str, spans: Sequence[Span], order: int) -> list[str]:
    """The n-grams that touch a span; an empty span is touched by those that reach over it."""
    grams: list[str] = []
    next_start, starts_end = 0, len(text) - order + 1
    for start, end in spans:
        first = max(next_start, start - order + 1)
        next_start = max(next_start, min(end, starts_end))
        grams += [text[at : at + order] for at in range(first, next_start)]
    return grams


def _edges(before: str, after: str) -> tuple[int, int]:
    """Characters that both texts share at their start, and of the rest at their end."""
    head = Prefix.similarity(before, after)
    shorter = min(len(before), len(after))
    return head, min(Postfix.similarity(before, after), shorter - head)


def _surroundings_chars(before: str, after: str, head: int, tail: int) -> int:
    """Characters of the longer side of the changed stretch with its context; 0 if all is equal."""
    if before == after:
        return 0
    context = min(head, CONTEXT_CHARS) + min(tail, CONTEXT_CHARS)
    return max(len(before), len(after)) - head - tail + context


def _changes(before: str, after: str, head: int, tail: int) -> list[Difference]:
    """Spans before and after between which both texts are equal."""
    changes: list[Difference] = []
    stretches = before[head : len(before) - tail], after[head : len(after) - tail]
    for start, end, new_start, new_end in _differences(*stretches):
        if changes and start + head - changes[-1][1] < _GAP_CHARS:
            first, _, new_first, _ = changes.pop()
            changes.append((first, end + head, new_first, new_end + head))
        else:
            changes.append((start + head, end + head, new_start + head, new_end + head))
    return changes


def _differences(before: str, after: str) -> Iterator[Difference]:
    """By character if the texts are small enough, else by row."""
    if len(before) * len(after) <= _PAIRED_MAX:
        return _unequal(before, after)
    rows, new_rows = _ROW.findall(before), _ROW.findall(after)
    if len(rows) * len(new_rows) > _PAIRED_MAX:
        return iter([(0, len(before), 0, len(after))] if before != after else [])
    numbers: dict[str, int] = {}
    numbered = [[numbers.setdefault(row, len(numbers)) for row in one] for one in (rows, new_rows)]
    at, new_at = (list(accumulate(map(len, one), initial=0)) for one in (rows, new_rows))
    return ((at[a], at[b], new_at[c], new_at[d]) for a, b, c, d in _unequal(*numbered))


def _unequal(before: Sequence[object], after: Sequence[object]) -> Iterator[Difference]:
    for tag, *spans in Indel.opcodes(before, after).as_list():
        if tag != "equal":
            yield cast("Difference", spans)
