"""What changed in a prediction's region, and what the model proposed, as patches.

`core.region_patch` says what a patch that Zed's tools apply has to look like.
"""

from itertools import groupby

from capture.export.proposal import excerpt_of, predicted_region
from capture.rows import Snapshot
from zeta_lsp.core.region_patch import header, is_same, rows_of
from zeta_lsp.core.region_patch import region_patch as patch_of
from zeta_lsp.core.rewrite import Rewrite, rewrites_of
from zeta_lsp.core.unified import unified_diff

__all__ = ["answer_patch", "is_same", "region_patch"]

_FILE_ROWS = frozenset({"zeta-v0615"})


def region_patch(snapshot: Snapshot, new: str) -> str:
    """From the region as it was to another text."""
    counts_file_rows = snapshot.format in _FILE_ROWS
    file_row = (snapshot.given.excerpt_start_row or 0) if counts_file_rows else None
    excerpt = excerpt_of(snapshot).decode()
    return patch_of(snapshot.path, excerpt, snapshot.editable, new, file_row=file_row)


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
    return header(snapshot.path) + "".join(
        _hunks(text, row, list(changes)) for (row, text), changes in texts
    )


def _hunks(text: str, row: int, changes: list[Rewrite]) -> str:
    new = text
    for change in changes:
        new = new[: change.start] + change.new + new[change.end :]
    return unified_diff(rows_of(text), rows_of(new), row)
