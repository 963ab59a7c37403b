"""A client's request and the question to the model that it leads to."""

import asyncio

from zeta_lsp.core.pacing import Trigger
from zeta_lsp.core.ports import Reply
from zeta_lsp.server.judge import Silence
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.snapshot import Snapshot
from zeta_lsp.server.suggestion import Suggestion


class Ask:
    """A client's request that waits for its answer, made at `made_s`.

    `run` is set once the model was asked.
    """

    __slots__ = (
        "answer",
        "col",
        "file",
        "ident",
        "made_s",
        "revision",
        "row",
        "run",
        "timer",
        "trigger",
        "waiters",
    )

    def __init__(
        self,
        ident: str,
        file: OpenFile,
        place: tuple[int, int],
        trigger: Trigger,
        answer: asyncio.Future[Suggestion | Silence],
        made_s: float,
    ) -> None:
        self.ident = ident
        self.made_s = made_s
        self.file = file
        self.row, self.col = place
        self.revision = file.document.revision
        self.trigger = trigger
        self.answer = answer
        self.timer: asyncio.TimerHandle | None = None
        self.run: Run | None = None
        self.waiters = 0

    def is_for(self, row: int, col: int) -> bool:
        """Whether it asks about a place of the text as it is now."""
        here = (self.file.document.revision, row, col)
        return (self.revision, self.row, self.col) == here

    @property
    def was_answered_with_edits(self) -> bool:
        """Whether a suggestion answered it, whoever that was made for."""
        return self.answer.done() and isinstance(self.answer.result(), Suggestion)


class Run:
    """One question to the model.

    `ask` is the request it was started for, and `reply` what the model said last.
    """

    __slots__ = ("ask", "reply", "snapshot", "started_s", "suggestion", "task")

    def __init__(self, ask: Ask, snapshot: Snapshot, started_s: float) -> None:
        self.ask = ask
        self.snapshot = snapshot
        self.started_s = started_s
        self.reply: Reply | None = None
        self.suggestion: Suggestion | None = None
        self.task: asyncio.Task[None] | None = None
