"""What is done about a secret that turned up in a recorded file.

Everything that was recorded of the file since the first part of the secret stood in it is taken
back: rows that are held, rows that are written, questions, followed regions; and rows of other
files that hold text of this one from that time on. Until neither a secret nor a part of one is left
in it, nothing of the file is recorded; then it begins anew with its whole text.
"""

from capture.mirrors import Mirror
from capture.outbox import Outbox
from capture.predictions import Predictions
from capture.projects import Project

SECRET, SURROGATES = "secret", "lone_surrogates"


class Guard:
    """Looks at files before anything of them is written."""

    def __init__(self, outbox: Outbox, predictions: Predictions) -> None:
        self._outbox = outbox
        self._predictions = predictions

    def look(self, project: Project, mirror: Mirror) -> bool:
        """Look at what changed in a file. Says whether it may be recorded again since now."""
        if not mirror.holding.is_pending:
            return False
        lines = mirror.document.lines
        if not mirror.refusal:
            if mirror.holding.look(lines):
                self._take_back(project, mirror)
            return False
        if mirror.holding.look_at_all(lines) or not _can_be_encoded(mirror.document.text()):
            return False
        mirror.refusal = ""
        return True

    def refuse(self, project: Project, mirror: Mirror, reason: str) -> None:
        """Record nothing more of a file for now."""
        mirror.refusal = reason
        mirror.tape.drop()
        mirror.settling.clear(reason)
        project.counting.add(f"refused.{reason}")

    def _take_back(self, project: Project, mirror: Mirror) -> None:
        """Take back all that was recorded since any file of the project held any part of it."""
        self._purge(project, mirror, self._first(project, mirror) or project.seq)
        for other in list(project.mirrors.values()):
            first = None if other.refusal else self._first(project, other)
            if first is not None:
                self._purge(project, other, first)
                other.holding.doubt()

    def _first(self, project: Project, mirror: Mirror) -> int | None:
        return project.timeline.first_with(mirror.known, mirror.holding.holds_part)

    def _purge(self, project: Project, mirror: Mirror, from_seq: int) -> None:
        self.refuse(project, mirror, SECRET)
        self._outbox.purge(project.session, mirror.path, from_seq)
        self._predictions.drop(project, mirror.path, from_seq, SECRET)
        project.counting.add("purged")


def _can_be_encoded(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
