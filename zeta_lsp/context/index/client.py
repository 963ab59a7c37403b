"""The index as the server has it: starts the helper, asks it with a deadline, starts it again.

A question that the helper does not answer in time gets no places, and so does every question while
there is no helper: nobody waits for the index. A helper that ends without being told to is started
again, after a pause that doubles with each failure, and is given the open buffers anew.
"""

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

from zeta_lsp.context.index.messages import (
    Answer,
    Ask,
    Changed,
    Excerpted,
    Note,
    Overlay,
    Progress,
    Ready,
    Reason,
    Report,
    Show,
    Start,
)
from zeta_lsp.context.index.process import COMMAND, HelperProcess
from zeta_lsp.context.index.reading import MAX_BYTES
from zeta_lsp.core.prompt import RelatedFile
from zeta_lsp.core.related import Found, Identifier, Place, Receipt, Visit
from zeta_lsp.core.text import without_surrogates

DEADLINE_S = 0.1
EXCERPTS_S = 0.5
"""Excerpts may take longer: files are read and parsed for them, and nobody waits."""
OVERLAY_S = 0.1
"""The text of a buffer is sent when it was not edited for so long, or when something is asked."""
PAUSE_S_MIN = 0.5
PAUSE_S_MAX = 60.0
STEADY_S = 60.0
"""A helper that lived so long had no part in earlier failures."""

Places = tuple[Place, ...]
Excerpts = tuple[tuple[RelatedFile, ...], tuple[Receipt, ...]]
Told = Callable[[Reason, int], None]
Moved = Callable[[int, int], None]


def _nobody(*_: object) -> None:
    """Takes what nobody wants to know."""


class Index:
    """The symbol index of a workspace. Belongs to one event loop.

    Args:
        cache: a folder for what is kept between starts; None keeps everything in memory.
        told: hears why the index knows less than it could; the number is a count or exit status.
        progress: hears (done, total) files while many are read.
        deadline_s: how long a question may take.
        excerpts_s: how long excerpts may take.
        command: what starts the helper.
        pause_s: the first pause after a helper failed.
    """

    def __init__(
        self,
        cache: Path | None,
        *,
        told: Told = _nobody,
        progress: Moved = _nobody,
        deadline_s: float = DEADLINE_S,
        excerpts_s: float = EXCERPTS_S,
        command: Sequence[str] = COMMAND,
        pause_s: float = PAUSE_S_MIN,
    ) -> None:
        self._cache = cache
        self._told = told
        self._progress = progress
        self._deadline_s = deadline_s
        self._excerpts_s = excerpts_s
        self._command = command
        self._pause_s = pause_s
        self._start: Start | None = None
        self._task: asyncio.Task[None] | None = None
        self._helper: HelperProcess | None = None
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Answer | Excerpted | None]] = {}
        self._texts: dict[str, str] = {}
        self._unsent: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._turned = asyncio.Condition()
        self.state: Ready | None = None

    @property
    def pid(self) -> int | None:
        """The helper's process, while there is one."""
        return None if self._helper is None else self._helper.pid

    async def start(
        self, roots: Sequence[Path], exclusions: Sequence[str] = (), names: Sequence[str] = ()
    ) -> None:
        """Begin to index folders; returns before anything is known.

        `exclusions` are globs of files that are never read, besides the built-in ones; `names` are
        what prompts call the folders, by default their own names.
        """
        if self._task is not None or not roots:
            return
        cache = "" if self._cache is None else str(self._cache)
        folders = tuple(str(root.absolute()) for root in roots)
        self._start = Start(folders, tuple(exclusions), cache, tuple(names))
        self._task = asyncio.create_task(self._keep_running(self._start))

    async def definitions(self, identifier: Identifier, path: str) -> Places:
        """Where a name that stands in a file is defined, best first; see `definitions_of`."""
        (places,) = await self.definitions_of([identifier], path)
        return places

    async def definitions_of(
        self, identifiers: Sequence[Identifier], path: str
    ) -> tuple[Places, ...]:
        """Where names that stand in a file are defined, in their order.

        No places for a name mean that it is not known, not in this workspace, or that the deadline
        passed.
        """
        ask = Ask(next(self._ids), path, tuple(identifiers), self._deadline_s)
        answer = await self._answer_to(ask, self._deadline_s)
        return answer.places if isinstance(answer, Answer) else ((),) * len(identifiers)

    async def excerpts(
        self, found: Sequence[Found], path: str = "", visits: Sequence[Visit] = ()
    ) -> Excerpts:
        """Excerpts of what was found, by whatever door, as far as it may be read.

        Behind them come glimpses of where the person was lately (`visits`, the latest first), and
        of files that change together with the one at `path`; of that one itself there are none.
        """
        show = Show(next(self._ids), tuple(found), path, tuple(visits))
        shown = await self._answer_to(show, self._excerpts_s)
        return (shown.files, shown.receipts) if isinstance(shown, Excerpted) else ((), ())

    async def _answer_to(
        self, question: Ask | Show, deadline_s: float
    ) -> Answer | Excerpted | None:
        """What the helper says; None if that is nothing in time."""
        self._send_texts()
        if self._helper is None or not self._helper.send(question):
            return None
        self._waiting[question.id] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(deadline_s):
                return await self._waiting[question.id]
        except TimeoutError:
            self._told(Reason.LATE, 1)
            return None
        finally:
            del self._waiting[question.id]

    def changed(self, path: str) -> None:
        """A file or folder may have changed on disk, appeared or gone."""
        if self._helper is not None:
            self._helper.send(Changed(path))

    def overlay(self, path: str, text: str | None) -> None:
        """An open buffer has this text now; None once it is closed."""
        if text is None or len(text) > MAX_BYTES:
            self._texts.pop(path, None)  # one that is too large is known as it is on disk
        else:
            self._texts[path] = text
        self._unsent.add(path)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(OVERLAY_S, self._send_texts)

    async def after_round(self, round_: int) -> Ready:
        """Wait until the helper agreed with the disk once more than `round_` times.

        Rounds count from 1 with each helper.
        """
        async with self._turned:
            while self.state is None or self.state.round <= round_:
                await self._turned.wait()
            return self.state

    async def aclose(self) -> None:
        """End the helper."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def _send_texts(self) -> None:
        if self._helper is None:
            return
        for path in self._unsent:
            text = self._texts.get(path)
            overlay = Overlay(path, None if text is None else without_surrogates(text))
            if not self._helper.send(overlay):
                self._told(Reason.HELPER_BUSY, 1)
        self._unsent.clear()

    async def _keep_running(self, start: Start) -> None:
        loop, pause_s = asyncio.get_running_loop(), self._pause_s
        while True:
            began_s = loop.time()
            await self._live_once(start)
            if loop.time() - began_s > STEADY_S:
                pause_s = self._pause_s
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, PAUSE_S_MAX)

    async def _live_once(self, start: Start) -> None:
        try:
            helper = await HelperProcess.started(self._command)
        except OSError as fault:
            self._told(Reason.HELPER_MISSING, fault.errno or 0)
            return
        try:
            self._begin(helper, start)
            async for report in helper.reports():
                await self._hear(report)
        finally:
            self._helper, self.state = None, None
            self._give_up_waiting()
            status = await asyncio.shield(helper.ended())
        self._told(Reason.HELPER_DIED, status)

    def _begin(self, helper: HelperProcess, start: Start) -> None:
        helper.send(start)
        self._helper = helper
        self._unsent |= self._texts.keys()
        self._send_texts()

    def _give_up_waiting(self) -> None:
        for future in self._waiting.values():
            if not future.done():
                future.set_result(None)

    async def _hear(self, report: Report) -> None:
        if isinstance(report, Answer | Excerpted):
            future = self._waiting.get(report.id)
            if future is not None and not future.done():
                future.set_result(report)
        elif isinstance(report, Progress):
            self._progress(report.done, report.total)
        elif isinstance(report, Note):
            self._told(report.reason, report.count)
        else:
            async with self._turned:
                self.state = report
                self._turned.notify_all()
