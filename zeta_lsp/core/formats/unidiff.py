"""Reading the unified diffs of edit history: what stood there before, what stands there now."""

import re
from collections.abc import Sequence

import msgspec

_HEADER = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


class Hunk(msgspec.Struct, frozen=True):
    """Both sides of one hunk, context rows included, each row with its newline.

    Rows count from 0 in the file; a side without any row begins after the row its header names.
    """

    old_row: int
    new_row: int
    old: str
    new: str


def hunks_of(diff: str) -> tuple[Hunk, ...]:
    """The hunks of a diff without file header; lines that belong to none are skipped."""
    hunks: list[Hunk] = []
    for block in re.split(r"^(?=@@ )", diff, flags=re.MULTILINE):
        header, _, body = block.partition("\n")
        numbers = _HEADER.match(header)
        if numbers:
            old, new = _side(body, "-"), _side(body, "+")
            rows = [
                int(number) - bool(side)
                for number, side in zip(numbers.groups(), (old, new), strict=True)
            ]
            hunks.append(Hunk(rows[0], rows[1], old, new))
    return tuple(hunks)


def _side(body: str, sign: str) -> str:
    rows = [line[1:] + "\n" for line in body.split("\n") if line[:1] in (" ", sign)]
    return "".join(rows)


def undone(rows: Sequence[str], hunk: Hunk, row_hint: int) -> tuple[list[str], int, int] | None:
    """Take a hunk back where its new side stands in `rows`, nearest to `row_hint`.

    Returns:
        The rows before the change, the first row that differs, and how many rows the change had
        added; None where the new side does not stand.
    """
    old, new = hunk.old.split("\n")[:-1], hunk.new.split("\n")[:-1]
    places = [
        at
        for at in range(len(rows) if new else 0)
        if rows[at] == new[0] and rows[at : at + len(new)] == new
    ]
    if not places:
        return None
    at = min(places, key=lambda place: abs(place - row_hint))
    before = [*rows[:at], *old, *rows[at + len(new) :]]
    return before, at + _shared(old, new), len(new) - len(old)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    limit = min(len(one), len(other))
    return next((at for at in range(limit) if one[at] != other[at]), limit)
