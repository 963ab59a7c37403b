"""How much of a prediction takes back what was just done.

A model that has seen "the text was A and became B" likes to answer A again. The reversal ratio is
the share of a prediction's inserted and deleted characters that undo the latest change of its file:
text deleted that was just inserted, text inserted that was just deleted. 1.0 is an exact undo.

How it works: the latest event's diff is taken back from the current text. The edits original →
current are the history, current → predicted the prediction; both are cut into edits as small as a
word where that is possible. Deletions are matched by position, insertions by longest common
subsequence with what was deleted at that place.

Promise: equal to Zed's metric of that name (`edit_prediction_metrics`), 32-bit rounding included.
"""

import struct
from collections.abc import Iterator, Sequence

import msgspec
from rapidfuzz.distance import LCSseq

from zeta_lsp.core.diff.edits import OffsetEdit, sequence_edits, text_edits
from zeta_lsp.core.diff.reverse import take_back, take_back_in_excerpt
from zeta_lsp.core.events import BufferChange


def reversal_ratio(
    events: Sequence[BufferChange],
    cursor_path: str,
    current: str,
    predicted: str,
    start_row: int | None = None,
) -> float:
    """The reversal ratio of a prediction, 0 to 1 (rarely above).

    `events` run from oldest to newest; only the last one of the cursor's file counts, and an
    accepted prediction counts as no event. `start_row` is the file's row at which `current` starts
    if it is an excerpt, None if it is the whole file.
    """
    event = latest_event(events, cursor_path)
    if event is None or event.predicted:
        return 0.0
    if start_row is None:
        original = take_back(event.diff, current)
    else:
        original = take_back_in_excerpt(event.diff, current, start_row)
    return reversed_share(original, current, predicted)


def latest_event(events: Sequence[BufferChange], path: str) -> BufferChange | None:
    """The newest event of a file; `path` may lack the event path's first folder."""
    for event in reversed(events):
        if event.path == path or event.path.partition("/")[2] == path:
            return event
    return None


def reversed_share(original: str, current: str, predicted: str) -> float:
    """The share of the change `current` → `predicted` that undoes `original` → `current`."""
    history = _History(original, current)
    undone = changed = 0
    for edit in _small_edits(current, predicted):
        changed += edit.end - edit.start + len(edit.new_text)
        undone += history.inserted_within(edit) + history.restored_by(edit)
    return _as_float32(undone / changed) if changed else 0.0


class _Deleted(msgspec.Struct, frozen=True, gc=False):
    """Text that stood at a place of the current text."""

    place: int
    text: str


class _History:
    """What a change inserted and deleted, in offsets of the text after it."""

    def __init__(self, original: str, current: str) -> None:
        self.inserted: list[tuple[int, int]] = []
        self.deleted: list[_Deleted] = []
        moved = 0
        for edit in _small_edits(original, current):
            place = edit.start + moved
            if edit.new_text:
                self.inserted.append((place, place + len(edit.new_text)))
            if edit.end > edit.start:
                self.deleted.append(_Deleted(place, original[edit.start : edit.end]))
            moved += len(edit.new_text) - (edit.end - edit.start)

    def inserted_within(self, edit: OffsetEdit) -> int:
        """Characters of the history's insertions that `edit` deletes."""
        return sum(
            max(0, min(edit.end, end) - max(edit.start, start)) for start, end in self.inserted
        )

    def restored_by(self, edit: OffsetEdit) -> int:
        """Characters that `edit` inserts and the history deleted there, in the same order."""
        if not edit.new_text:
            return 0
        return sum(
            LCSseq.similarity(deleted.text, edit.new_text)
            for deleted in self.deleted
            if deleted.place == edit.start or edit.start < deleted.place < edit.end
        )


def _small_edits(old: str, new: str) -> Iterator[OffsetEdit]:
    """Edits old → new, replacements cut to pure insertions or deletions where they are such."""
    for edit in text_edits(old, new):
        yield from _cut(old[edit.start : edit.end], edit)


def _cut(removed: str, edit: OffsetEdit) -> Sequence[OffsetEdit]:
    added = edit.new_text
    # Only a subsequence can come out as pure insertions or deletions; spare the diff otherwise.
    if not (_is_subsequence(removed, added) or _is_subsequence(added, removed)):
        return (edit,)
    pieces = sequence_edits(removed, added, edit.start)
    if all(not piece.new_text for piece in pieces):
        return pieces
    return pieces if all(piece.start == piece.end for piece in pieces) else (edit,)


def _is_subsequence(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(char in rest for char in part)


def _as_float32(number: float) -> float:
    return float(struct.unpack("f", struct.pack("f", number))[0])
