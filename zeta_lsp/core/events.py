"""What happens in an editor, as immutable values.

A `Splice` is one replacement as it was applied to a document; everything else (history,
acceptance, capture) is a reading of splices. Rows and columns count from 0; columns count
code points (see `text`). Times are seconds of a monotonic clock that the caller reads.
"""

import enum

import msgspec


class Source(enum.StrEnum):
    """Who or what made an edit."""

    TYPED = "typed"
    PASTED = "pasted"
    ACCEPTED = "accepted"  # a prediction, in whole or in part
    UNDO = "undo"
    REDO = "redo"
    FORMATTER = "formatter"
    BULK = "bulk"  # refactoring, replace-all, an agent: many places or much text at once
    DISK = "disk"  # the file changed outside the editor


class Splice(msgspec.Struct, frozen=True, gc=False):
    """Text replaced in one document.

    The old text stood in ``[start, old_end)`` of the text before, the new one stands in
    ``[start, new_end)`` of the text after. No end lies inside a ``\\r\\n`` of either text, so
    everything below moves by `row_delta` rows and by nothing else.
    """

    start_row: int
    start_col: int
    old_end_row: int
    old_end_col: int
    new_end_row: int
    new_end_col: int
    old_text: str
    new_text: str

    @property
    def row_delta(self) -> int:
        """Rows by which everything below the splice moved."""
        return self.new_end_row - self.old_end_row

    def inverted(self) -> "Splice":
        """The splice that takes this one back."""
        return Splice(
            self.start_row,
            self.start_col,
            self.new_end_row,
            self.new_end_col,
            self.old_end_row,
            self.old_end_col,
            self.new_text,
            self.old_text,
        )


class Edit(msgspec.Struct, frozen=True, gc=False):
    """One splice with where, when and by whom. `version` is the document's after the edit."""

    uri: str
    version: int
    splice: Splice
    source: Source
    time_s: float


class BufferChange(msgspec.Struct, frozen=True, gc=False, tag_field="event", omit_defaults=True):
    """One entry of the edit history as prompts show it (Zed's `Event::BufferChange`).

    `path` and `old_path` start with the workspace folder's name and use ``/``. `diff` is a unified
    diff with 3 context lines and file line numbers, without a file header.
    """

    path: str
    old_path: str
    diff: str
    predicted: bool = False
    in_open_source_repo: bool = False


class HistoryEvent(msgspec.Struct, frozen=True, gc=False):
    """A `BufferChange` with what only we know about it.

    `sources` are the distinct sources of its edits in order of appearance. A `summarised` event
    stands for an edit too large to show: its diff is a true but partial excerpt of the change.
    """

    uri: str
    change: BufferChange
    sources: tuple[Source, ...]
    time_s: float
    summarised: bool = False
    inserted_bytes: int = 0
    deleted_bytes: int = 0
