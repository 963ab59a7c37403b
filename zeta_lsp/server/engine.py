"""The prediction loop: from a client's request to a suggestion, or to the reason why there is none.

What is asked for goes through four stages. The *gate* refuses files that get no predictions. What
is *held* answers at once: a suggestion that the typing agrees with, or the next cluster after an
accepted one. *Pacing* says when the model is asked: the first request immediately, later ones as
the settings allow, explicit ones always. A *run* asks the model; its first finished cluster
answers the client while the rest still streams.

The latest request wins. An older one of the same document is answered with silence as soon as a
newer arrives, but its run may go on (up to the limit of requests in flight): if its answer still
fits the text, it answers the newer request too, sooner than that one's own run would.

A client that cancels its request stops the run that serves it, which closes the connection.
"""

import asyncio
import itertools
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import cast

from zeta_lsp.core.cursor import Place, placed
from zeta_lsp.core.edits import Cluster
from zeta_lsp.core.errors import ModelError, PromptTooLong, UnparsableAnswer
from zeta_lsp.core.journal import context_of
from zeta_lsp.core.lifecycle import Happening
from zeta_lsp.core.pacing import Pacing, StartAt, Trigger
from zeta_lsp.core.ports import Predictor, Reply
from zeta_lsp.server.checks import Checks
from zeta_lsp.server.elsewhere import Elsewhere
from zeta_lsp.server.faults import where
from zeta_lsp.server.gate import Gate
from zeta_lsp.server.judge import Silence, judge
from zeta_lsp.server.ledger import Ledger
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.run import Ask, Run
from zeta_lsp.server.snapshot import take_snapshot
from zeta_lsp.server.suggestion import Suggestion

log = logging.getLogger(__name__)

REFRESH_S = 0.003
"""After a request was sent: nobody waits for us while the model thinks, so that is the moment to
bring the syntax tree up to date. A model that answers sooner than this is not kept waiting."""

Clock = Callable[[], float]


class Engine:
    """Asks one predictor on behalf of all open files."""

    def __init__(
        self,
        predictor: Predictor,
        gate: Gate,
        pacing: Pacing,
        ledger: Ledger,
        clock: Clock,
        checks: Checks,
        elsewhere: Elsewhere,
    ) -> None:
        self.predictor = predictor
        self.gate = gate
        self.pacing = pacing
        self.ledger = ledger
        self.clock = clock
        self.checks = checks
        self.elsewhere = elsewhere
        self._asks: dict[str, Ask] = {}
        self._runs: dict[str, Run] = {}
        self._tasks: set[asyncio.Future[None]] = set()
        self._numbers = itertools.count(1)
        self._is_warm = False
        self._refreshing: asyncio.TimerHandle | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a model is being asked."""
        return bool(self._runs)

    async def suggest(
        self, file: OpenFile, row: int, col: int, trigger: Trigger
    ) -> Suggestion | Silence:
        """What to show at a place of an open file. Cancelling stops the question to the model."""
        file.cursor = (row, col)
        refusal = self.gate.refusal(file, explicit=trigger is Trigger.EXPLICIT)
        if refusal is not None:
            return self.ledger.silent_now(file, Silence(refusal))
        arrived = self.elsewhere.arrived(file)
        if arrived is not None:
            return self._proposed(file, *arrived)
        if trigger is Trigger.TYPING and self.elsewhere.stands_for(file, row):
            return Silence("elsewhere")
        held = file.suggestion
        if held is not None and held.awaits_rest:
            await asyncio.shield(held.rest)
        if held is not None and held.answers_at_once:
            return held
        recalled = self._recalled(file) if trigger is Trigger.TYPING else None
        if recalled is not None:
            return recalled
        ask = self._joined(file, row, col, trigger) or self._new_ask(file, (row, col), trigger)
        return _as_it_is_now(await self._answer_to(ask), file)

    def warm(self, file: OpenFile) -> None:
        """Somebody types in a file: have the predictor ready before they pause. Happens once."""
        if self._is_warm or self.gate.refusal(file, explicit=False) is not None:
            return
        self._is_warm = True
        self._keep(asyncio.ensure_future(self.predictor.warm()))

    def speculate(self, file: OpenFile, row: int, col: int) -> None:
        """Ask ahead: a prediction was just accepted and the client will ask for the next one."""
        if self.gate.refusal(file, explicit=False) is None:
            self._new_ask(file, (row, col), Trigger.ACCEPTED)

    def forsake(self, suggestion: Suggestion) -> None:
        """Stop what still writes on a suggestion that the text has contradicted."""
        self._stop(suggestion.ident, "contradicted")

    def drop(self, file: OpenFile, reason: str) -> None:
        """Stop everything about a file: it was closed, or its text is in doubt."""
        ask = self._asks.get(file.uri)
        if ask is not None:
            self._abandon(ask, reason)
        for run in list(self._runs.values()):
            if run.ask.file is file:
                self._stop(run.ask.ident, reason)

    async def aclose(self, reason: str, *, keep_predictor: bool = False) -> None:
        """Stop everything and close the predictor's connections, unless another engine has it."""
        for ask in list(self._asks.values()):
            self._abandon(ask, reason)
        for ident in list(self._runs):
            self._stop(ident, reason)
        if self._refreshing is not None:
            self._refreshing.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if not keep_predictor:
            await self.predictor.aclose()

    async def _answer_to(self, ask: Ask) -> Suggestion | Silence:
        ask.waiters += 1
        try:
            return await asyncio.shield(ask.answer)
        except asyncio.CancelledError:
            ask.waiters -= 1
            if not ask.waiters:
                self._abandon(ask, "cancelled")
            raise

    def _recalled(self, file: OpenFile) -> Suggestion | None:
        """What was proposed at this very text a moment ago: typing and taking it back is free."""
        known = file.answers.get(file.document.fingerprint, self.clock())
        if known is None:
            return None
        older = self._asks.get(file.uri)
        if older is not None:
            self._answer(older, Silence("superseded_by_newer"))
        return self._proposed(file, *known)

    def _proposed(self, file: OpenFile, clusters: tuple[Cluster, ...], reply: Reply) -> Suggestion:
        """Something that was answered earlier, as a suggestion of the text as it is now."""
        suggestion = Suggestion(f"p{next(self._numbers)}", file, clusters, reply, 0.0)
        suggestion.finish()
        self._hold(file, suggestion)
        return suggestion

    def _joined(self, file: OpenFile, row: int, col: int, trigger: Trigger) -> Ask | None:
        """A waiting request for the same text and place, which a second client method may share."""
        ask = self._asks.get(file.uri)
        if ask is None or not ask.is_for(row, col):
            return None
        if trigger is Trigger.EXPLICIT and ask.run is None:
            ask.trigger = trigger
            self._start(ask)  # the person asked: wait no longer
        return ask

    def _new_ask(self, file: OpenFile, place: tuple[int, int], trigger: Trigger) -> Ask:
        older = self._asks.get(file.uri)
        if older is not None:
            self._answer(older, Silence("superseded_by_newer"))
        loop = asyncio.get_running_loop()
        now_s = self.clock()
        ident = f"p{next(self._numbers)}"
        ask = Ask(ident, file, place, trigger, loop.create_future(), now_s)
        self._asks[file.uri] = ask
        decision = self.pacing.decide(now_s, trigger)
        if isinstance(decision, StartAt):
            ask.timer = loop.call_later(decision.at_s - now_s, self._start, ask)
        else:
            self._start(ask)
        return ask

    def _start(self, ask: Ask) -> None:
        """Ask the model, unless the text or the person's mind changed while the request waited."""
        if ask.timer is not None:
            ask.timer.cancel()
        file, now_s = ask.file, self.clock()
        stale = "stale" if file.document.revision != ask.revision else None
        refusal = stale or self.gate.refusal(file, explicit=ask.trigger is Trigger.EXPLICIT)
        if refusal is not None:
            self._answer(ask, Silence(refusal))
            return
        with_current_file = self.predictor.needs_current_file
        snapshot = take_snapshot(file, ask.row, ask.col, with_current_file=with_current_file)
        run = ask.run = Run(ask, snapshot, now_s)
        for ident in self.pacing.started(ask.ident, now_s):
            self._stop(ident, "superseded_by_newer")
        self._runs[ask.ident] = run
        self.ledger.asked(run)
        loop = asyncio.get_running_loop()
        run.task = loop.create_task(self._execute(run))
        self._keep(run.task)
        if self._refreshing is not None:
            self._refreshing.cancel()
        self._refreshing = loop.call_later(REFRESH_S, file.refresh_syntax)

    def _keep(self, task: asyncio.Future[None]) -> None:
        """Hold on to a task until it is over; the event loop would not."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _execute(self, run: Run) -> None:
        silence = Silence("no_change")
        try:
            # Every predictor is a generator at heart; closing it is what closes the connection.
            stream = cast("AsyncGenerator[Reply]", self.predictor.predict(run.snapshot.given))
            async with aclosing(stream) as replies:
                async for reply in replies:
                    silence = await self._take(run, reply) or silence
        except (ModelError, PromptTooLong, UnparsableAnswer) as fault:
            silence = Silence(fault.reason, str(fault))
        except Exception as fault:  # noqa: BLE001 - the edge: whatever a predictor does, typing goes on
            log.error("the predictor failed: %s", where(fault))
            silence = Silence("internal_error")
        self._finish(run, silence)

    async def _take(self, run: Run, reply: Reply) -> Silence | None:
        """Show what a reply proposes, if it may be shown."""
        run.reply = reply
        reply = self.elsewhere.take(run.ask.file, reply, run.snapshot.given)
        verdict = await self._verdict(run, reply)
        if isinstance(verdict, Silence):
            is_elsewhere = verdict.reason == "no_change" and self.elsewhere.leads_from(run.ask.file)
            return Silence("elsewhere") if is_elsewhere else verdict
        if run.suggestion is None:
            latency_ms = (self.clock() - run.started_s) * 1e3
            run.suggestion = Suggestion(run.ask.ident, run.ask.file, verdict, reply, latency_ms)
            run.suggestion.cursor = _cursor_of(reply, run)
            run.suggestion.context = context_of(run.snapshot.receipts)
            self._publish(run, run.suggestion)
        else:
            run.suggestion.extend(verdict)
            run.suggestion.cursor = _cursor_of(reply, run)
            run.ask.file.remember_answer(self.clock())
        return None

    async def _verdict(self, run: Run, reply: Reply) -> tuple[Cluster, ...] | Silence:
        """What a reply proposes for the text as it is now, if that breaks nothing."""
        file = run.ask.file
        verdict = judge(reply, run.snapshot, file, self.clock())
        if isinstance(verdict, Silence):
            return verdict
        revision = file.document.revision
        fault = await self.checks.fault(run.ask, verdict)
        if fault is not None or file.document.revision == revision:
            return fault or verdict
        return judge(reply, run.snapshot, file, self.clock())  # somebody typed meanwhile

    def _publish(self, run: Run, suggestion: Suggestion) -> None:
        """Make a suggestion the file's, and answer with it whoever waits for that file."""
        file = run.ask.file
        self._hold(file, suggestion)
        waiting = self._asks.get(file.uri)
        if waiting is None:
            return
        self._answer(waiting, suggestion)
        if waiting.run is not run:
            self._stop(waiting.ident, "superseded_by_newer")

    def _hold(self, file: OpenFile, suggestion: Suggestion) -> None:
        if file.suggestion is not None:
            self.ledger.happened(file.suggestion, Happening.REPLACE, "superseded_by_newer")
        file.suggestion = suggestion
        file.remember_answer(self.clock())

    def _stop(self, ident: str, reason: str) -> None:
        """End a run before its time, if there is one of this name."""
        run = self._runs.get(ident)
        if run is None:
            return
        self._finish(run, Silence(reason))
        if run.task is not None:
            run.task.cancel()

    def _finish(self, run: Run, silence: Silence) -> None:
        """A run is over, however it ended; `silence` says why if it brought nothing."""
        ask = run.ask
        if self._runs.pop(ask.ident, None) is None:
            return
        for ident in self.pacing.finished(ask.ident, answered=run.suggestion is not None):
            self._stop(ident, "superseded_by_newer")
        self.ledger.answered(run, silence)
        if run.suggestion is not None:
            run.suggestion.finish()
        elif not ask.was_answered_with_edits:
            latency_ms = (self.clock() - run.started_s) * 1e3
            context = context_of(run.snapshot.receipts)
            self.ledger.silent(ask.ident, ask.file, silence, latency_ms, context)
        self._answer(ask, run.suggestion or silence)
        ask.run = None  # they hold each other, and tens of kilobytes of text

    def _answer(self, ask: Ask, answer: Suggestion | Silence) -> None:
        """Answer a request once. The ending of one that was never sent is recorded here."""
        if ask.answer.done():
            return
        ask.answer.set_result(answer)
        if ask.timer is not None:
            ask.timer.cancel()
        if isinstance(answer, Silence) and ask.run is None:
            self.ledger.silent(ask.ident, ask.file, answer)
        if self._asks.get(ask.file.uri) is ask:
            del self._asks[ask.file.uri]

    def _abandon(self, ask: Ask, reason: str) -> None:
        """Nobody wants an answer any more."""
        self._answer(ask, Silence(reason))
        self._stop(ask.ident, reason)


def _cursor_of(reply: Reply, run: Run) -> Place | None:
    """Where the model put the cursor; nobody knows once the text is another one."""
    if run.ask.file.document.revision != run.snapshot.revision:
        return None
    return placed(reply.answer, run.snapshot.given)


def _as_it_is_now(answer: Suggestion | Silence, file: OpenFile) -> Suggestion | Silence:
    """An answer as it reaches the client: what was typed since it was given may have ended it."""
    if isinstance(answer, Silence):
        return answer
    held = file.suggestion
    return held if held is not None and held.clusters else Silence("contradicted")
