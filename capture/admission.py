"""Which projects and files of a session may be recorded.

A project is admitted when a file of it is opened and its consent is live, and withdrawn as soon as
that ends: when a receipt changed, when its time has passed, and at the latest a minute after
anything else changed on which it depends. A file is admitted if nothing speaks against it: its
licence, the rules of exclusion, its content.
"""

from collections.abc import Callable
from pathlib import Path

from capture.consent.receipt import Receipt, Refusal
from capture.doors import Doors, ScannerDoor
from capture.holding import Holding, bare
from capture.mirrors import Mirror
from capture.projects import Project
from capture.rows import Session
from capture.settling import Told, Tracked, Waiting
from zeta_lsp.core.recording import Capturing, Opened
from zeta_lsp.core.text import split_lines

CONSENT_EVERY_S = 60.0

Report = Callable[[Project, Mirror, Tracked, Told], None]


class Admission:
    """The projects and files that are recorded, and why others are not.

    `projects` are by their folder, `files` by URI, `refused` holds the word for each folder that
    is not recorded. `generation` is that of the store's file in which the sessions began.
    """

    def __init__(
        self, session: str, version: str, wish: Capturing, doors: Doors, scanner: ScannerDoor
    ) -> None:
        self.projects: dict[str, Project] = {}
        self.files: dict[str, Project] = {}
        self.refused: dict[str, str] = {}
        self.generation = 0
        self._session, self._version = session, version
        self._wish, self._doors, self._scanner = wish, doors, scanner
        self._waiting = Waiting(wish.settle_quiet_s, wish.settle_ttl_s)
        self._sessions = 0
        self._stamp = doors.consents.stamp()
        self._seen_s = doors.monotonic()

    def project(self, root: str) -> Project | None:
        """The project of a folder, if it may be recorded now; another consent, another project."""
        if not root:
            return None
        consent = self._consent(root)
        known = self.projects.get(root)
        if known is not None and known.receipt == consent:
            return known
        if known is not None:
            self._let_go(known)
        if isinstance(consent, Refusal):
            return None
        project = self.projects[root] = Project(root, consent, self._wish, self._doors)
        return project

    def session_row(self, project: Project, time: float) -> Session:
        """Begin a session of a project: under a name of its own, with events from 1 on."""
        self._sessions += 1
        number = "" if self._sessions == 1 else f"-{self._sessions}"
        project.session, project.seq = f"{self._session}{number}", 0
        return project.session_row(time, self._wish, self._version)

    def open(self, project: Project, opened: Opened, report: Report) -> Mirror | None:
        """The mirror of a file; None if its text may not be kept."""
        if not project.keeps_text:
            self.files[opened.uri] = project
            return None
        refusal = self._refusal(project, opened)
        if refusal is not None:
            project.counting.add(f"refused.{refusal}")
            return None
        self.files[opened.uri] = project
        mirror = Mirror(
            opened,
            self._doors.licence_of(project.root, Path(opened.file)),
            Holding(self._scanner, project.banned, len(split_lines(opened.text))),
            self._waiting,
            lambda *told: report(project, *told),
            lambda reason: project.counting.add(f"unsettled.{reason}"),
        )
        project.mirrors[opened.uri] = mirror
        return mirror

    def is_due(self, now_s: float) -> bool:
        """Whether consents are to be looked at again. One stat."""
        return (
            now_s >= self._seen_s + CONSENT_EVERY_S
            or self._doors.consents.stamp() != self._stamp
            or self._is_expired()
        )

    def withdrawn(self, now_s: float) -> list[Project]:
        """Look at all consents; the projects that may not be recorded any more are let go."""
        self._stamp, self._seen_s = self._doors.consents.stamp(), now_s
        gone = [one for root, one in self.projects.items() if self._consent(root) != one.receipt]
        for project in gone:
            self._let_go(project)
        return gone

    def _consent(self, root: str) -> Receipt | Refusal:
        consent = self._doors.consents.live(Path(root))
        if isinstance(consent, Refusal):
            self.refused[root] = consent.reason
        else:
            self.refused.pop(root, None)
        return consent

    def _let_go(self, project: Project) -> None:
        del self.projects[project.folder]
        self.files = {uri: one for uri, one in self.files.items() if one is not project}
        project.mirrors.clear()

    def _is_expired(self) -> bool:
        now = self._doors.wall_clock()
        return any(project.receipt.expires_at <= now for project in self.projects.values())

    def _refusal(self, project: Project, opened: Opened) -> str | None:
        name = _name_in_editor(opened)
        if not name:
            return "outside_root"
        project.name = name
        uncovered = self._doors.consents.refusal_of(project.receipt, Path(opened.file))
        if uncovered is not None:
            return uncovered.reason
        return project.eligibility.refusal(Path(opened.file), bare(split_lines(opened.text)))


def _name_in_editor(opened: Opened) -> str:
    """What an editor calls the folder of a file, with which paths begin; empty outside of it."""
    file, root = Path(opened.file), Path(opened.root)
    if not file.is_relative_to(root):
        return ""
    within = f"/{file.relative_to(root).as_posix()}"
    return opened.path.removesuffix(within) if opened.path.endswith(within) else ""
