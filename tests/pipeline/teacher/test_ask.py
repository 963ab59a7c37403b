"""So many questions at a time, each until it is answered or hopeless."""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator

import pytest

from pipeline.teacher.ask import FAILURES_IN_A_ROW_MAX, Limits, ask_all
from pipeline.teacher.cache import Wanted
from pipeline.teacher.calls import Call
from pipeline.teacher.faults import RunEnded
from pipeline.teacher.pace import Pace
from pipeline.teacher.replies import Failure, Reply
from zeta_lsp.core.errors import ModelBusy, ModelError, ModelRefused, ModelUnreachable

CALL = Call(vendor="chat", model="m", max_tokens=1, prompt="x")


def questions(count: int) -> Iterator[Wanted]:
    return (Wanted(str(n), CALL, n) for n in range(count))


class Time:
    """A clock that stands still unless somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 0.0

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds

    def pace(self) -> Pace:
        return Pace(now_s=lambda: self.now_s, sleep=self.sleep, chance=lambda: 0.0)


class Moody:
    """Raises the faults it was given, and then answers."""

    def __init__(self, faults: Iterable[ModelError], time: Time) -> None:
        self.faults = deque(faults)
        self.time = time
        self.asked: list[tuple[int, float]] = []
        self.busy = self.busiest = 0

    async def ask(self, call: Call, sample: int) -> Reply:
        self.asked.append((sample, self.time.now_s))
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        await asyncio.sleep(0)
        self.busy -= 1
        if self.faults:
            raise self.faults.popleft()
        return Reply("answer")

    async def aclose(self) -> None:
        pass


class Run:
    """What came of asking."""

    def __init__(
        self, count: int, faults: Iterable[ModelError] = (), limits: Limits | None = None
    ) -> None:
        self.time = Time()
        self.vendor = Moody(faults, self.time)
        self.outcomes: dict[str, Reply | Failure] = {}
        self.ended: RunEnded | None = None
        limits = limits or Limits(concurrency=1)
        asking = ask_all(questions(count), self.vendor, self.heard, limits, self.time.pace())
        try:
            asyncio.run(asking)
        except RunEnded as ended:
            self.ended = ended

    def heard(self, one: Wanted, outcome: Reply | Failure) -> None:
        self.outcomes[one.digest] = outcome


def test_no_more_at_a_time_than_wanted() -> None:
    run = Run(50, limits=Limits(concurrency=7))
    assert run.vendor.busiest == 7
    assert len(run.outcomes) == 50


def test_a_vendor_that_wants_a_pause_gets_it_from_all() -> None:
    run = Run(6, [ModelBusy(429, 30.0)], Limits(concurrency=3))
    assert len(run.outcomes) == 6
    times = [time_s for _, time_s in run.vendor.asked]
    assert times.count(0.0) == 3  # those that were on their way
    assert min(time_s for time_s in times if time_s) == 30.0


def test_a_question_is_given_up_after_so_many_attempts() -> None:
    run = Run(2, [ModelUnreachable()] * 3, Limits(concurrency=1, attempts=3))
    assert run.outcomes == {"0": Failure("endpoint_unreachable"), "1": Reply("answer")}
    assert [sample for sample, _ in run.vendor.asked] == [0, 0, 0, 1]
    assert run.time.now_s == pytest.approx(1.0 + 2.0)


def test_what_is_wrong_with_one_question_is_not_tried_again() -> None:
    run = Run(2, [ModelRefused(400)])
    assert run.outcomes == {"0": Failure("endpoint_refused_400"), "1": Reply("answer")}
    assert len(run.vendor.asked) == 2


def test_what_is_wrong_with_all_ends_the_run_and_keeps_what_was_heard() -> None:
    run = Run(9, [ModelRefused(400), ModelRefused(400), ModelRefused(401)])
    assert run.ended is not None
    assert len(run.outcomes) == 2


def test_a_row_of_failures_ends_the_run() -> None:
    run = Run(100, [ModelRefused(400)] * 100)
    assert run.ended is not None
    assert len(run.vendor.asked) == FAILURES_IN_A_ROW_MAX


def test_failures_with_answers_in_between_do_not() -> None:
    faults: list[ModelError] = [ModelRefused(400)] * (FAILURES_IN_A_ROW_MAX - 1)
    assert Run(100, faults).ended is None
