"""Where the cursor should go next, and how far off a prediction put it.

An expected patch says it by a mark in a row that it adds; the offset counts the UTF-8 bytes of all
rows of the patch that are there afterwards. A prediction says it by its offset in the editable
region. The two are compared as they are: that is Zed's metric, and means something only where the
rows of the patch are those of the region.
"""

import re

import msgspec

from pipeline.metrics.patch_rows import rows_of
from zeta_lsp.core.formats.cursor_mark import CURSOR
from zeta_lsp.core.text import byte_length

_HEADER = re.compile(r"\+\+\+[ \t\r\f]")


class CursorDistance(msgspec.Struct, frozen=True):
    """`bytes_off` is None if one side says nothing, `is_exact` if neither does."""

    bytes_off: int | None = None
    is_exact: bool | None = None


def cursor_distance(expected: int | None, *, is_said: bool, actual: int | None) -> CursorDistance:
    """Compare two offsets; `is_said` that the prediction has a cursor, if perhaps no offset."""
    if expected is None or not is_said:
        return CursorDistance(None, None if expected is None and not is_said else False)
    off = abs(expected - (actual or 0))
    return CursorDistance(off, off == 0)


def without_marks(patch: str) -> tuple[str, int | None]:
    """A patch without cursor marks in the rows that it adds, and the offset of the first one.

    A mark in another row is text.
    """
    if CURSOR not in patch:
        return patch, None
    cleaned: list[str] = []
    at, cursor = 0, None
    for row in rows_of(patch):
        is_added = row.startswith("+") and not _HEADER.match(row)
        if is_added and cursor is None and CURSOR in row:
            cursor = at + byte_length(row[1 : row.index(CURSOR)])
        kept = row.replace(CURSOR, "") if is_added else row
        if is_added or kept.startswith(" ") or not kept:
            at += byte_length(kept) or 1  # the sign stands for the row's end
        cleaned.append(kept)
    return "\n".join(cleaned) + "\n" * patch.endswith("\n"), cursor
