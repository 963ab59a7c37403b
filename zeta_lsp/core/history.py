"""The edit history of one project: what was done lately, oldest first, as prompts show it.

How it works. Each edit joins the event that is still growing (`pending`) if it continues it: same
document and path, no text missed in between, typed after typed or predicted after predicted, at
most 8 rows from the latest edit. Otherwise that event is finished and a new one begins. Finishing
copies references to the lines it covers; diffs are computed when somebody asks, once per event.
The rules are Zed's, with three differences:

* What is too large to show is not forgotten. Its event is `summarised`: the first rows of the
  change under a true header, and how many bytes went in and out. Only a change whose very first
  rows are longer than a summary leaves no event.
* The places of one action (a renaming, a formatter's run) are one event, however far apart, up to
  `COVERED_ROWS`; what the action does beyond them is only counted.
* A growing event that could soon not be shown any more is finished, and the next one begins;
  Zed loses it.

Promise: events are true. Applied in order to the text they start from they give the text at hand,
but for what was summarised and what fell out of the finished events that are kept. `record` costs
what the edit touches. Not done here: whose edit it was (`provenance`), how many events a prompt
shows (`formats`).
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence

from zeta_lsp.core.documents import Document
from zeta_lsp.core.events import Edit, HistoryEvent, Source, Splice
from zeta_lsp.core.finished import (
    SUMMARY_BYTES,
    Finished,
    event_of,
    finished,
    merge_tail,
)
from zeta_lsp.core.passage import Rows, TextBefore, passage_of
from zeta_lsp.core.pending import SHOWN_BYTES, Naming, Pending, Tally, same_action
from zeta_lsp.core.text import byte_length

FINISHED_EVENTS = 9
"""Finished events kept (Zed: `EVENT_COUNT_MAX` is 10 with the growing one)."""


class History:
    """The edit history of one project.

    `in_open_source_repo` is said of the events that are rendered after it was set.
    """

    def __init__(self, *, in_open_source_repo: bool = False) -> None:
        self.in_open_source_repo = in_open_source_repo
        self._finished: deque[Finished] = deque(maxlen=FINISHED_EVENTS)
        self._pending: Pending | None = None
        self._overflow: Edit | None = None
        self._paths: dict[str, str] = {}

    def record(self, document: Document, edit: Edit, path: str) -> None:
        """Take in an edit; `document` is as the edit left it, `path` is what prompts call it.

        For the edits of a notification that held several, see `record_all`.
        """
        if self._overflow is not None and same_action(self._overflow, edit):
            self._finished[-1].count(edit)
            return
        self._overflow = None
        before = TextBefore(document.lines, edit.splice)
        pending, is_large = self._pending, _is_large(edit.splice)
        if pending is not None and not _continues(pending, document, edit, path):
            pending = None
        if pending is not None and not is_large and pending.has_room(edit):
            pending.follow(edit, before)
            return
        ended = self._finish(document, before)
        if pending is not None and ended is not None and same_action(pending.last_edit, edit):
            ended.count(edit)
            self._overflow = edit
        elif is_large:
            self._summarise(document, edit, path, before)
        else:
            merge_tail(self._finished, document, edit.splice, before)
            old_path = self._paths.get(edit.uri, path)
            self._pending = Pending(document, edit, before, path, old_path)
        self._paths[edit.uri] = path

    def record_all(self, document: Document, edits: Sequence[Edit], path: str) -> None:
        """Take in the edits of the latest notification, each as it happened."""
        states = document.retrace([edit.splice for edit in edits])
        for edit, _ in zip(edits, states, strict=True):
            self.record(document, edit, path)

    def events(self) -> tuple[HistoryEvent, ...]:
        """Oldest first; the growing one last, as two if a pause split it."""
        return tuple(event for event in self._rendered() if event is not None)

    def finish(self, document: Document) -> None:
        """End the event that grows in a document whose text will be closed or is in doubt."""
        if self._pending is not None and self._pending.document is document:
            self._finish()

    def rename(self, old_uri: str, new_uri: str) -> None:
        """Let the next event of a renamed file say what it was called."""
        if old_uri in self._paths:
            self._paths[new_uri] = self._paths.pop(old_uri)

    def forget(self, is_secret: Callable[[str], bool]) -> None:
        """Forget all events of the documents that must not be read any more, named by URI."""
        kept = [event for event in self._finished if not is_secret(event.naming.uri)]
        self._finished = deque(kept, maxlen=FINISHED_EVENTS)
        if self._pending is not None and is_secret(self._pending.naming.uri):
            self._pending = None
        self._overflow = None
        self._paths = {uri: path for uri, path in self._paths.items() if not is_secret(uri)}

    def clear(self) -> None:
        """Forget everything."""
        self._finished.clear()
        self._pending = self._overflow = None
        self._paths.clear()

    def _rendered(self) -> Iterator[HistoryEvent | None]:
        for event in self._finished:
            yield event.event(in_open_source_repo=self.in_open_source_repo)
        pending = self._pending
        if pending is None or pending.document.revision != pending.revision:
            return
        for passage, tally in pending.parts():
            yield event_of(
                pending.naming, passage, tally, in_open_source_repo=self.in_open_source_repo
            )

    def _finish(
        self, document: Document | None = None, before: TextBefore | None = None
    ) -> Finished | None:
        """End the growing event; `before` is the text of `document` before the edit at hand."""
        pending, self._pending = self._pending, None
        if pending is None:
            return None
        rows: Rows = pending.document.lines
        revision = pending.document.revision
        if before is not None and pending.document is document:
            rows, revision = before, revision - 1
        event = finished(pending, rows) if pending.revision == revision else None
        if event is not None:
            self._finished.append(event)
        return event

    def _summarise(self, document: Document, edit: Edit, path: str, before: TextBefore) -> None:
        """Keep the beginning of an edit that is too large to show."""
        splice = edit.splice
        old = before[splice.start_row : splice.old_end_row + 1]
        passage = passage_of(old, document.lines, splice.start_row, splice.new_end_row + 1)
        naming = Naming(
            edit.uri, path, self._paths.get(edit.uri, path), edit.source is Source.ACCEPTED
        )
        tally = Tally(edit.time_s)
        revisions = (document.revision - 1, document.revision)
        event = Finished(document, naming, passage.beginning(SUMMARY_BYTES), tally, revisions)
        event.count(edit)
        self._finished.append(event)
        self._overflow = edit


def _continues(pending: Pending, document: Document, edit: Edit, path: str) -> bool:
    return (
        pending.document is document
        and pending.revision == document.revision - 1
        and pending.naming.path == path
        and pending.naming.predicted == (edit.source is Source.ACCEPTED)
        and (pending.is_near(edit.splice) or same_action(pending.last_edit, edit))
    )


def _is_large(splice: Splice) -> bool:
    return max(len(splice.old_text), len(splice.new_text)) * 4 > SHOWN_BYTES and (
        max(byte_length(splice.old_text), byte_length(splice.new_text)) > SHOWN_BYTES
    )
