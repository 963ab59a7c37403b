"""What changed in a prediction's region, as the patches that Zed's tools apply.

A patch has a header with paths and hunks of `core.unified`; without a hunk it says "no edit". Three
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
from itertools import groupby

from capture.export.proposal import excerpt_of, predicted_region
from capture.rows import Snapshot
from zeta_lsp.core.rewrite import Rewrite, rewrites_of
from zeta_lsp.core.unified import unified_diff

_HUNK = re.compile(r"^@@ .*\n", re.MULTILINE)
_FILE_ROWS = frozenset({"zeta-v0615"})


def region_patch(snapshot: Snapshot, new: str) -> str:
    """From the region as it was to another text."""
    data, (start, end) = excerpt_of(snapshot), snapshot.editable
    row = _first_row(snapshot) + data.count(b"\n", 0, start)
    old_rows, new_rows = rows_of(data[start:end].decode()), rows_of(new)
    hunks = unified_diff(old_rows, new_rows, row)
    if not (_counts_file_rows(snapshot) or _is_unique(hunks, data.decode())):
        hunks = unified_diff(old_rows, new_rows, row, max(len(old_rows), len(new_rows)))
    return _header(snapshot.path) + hunks


def _is_unique(hunks: str, excerpt: str) -> bool:
    return all(_occurs_once(hunk, excerpt) for hunk in _HUNK.split(hunks)[1:])


def _occurs_once(hunk: str, excerpt: str) -> bool:
    """Whether the text that a hunk looks for stands in one place only, overlaps counted."""
    rows = [row[1:] for row in hunk.split("\n") if row.startswith((" ", "-"))]
    wanted, text = "\n".join(rows), excerpt + "\n"
    return text.find(wanted, text.find(wanted) + 1) < 0


def answer_patch(snapshot: Snapshot) -> str | None:
    """What the model proposed, wherever it did; None without an answer.

    Raises:
        PositionError: the answer is about a place that its input does not have.
    """
    if snapshot.answer is None:
        return None
    region = predicted_region(snapshot)
    if region is not None:
        return region_patch(snapshot, region)
    rewrites = sorted(
        rewrites_of(snapshot.answer, snapshot.given),
        key=lambda one: (one.start_row or 0, one.text, -one.start),
    )
    texts = groupby(rewrites, key=lambda one: (one.start_row or 0, one.text))
    return _header(snapshot.path) + "".join(
        _hunks(text, row, list(changes)) for (row, text), changes in texts
    )


def is_same(one: str, other: str) -> bool:
    """Whether two texts of a region are the same edit."""
    return rows_of(one) == rows_of(other)


def rows_of(text: str) -> list[str]:
    """Rows without their newlines, as if the text ended with one; an empty text has none."""
    return text.removesuffix("\n").split("\n") if text else []


def _hunks(text: str, row: int, changes: list[Rewrite]) -> str:
    new = text
    for change in changes:
        new = new[: change.start] + change.new + new[change.end :]
    return unified_diff(rows_of(text), rows_of(new), row)


def _first_row(snapshot: Snapshot) -> int:
    return (snapshot.given.excerpt_start_row or 0) if _counts_file_rows(snapshot) else 0


def _counts_file_rows(snapshot: Snapshot) -> bool:
    return snapshot.format in _FILE_ROWS


def _header(path: str) -> str:
    return f"--- a/{path}\n+++ b/{path}\n"
