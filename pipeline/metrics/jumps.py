"""Whether a prediction changes the right places, and whether its input showed them.

A patch is anchored to rows of the old file: those that it deletes and, where it only inserts, the
row above and the row below, as far as the patch shows them. `location_match` pairs the anchors of a
prediction with those of what was expected, as long as they lie at most `WINDOW_ROWS` apart;
`context_coverage` asks how much of what is around the expected ones stood in the excerpts that the
model saw. Both count rows and files.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Protocol

import msgspec

from pipeline.metrics.patch_rows import Hunk, hunks_of, parted

WINDOW_ROWS = 20

Anchors = dict[str, list[int]]
"""Rows, from 0, in ascending order, by path."""


class Places(msgspec.Struct, frozen=True):
    """Rows and files that both have, only the one that is judged, only the one that was wanted.

    Precision and recall are 1 where there is nothing to be wrong about.
    """

    lines_tp: int
    lines_fp: int
    lines_fn: int
    lines_precision: float
    lines_recall: float
    lines_f1: float
    files_tp: int
    files_fp: int
    files_fn: int
    files_precision: float
    files_recall: float
    files_f1: float


class Shown(Protocol):
    """Rows of a file that the model saw."""

    @property
    def path(self) -> str:
        """The file's path."""

    @property
    def rows(self) -> range:
        """Its rows, from 0."""


def location_match(expected: str, actual: str) -> Places:
    """Compare the places that two patches change.

    A path of the actual patch may have a folder more at its start, such as the project's name.
    """
    wanted = anchors_of(expected)
    found = _renamed({path: rows for path, rows in anchors_of(actual).items() if rows}, wanted)
    right = sum(_paired(wanted.get(path, []), rows) for path, rows in found.items())
    files_right = len(found.keys() & wanted.keys())
    return _places(
        (right, _count(found) - right, _count(wanted) - right),
        (files_right, len(found) - files_right, len(wanted) - files_right),
    )


def context_coverage(expected: str, shown: Iterable[Shown]) -> Places:
    """How much of the surroundings of what should change was shown, and how much beside it.

    Shown rows are right within `WINDOW_ROWS` of an anchor; an anchor that was not shown is missing.
    Recall is the share of anchors that were shown.
    """
    wanted = anchors_of(expected)
    seen: dict[str, set[int]] = {}
    for excerpt in shown:
        path = next((one for one in wanted if is_same_file(one, excerpt.path)), excerpt.path)
        seen.setdefault(path, set()).update(excerpt.rows)
    relevant = {path: _around(rows) for path, rows in wanted.items()}
    right = sum(len(rows & relevant.get(path, set())) for path, rows in seen.items())
    missed = sum(len(set(rows) - seen.get(path, set())) for path, rows in wanted.items())
    surplus = sum(map(len, seen.values())) - right
    anchors = _count(wanted)
    recall = (anchors - missed) / anchors if anchors else 1.0
    files = len(seen.keys() & wanted.keys())
    return _places(
        (right, surplus, missed), (files, len(seen) - files, len(wanted) - files), recall
    )


def anchors_of(patch: str) -> Anchors:
    """Where a patch is anchored, for each file that it changes."""
    found: dict[str, set[int]] = {}
    for hunk in hunks_of(patch):
        if any(row.is_change for row in hunk.rows):
            found.setdefault(hunk.path, set()).update(_anchor_rows(hunk))
    return {path: sorted(rows) for path, rows in found.items()}


def is_same_file(one: str, other: str) -> bool:
    """Whether two paths name one file; either may have the project's name before it."""
    return one == other or one.partition("/")[2] == other or one == other.partition("/")[2]


def _anchor_rows(hunk: Hunk) -> Iterator[int]:
    """Rows to which the changes of a hunk are anchored."""
    at, is_below_context = max(0, hunk.old_start - 1), False
    for group, after in parted(hunk):
        deleted = sum(row.sign == "-" for row in group)
        yield from range(at, at + deleted)
        is_above_context = after is not None and after.sign == " "
        if group and not deleted:
            yield from [at - 1] * is_below_context + [at] * is_above_context
        at += deleted + is_above_context
        is_below_context = is_above_context or (is_below_context and not group)


def _around(rows: Iterable[int]) -> set[int]:
    return {near for row in rows for near in range(row - WINDOW_ROWS, row + WINDOW_ROWS + 1)}


def _renamed(found: Anchors, wanted: Anchors) -> Anchors:
    """Anchors by the paths that the other patch uses."""
    renamed: dict[str, set[int]] = {}
    for path, rows in found.items():
        inner = path.partition("/")[2]
        name = inner if path not in wanted and inner and inner in wanted else path
        renamed.setdefault(name, set()).update(rows)
    return {path: sorted(rows) for path, rows in renamed.items()}


def _paired(wanted: list[int], found: list[int]) -> int:
    """How many rows have a partner of their own: the lowest free one in reach, in this order."""
    free = deque(wanted)
    pairs = 0
    for row in found:
        while free and free[0] < row - WINDOW_ROWS:
            free.popleft()
        if free and free[0] <= row + WINDOW_ROWS:
            free.popleft()
            pairs += 1
    return pairs


def _count(anchors: Anchors) -> int:
    return sum(map(len, anchors.values()))


_Counts = tuple[int, int, int]
"""Right, surplus, missing."""


def _places(lines: _Counts, files: _Counts, lines_recall: float | None = None) -> Places:
    return Places(*lines, *_rates(*lines, recall=lines_recall), *files, *_rates(*files))


def _rates(
    right: int, surplus: int, missing: int, *, recall: float | None = None
) -> tuple[float, float, float]:
    precision = right / (right + surplus) if right + surplus else 1.0
    if recall is None:
        recall = right / (right + missing) if right + missing else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return precision, recall, f1
