from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.core.pacing import Pacing, StartAt, StartNow, Trigger

TYPING = Trigger.TYPING


def pacing(debounce_ms=75, throttle_ms=300, max_in_flight=2):
    return Pacing(debounce_ms=debounce_ms, throttle_ms=throttle_ms, max_in_flight=max_in_flight)


def test_the_first_request_starts_at_once():
    assert pacing().decide(5.0, TYPING) == StartNow()


@pytest.mark.parametrize(
    ("debounce_ms", "throttle_ms", "after_s", "expected"),
    [
        (75, 300, 0.1, StartAt(10.3)),
        (75, 300, 0.29, StartAt(10.365)),
        (75, 300, 0.31, StartNow()),
        (500, 300, 0.31, StartAt(10.81)),
        (500, 300, 0.51, StartNow()),
        (0, 300, 0.1, StartAt(10.3)),
        (0, 0, 0.0, StartNow()),
    ],
)
def test_a_later_one_waits_for_the_throttle_and_the_debounce(
    debounce_ms, throttle_ms, after_s, expected
):
    pace = pacing(debounce_ms, throttle_ms)
    pace.started("a", 10.0)
    decision = pace.decide(10.0 + after_s, TYPING)
    if isinstance(expected, StartAt):
        assert isinstance(decision, StartAt)
        assert decision.at_s == pytest.approx(expected.at_s)
    else:
        assert decision == expected


@pytest.mark.parametrize("trigger", [Trigger.EXPLICIT, Trigger.ACCEPTED])
def test_what_a_person_asked_for_is_never_delayed(trigger):
    pace = pacing()
    pace.started("a", 10.0)
    assert pace.decide(10.0, trigger) == StartNow()


def test_the_request_before_the_newest_makes_room_and_the_oldest_goes_on():
    pace = pacing(max_in_flight=2)
    assert pace.started("a", 1.0) == []
    assert pace.started("b", 2.0) == []
    assert pace.started("c", 3.0) == ["b"]
    assert pace.started("d", 4.0) == ["c"]
    assert pace.finished("a", answered=False) == []
    assert pace.started("e", 5.0) == []


def test_with_one_request_in_flight_the_newest_replaces_it():
    pace = pacing(max_in_flight=1)
    assert pace.started("a", 1.0) == []
    assert pace.started("b", 2.0) == ["a"]


def test_an_answer_ends_all_older_requests_and_no_newer_one():
    pace = pacing(max_in_flight=3)
    for ident in "abc":
        pace.started(ident, 1.0)
    assert pace.finished("b", answered=True) == ["a"]
    assert pace.started("d", 2.0) == []
    assert pace.started("e", 2.0) == []
    assert pace.started("f", 2.0) == ["e"]
    assert pace.finished("a", answered=True) == []


def test_a_request_that_failed_ends_no_other():
    pace = pacing(max_in_flight=3)
    for ident in "abc":
        pace.started(ident, 1.0)
    assert pace.finished("b", answered=False) == []
    assert pace.finished("c", answered=True) == ["a"]


times = st.lists(st.floats(0.001, 0.5), min_size=1, max_size=40)


@given(times, st.floats(0, 500), st.floats(0, 500))
def test_requests_start_no_closer_than_the_throttle_and_no_later_than_promised(
    gaps_s, debounce_ms, throttle_ms
):
    """A person types; each key makes a request, which replaces the one that still waits."""
    pace = pacing(debounce_ms, throttle_ms)
    now_s, waiting, starts = 0.0, None, []
    for gap_s in gaps_s:
        now_s += gap_s
        if waiting is not None and waiting.at_s <= now_s:
            starts.append(waiting.at_s)
            pace.started(str(len(starts)), waiting.at_s)
            waiting = None
        decision = pace.decide(now_s, TYPING)
        if isinstance(decision, StartNow):
            starts.append(now_s)
            pace.started(str(len(starts)), now_s)
            waiting = None
        else:
            assert decision.at_s <= now_s + max(debounce_ms, throttle_ms) / 1e3
            assert decision.at_s >= now_s
            waiting = decision
    apart = [later - earlier for earlier, later in pairwise(starts)]
    assert all(gap >= throttle_ms / 1e3 - 1e-9 for gap in apart)


@given(st.integers(1, 4), st.lists(st.tuples(st.sampled_from("sfa"), st.integers(0, 9))))
def test_no_more_than_the_limit_ever_run(limit, steps):
    pace = pacing(max_in_flight=limit)
    running, number = [], 0
    for kind, pick in steps:
        if kind == "s" or not running:
            number += 1
            stopped = pace.started(str(number), float(number))
            running.append(str(number))
        else:
            ident = running[pick % len(running)]
            stopped = pace.finished(ident, answered=kind == "a")
            assert all(int(other) < int(ident) for other in stopped)
            running.remove(ident)
        assert set(stopped) <= set(running)
        running = [ident for ident in running if ident not in stopped]
        for ident in stopped:
            assert pace.finished(ident, answered=False) == []
        assert len(running) <= limit
