"""Makes examples of repositories, commit by commit, until there are enough of each.

All cores work on commits ahead, but what is written is what one core would have written: outcomes
are taken in the order of the commits, and those after the last that is wanted are not looked at.
"""

import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager

from pipeline.jsonl import Line, Output, drop_of, line_of, output
from pipeline.records import Dropped, Noted, Row
from pipeline.stage import PureStage
from pipeline.tally import Tally

_AHEAD = 4
"""Commits on their way for each worker."""
Outcome = list[Row | Dropped | Noted]


def make(
    stage: PureStage,
    repositories: Iterable[tuple[str, Sequence[str]]],
    target: str,
    *,
    count: int,
    workers: int = 1,
) -> Tally:
    """Write at most `count` examples of each repository (a folder and its commits).

    Raises:
        OSError: the output cannot be written.
    """
    started_s, tally = time.monotonic(), Tally()
    with output(target) as out, _pool(stage, workers) as pool:
        for folder, commits in repositories:
            rows: list[Row] = [{"repository": folder, "commit": sha} for sha in commits]
            outcomes = _outcomes(stage, rows, pool, workers)
            left = count
            while left > 0 and (found := next(outcomes, None)) is not None:
                left -= _written(*found, left, out, tally)
            outcomes.close()
    tally.seconds = time.monotonic() - started_s
    return tally


def _written(row: Row, outcome: Outcome, left: int, out: Output, tally: Tally) -> int:
    """Write what became of a commit; how many examples that were."""
    tally.read += 1
    line, made = Line(tally.read, line_of(row)), 0
    for one in outcome:
        if isinstance(one, Noted):
            tally.noted[one.word] += 1
        elif isinstance(one, Dropped):
            tally.dropped[one.reason] += 1
            out.drop(drop_of(line, one))
        elif made < left:
            out.row(line_of(one))
            made += 1
    tally.written += made
    return made


def _outcomes(
    stage: PureStage, rows: Iterable[Row], pool: ProcessPoolExecutor | None, workers: int
) -> Generator[tuple[Row, Outcome], None, None]:
    """What becomes of each commit, in their order."""
    if pool is None:
        yield from ((row, _outcome(stage, row)) for row in rows)
        return
    pending: deque[tuple[Row, Future[Outcome]]] = deque()
    try:
        for row in rows:
            pending.append((row, pool.submit(_outcome, stage, row)))
            if len(pending) > _AHEAD * workers:
                yield _next(pending)
        while pending:
            yield _next(pending)
    finally:
        for _, future in pending:
            future.cancel()


def _next(pending: deque[tuple[Row, Future[Outcome]]]) -> tuple[Row, Outcome]:
    row, future = pending.popleft()
    return row, future.result()


def _outcome(stage: PureStage, row: Row) -> Outcome:
    try:
        return list(stage.rows(row))
    except Exception as fault:  # noqa: BLE001 - the edge: one commit must not end a run of many
        return [Dropped("stage_failed", type(fault).__name__)]


@contextmanager
def _pool(stage: PureStage, workers: int) -> Iterator[ProcessPoolExecutor | None]:
    if workers < 2:
        yield None
        return
    with ProcessPoolExecutor(workers) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)
