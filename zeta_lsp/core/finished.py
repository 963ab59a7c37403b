"""History events that have ended: kept as passages, printed when somebody asks, merged by source.

Events end where typing gives way to an accepted prediction and the other way round. Once the
person works elsewhere that seam no longer matters, and neighbours become one event (`merge_tail`).
"""

import weakref
from collections.abc import Iterator, MutableSequence

import msgspec

from zeta_lsp.core.documents import Document
from zeta_lsp.core.events import BufferChange, Edit, HistoryEvent, Splice
from zeta_lsp.core.passage import Passage, Rows, joined
from zeta_lsp.core.pending import (
    COVERED_ROWS,
    GROUPING_ROWS,
    SHOWN_BYTES,
    Naming,
    Pending,
    Tally,
    rows_apart,
)
from zeta_lsp.core.text import byte_length

SUMMARY_BYTES = 1024
"""Rows of a large change that are shown instead, of both sides together."""


class Finished:
    """An event that grows no more."""

    __slots__ = (
        "_document",
        "_event",
        "_is_rendered",
        "first_revision",
        "naming",
        "passage",
        "revision",
        "summarised",
        "tally",
    )

    def __init__(
        self,
        document: Document,
        naming: Naming,
        passage: Passage,
        tally: Tally,
        revisions: tuple[int, int],
        *,
        summarised: bool = False,
    ) -> None:
        self.naming = naming
        self.passage = passage
        self.tally = tally
        self.first_revision, self.revision = revisions
        self.summarised = summarised
        self._document = weakref.ref(document)
        self._is_rendered = False
        self._event: HistoryEvent | None = None

    def event(self, *, in_open_source_repo: bool) -> HistoryEvent | None:
        """The event as prompts and capture see it, None if nothing of it can be shown."""
        if not self._is_rendered:
            self._event = event_of(
                self.naming,
                self.passage,
                self.tally,
                summarised=self.summarised,
                in_open_source_repo=in_open_source_repo,
            )
            self._is_rendered = True
        return self._event

    def count(self, edit: Edit) -> None:
        """Add an edit that is not shown."""
        self.tally.add(edit)
        self.summarised, self._is_rendered = True, False

    def ends_at(self, document: Document, revision: int) -> bool:
        """Whether it describes all that led to a document's text at a revision."""
        return self._document() is document and self.revision == revision and not self.summarised


def finished(pending: Pending, rows: Rows) -> Finished | None:
    """What a growing event came to; None if the text is as it was."""
    passage = pending.whole(rows)
    if not passage.changed and pending.naming.path == pending.naming.old_path:
        return None
    return Finished(
        pending.document,
        pending.naming,
        passage,
        pending.whole_tally,
        (pending.first_revision, pending.revision),
    )


def event_of(
    naming: Naming,
    passage: Passage,
    tally: Tally,
    *,
    summarised: bool = False,
    in_open_source_repo: bool = False,
) -> HistoryEvent | None:
    """Render an event; one that is too large shows its beginning."""
    diff = passage.diff()
    if not _can_be_shown(diff):
        diff, summarised = passage.beginning(SUMMARY_BYTES).diff(), True
    if not diff and naming.path == naming.old_path:
        return None
    change = BufferChange(naming.path, naming.old_path, diff, naming.predicted, in_open_source_repo)
    return HistoryEvent(
        naming.uri,
        change,
        tally.sources,
        tally.time_s,
        summarised,
        tally.inserted_bytes,
        tally.deleted_bytes,
    )


def _can_be_shown(diff: str) -> bool:
    if byte_length(diff) <= SHOWN_BYTES:
        return True
    lines = diff.split("\n")
    return max(_side(lines, "-"), _side(lines, "+")) <= SHOWN_BYTES


def _side(lines: list[str], sign: str) -> int:
    """Bytes of one side's rows: a line's sign stands for its newline."""
    return sum(byte_length(line) for line in lines if line.startswith((" ", sign)))


def merge_tail(
    events: MutableSequence[Finished], document: Document, splice: Splice, before: Rows
) -> None:
    """Join the latest events if only their sources keep them apart and `splice` is far away.

    `before` is the document's text before the splice.
    """
    run = list(_mergeable(events, document, splice))
    if len(run) < 2:
        return
    passage = run[0].passage
    for older in run[1:]:
        passage = joined(older.passage, passage, before)
    if max(len(passage.old), len(passage.new)) > COVERED_ROWS:
        return
    oldest, newest = run[-1], run[0]
    tally = oldest.tally
    for newer in reversed(run[:-1]):
        tally = tally.plus(newer.tally)
    naming = msgspec.structs.replace(oldest.naming, predicted=False)
    for _ in run:
        events.pop()
    revisions = (oldest.first_revision, newest.revision)
    events.append(Finished(document, naming, passage, tally, revisions))


def _mergeable(
    events: MutableSequence[Finished], document: Document, splice: Splice
) -> Iterator[Finished]:
    """The latest events that belong together, newest first.

    Neighbours in time of one document and of different sources, close to each other and far from
    the splice. Rows are compared as they are before it.
    """
    newer: list[Finished] = []
    revision = document.revision - 1
    for event in reversed(events):
        if not event.ends_at(document, revision):
            return
        if newer and not _belongs(event, newer, splice):
            return
        yield event
        newer.append(event)
        revision = event.first_revision


def _belongs(event: Finished, newer: list[Finished], splice: Splice) -> bool:
    if event.naming.predicted == newer[-1].naming.predicted:
        return False
    mine, next_one = _rows_now(event, newer), _rows_now(newer[-1], newer[:-1])
    here = (splice.start_row, splice.old_end_row)
    is_far = min(rows_apart(*mine, *here), rows_apart(*next_one, *here)) > GROUPING_ROWS
    return is_far and rows_apart(*mine, *next_one) <= GROUPING_ROWS


def _rows_now(event: Finished, newer: list[Finished]) -> tuple[int, int]:
    """The rows that an event left behind, after the newer ones (newest first) moved them."""
    first = event.passage.first_row
    rows = (first, first + len(event.passage.new) - 1)
    for later in reversed(newer):
        rows = later.passage.after(*rows)
    return rows
