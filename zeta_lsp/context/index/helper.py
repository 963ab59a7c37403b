"""The helper's loop: one thread that answers at once and indexes while nobody asks.

It waits for messages on one descriptor, reports on another, and has a pipe by which watchdog's
thread wakes it. Work is a queue of generators of small steps. It ends when its input ends; a step
that takes more than `STEP_S` of the processor ends the process, by a timer that needs no
cooperation, because a helper that hangs would never see its input end.

The history of repositories is read in such steps as well, but only when there is no other work.
"""

import contextlib
import logging
import os
import select
import signal
import sqlite3
import time
from collections import deque

from zeta_lsp.context.index import messages
from zeta_lsp.context.index.messages import (
    Answer,
    Ask,
    BrokenStream,
    Changed,
    Excerpted,
    Note,
    Overlay,
    Reason,
    Report,
    Request,
    Show,
    Start,
)
from zeta_lsp.context.index.scanning import Waits, Work
from zeta_lsp.context.index.together import Steps
from zeta_lsp.context.index.workspace import Workspace

log = logging.getLogger(__name__)
STEP_S = 20.0
QUIET_S = 0.05
"""Changes are looked at once nothing changed for so long…"""
LATEST_S = 1.0
"""…or so long after the first of them."""
BURST = 500
"""More changed paths than that are looked at by walking everything."""
BLIND_S = 60.0
"""How often everything is walked if not all of it is watched."""
_READ_BYTES = 1 << 16
_END = object()


class Helper:
    """Speaks on two descriptors until the first one ends."""

    def __init__(self, source: int, sink: int) -> None:
        self._source = source
        self._sink = sink
        self._frames = messages.requests()
        self._wake_out, self._wake_in = os.pipe()
        os.set_blocking(self._wake_in, False)
        self._dirty: dict[str, None] = {}
        self._dirty_first_s = self._dirty_last_s = 0.0
        self._reported: deque[str | None] = deque()
        self._work: deque[Work] = deque()
        self._awaited: Waits = []
        self._history: Steps | None = None
        self._workspace: Workspace | None = None
        self._round = 0
        self._walked_s = 0.0
        self._walk_is_due = False

    def run(self) -> None:
        """Serve; returns when the input ends or is no conversation of ours."""
        try:
            while self._turn():
                pass
        except (BrokenStream, BrokenPipeError):
            return
        finally:
            if self._workspace is not None:
                self._workspace.close()

    def _turn(self) -> bool:
        watched = [self._source, self._wake_out, *self._awaited]
        ready, _, _ = select.select(watched, [], [], self._patience_s())
        if self._wake_out in ready:
            os.read(self._wake_out, _READ_BYTES)
            self._collect()
        if self._source in ready:
            data = os.read(self._source, _READ_BYTES)
            if not data:
                return False
            for request in self._frames.feed(data):
                self._guarded(request)
        elif self._work and (not self._awaited or set(self._awaited) & set(ready)):
            self._step()
        elif self._history is not None and not self._work:
            self._read_history()
        self._look_at_dirty()
        return True

    def _patience_s(self) -> float | None:
        if self._history is not None and not self._work:
            return 0.0
        if self._work and not self._awaited:
            return 0.0
        if self._dirty:
            return QUIET_S
        return BLIND_S if self._workspace is not None and self._workspace.scanner.is_blind else None

    def _guarded(self, request: Request) -> None:
        with _Limit():
            try:
                self._handle(request)
                return
            except sqlite3.DatabaseError:
                self._begin_anew()
            except (BrokenPipeError, BrokenStream):
                raise
            except Exception as fault:  # noqa: BLE001 - a text that we stumble over costs its answer
                log.warning("a request failed: %s", type(fault).__name__)  # no text of a person's
            if isinstance(request, Ask):
                self._tell(Answer(request.id, ((),) * len(request.wanted)))
            elif isinstance(request, Show):
                self._tell(Excerpted(request.id, (), ()))

    def _handle(self, request: Request) -> None:
        if isinstance(request, Start):
            self._start(request)
        elif self._workspace is None:
            return
        elif isinstance(request, Ask):
            self._tell(Answer(request.id, self._workspace.answers(request)))
        elif isinstance(request, Show):
            self._tell(Excerpted(request.id, *self._workspace.excerpts.of(request)))
            self._history = self._history or self._workspace.together.renewed()
        elif isinstance(request, Overlay):
            self._workspace.overlay(request)
        elif isinstance(request, Changed):
            self._mark(request.path)

    def _start(self, request: Start) -> None:
        if self._workspace is not None:
            return
        self._workspace = Workspace(request, self._tell, self._watched)
        self._walk_again()
        self._history = self._workspace.together.renewed()

    def _read_history(self) -> None:
        assert self._history is not None
        with _Limit():
            if next(self._history, _END) is _END:
                self._history = None

    def _step(self) -> None:
        with _Limit():
            try:
                waits = next(self._work[0])
                self._awaited = [] if waits is None else waits
            except StopIteration:
                self._awaited = []
                self._work.popleft()
                if not self._work:
                    self._settle()
            except sqlite3.DatabaseError:
                self._begin_anew()

    def _settle(self) -> None:
        assert self._workspace is not None
        self._round += 1
        self._tell(self._workspace.state(self._round))

    def _begin_anew(self) -> None:
        """The cache is damaged: it is removed, and everything is read again."""
        assert self._workspace is not None
        self._workspace.rebuild()
        self._tell(Note(Reason.CACHE_REBUILT))
        self._awaited = []
        self._work.clear()
        self._walk_is_due = False
        self._walk_again()

    def _watched(self, path: str | None) -> None:
        """From watchdog's thread: a path changed, or (None) events were lost."""
        self._reported.append(path)
        with contextlib.suppress(BlockingIOError):  # the pipe is full of wake-ups already
            os.write(self._wake_in, b"!")

    def _collect(self) -> None:
        while self._reported:
            path = self._reported.popleft()
            if path is None:
                self._walk_again()
            else:
                self._mark(path)

    def _mark(self, path: str) -> None:
        self._dirty_last_s = time.monotonic()
        if not self._dirty:
            self._dirty_first_s = self._dirty_last_s
        self._dirty[path] = None

    def _look_at_dirty(self) -> None:
        if self._workspace is None:
            return
        now_s = time.monotonic()
        is_due = now_s - self._dirty_last_s >= QUIET_S or now_s - self._dirty_first_s >= LATEST_S
        if self._dirty and is_due:
            paths = list(self._dirty)
            self._dirty.clear()
            if len(paths) > BURST:
                self._walk_again()
            else:
                self._work.append(self._workspace.scanner.some(paths))
        elif self._workspace.scanner.is_blind and now_s - self._walked_s >= BLIND_S:
            self._walk_again()

    def _walk_again(self) -> None:
        """Look at everything, once however often it is asked before it begins."""
        if not self._walk_is_due:
            self._walk_is_due = True
            self._work.append(self._walk())

    def _walk(self) -> Work:
        assert self._workspace is not None
        self._walk_is_due = False
        self._walked_s = time.monotonic()
        yield from self._workspace.scanner.everything()

    def _tell(self, report: Report) -> None:
        data = messages.framed(report)
        while data:
            data = data[os.write(self._sink, data) :]


class _Limit:
    """Ends the process if what is done inside takes too long."""

    def __enter__(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, STEP_S)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
