"""What changes in a region of an excerpt, as the patch that Zed's tools apply.

A patch has a header with paths and hunks of `unified`; without a hunk it says "no edit". Three
facts about those tools, all measured, decide its shape:

* Rows count from the start of the cursor excerpt. With rows of the file, repeated code is not found
  or found in the wrong place. Only ``V0615HashRegions``, which has no excerpt, counts file rows,
  and finds repeated code by them.
* Context rows come from the region alone; a hunk that reaches over its border cannot be resolved.
* A hunk whose text occurs again in the excerpt may not be resolved whatever its rows, because
  places that overlap are not all tried. Such a patch is one hunk with the whole region in it.

Both sides are compared with a final newline, because a region ends before its own.
"""

import re

from zeta_lsp.core.prompt import ByteRange
from zeta_lsp.core.unified import unified_diff

_HUNK = re.compile(r"^@@ .*\n", re.MULTILINE)


def region_patch(
    path: str, excerpt: str, region: ByteRange, new: str, *, file_row: int | None = None
) -> str:
    """From a region of the excerpt as it is to another text.

    `file_row` is the file's row in which the excerpt begins, for the format that counts those.
    """
    data, (start, end) = excerpt.encode(), region
    row = (file_row or 0) + data.count(b"\n", 0, start)
    old_rows, new_rows = rows_of(data[start:end].decode()), rows_of(new)
    hunks = unified_diff(old_rows, new_rows, row)
    if file_row is None and not _is_unique(hunks, excerpt):
        hunks = unified_diff(old_rows, new_rows, row, max(len(old_rows), len(new_rows)))
    return header(path) + hunks


def header(path: str) -> str:
    """The two lines that name the file."""
    return f"--- a/{path}\n+++ b/{path}\n"


def rows_of(text: str) -> list[str]:
    """Rows without their newlines, as if the text ended with one; an empty text has none."""
    return text.removesuffix("\n").split("\n") if text else []


def is_same(one: str, other: str) -> bool:
    """Whether two texts of a region are the same edit."""
    return rows_of(one) == rows_of(other)


def _is_unique(hunks: str, excerpt: str) -> bool:
    return all(_occurs_once(hunk, excerpt) for hunk in _HUNK.split(hunks)[1:])


def _occurs_once(hunk: str, excerpt: str) -> bool:
    """Whether the text that a hunk looks for stands in one place only, overlaps counted."""
    rows = [row[1:] for row in hunk.split("\n") if row.startswith((" ", "-"))]
    wanted, text = "\n".join(rows), excerpt + "\n"
    return text.find(wanted, text.find(wanted) + 1) < 0
