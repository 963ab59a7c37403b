"""One open document with everything the server knows of it.

This is the mutable heart of a session: the mirror, the project's history, the syntax tree, the
suggestion at hand, and the splices of the last moments, by which a late answer is moved to the
text as it is now.
"""

from collections import deque
from collections.abc import Sequence
from itertools import islice

from zeta_lsp.core.cache import Answers, Rejections
from zeta_lsp.core.documents import Document
from zeta_lsp.core.edits import Cluster
from zeta_lsp.core.events import Splice
from zeta_lsp.core.history import History
from zeta_lsp.core.jumps import Jumps
from zeta_lsp.core.outcome import Aftermath
from zeta_lsp.core.parse import newline_of
from zeta_lsp.core.ports import Reply, Syntax
from zeta_lsp.core.surroundings import Surroundings
from zeta_lsp.server.suggestion import Suggestion
from zeta_lsp.server.workspace import Place

SPLICES_KEPT = 512
"""An answer that is more splices late than this is stale anyway."""


class OpenFile:
    """An open document. `excluded` is the rule that keeps it from predictions, if there is one.

    `recorded` is whether what happens in it goes to the session's recorder. `newline` is what ends
    its lines, and `cursor` where the client asked or typed last. `rejections` are what the person
    turned down lately, `answers` what was proposed at the latest texts, and `aftermath` knows which
    acceptances may still be undone. `surroundings` is what was gathered when the cursor last
    rested. `disk_changed_s` and `saved_s` say when another program wrote the file last, and when
    the editor did. `jumps` are the offers to go to what is wrong
    in it, and `accepted_revision` is the text that the last acceptance left.
    """

    __slots__ = (
        "_splices",
        "accepted_revision",
        "aftermath",
        "answers",
        "cursor",
        "disk_changed_s",
        "document",
        "excluded",
        "history",
        "jumps",
        "newline",
        "place",
        "recorded",
        "rejections",
        "saved_s",
        "suggestion",
        "surroundings",
        "syntax",
    )

    def __init__(
        self, document: Document, place: Place, history: History, syntax: Syntax | None
    ) -> None:
        self.document = document
        self.place = place
        self.history = history
        self.syntax = syntax
        self.newline = newline_of(document.rows(0, 100))
        self.excluded: str | None = None
        self.recorded = False
        self.surroundings = Surroundings()
        self.cursor = (0, 0)
        self.suggestion: Suggestion | None = None
        self.rejections = Rejections()
        self.answers: Answers[tuple[tuple[Cluster, ...], Reply]] = Answers()
        self.aftermath = Aftermath()
        self.jumps = Jumps()
        self.accepted_revision = -1
        self.disk_changed_s = self.saved_s = float("-inf")
        self._splices: deque[Splice] = deque(maxlen=SPLICES_KEPT)

    @property
    def uri(self) -> str:
        """The document's URI."""
        return self.document.uri

    def remember(self, splices: Sequence[Splice]) -> None:
        """Keep what a notification changed."""
        self._splices.extend(splices)
        if self.syntax is not None:
            for splice in splices:
                self.syntax.edited(splice)

    def forget_splices(self) -> None:
        """A whole text arrived: nothing older can be moved to it."""
        self._splices.clear()
        self.answers.clear()

    def splices_since(self, revision: int) -> list[Splice] | None:
        """The splices after a revision, oldest first; None if some of them are gone."""
        missing = self.document.revision - revision
        if missing > len(self._splices):
            return None
        return list(islice(self._splices, len(self._splices) - missing, None))

    def remember_answer(self, now_s: float) -> None:
        """Keep what is proposed at the present text, for when the person comes back to it."""
        held = self.suggestion
        if held is not None and held.clusters:
            self.answers.put(self.document.fingerprint, (held.clusters, held.reply), now_s)

    def refresh_syntax(self) -> None:
        """Bring the tree up to date, in a moment in which nobody waits."""
        if self.syntax is not None:
            self.syntax.refresh(self.document.lines)
