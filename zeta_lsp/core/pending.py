"""The history event that is still growing: the latest edits, as long as they belong together.

It remembers what the rows it covers were, and asks the document for what they are. All it covers
is one run of rows, so a new edit costs only the rows by which that run grows.
"""

import msgspec

from zeta_lsp.core.documents import Document
from zeta_lsp.core.events import Edit, Source, Splice
from zeta_lsp.core.passage import Passage, Rows, TextBefore, passage_of
from zeta_lsp.core.text import byte_length

GROUPING_ROWS = 8
"""Edits at most so many rows apart are one event (Zed: `CHANGE_GROUPING_LINE_SPAN`)."""
PAUSE_S = 1.0
"""A pause in typing that splits an event in two (Zed: `LAST_CHANGE_GROUPING_TIME`)."""
SHOWN_BYTES = 6144
"""Larger sides of a diff are not shown whole (Zed: `EDIT_HISTORY_DIFF_SIZE_LIMIT`, 2048 * 3)."""
COVERED_ROWS = 200
"""An event that would cover more rows ends."""
_COVERED_BYTES = SHOWN_BYTES * 3 // 4
"""An event that grows edit by edit ends before it could not be shown with the rows around it."""


class Tally(msgspec.Struct):
    """Who made some edits, how much text went in and out, and when that last happened."""

    time_s: float
    sources: tuple[Source, ...] = ()
    inserted_bytes: int = 0
    deleted_bytes: int = 0

    def add(self, edit: Edit) -> None:
        """Count one more edit."""
        self.time_s = edit.time_s
        if edit.source not in self.sources:
            self.sources += (edit.source,)
        self.inserted_bytes += byte_length(edit.splice.new_text)
        self.deleted_bytes += byte_length(edit.splice.old_text)

    def plus(self, later: "Tally") -> "Tally":
        """Both together."""
        return Tally(
            later.time_s,
            tuple(dict.fromkeys(self.sources + later.sources)),
            self.inserted_bytes + later.inserted_bytes,
            self.deleted_bytes + later.deleted_bytes,
        )


class Naming(msgspec.Struct, frozen=True, gc=False):
    """Which file an event is about, and whether accepted predictions made it."""

    uri: str
    path: str
    old_path: str
    predicted: bool


class Pending:
    """A growing event of one document, begun by one edit.

    `before` is always the text before the edit that is handed in with it.
    """

    __slots__ = (
        "_at_pause",
        "_end_row",
        "_first_row",
        "_latest",
        "_now_bytes",
        "_old",
        "_old_bytes",
        "_tally_at_pause",
        "document",
        "first_revision",
        "last_edit",
        "naming",
        "revision",
        "tally",
    )

    def __init__(
        self, document: Document, edit: Edit, before: TextBefore, path: str, old_path: str
    ) -> None:
        splice = edit.splice
        self.document = document
        self.naming = Naming(edit.uri, path, old_path, edit.source is Source.ACCEPTED)
        self.last_edit = edit
        self.revision = document.revision
        self.first_revision = document.revision - 1
        self.tally = Tally(edit.time_s)
        self.tally.add(edit)
        self._tally_at_pause: Tally | None = None
        self._at_pause: list[str] = []
        self._first_row, self._end_row = splice.start_row, splice.new_end_row + 1
        self._old = before[splice.start_row : splice.old_end_row + 1]
        self._old_bytes = sum(map(byte_length, self._old))
        self._now_bytes = self._old_bytes + _growth_bytes(splice)
        self._latest = (splice.start_row, splice.new_end_row)

    def is_near(self, splice: Splice) -> bool:
        """Whether an edit is close to the latest one."""
        first, last = self._latest
        return rows_apart(first, last, splice.start_row, splice.old_end_row) <= GROUPING_ROWS

    def has_room(self, edit: Edit) -> bool:
        """Whether the event could still be shown.

        The places of one action may lie far apart, their diff skips what is between.
        """
        splice = edit.splice
        first = min(self._first_row, splice.start_row)
        rows = max(self._end_row, splice.old_end_row + 1) - first
        old_rows = len(self._old) + rows - (self._end_row - self._first_row)
        if max(old_rows, rows, rows + splice.row_delta) > COVERED_ROWS:
            return False
        now_bytes = self._now_bytes + _growth_bytes(splice)
        fits = max(self._old_bytes, now_bytes) <= _COVERED_BYTES
        return fits or same_action(self.last_edit, edit)

    def follow(self, edit: Edit, before: TextBefore) -> None:
        """Take one more edit in."""
        splice = edit.splice
        if edit.time_s - self.last_edit.time_s >= PAUSE_S:
            self._at_pause = before[self._first_row : self._end_row]
            self._tally_at_pause = self.whole_tally
            self.tally = Tally(edit.time_s)
        self._cover(splice.start_row, splice.old_end_row + 1, before)
        self._end_row += splice.row_delta
        self._now_bytes += _growth_bytes(splice)
        self._latest = (splice.start_row, splice.new_end_row)
        self.tally.add(edit)
        self.last_edit = edit
        self.revision = self.document.revision

    def _cover(self, first: int, end: int, before: TextBefore) -> None:
        """Include rows that no edit of this event touched so far."""
        above = before[first : self._first_row]
        below = before[self._end_row : end]
        if not above and not below:
            return
        self._old = [*above, *self._old, *below]
        if self._tally_at_pause is not None:
            self._at_pause = [*above, *self._at_pause, *below]
        self._first_row -= len(above)
        self._end_row += len(below)
        size_bytes = sum(map(byte_length, above)) + sum(map(byte_length, below))
        self._old_bytes += size_bytes
        self._now_bytes += size_bytes

    @property
    def whole_tally(self) -> Tally:
        """The figures of all edits."""
        return self.tally if self._tally_at_pause is None else self._tally_at_pause.plus(self.tally)

    def whole(self, rows: Rows) -> Passage:
        """All edits as one passage; `rows` shows the text after the last of them."""
        return passage_of(self._old, rows, self._first_row, self._end_row)

    def parts(self) -> list[tuple[Passage, Tally]]:
        """What was done before the latest pause, if there was one, and what after."""
        whole = self.whole(self.document.lines)
        if self._tally_at_pause is None:
            return [(whole, self.tally)]
        until = msgspec.structs.replace(whole, new=self._at_pause)
        since = msgspec.structs.replace(whole, old=self._at_pause)
        return [(until, self._tally_at_pause), (since, self.tally)]


def rows_apart(first: int, last: int, other_first: int, other_last: int) -> int:
    """Rows from one run of rows to another; 0 if they overlap, 1 if they touch."""
    return max(first - other_last, other_first - last, 0)


def same_action(one: Edit, other: Edit) -> bool:
    """Whether two edits came of one command: in one message, and not by typing fast."""
    return (
        other.version == one.version
        and other.uri == one.uri
        and other.source is one.source is not Source.TYPED
    )


def _growth_bytes(splice: Splice) -> int:
    return byte_length(splice.new_text) - byte_length(splice.old_text)
