"""Changes of nothing but blank rows, which hardly anybody wants to be asked about.

A run of changed rows is isolated white space if a blank row is in it and no other. The blank row
that the cursor is put into is none: it is where the person goes on. Zed's definition.
"""

from pipeline.metrics.patch_rows import Hunk, hunks_of, parted


def has_isolated_whitespace(patch: str, cursor_row: int | None = None) -> bool:
    """Whether a patch changes a blank row by itself; `cursor_row` is in the new file, from 0."""
    return any(_is_isolated_in(hunk, cursor_row) for hunk in hunks_of(patch))


def _is_isolated_in(hunk: Hunk, cursor_row: int | None) -> bool:
    row_number = hunk.new_start
    for group, after in parted(hunk):
        blank = False
        for row in group:
            is_cursors = cursor_row is not None and row_number == cursor_row + 1
            blank = blank or (row.is_blank and not (row.sign == "+" and is_cursors))
            row_number += row.sign == "+"
        if blank and all(row.is_blank for row in group):
            return True
        row_number += after is not None and after.sign == " "
    return False
