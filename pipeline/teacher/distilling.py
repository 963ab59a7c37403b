"""The stage ``distill``: what the teacher came to becomes what the student is to write.

A prediction that was repaired counts as its repair, one that was not as itself; what still fails,
or could not be read, does not count. Up to three different answers become the expected patches.
Cursors are written into them as Zed's tools expect: a mark in an added row.
"""

from collections.abc import Iterable, Iterator

import msgspec

from pipeline.example import expected_patches, ours, predictions
from pipeline.records import Dropped, Row
from pipeline.teacher.case import FILE_ROWS
from pipeline.teacher.repairing import is_repair, repairs_of
from zeta_lsp.core.formats.cursor_mark import CURSOR

_SET_ASIDE = ("prompt", "predictions", "score", "qa")


class Distill(msgspec.Struct, frozen=True):
    """The stage. `most` is how many answers an example may have."""

    most: int = 3

    name = "distill"
    version = 1

    def rows(self, row: Row) -> Iterable[Row | Dropped]:
        """The example with expected patches, and without what led to them."""
        if not predictions(row):
            return [Dropped("nothing_predicted", "run `zeta-pipeline predict` first")]
        good = list(_good(predictions(row)))
        patches = _different(good, row)[: self.most]
        if not patches:
            return [Dropped("nothing_to_distill", _why(row))]
        return [_distilled(row, patches, good)]


def with_cursor(patch: str, cursor: object, first_row: int = 0) -> str:
    """A patch with Zed's mark where the cursor comes to stand, if that is in a row it adds.

    `first_row` is the patch's number for row 0 of the cursor. Columns are UTF-8 bytes.
    """
    if not isinstance(cursor, dict) or CURSOR in patch:
        return patch
    place, column = cursor.get("row"), cursor.get("column")
    if not isinstance(place, int) or not isinstance(column, int):
        return patch
    rows, at = patch.split("\n"), -1
    for index, text in enumerate(rows):
        if text.startswith("@@ "):
            at = _new_start(text) - first_row
        elif at >= 0 and text[:1] in ("+", " "):
            if at == place and text[0] == "+":
                rows[index] = f"+{_marked(text[1:], column)}"
                break
            at += 1
    return "\n".join(rows)


def _good(made: list[Row]) -> Iterator[Row]:
    repairs = repairs_of(made)
    for number, one in enumerate(made):
        if is_repair(one):
            continue
        final = repairs.get(number, one)
        source = final.get("zeta")
        still_fails = isinstance(source, dict) and bool(source.get("failings_left"))
        if isinstance(final.get("actual_patch"), str) and not still_fails:
            yield final


def _different(good: list[Row], row: Row) -> list[str]:
    """Their patches with cursors; of the same edit only the first."""
    found: dict[str, str] = {}
    for one in good:
        patch, cursor = one["actual_patch"], one.get("actual_cursor")
        found.setdefault(patch, with_cursor(patch, cursor, _first_row(one, row)))
    return list(found.values())


def _first_row(one: Row, row: Row) -> int:
    """What patches of a format call the first row of the excerpt."""
    source, inputs = one.get("zeta"), row.get("prompt_inputs")
    if not isinstance(source, dict) or source.get("format") not in FILE_ROWS:
        return 0
    start = inputs.get("excerpt_start_row") if isinstance(inputs, dict) else None
    return start if isinstance(start, int) else 0


def _distilled(row: Row, patches: list[str], good: list[Row]) -> Row:
    extras = {**ours(row), "distilled": [_source(one) for one in good]}
    if earlier := expected_patches(row):
        extras.setdefault("settled_patches", earlier)
    new = {name: value for name, value in row.items() if name not in _SET_ASIDE}
    new |= {"expected_patches": patches, "predictions": [], "score": [], "qa": []}
    rejected = new.get("rejected_patch")
    if rejected in {one["actual_patch"] for one in good}:
        new["rejected_patch"] = None  # another sample says the same, and that one was let stand
    return {**new, "zeta": extras}


def _source(one: Row) -> Row:
    """Who wrote it, and what had been wrong with it."""
    source = one.get("zeta")
    return {"provider": one.get("provider"), **(source if isinstance(source, dict) else {})}


def _why(row: Row) -> str:
    errors = {str(one.get("error") or "still_fails") for one in predictions(row)}
    return ", ".join(sorted(errors))


def _new_start(header: str) -> int:
    """The row in which a hunk's new side begins, counted from 0."""
    number = header.partition("+")[2].partition(",")[0].partition(" ")[0]
    return int(number) - 1 if number.isdigit() else 0


def _marked(text: str, column: int) -> str:
    data = text.encode()
    if column > len(data):
        return text
    try:
        return data[:column].decode() + CURSOR + data[column:].decode()
    except UnicodeDecodeError:
        return text  # a column inside a character is no place
