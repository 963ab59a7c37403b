"""Follows a session event by event and keeps its books: the synchronous heart of the recorder.

`take` brings the books up to date with an event, `tick` with the passing of time, `write` puts into
the store what may be put there. Whatever is written was consented to a moment ago, is of a file
that may be recorded, and was looked at for secrets.

Runs on one thread, the recorder's. Not thread-safe. Nothing here waits but the disk.
"""

from collections.abc import Callable, Mapping
from typing import Any

from capture.admission import Admission
from capture.doors import Doors
from capture.guarding import SECRET, SURROGATES, Guard
from capture.holding import bare
from capture.mirrors import Mirror
from capture.outbox import Outbox
from capture.predictions import Predictions
from capture.projects import Project
from capture.settling import Told, Tracked
from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.events import Edit
from zeta_lsp.core.recording import (
    Answered,
    Asked,
    Capturing,
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

COUNT_EVERY_S = 30.0
COUNT_ALONG_EVERY_S = 5.0
"""Numbers are written less often alone than along with other rows."""
REVISION_EVERY_S = 2.0


class Bookkeeper:
    """The books of one session."""

    def __init__(self, session: str, server_version: str, wish: Capturing, doors: Doors) -> None:
        self._doors = doors
        self._since_1970_s = doors.wall_clock() - doors.monotonic()
        self._counted_s = doors.monotonic()
        scanner = doors.scanner()
        self.outbox = Outbox(doors.claim, doors.acknowledged)
        self._predictions = Predictions(self.outbox, scanner, self._since_1970)
        self._guard = Guard(self.outbox, self._predictions)
        self.admission = Admission(session, server_version, wish, doors, scanner)
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

    def tick(self, now_s: float) -> None:
        """Tell what came to rest, and follow what changed outside."""
        self._yield(now_s)
        if self.admission.is_due(now_s):
            self._withdraw(now_s)
        for project in self._projects():
            self._look_at_revision(project, now_s)
            for mirror in project.mirrors.values():
                mirror.settling.look(now_s, mirror.document.lines)

    def write(self, now_s: float, *, is_last: bool = False) -> bool:
        """Write down what may be; whether nothing is left to be written."""
        self._since_1970_s = self._doors.wall_clock() - now_s
        for project in self._projects():
            self._put_rows(project, now_s)
        self._put_counts(now_s, is_last=is_last)
        if self.outbox.is_ready(now_s):
            if self.admission.is_due(now_s):  # as late as can be: nothing is written after a no
                self._withdraw(now_s)
            if self.outbox.has_work:
                self.outbox.flush(now_s)
        self.outbox.idle(now_s)
        if self.outbox.generation != self.admission.generation:
            self._begin_anew(now_s)
        return not self.outbox.has_work

    def close(self, now_s: float) -> None:
        """Write down what is known, and stop."""
        self.tick(now_s)
        self.write(now_s, is_last=True)
        self.outbox.close()

    # What happened -----------------------------------------------------------

    def _opened(self, event: Opened) -> None:
        self._forget_file(event.uri, "reopened", event.time_s)
        project = self._project(event)
        if project is None:
            return
        mirror = self.admission.open(project, event, self._settled)
        if mirror is None:
            return
        if mirror.holding.look_at_all(mirror.document.lines):
            self._guard.refuse(project, mirror, SECRET)
        else:
            self._begin(project, mirror, event.time_s)

    def _project(self, event: Opened) -> Project | None:
        was = self.admission.projects.get(event.root)
        project = self.admission.project(event.root)
        if was is not None and was is not project:
            self._drop_project(was, "withdrawn")
        if project is not None and not project.session:
            self._begin_session(project, event.time_s)
        return project

    def _edited(self, event: Edited) -> None:
        if not event.edits:
            return
        uri = event.edits[0].uri
        project, mirror = self._place(uri)
        if project is None:
            return
        for edit in event.edits:
            project.counting.add(f"edits.{edit.source}")
        if mirror is None:
            return
        try:
            self._follow(project, mirror, event)
        except PositionError as doubt:
            self._forget_file(uri, doubt.reason, event.edits[-1].time_s)

    def _follow(self, project: Project, mirror: Mirror, event: Edited) -> None:
        seq = project.seq if mirror.refusal else project.next_seq()
        for edit in event.edits:
            self._apply(project, mirror, edit, seq)
        if not mirror.refusal and not _can_be_encoded(event.edits):
            self._guard.refuse(project, mirror, SURROGATES)
        if not mirror.refusal and project.keeps_stream:
            mirror.tape.add(seq, self._since_1970(event.edits[-1].time_s), event)

    def _apply(self, project: Project, mirror: Mirror, edit: Edit, seq: int) -> None:
        lines = mirror.document.lines
        if not mirror.refusal and mirror.holding.must_look_before(edit.splice, lines):
            self._guard.look(project, mirror)
        mirror.settling.edited(edit, lines)
        mirror.apply(edit.version, edit.splice)
        project.timeline.add(seq, edit)

    def _saved(self, event: Saved) -> None:
        project, mirror = self._place(event.uri)
        if project is None or mirror is None:
            return
        self._note(project, mirror, event)
        mirror.settling.saved(event.time_s, mirror.document.lines)
        self._look_at_revision(project, event.time_s, at_once=True)
        refusal = project.eligibility.refusal(mirror.file, bare(mirror.document.lines))
        if refusal is not None and not mirror.refusal:
            project.counting.add(f"refused.{refusal}")
            self._forget_file(event.uri, refusal, event.time_s)

    def _focused(self, event: Focused) -> None:
        project, mirror = self._place(event.uri)
        if project is not None and mirror is not None:
            self._note(project, mirror, event)

    def _ended(self, event: Closed | Doubted) -> None:
        project, mirror = self._place(event.uri)
        if project is not None and mirror is not None:
            self._note(project, mirror, event)
        reason = "closed" if isinstance(event, Closed) else "doubted"
        self._forget_file(event.uri, reason, event.time_s)

    def _asked(self, event: Asked) -> None:
        project, mirror = self._place(event.uri)
        if project is None:
            return
        if mirror is not None:
            if mirror.refusal:
                project.counting.add(f"dropped.{mirror.refusal}")
                return
            mirror.settling.look(event.time_s, mirror.document.lines)
            self._note(project, mirror, event)
        self._predictions.asked(event, project, mirror)

    def _answered(self, event: Answered) -> None:
        place = self._predictions.place_of(event.ident)
        if place is not None:
            place[0].next_seq()
        self._predictions.answered(event)

    def _happened(self, event: Happened | Remarked) -> None:
        place = self._predictions.place_of(event.ident)
        if place is None:
            return
        project, mirror = place
        if mirror is not None and project.mirrors.get(mirror.document.uri) is mirror:
            self._note(project, mirror, event)
        else:
            project.next_seq()
        self._predictions.happened(event)

    # What follows from it ----------------------------------------------------

    def _projects(self) -> list[Project]:
        return list(self.admission.projects.values())

    def _place(self, uri: str) -> tuple[Project | None, Mirror | None]:
        project = self.admission.files.get(uri)
        return project, None if project is None else project.mirrors.get(uri)

    def _since_1970(self, time_s: float) -> float:
        return self._since_1970_s + time_s

    def _note(self, project: Project, mirror: Mirror, event: "Timed") -> None:
        """Number an event of a file that is recorded, and keep it if every event is."""
        if mirror.refusal:
            return
        seq = project.next_seq()
        if project.keeps_stream:
            mirror.tape.add(seq, self._since_1970(event.time_s), event)

    def _settled(self, project: Project, mirror: Mirror, tracked: Tracked, told: Told) -> None:
        self._predictions.settled(project, mirror, tracked, told)

    def _begin(self, project: Project, mirror: Mirror, time_s: float) -> None:
        """Record a file from now on."""
        seq = project.next_seq()
        mirror.begin(project.timeline.count, seq)
        if project.keeps_stream:
            mirror.tape.add(seq, self._since_1970(time_s), mirror.keyframe(time_s))

    def _begin_session(self, project: Project, now_s: float) -> None:
        self.outbox.put(self.admission.session_row(project, self._since_1970(now_s)))

    def _begin_anew(self, now_s: float) -> None:
        """The store's file is another one: go on there, with nothing that refers to the old one."""
        self.admission.generation = self.outbox.generation
        for project in self._projects():
            self._restart(project, "store_changed", now_s)

    def _yield(self, now_s: float) -> None:
        """Let go of what another process is about to delete, and of the file."""
        asked = self.outbox.asked_to_yield()
        if asked is None:
            return
        for project in self._projects():
            if asked.project in (None, project.receipt.project):
                self._restart(project, "forgotten", now_s)

    def _restart(self, project: Project, reason: str, now_s: float) -> None:
        """Begin another session of a project, with the files as they are."""
        self._drop_project(project, reason)
        self._begin_session(project, now_s)
        for mirror in project.mirrors.values():
            mirror.settling.clear(reason)
            mirror.tape.drop()
            if not mirror.refusal:
                self._begin(project, mirror, now_s)

    def _forget_file(self, uri: str, reason: str, now_s: float) -> None:
        project, mirror = self._place(uri)
        if project is not None and mirror is not None:
            mirror.settling.look(now_s, mirror.document.lines)
            mirror.settling.clear(reason)
            self._put_tape(project, mirror)
            del project.mirrors[uri]
        self.admission.files.pop(uri, None)

    def _withdraw(self, now_s: float) -> None:
        """Let go of the projects that may not be recorded any more."""
        for project in self.admission.withdrawn(now_s):
            self._drop_project(project, "withdrawn")

    def _drop_project(self, project: Project, reason: str) -> None:
        self._predictions.drop(project, None, 0, reason)
        self.outbox.drop_session(project.session)

    def _put_rows(self, project: Project, now_s: float) -> None:
        for mirror in list(project.mirrors.values()):
            if self._guard.look(project, mirror):
                self._begin(project, mirror, now_s)
        for mirror in project.mirrors.values():
            self._put_tape(project, mirror)

    def _put_tape(self, project: Project, mirror: Mirror) -> None:
        self._guard.look(project, mirror)
        if not mirror.refusal and not mirror.tape.is_empty:
            row = mirror.tape.row(project.session, project.receipt.project)
            self.outbox.put(row, mirror.path)

    def _put_counts(self, now_s: float, *, is_last: bool) -> None:
        pause_s = COUNT_ALONG_EVERY_S if self.outbox.has_work else COUNT_EVERY_S
        if not is_last and now_s < self._counted_s + pause_s:
            return
        self._counted_s = now_s
        for project in self._projects():
            if not project.counting.is_empty:
                key, time = project.receipt.project, self._since_1970(now_s)
                self.outbox.put(
                    project.counting.row(project.session, max(project.seq, 1), time, key)
                )

    def _look_at_revision(self, project: Project, now_s: float, *, at_once: bool = False) -> None:
        """See whether there was a commit, if it matters to anything."""
        if project.repository is None or not any(len(m.settling) for m in project.mirrors.values()):
            return
        if not at_once and now_s < project.revision_seen_s + REVISION_EVERY_S:
            return
        project.revision_seen_s = now_s
        revision = project.repository.revision()
        for mirror in project.mirrors.values():
            mirror.settling.revised(revision, now_s, mirror.document.lines)


Timed = Saved | Closed | Doubted | Focused | Asked | Happened | Remarked


def _can_be_encoded(edits: tuple[Edit, ...]) -> bool:
    """Whether the new texts hold no half of a surrogate pair."""
    try:
        for edit in edits:
            edit.splice.new_text.encode()
    except UnicodeEncodeError:
        return False
    return True
