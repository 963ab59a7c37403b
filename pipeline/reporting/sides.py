"""Two texts side by side: what was expected, what was predicted, and where in a row they differ.

Rows that neither text changed are left out but for a few around each difference. Both are also held
against the text before, so that a reader sees which rows were changed at all.
"""

from collections.abc import Iterator, Sequence

import msgspec
from rapidfuzz.distance import Levenshtein

from pipeline.example import applied, expected_patches
from pipeline.reporting.worst import Case
from zeta_lsp.core.diff.histogram import histogram_diff
from zeta_lsp.core.diff.tokens import units

CONTEXT_ROWS = 3
ROWS_MAX = 80
"""Rows of a case that are shown."""
CHARS_MAX = 300
"""Of a row that are shown."""


class Part(msgspec.Struct, frozen=True):
    """A piece of a row; `differs` if the other side has it not."""

    text: str
    differs: bool = False


class Side(msgspec.Struct, frozen=True):
    """A row of one text, numbered from 1; `is_changed` against the text before."""

    number: int
    parts: tuple[Part, ...]
    is_changed: bool = False


class Pair(msgspec.Struct, frozen=True):
    """A row of each text, None where one has no such row; `skipped` rows stand in between."""

    left: Side | None = None
    right: Side | None = None
    skipped: int = 0

    @property
    def is_same(self) -> bool:
        """Whether both have this row."""
        sides = (self.left, self.right)
        return all(side and not any(part.differs for part in side.parts) for side in sides)


class Sides(msgspec.Struct, frozen=True):
    """A case as it is shown; `note` says what a reader has to know of the two texts."""

    pairs: tuple[Pair, ...]
    note: str = ""
    left_out: int = 0


def sides_of(case: Case) -> Sides:
    """The texts that the right answer and the prediction make; patches if they do not apply."""
    before, patches = case.excerpt, expected_patches(case.row)
    patch = case.prediction.get("actual_patch")
    said = patch if isinstance(patch, str) else ""
    if before is None:
        return _of("", patches[0] if patches else "", said, 0, "patches, for want of the text")
    after = applied(said, before)
    rights = [one for one in (applied(each, before) for each in patches or [""]) if one is not None]
    if not rights:
        return _of("", patches[0], said, 0, "patches: the expected one is about more than is shown")
    if after is None:
        return _of(
            "", patches[0] if patches else "", said, 0, "patches: the prediction's does not fit"
        )
    right = min(rights, key=lambda one: Levenshtein.distance(one, after))
    note = "" if right != before else "nothing was to be changed"
    if after == before and right != before:
        note = "the model changed nothing"
    return _of(before, right, after, case.first_row, note)


def _of(before: str, left: str, right: str, first_row: int, note: str) -> Sides:
    pairs = list(_shortened(list(_paired(before, left, right, first_row))))
    return Sides(tuple(pairs[:ROWS_MAX]), note, max(len(pairs) - ROWS_MAX, 0))


def _paired(before: str, left: str, right: str, first_row: int) -> Iterator[Pair]:
    base, lefts, rights = before.split("\n"), left.split("\n"), right.split("\n")
    changed = (_changed(base, lefts), _changed(base, rights)) if before else (set(), set())

    def side(which: int, index: int, parts: tuple[Part, ...]) -> Side:
        return Side(first_row + index + 1, parts, index in changed[which])

    at_left = at_right = 0
    changes = [(c.before_start, c.before_end, c.after_start, c.after_end)
               for c in histogram_diff(lefts, rights)]  # fmt: skip
    for start, end, other, other_end in [
        *changes,
        (len(lefts), len(lefts), len(rights), len(rights)),
    ]:
        while at_left < start:
            same = _plain(lefts[at_left])
            yield Pair(side(0, at_left, same), side(1, at_right, same))
            at_left, at_right = at_left + 1, at_right + 1
        for step in range(max(end - start, other_end - other)):
            row, mate = start + step, other + step
            one = lefts[row] if row < end else None
            two = rights[mate] if mate < other_end else None
            parts, others = _parts(one, two)
            yield Pair(
                None if one is None else side(0, row, parts),
                None if two is None else side(1, mate, others),
            )
        at_left, at_right = end, other_end


def _changed(base: Sequence[str], rows: Sequence[str]) -> set[int]:
    return {
        row for one in histogram_diff(base, rows) for row in range(one.after_start, one.after_end)
    }


def _plain(row: str) -> tuple[Part, ...]:
    return (Part(_cut(row)),)


def _cut(row: str) -> str:
    return row if len(row) <= CHARS_MAX else f"{row[:CHARS_MAX]} … {len(row) - CHARS_MAX} more"


def _parts(left: str | None, right: str | None) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Two rows in pieces; where one is missing, or both are long, all of a row differs."""
    if left is None or right is None or max(len(left), len(right)) > CHARS_MAX:
        whole = [(Part(_cut(one), True),) if one is not None else () for one in (left, right)]
        return whole[0], whole[1]
    lefts, rights = units(left), units(right)
    ours: list[Part] = []
    others: list[Part] = []
    at = at_other = 0
    for change in histogram_diff(lefts, rights):
        ours.append(Part("".join(lefts[at : change.before_start])))
        ours.append(Part("".join(lefts[change.before_start : change.before_end]), True))
        others.append(Part("".join(rights[at_other : change.after_start])))
        others.append(Part("".join(rights[change.after_start : change.after_end]), True))
        at, at_other = change.before_end, change.after_end
    ours.append(Part("".join(lefts[at:])))
    others.append(Part("".join(rights[at_other:])))
    # an empty row beside a full one differs as well, though there is no word to mark
    return (
        tuple(part for part in ours if part.text) or (Part("", left != right),),
        tuple(part for part in others if part.text) or (Part("", left != right),),
    )


def _shortened(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """The differences with rows around them; what is between is one pair that counts it."""
    told = [index for index, pair in enumerate(pairs) if not pair.is_same]
    near = {
        row
        for index in told
        for row in range(index - CONTEXT_ROWS, index + CONTEXT_ROWS + 1)
        if 0 <= row < len(pairs)
    }
    skipped = 0
    for index, pair in enumerate(pairs):
        if index in near:
            if skipped:
                yield Pair(skipped=skipped)
            skipped = 0
            yield pair
        else:
            skipped += 1
    if skipped:
        yield Pair(skipped=skipped)
