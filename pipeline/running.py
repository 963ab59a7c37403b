"""Run a stage over its inputs: all cores for pure ones, many questions at a time for asking ones.

The output has the order of the input whoever is done first, so the same input and the same stage
make the same bytes. Memory is bounded: only so many lines are on their way at a time. A row at
which a stage fails is dropped with the exception's name; only what concerns all rows (a full disk,
a worker that was killed) ends a run, and then nothing is left of the output.
"""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice
from typing import NamedTuple

from pipeline.jsonl import STANDARD, Line, Output, drop_of, line_of, lines, output, row_of
from pipeline.records import Dropped, Noted, Row
from pipeline.stage import Asker, AskingStage, PureStage, Stage, Surveyed, WholeStage
from pipeline.tally import Tally

CHUNK_LINES = 64
"""Lines that go to a worker at a time."""
CHUNK_BYTES = 4 << 20
STOPPING = (signal.SIGINT, signal.SIGTERM)
AHEAD = 3
"""Chunks on their way for each worker."""


class Made(NamedTuple):
    """What became of one line: lines of the output, and drops with their reasons."""

    rows: tuple[bytes, ...]
    drops: tuple[tuple[str, bytes], ...]
    notes: tuple[str, ...] = ()


def run(
    stage: Stage,
    sources: Sequence[str],
    target: str,
    *,
    workers: int | None = None,
    concurrency: int = 16,
    limit: int | None = None,
    progress: Callable[[Line], None] = lambda _: None,
    reading: Callable[[Sequence[str]], Iterator[Line]] = lines,
) -> Tally:
    """Run a stage; what it did. `reading` finds the lines of sources that are no JSONL.

    Raises:
        OSError: an input or the output cannot be read or written.
    """
    started_s = time.monotonic()
    tally = Tally()
    with ExitStack() as stack:
        if isinstance(stage, WholeStage):
            sources = stack.enter_context(again(sources))
            surveyed = _surveyed(stage, islice(reading(sources), limit))
        out = stack.enter_context(output(target))
        found = _counted(islice(reading(sources), limit), tally, progress)
        if isinstance(stage, WholeStage):
            everything = _by_number(surveyed, found)
        elif isinstance(stage, AskingStage):
            everything = _asking(stage, found, concurrency)
        else:
            count = workers or os.cpu_count() or 1
            everything = _in_processes(stage, found, count) if count > 1 else _here(stage, found)
        for made in everything:
            _write(made, out, tally)
    tally.seconds = time.monotonic() - started_s
    return tally


def _counted(
    found: Iterable[Line], tally: Tally, progress: Callable[[Line], None]
) -> Iterator[Line]:
    for line in found:
        tally.read += 1
        progress(line)
        yield line


def _write(made: Made, out: Output, tally: Tally) -> None:
    for data in made.rows:
        out.row(data)
    for reason, data in made.drops:
        out.drop(data)
        tally.dropped[reason] += 1
    tally.written += len(made.rows)
    tally.noted.update(made.notes)


# Pure stages: chunks of lines go to worker processes, which read and write JSON as well.


def _here(stage: PureStage, found: Iterable[Line]) -> Iterator[Made]:
    return (_made_of(line, stage.rows) for line in found)


def _in_processes(stage: PureStage, found: Iterator[Line], workers: int) -> Iterator[Made]:
    pending: deque[Future[list[Made]]] = deque()
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(stage,)) as pool:
        try:
            for chunk in _chunks(found):
                with _undisturbed():
                    pending.append(pool.submit(_work, chunk))
                if len(pending) > AHEAD * workers:
                    yield from pending.popleft().result()
            while pending:
                yield from pending.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _chunks(found: Iterable[Line]) -> Iterator[list[Line]]:
    chunk: list[Line] = []
    size_bytes = 0
    for line in found:
        chunk.append(line)
        size_bytes += len(line.data)
        if len(chunk) >= CHUNK_LINES or size_bytes >= CHUNK_BYTES:
            yield chunk
            chunk, size_bytes = [], 0
    if chunk:
        yield chunk


_stage: PureStage | None = None
"""The stage of this worker process."""


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold signals back while processes are made, which would die of those meant for us."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(stage: PureStage) -> None:
    global _stage  # noqa: PLW0603 - a worker process has one stage, and gets it once
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)  # the person stops the parent, which stops us
    _stage = stage


def _work(chunk: list[Line]) -> list[Made]:
    assert _stage is not None
    return list(_here(_stage, chunk))


def _made_of(line: Line, rows: Callable[[Row], Iterable[Row | Dropped | Noted]]) -> Made:
    row = row_of(line)
    if isinstance(row, Dropped):
        return _split(line, [row])
    try:
        return _split(line, rows(row))
    except Exception as fault:  # noqa: BLE001 - the edge: one row must not end a run of many
        return _split(line, [_failed(fault)])


def _split(line: Line, results: Iterable[Row | Dropped | Noted]) -> Made:
    rows: list[bytes] = []
    drops: list[tuple[str, bytes]] = []
    notes: list[str] = []
    for result in results:
        if isinstance(result, Dropped):
            drops.append((result.reason, drop_of(line, result)))
        elif isinstance(result, Noted):
            notes.append(result.word)
        else:
            rows.append(line_of(result))
    return Made(tuple(rows), tuple(drops), tuple(notes))


def _failed(fault: Exception) -> Dropped:
    """A fault's name and place; its words may quote text."""
    place = fault.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" in {place.tb_frame.f_code.co_qualname}" if place is not None else ""
    return Dropped("stage_failed", f"{type(fault).__name__}{where}")


# Whole stages: one process, two passes.


def _surveyed(stage: WholeStage, found: Iterable[Line]) -> Surveyed:
    read = ((line.number, row_of(line)) for line in found)
    return stage.surveyed((number, row) for number, row in read if not isinstance(row, Dropped))


def _by_number(stage: Surveyed, found: Iterable[Line]) -> Iterator[Made]:
    return (_made_of(line, partial(stage.rows, line.number)) for line in found)


@contextmanager
def again(sources: Sequence[str]) -> Iterator[Sequence[str]]:
    """The sources as they can be read twice: what comes from standard input is kept meanwhile."""
    if STANDARD not in sources:
        yield sources
        return
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        kept.flush()
        yield [kept.name if source == STANDARD else source for source in sources]


# Asking stages: an event loop of their own, many rows waiting at a time.


def _asking(stage: AskingStage, found: Iterator[Line], concurrency: int) -> Iterator[Made]:
    with asyncio.Runner() as runner:
        session = _Session(stage, concurrency)
        runner.run(session.open())
        try:
            while made := runner.run(session.next(found)):
                yield from made
        finally:
            runner.run(session.close())


class _Session:
    """An asking stage at work on a window of lines, in their order."""

    def __init__(self, stage: AskingStage, concurrency: int) -> None:
        self._opened = stage.opened()
        self._concurrency = concurrency
        self._asker: Asker | None = None
        self._tasks: deque[asyncio.Task[Made]] = deque()

    async def open(self) -> None:
        self._asker = await self._opened.__aenter__()

    async def next(self, found: Iterator[Line]) -> list[Made]:
        """What is finished next, at least one; nothing once all is done."""
        for line in islice(found, self._concurrency - len(self._tasks)):
            self._tasks.append(asyncio.ensure_future(self._made(line)))
        if not self._tasks:
            return []
        finished = [await self._tasks.popleft()]
        while self._tasks and self._tasks[0].done():
            finished.append(self._tasks.popleft().result())
        return finished

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._opened.__aexit__(None, None, None)

    async def _made(self, line: Line) -> Made:
        assert self._asker is not None
        row = row_of(line)
        if isinstance(row, Dropped):
            return _split(line, [row])
        try:
            return _split(line, await self._asker.rows(row))
        except Exception as fault:  # noqa: BLE001 - the edge: one row must not end a run of many
            return _split(line, [_failed(fault)])
