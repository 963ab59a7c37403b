"""When an endpoint is left alone, and when it is tried again."""

import pytest

from zeta_lsp.models.breaker import FAILURES, PAUSE_S_MAX, PAUSE_S_MIN, WINDOW_S, Breaker, State


def broken(now_s: float = 0.0, chance: float = 0.0) -> Breaker:
    """A breaker that has just opened."""
    breaker = Breaker(lambda: chance)
    for _ in range(FAILURES):
        breaker.failed(now_s)
    return breaker


def test_a_few_failures_pass() -> None:
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker.failed(0.0)
    assert (breaker.state(0.0), breaker.wait_s(0.0)) == (State.CLOSED, 0.0)


def test_many_failures_in_a_short_time_open_it() -> None:
    breaker = broken(now_s=100.0)
    assert breaker.state(100.0) is State.OPEN
    assert breaker.wait_s(100.5) == PAUSE_S_MIN - 0.5


def test_failures_far_apart_do_not() -> None:
    breaker = Breaker()
    for count in range(50):
        breaker.failed(count * WINDOW_S / 3)
    assert breaker.state(50 * WINDOW_S / 3) is State.CLOSED


def test_a_success_forgets_the_failures_before_it() -> None:
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker.failed(0.0)
    breaker.succeeded()
    breaker.failed(0.0)
    assert breaker.state(0.0) is State.CLOSED


def test_after_the_pause_one_request_passes_as_a_probe() -> None:
    breaker = broken()
    now_s = PAUSE_S_MIN
    assert breaker.wait_s(now_s) == 0.0
    assert breaker.state(now_s) is State.PROBING
    assert breaker.wait_s(now_s) > 0.0


def test_a_probe_that_succeeds_closes_it() -> None:
    breaker = broken()
    breaker.wait_s(PAUSE_S_MIN)
    breaker.succeeded()
    assert breaker.state(PAUSE_S_MIN) is State.CLOSED


def test_a_probe_that_is_cancelled_lets_another_go() -> None:
    breaker = broken()
    breaker.wait_s(PAUSE_S_MIN)
    breaker.abandoned()
    assert breaker.wait_s(PAUSE_S_MIN) == 0.0


def test_a_probe_that_never_reports_does_not_block_for_ever() -> None:
    breaker = broken()
    breaker.wait_s(PAUSE_S_MIN)
    assert breaker.wait_s(PAUSE_S_MIN + PAUSE_S_MAX) == 0.0


def test_pauses_double_up_to_a_limit() -> None:
    breaker, now_s, pauses = broken(), 0.0, []
    for _ in range(8):
        pause_s = breaker.wait_s(now_s)
        pauses.append(pause_s)
        now_s += pause_s
        assert breaker.wait_s(now_s) == 0.0
        breaker.failed(now_s)
    assert pauses == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]


def test_an_endpoint_down_for_hours_is_asked_about_once_a_minute() -> None:
    breaker, asked = broken(chance=0.5), 0
    for now_s in range(8 * 3600):
        if breaker.wait_s(float(now_s)) == 0.0:
            asked += 1
            breaker.failed(float(now_s))
    assert asked <= 8 * 60 / 0.74


@pytest.mark.parametrize("chance", [0.0, 0.25, 0.999])
def test_pauses_are_shortened_by_up_to_half_at_random(chance: float) -> None:
    assert broken(chance=chance).wait_s(0.0) == PAUSE_S_MIN * (1 - chance / 2)


def test_requests_that_were_on_their_way_do_not_lengthen_the_pause() -> None:
    breaker = broken()
    breaker.failed(1.0)
    breaker.failed(1.5)
    assert breaker.wait_s(2.0) == 0.0


@pytest.mark.parametrize(("asked_s", "granted_s"), [(0.0, 0.0), (7.0, 7.0), (3600.0, PAUSE_S_MAX)])
def test_an_endpoint_that_names_its_pause_gets_it(asked_s: float, granted_s: float) -> None:
    breaker = Breaker()
    breaker.failed(0.0, retry_after_s=asked_s)
    assert breaker.wait_s(0.0) == granted_s
