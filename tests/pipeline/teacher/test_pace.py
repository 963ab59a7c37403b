"""Nobody is asked faster than it allows."""

import asyncio

import pytest

from pipeline.teacher.pace import PAUSE_S_MAX, Pace


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds


def paced(clock: Clock, per_minute: int | None = None, chance: float = 0.0) -> Pace:
    return Pace(per_minute, now_s=clock, sleep=clock.sleep, chance=lambda: chance)


def test_so_many_questions_a_minute_and_no_more() -> None:
    clock = Clock()
    pace = paced(clock, per_minute=30)

    async def ask() -> None:
        for _ in range(31):
            await pace.turn()

    asyncio.run(ask())
    assert clock.now_s == pytest.approx(160.0)


def test_what_the_vendor_wants_holds_everybody_back() -> None:
    clock = Clock()
    pace = paced(clock)
    pace.hold(1, 12.5)
    pace.hold(1, 3.0)  # a shorter wish does not shorten the wait
    asyncio.run(pace.turn())
    assert clock.now_s == pytest.approx(112.5)


@pytest.mark.parametrize(
    ("attempt", "chance", "pause_s"),
    [(1, 0.0, 1.0), (3, 0.0, 4.0), (3, 1.0, 2.0), (50, 0.0, PAUSE_S_MAX)],
)
def test_without_a_wish_pauses_double_and_are_shortened_by_chance(
    attempt: int, chance: float, pause_s: float
) -> None:
    clock = Clock()
    pace = paced(clock, chance=chance)
    pace.hold(attempt, None)
    asyncio.run(pace.turn())
    assert clock.now_s == pytest.approx(100.0 + pause_s)
