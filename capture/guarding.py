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
        self.refuse(project, mirror, SECRET)
        holds = project.banned.is_in
        for other in list(project.mirrors.values()):
            first = project.timeline.first_with(other.known, holds)
            if other is mirror and first is None:
                first = project.seq
            if first is not None and (other is mirror or not other.refusal):
                self._purge(project, other, first)

    def _purge(self, project: Project, mirror: Mirror, from_seq: int) -> None:
        """Take back a file's rows from an event on, and those that mention it."""
        if not mirror.refusal:
            self.refuse(project, mirror, SECRET)
            mirror.holding.doubt()
        affected = {mirror.path: from_seq, **project.mentioning(mirror.path, from_seq)}
        for path, seq in affected.items():
            self._outbox.purge(project.session, path, seq)
            self._predictions.drop(project, path, seq, SECRET)
            other = project.mirror_of(path)
            if other is not None and not other.refusal:
                self.refuse(project, other, SECRET)
                other.holding.doubt()
        project.counting.add("purged")


def _can_be_encoded(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
