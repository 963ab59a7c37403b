"""Follows a session event by event: the synchronous heart of the recorder.

Each event brings the `books` up to date. Runs on one thread, the recorder's.
"""

from collections.abc import Callable, Mapping
from typing import Any

from capture.books import Books
from capture.guarding import SECRET, SURROGATES
from capture.holding import bare
from capture.mirrors import Mirror
from capture.projects import Project
from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.events import Edit
from zeta_lsp.core.recording import (
    Answered,
    Asked,
    Closed,
    Doubted,
    Edited,
    Focused,
    Happened,
    Opened,
    Recordable,
    Remarked,
    Saved,
)


class Bookkeeper:
    """Keeps the books of a session."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self._actions: Mapping[type, Callable[[Any], None]] = {
            Opened: self._opened,
            Edited: self._edited,
            Saved: self._saved,
            Closed: self._ended,
            Doubted: self._ended,
            Focused: self._focused,
            Asked: self._asked,
            Answered: self._answered,
            Happened: self._happened,
            Remarked: self._happened,
        }

    def take(self, event: Recordable) -> None:
        """Follow an event."""
        self._actions[type(event)](event)

    def _opened(self, event: Opened) -> None:
        self.books.forget_file(event.uri, "reopened", event.time_s)
        project = self._project(event)
        if project is None:
            return
        mirror = self.books.admission.open(project, event, self.books.predictions.settled)
        if mirror is None:
            return
        if mirror.holding.look_at_all(mirror.document.lines):
            self.books.guard.refuse(project, mirror, SECRET)
        else:
            self.books.begin(project, mirror, event.time_s)

    def _project(self, event: Opened) -> Project | None:
        was = self.books.admission.projects.get(event.root)
        project = self.books.admission.project(event.root)
        if was is not None and was is not project:
            self.books.drop_project(was, "withdrawn")
        if project is not None and not project.session:
            self.books.begin_session(project, event.time_s)
        return project

    def _edited(self, event: Edited) -> None:
        if not event.edits:
            return
        uri = event.edits[0].uri
        project, mirror = self.books.place(uri)
        if project is None:
            return
        for edit in event.edits:
            project.counting.add(f"edits.{edit.source}")
        if mirror is None:
            return
        try:
            self._follow(project, mirror, event)
        except PositionError as doubt:
            self.books.forget_file(uri, doubt.reason, event.edits[-1].time_s)

    def _follow(self, project: Project, mirror: Mirror, event: Edited) -> None:
        seq = project.seq if mirror.refusal else project.next_seq()
        for edit in event.edits:
            self._apply(project, mirror, edit, seq)
        if not mirror.refusal and not _can_be_encoded(event.edits):
            self.books.guard.refuse(project, mirror, SURROGATES)
        if not mirror.refusal and project.keeps_stream:
            mirror.tape.add(seq, self.books.since_1970(event.edits[-1].time_s), event)

    def _apply(self, project: Project, mirror: Mirror, edit: Edit, seq: int) -> None:
        lines = mirror.document.lines
        if not mirror.refusal and mirror.holding.must_look_before(edit.splice, lines):
            self.books.guard.look(project, mirror)
        mirror.settling.edited(edit, lines)
        mirror.apply(edit.version, edit.splice)
        project.timeline.add(seq, edit)

    def _saved(self, event: Saved) -> None:
        project, mirror = self.books.place(event.uri)
        if project is None or mirror is None:
            return
        self.books.note(project, mirror, event)
        mirror.settling.saved(event.time_s, mirror.document.lines)
        self.books.look_at_revision(project, event.time_s, at_once=True)
        refusal = project.eligibility.refusal(mirror.file, bare(mirror.document.lines))
        if refusal is not None and not mirror.refusal:
            project.counting.add(f"refused.{refusal}")
            self.books.forget_file(event.uri, refusal, event.time_s)

    def _focused(self, event: Focused) -> None:
        project, mirror = self.books.place(event.uri)
        if project is not None and mirror is not None:
            self.books.note(project, mirror, event)

    def _ended(self, event: Closed | Doubted) -> None:
        project, mirror = self.books.place(event.uri)
        if project is not None and mirror is not None:
            self.books.note(project, mirror, event)
        reason = "closed" if isinstance(event, Closed) else "doubted"
        self.books.forget_file(event.uri, reason, event.time_s)

    def _asked(self, event: Asked) -> None:
        project, mirror = self.books.place(event.uri)
        if project is None:
            return
        if mirror is not None:
            if mirror.refusal:
                project.counting.add(f"dropped.{mirror.refusal}")
                return
            mirror.settling.look(event.time_s, mirror.document.lines)
            self.books.note(project, mirror, event)
        self.books.predictions.asked(event, project, mirror)

    def _answered(self, event: Answered) -> None:
        place = self.books.predictions.place_of(event.ident)
        if place is not None:
            place[0].next_seq()
        self.books.predictions.answered(event)

    def _happened(self, event: Happened | Remarked) -> None:
        place = self.books.predictions.place_of(event.ident)
        if place is None:
            return
        project, mirror = place
        if mirror is not None and project.mirrors.get(mirror.document.uri) is mirror:
            self.books.note(project, mirror, event)
        else:
            project.next_seq()
        self.books.predictions.happened(event)


def _can_be_encoded(edits: tuple[Edit, ...]) -> bool:
    """Whether the new texts hold no half of a surrogate pair."""
    try:
        for edit in edits:
            edit.splice.new_text.encode()
    except UnicodeEncodeError:
        return False
    return True
