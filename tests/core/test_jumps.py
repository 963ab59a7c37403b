"""Where somebody is sent who has nothing to do here, and what comes of it."""

import pytest

from zeta_lsp.core.events import Splice
from zeta_lsp.core.jumps import (
    AGAIN_S,
    TAKEN_S,
    Jump,
    Jumps,
    problems_now,
    worth_going,
)
from zeta_lsp.core.lifecycle import Happening, State
from zeta_lsp.core.problems import Problem

ROW_ABOVE = Splice(0, 0, 0, 0, 1, 0, "", "new\n")


def wrong(row: int, severity: int | None = 1, message: str = "", end_row: int = -1) -> Problem:
    return Problem(message or f"row {row}", row, 4, max(row, end_row), 9, severity)


def rows(problems: list[Problem]) -> list[int]:
    return [one.start_row for one in problems]


def nothing_since(_: int) -> list[Splice]:
    return []


def offered(jumps: Jumps, problem: Problem, now_s: float = 0.0) -> Jump:
    jump = Jump("j1", problem.message, (problem.start_row, problem.start_col), 0, now_s)
    jump.happen(Happening.SHOW)
    jumps.offered(jump)
    return jump


def test_errors_come_before_warnings_and_the_nearest_first():
    known = [wrong(90), wrong(40, 2), wrong(60), wrong(30, 3), wrong(44, None), wrong(45, 4)]
    assert rows(worth_going(known, 50)) == [44, 60, 90, 40]


def test_of_two_as_near_the_lower_comes_first():
    assert rows(worth_going([wrong(40), wrong(60)], 50)) == [60, 40]


def test_what_is_in_sight_is_no_reason_to_go():
    known = [wrong(47), wrong(48), wrong(52), wrong(53), wrong(10, end_row=48)]
    assert rows(worth_going(known, 50)) == [53, 47]


def test_asking_again_goes_on_and_begins_anew_after_a_minute():
    jumps, known = Jumps(), [wrong(10), wrong(30)]
    for expected, now_s in ((10, 0.0), (30, 1.0), (None, 2.0), (10, AGAIN_S)):
        found = jumps.next(known, 0, nothing_since, now_s)
        assert (found.start_row if found else None) == expected
        if found:
            offered(jumps, found, now_s)


def test_the_same_problem_is_known_again_where_it_moved_to():
    jumps = Jumps()
    offered(jumps, wrong(10, message="no such name"))
    moved, other = wrong(11, message="no such name"), wrong(20, message="no such name")
    assert jumps.next([moved, other], 0, lambda _: [ROW_ABOVE], 1.0) == other


def test_a_jump_is_taken_up_once_the_cursor_is_in_its_row():
    jumps = Jumps()
    offered(jumps, wrong(10))
    assert jumps.outcome(9, nothing_since, 1.0) is None
    assert jumps.outcome(10, nothing_since, 1.0) is Happening.ACCEPT
    assert jumps.outcome(10, lambda _: [ROW_ABOVE], 1.0) is None
    assert jumps.outcome(11, lambda _: [ROW_ABOVE], 1.0) is Happening.ACCEPT


def test_a_jump_is_taken_up_by_an_edit_there():
    jumps = Jumps()
    offered(jumps, wrong(10))
    fixed = Splice(10, 4, 10, 9, 10, 4, "wrong", "")
    assert jumps.outcome(50, lambda _: [fixed], 1.0) is Happening.ACCEPT
    just_above = Splice(10, 0, 10, 0, 11, 0, "", "\n")
    assert jumps.outcome(50, lambda _: [just_above], 1.0) is None


@pytest.mark.parametrize("since", [nothing_since, lambda _: None])
def test_a_jump_that_nobody_takes_up_is_ignored(since):
    jumps = Jumps()
    offered(jumps, wrong(10))
    late = TAKEN_S + 0.1 if since is nothing_since else 1.0
    assert jumps.outcome(10, since, late) is Happening.EXPIRE


def test_without_a_jump_nothing_comes_of_it():
    assert Jumps().outcome(0, nothing_since, 0.0) is None
    assert Jumps().goal(nothing_since) is None


def test_a_jump_leads_where_its_problem_went():
    jumps = Jumps()
    offered(jumps, wrong(10))
    assert jumps.goal(nothing_since) == (10, 4)
    assert jumps.goal(lambda _: [ROW_ABOVE]) == (11, 4)


def test_a_life_goes_from_shown_to_an_ending():
    jump = Jump("j1", "", (0, 0), 0, 0.0)
    assert jump.happen(Happening.SHOW)
    assert not jump.happen(Happening.SHOW)
    assert jump.happen(Happening.EXPIRE)
    assert jump.state is State.IGNORED


def test_problems_move_with_the_text_and_those_in_changed_rows_are_left_out():
    typed = Splice(3, 2, 3, 2, 3, 3, "", "x")
    known = [wrong(2), wrong(3), wrong(8, end_row=9)]
    assert rows(list(problems_now(known, [ROW_ABOVE, typed]))) == [4, 9]
    (_, last) = problems_now(known, [ROW_ABOVE, typed])
    assert (last.start_row, last.end_row, last.message) == (9, 10, "row 8")
    assert problems_now(known, []) == tuple(known)
