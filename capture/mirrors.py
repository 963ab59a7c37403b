"""One recorded file: its text as the editor has it, and everything that is followed in it."""

from collections.abc import Callable
from pathlib import Path

from capture.holding import Holding
from capture.rows import Licence
from capture.settling import Settling, Told, Tracked, Waiting
from capture.streams import Tape
from capture.timeline import Known
from zeta_lsp.core.documents import Document
from zeta_lsp.core.events import Splice
from zeta_lsp.core.recording import Opened
from zeta_lsp.core.text import Encoding

Report = Callable[["Mirror", Tracked, Told], None]
"""Told of each horizon that the region of a prediction reached."""


class Mirror:
    """An open file.

    `refusal` is empty while the file is recorded, and else the word for why it is not: its text is
    followed all the same, because it may become recordable again. `known.since` counts from when
    that last happened.
    """

    __slots__ = ("document", "file", "holding", "known", "licence", "refusal", "settling", "tape")

    def __init__(
        self,
        opened: Opened,
        licence: Licence | None,
        holding: Holding,
        waiting: Waiting,
        report: Report,
        drop: Callable[[str], None],
    ) -> None:
        self.file = Path(opened.file)
        self.document = Document(
            opened.uri, opened.language_id, opened.version, opened.text, Encoding.UTF32
        )
        self.licence = licence
        self.holding = holding
        self.settling = Settling(waiting, lambda *told: report(self, *told), drop)
        self.tape = Tape(opened.path)
        self.known = Known(self.document, opened.path, 0, 0)
        self.refusal = ""

    @property
    def path(self) -> str:
        """What prompts call it."""
        return self.known.path

    def begin(self, edit_number: int, seq: int) -> None:
        """Its text counts as known from an event on."""
        self.known = Known(self.document, self.known.path, edit_number, seq)

    def apply(self, version: int, splice: Splice) -> None:
        """Follow an edit.

        Raises:
            PositionError: the editor's text is another one.
        """
        self.document.replay(version, splice)
        self.holding.follow(splice)

    def keyframe(self, time_s: float) -> Opened:
        """The text as it is, as if the file was opened now."""
        now = self.document
        return Opened(now.uri, self.path, now.language_id, now.version, now.text(), time_s)
