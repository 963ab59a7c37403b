"""What changed in a prediction's region, as the patches that Zed's tools apply.

A patch has a header with paths and hunks of `core.unified`; without a hunk it says "no edit". Two
facts about those tools, both measured, decide its shape:

* Rows count from the start of the cursor excerpt. With rows of the file, repeated code is not found
  or found in the wrong place. Only ``V0615HashRegions``, which has no excerpt, counts file rows.
* Context rows come from the region alone; a hunk that reaches over its border cannot be resolved.

Both sides are compared with a final newline, because a region ends before its own.
"""

from itertools import groupby

from capture.rows import Snapshot
from zeta_lsp.core.rewrite import Rewrite, rewrites_of
from zeta_lsp.core.text import without_surrogates
from zeta_lsp.core.unified import unified_diff

_FILE_ROWS = frozenset({"zeta-v0615"})


def region_of(snapshot: Snapshot) -> str:
    """The region as it was when the model was asked."""
    return _excerpt(snapshot)[slice(*snapshot.editable)].decode()


def predicted_region(snapshot: Snapshot) -> str | None:
    """The region as the model would have it; None without an answer, or with one about elsewhere.

    The text is closed as the region is: both with a final newline, or both without.
    """
    if snapshot.answer is None:
        return None
    (start, end), new = snapshot.editable, region_of(snapshot).encode()
    for one in sorted(snapshot.answer.replacements, key=lambda each: each.start, reverse=True):
        if one.related is not None or not start <= one.start <= one.end <= end:
            return None
        text = one.text.replace("\r\n", "\n").replace("\r", "\n").encode()
        new = new[: one.start - start] + text + new[one.end - start :]
    return new.decode("utf-8", "replace")


def region_patch(snapshot: Snapshot, new: str) -> str:
    """From the region as it was to another text."""
    data, (start, end) = _excerpt(snapshot), snapshot.editable
    row = _first_row(snapshot) + data.count(b"\n", 0, start)
    old = data[start:end].decode()
    return _header(snapshot.path) + unified_diff(rows_of(old), rows_of(new), row)


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
    return (snapshot.given.excerpt_start_row or 0) if snapshot.format in _FILE_ROWS else 0


def _header(path: str) -> str:
    return f"--- a/{path}\n+++ b/{path}\n"


def _excerpt(snapshot: Snapshot) -> bytes:
    return without_surrogates(snapshot.given.cursor_excerpt).encode()
