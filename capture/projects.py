"""A project that may be recorded: its consent, its session, and what is known of its files."""

from pathlib import Path

from capture.consent.receipt import Receipt
from capture.counting import Counting
from capture.doors import Doors
from capture.holding import Banned
from capture.mirrors import Mirror
from capture.rows import Session
from capture.snapshots import Frame
from capture.timeline import Known, Timeline
from zeta_lsp.core.recording import Capturing, Level


class Project:
    """One project of a session. `seq` is the number of its latest event.

    `name` is what the editor calls its folder, `mirrors` are its files by URI.
    """

    def __init__(self, root: str, receipt: Receipt, wish: Capturing, doors: Doors) -> None:
        self.folder = root
        self.root = Path(root)
        self.name = self.root.name
        self.receipt = receipt
        self.level = receipt.level
        self.eligibility = doors.eligibility_of(self.root, wish.globs)
        keeps_text = self.level is not Level.COUNTERS
        self.repository = doors.repository_of(self.root) if keeps_text else None
        self.timeline = Timeline()
        self.banned = Banned()
        self.counting = Counting()
        self.mirrors: dict[str, Mirror] = {}
        self.session = ""
        self.seq = 0
        self.revision_seen_s = float("-inf")
        self._url = "" if self.repository is None else self.repository.url

    @property
    def keeps_text(self) -> bool:
        """Whether more than numbers was consented to."""
        return self.level is not Level.COUNTERS

    @property
    def keeps_stream(self) -> bool:
        """Whether every event was consented to."""
        return self.level is Level.SESSIONS

    @property
    def is_public(self) -> bool:
        """Whether its code is under an open licence, as far as the project as a whole goes."""
        return self.receipt.licence is not None and not self.receipt.private

    def next_seq(self) -> int:
        """Number one more event."""
        self.seq += 1
        return self.seq

    def session_row(self, time: float, wish: Capturing, server_version: str) -> Session:
        """The row that the others belong to."""
        receipt = self.receipt
        return Session(
            session=self.session,
            seq=max(self.seq, 1),
            time=time,
            project=receipt.project,
            project_name=receipt.project_name,
            consent=receipt.id,
            level=str(receipt.level),
            private=receipt.private,
            licence=receipt.licence,
            repository_url=self._url,
            editor=wish.editor,
            editor_version=wish.editor_version,
            server_version=server_version,
        )

    def frame(self, mirror: Mirror, time: float) -> Frame:
        """What the row of a prediction takes from here."""
        return Frame(
            session=self.session,
            seq=self.seq,
            time=time,
            project=self.receipt.project,
            licence=mirror.licence,
            private=self.receipt.private,
            repository_url=self._url,
        )

    def known_files(self) -> dict[str, Known]:
        """The files whose text may be told."""
        return {uri: mirror.known for uri, mirror in self.mirrors.items() if not mirror.refusal}

    def mirror_of(self, path: str) -> Mirror | None:
        """The open file of a path, as prompts call it."""
        return next((one for one in self.mirrors.values() if one.known.path == path), None)
