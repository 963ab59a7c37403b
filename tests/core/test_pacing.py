from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.core.pacing import Pacing, StartAt, StartNow, Trigger


def pacing(debounce_ms: float = 75, throttle_ms: float = 300, max_in_flight: int = 2) -> Pacing:
    return Pacing(debounce_ms=debounce_ms, throttle_ms=throttle_ms, max_in_flight=max_in_flight)


def test_the_first_request_starts_at_once() -> None:
    assert pacing().decide(100.0, Trigger.TYPING) == StartNow()


def test_a_request_after_a_pause_starts_at_once() -> None:
    pace = pacing()
    pace.started("p1", 100.0)
    assert pace.decide(100.5, Trigger.TYPING) == StartNow()


@pytest.mark.parametrize(
    ("now_s", "start_s"),
    [
        (100.01, 100.3),  # the throttle is longer
        (100.29, 100.365),  # the debounce is
    ],
)
def test_a_request_soon_after_another_waits_for_throttle_and_debounce(
    now_s: float, start_s: float
) -> None:
    pace = pacing()
    pace.started("p1", 100.0)
    decision = pace.decide(now_s, Trigger.TYPING)
    assert isinstance(decision, StartAt)
    assert decision.at_s == pytest.approx(start_s)


@given(st.floats(0, 10), st.sampled_from([Trigger.EXPLICIT, Trigger.ACCEPTED]))
def test_what_a_person_waits_for_is_never_delayed(after_s: float, trigger: Trigger) -> None:
    pace = pacing()
    pace.started("p1", 100.0)
    assert pace.decide(100.0 + after_s, trigger) == StartNow()


def test_without_debounce_and_throttle_every_key_asks() -> None:
    pace = pacing(debounce_ms=0, throttle_ms=0)
    pace.started("p1", 100.0)
    assert pace.decide(100.0, Trigger.TYPING) == StartNow()


def test_the_oldest_goes_on_and_the_one_before_the_newest_makes_room() -> None:
    pace = pacing()
    assert pace.started("p1", 100.0) == []
    assert pace.started("p2", 100.3) == []
    assert pace.started("p3", 100.6) == ["p2"]
    assert pace.started("p4", 100.9) == ["p3"]


def test_an_answer_stops_all_older_questions() -> None:
    pace = pacing(max_in_flight=4)
    for number in range(4):
        pace.started(f"p{number}", 100.0 + number)
    assert pace.finished("p2", answered=True) == ["p0", "p1"]
    assert pace.finished("p3", answered=True) == []


def test_a_question_that_failed_stops_no_other() -> None:
    pace = pacing()
    pace.started("p1", 100.0)
    pace.started("p2", 100.3)
    assert pace.finished("p2", answered=False) == []
    assert pace.started("p3", 100.6) == []


def test_the_end_of_a_question_that_was_stopped_changes_nothing() -> None:
    pace = pacing(max_in_flight=1)
    pace.started("p1", 100.0)
    assert pace.started("p2", 100.3) == ["p1"]
    assert pace.finished("p1", answered=False) == []
    assert pace.started("p3", 100.6) == ["p2"]


@given(
    st.lists(st.floats(0.01, 1.0), min_size=1, max_size=60),
    st.floats(0, 500),
    st.floats(0, 500),
    st.integers(1, 4),
)
def test_a_typist_asks_no_more_often_than_the_settings_allow(
    gaps_s: list[float], debounce_ms: float, throttle_ms: float, max_in_flight: int
) -> None:
    """As the server does: a newer request replaces the one that waits."""
    pace = pacing(debounce_ms, throttle_ms, max_in_flight)
    now_s, waiting_s, starts_s, running = 100.0, None, [], set[str]()
    for gap_s in [*gaps_s, 10.0]:
        if waiting_s is not None and waiting_s <= now_s:
            start(pace, waiting_s, starts_s, running)
            waiting_s = None
        decision = pace.decide(now_s, Trigger.TYPING)
        if isinstance(decision, StartNow):
            start(pace, now_s, starts_s, running)
            waiting_s = None
        else:
            waiting_s = decision.at_s
        assert len(running) <= max_in_flight
        now_s += gap_s
    distances_s = [later - earlier for earlier, later in pairwise(starts_s)]
    assert all(distance_s >= throttle_ms / 1e3 - 1e-9 for distance_s in distances_s)
    assert waiting_s is None or waiting_s - now_s <= max(debounce_ms, throttle_ms) / 1e3


def start(pace: Pacing, at_s: float, starts_s: list[float], running: set[str]) -> None:
    ident = f"p{len(starts_s)}"
    running.difference_update(pace.started(ident, at_s))
    running.add(ident)
    starts_s.append(at_s)
