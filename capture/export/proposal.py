"""What the model would have made of the region.

An answer may be about the cursor excerpt or about an excerpt of the cursor's file among the related
files (``zeta-v0615``); both are carried into the region by their rows. One that reaches out of the
region, or whose place is not known, has no such text.
"""

from collections.abc import Iterator

from capture.rows import Snapshot
from zeta_lsp.core.rewrite import Rewrite, rewrites_of
from zeta_lsp.core.text import without_surrogates

_Change = tuple[int, int, str]
"""A new text for ``[start, end)`` of the cursor excerpt, in code points."""


def region_of(snapshot: Snapshot) -> str:
    """The region as it was when the model was asked."""
    return excerpt_of(snapshot)[slice(*snapshot.editable)].decode()


def excerpt_of(snapshot: Snapshot) -> bytes:
    """The cursor excerpt, which byte ranges count in."""
    return without_surrogates(snapshot.given.cursor_excerpt).encode()


def predicted_region(snapshot: Snapshot) -> str | None:
    """The region as the model would have it; None without an answer about it.

    Raises:
        PositionError: the answer is about a place that its input does not have.
    """
    if snapshot.answer is None:
        return None
    data, (start_byte, end_byte) = excerpt_of(snapshot), snapshot.editable
    start, end = len(data[:start_byte].decode()), len(data[:end_byte].decode())
    region = data[start_byte:end_byte].decode()
    for change in sorted(_changes(snapshot, data.decode()), key=_first, reverse=True):
        if change is None or not start <= change[0] <= change[1] <= end:
            return None
        region = region[: change[0] - start] + change[2] + region[change[1] - start :]
    return region


def _first(change: _Change | None) -> int:
    return -1 if change is None else change[0]


def _changes(snapshot: Snapshot, excerpt: str) -> Iterator[_Change | None]:
    first_row = snapshot.given.excerpt_start_row or 0
    assert snapshot.answer is not None
    for rewrite in rewrites_of(snapshot.answer, snapshot.given):
        if rewrite.text == excerpt:
            yield rewrite.start, rewrite.end, rewrite.new
        else:
            yield _carried(rewrite, excerpt, first_row)


def _carried(rewrite: Rewrite, excerpt: str, first_row: int) -> _Change | None:
    """A change of another excerpt as one of this; None if the text does not stand there."""
    before = rewrite.text[: rewrite.start]
    row = (rewrite.start_row or 0) + before.count("\n") - first_row
    rows = excerpt.split("\n")
    if not 0 <= row < len(rows):
        return None
    start = sum(len(each) + 1 for each in rows[:row]) + len(before) - before.rfind("\n") - 1
    end = start + len(rewrite.old)
    if excerpt[start:end] == rewrite.old:
        return start, end, rewrite.new
    if excerpt[start:] + "\n" == rewrite.old:  # the excerpt leaves its last newline out
        return start, len(excerpt), rewrite.new.removesuffix("\n")
    return None
