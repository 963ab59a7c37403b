"""The books of one session: what is held of it, and how that gets into the store.

`write` puts into the store what may be put there: it was consented to a moment ago, is of a file
that may be recorded, and was looked at for secrets. `tick` follows what changes without an event:
time, consents, the commit that is checked out, and other processes that want the store.

Runs on one thread, the recorder's. Not thread-safe. Nothing here waits but the disk.
"""

from capture.admission import Admission
from capture.doors import Doors
from capture.guarding import Guard
from capture.mirrors import Mirror
from capture.outbox import Outbox
from capture.predictions import Predictions
from capture.projects import Project
from zeta_lsp.core.recording import (
    Asked,
    Capturing,
    Closed,
    Doubted,
    Focused,
    Happened,
    Remarked,
    Saved,
)

COUNT_EVERY_S = 30.0
COUNT_ALONG_EVERY_S = 5.0
"""Numbers are written less often alone than along with other rows."""
REVISION_EVERY_S = 2.0

Timed = Saved | Closed | Doubted | Focused | Asked | Happened | Remarked
"""The events that have one time and change no text."""


class Books:
    """What is held. `admission` says of which projects and files."""

    def __init__(self, session: str, server_version: str, wish: Capturing, doors: Doors) -> None:
        self._doors = doors
        self._since_1970_s = doors.wall_clock() - doors.monotonic()
        self._counted_s = doors.monotonic()
        scanner = doors.scanner()
        self.outbox = Outbox(doors.claim, doors.acknowledged)
        self.predictions = Predictions(self.outbox, scanner, self.since_1970)
        self.guard = Guard(self.outbox, self.predictions)
        self.admission = Admission(session, server_version, wish, doors, scanner)

    def tick(self, now_s: float) -> None:
        """Tell what came to rest, and follow what changed outside."""
        self._yield(now_s)
        if self.admission.is_due(now_s):
            self._withdraw(now_s)
        for project in self.projects():
            self.look_at_revision(project, now_s)
            for mirror in project.mirrors.values():
                mirror.settling.look(now_s, mirror.document.lines)

    def write(self, now_s: float, *, is_last: bool = False) -> bool:
        """Write down what may be; whether nothing is left to be written."""
        self._since_1970_s = self._doors.wall_clock() - now_s
        for project in self.projects():
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

    def projects(self) -> list[Project]:
        """Those that are recorded."""
        return list(self.admission.projects.values())

    def place(self, uri: str) -> tuple[Project | None, Mirror | None]:
        """What a file belongs to, and its mirror if its text is kept."""
        project = self.admission.files.get(uri)
        return project, None if project is None else project.mirrors.get(uri)

    def since_1970(self, time_s: float) -> float:
        """A moment as rows tell it."""
        return self._since_1970_s + time_s

    def note(self, project: Project, mirror: Mirror, event: "Timed") -> None:
        """Number an event of a file that is recorded, and keep it if every event is."""
        if mirror.refusal:
            return
        seq = project.next_seq()
        if project.keeps_stream:
            mirror.tape.add(seq, self.since_1970(event.time_s), event)

    def begin(self, project: Project, mirror: Mirror, time_s: float) -> None:
        """Record a file from now on."""
        seq = project.next_seq()
        mirror.begin(project.timeline.count, seq)
        if project.keeps_stream:
            mirror.tape.add(seq, self.since_1970(time_s), mirror.keyframe(time_s))

    def begin_session(self, project: Project, now_s: float) -> None:
        """Begin a session of a project; its row is written with the first others."""
        self.outbox.put(self.admission.session_row(project, self.since_1970(now_s)))

    def _begin_anew(self, now_s: float) -> None:
        """The store's file is another one: go on there, with nothing that refers to the old one."""
        self.admission.generation = self.outbox.generation
        for project in self.projects():
            self._restart(project, "store_changed", now_s)

    def _yield(self, now_s: float) -> None:
        """Let go of what another process is about to delete, and of the file."""
        asked = self.outbox.asked_to_yield()
        if asked is None:
            return
        for project in self.projects():
            if asked.project in (None, project.receipt.project):
                self._restart(project, "forgotten", now_s)

    def _restart(self, project: Project, reason: str, now_s: float) -> None:
        """Begin another session of a project, with the files as they are."""
        self.drop_project(project, reason)
        self.begin_session(project, now_s)
        for mirror in project.mirrors.values():
            mirror.settling.clear(reason)
            mirror.tape.drop()
            if not mirror.refusal:
                self.begin(project, mirror, now_s)

    def forget_file(self, uri: str, reason: str, now_s: float) -> None:
        """Follow a file no more; what is known of it stays known."""
        project, mirror = self.place(uri)
        if project is not None and mirror is not None:
            mirror.settling.look(now_s, mirror.document.lines)
            mirror.settling.clear(reason)
            self._put_tape(project, mirror)
            del project.mirrors[uri]
        self.admission.files.pop(uri, None)

    def _withdraw(self, now_s: float) -> None:
        """Let go of the projects that may not be recorded any more."""
        for project in self.admission.withdrawn(now_s):
            self.drop_project(project, "withdrawn")

    def drop_project(self, project: Project, reason: str) -> None:
        """Let go of everything that is held of a project."""
        self.predictions.drop(project, None, 0, reason)
        self.outbox.drop_session(project.session)

    def _put_rows(self, project: Project, now_s: float) -> None:
        for mirror in list(project.mirrors.values()):
            if self.guard.look(project, mirror):
                self.begin(project, mirror, now_s)
        for mirror in project.mirrors.values():
            self._put_tape(project, mirror)

    def _put_tape(self, project: Project, mirror: Mirror) -> None:
        self.guard.look(project, mirror)
        if not mirror.refusal and not mirror.tape.is_empty:
            row = mirror.tape.row(project.session, project.receipt.project)
            self.outbox.put(row, mirror.path)

    def _put_counts(self, now_s: float, *, is_last: bool) -> None:
        pause_s = COUNT_ALONG_EVERY_S if self.outbox.has_work else COUNT_EVERY_S
        if not is_last and now_s < self._counted_s + pause_s:
            return
        self._counted_s = now_s
        for project in self.projects():
            if not project.counting.is_empty:
                key, time = project.receipt.project, self.since_1970(now_s)
                self.outbox.put(
                    project.counting.row(project.session, max(project.seq, 1), time, key)
                )

    def look_at_revision(self, project: Project, now_s: float, *, at_once: bool = False) -> None:
        """See whether there was a commit, if it matters to anything."""
        if project.repository is None or not any(len(m.settling) for m in project.mirrors.values()):
            return
        if not at_once and now_s < project.revision_seen_s + REVISION_EVERY_S:
            return
        project.revision_seen_s = now_s
        revision = project.repository.revision()
        for mirror in project.mirrors.values():
            mirror.settling.revised(revision, now_s, mirror.document.lines)
