"""The latest edits of one project, so that what followed a moment can be told once it is past.

`Timeline` numbers the edits of all files of a project. From the text as it is now and the edits
since, `rewound` makes the text as it was; `events_since` plays what followed once more through a
fresh history, so that future events are made by the same rules as those that a prompt shows, and
the first one holds nothing from before the moment. `first_with` looks back for the first moment at
which a text stood in a file, even if it was there only for the time of one key.

Bounded: at most `EDITS_KEPT` edits are remembered, and at most `EDITS_REPLAYED` are played.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

import msgspec

from zeta_lsp.core.documents import Document
from zeta_lsp.core.events import Edit, HistoryEvent
from zeta_lsp.core.history import History
from zeta_lsp.core.text import Encoding

EDITS_KEPT = 8192
EDITS_REPLAYED = 1024
FUTURE_EVENTS = 4
"""As many events after a prediction are kept (Zed: 4)."""
_LOOK_EVERY = 32
"""How many edits are played between two looks at whether that is enough."""


class Known(msgspec.Struct, frozen=True):
    """A file whose text is known: since which edit and which event, and what prompts call it."""

    document: Document
    path: str
    since: int
    since_seq: int


class Timeline:
    """The edits of a project, oldest first, with their events. `count` numbers the next one."""

    def __init__(self) -> None:
        self.count = 0
        self._edits: deque[tuple[int, Edit]] = deque(maxlen=EDITS_KEPT)

    def add(self, seq: int, edit: Edit) -> None:
        """Remember an edit of an event."""
        self._edits.append((seq, edit))
        self.count += 1

    def remembers(self, number: int) -> bool:
        """Whether every edit from that number on is still known."""
        return number >= self.count - len(self._edits)

    def since(self, number: int, uri: str) -> list[Edit]:
        """The edits of a file from a number on."""
        return [edit for _, _, edit in self._numbered(number) if edit.uri == uri]

    def rewound(self, known: Known, number: int) -> Document | None:
        """A file as it was before the edit of that number, or None if that is not known.

        Of a file that came later, the text with which it came.
        """
        if not self.remembers(number):
            return None
        past = _copy(known.document)
        for edit in reversed(self.since(max(number, known.since), past.uri)):
            past.replay(past.version, edit.splice.inverted())
        return past

    def events_since(
        self, number: int, files: Mapping[str, Known], *, in_open_source_repo: bool
    ) -> tuple[HistoryEvent, ...]:
        """The first events after a moment, at most `FUTURE_EVENTS`; of the known `files` alone."""
        history = History(in_open_source_repo=in_open_source_repo)
        past: dict[str, Document | None] = {}
        played = islice(self._numbered(number), EDITS_REPLAYED)
        for step, (at, _, edit) in enumerate(played):
            known = files.get(edit.uri)
            if known is None or at < known.since:
                continue
            if edit.uri not in past:
                past[edit.uri] = self.rewound(known, number)
            if (document := past[edit.uri]) is None:
                return ()
            document.replay(edit.version, edit.splice)
            history.record(document, edit, known.path)
            if step % _LOOK_EVERY == 0 and len(history.events()) > FUTURE_EVENTS:
                break
        events = history.events()[:FUTURE_EVENTS]
        # An editor's URI says where the project lies.
        return tuple(msgspec.structs.replace(event, uri=event.change.path) for event in events)

    def first_with(self, known: Known, holds: Callable[[str], bool]) -> int | None:
        """The first event since a file is known after which it held something in the rows it made.

        Of what was there when the file became known, and where the edits are forgotten, that event.
        """
        if not self.remembers(known.since):
            return known.since_seq
        past, first = _copy(known.document), None
        for _, seq, edit in reversed(list(self._numbered(known.since))):
            if edit.uri != past.uri:
                continue
            splice = edit.splice
            if holds(past.rows(splice.start_row, splice.new_end_row + 1)):
                first = seq
            past.replay(past.version, splice.inverted())
        return known.since_seq if holds(past.text()) else first

    def _numbered(self, number: int) -> Iterator[tuple[int, int, Edit]]:
        first = self.count - len(self._edits)
        skipped = max(number - first, 0)
        for at, (seq, edit) in enumerate(islice(self._edits, skipped, None), first + skipped):
            yield at, seq, edit


def _copy(now: Document) -> Document:
    past = Document(now.uri, now.language_id, now.version, "", Encoding.UTF32)
    past.lines = list(now.lines)
    return past
