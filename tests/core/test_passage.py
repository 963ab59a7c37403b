"""Passages: the text before an edit without a copy, rows that move, and two passages as one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.typing_person import Person, numbered
from zeta_lsp.core.passage import Passage, TextBefore, joined, passage_of

TEXTS = ["", "x", "\n", "a\nb\n", "\r", "\r\n", "c\rd"]
pieces = st.lists(st.sampled_from(TEXTS), max_size=6).map("".join)


@settings(deadline=None)
@given(pieces, pieces, st.data())
def test_the_text_before_an_edit_is_read_from_the_text_after(
    text: str, new: str, data: st.DataObject
) -> None:
    person = Person()
    document = person.open(text)
    rows = st.integers(0, len(document.lines) - 1)
    start, end = sorted((data.draw(rows), data.draw(rows)))
    old_lines = document.lines.copy()
    for splice in person.edit(document, ((start, 0), (end, 0), new)):
        before = TextBefore(document.lines, splice)
        assert len(before) == len(old_lines)
        first, last = data.draw(st.tuples(st.integers(0, 20), st.integers(0, 20)))
        assert before[first:last] == old_lines[first:last]
        assert before[:] == old_lines


def made(first_row: int, old_rows: int, new_rows: int) -> Passage:
    return Passage(first_row, ["old\n"] * old_rows, ["new\n"] * new_rows, [], [])


@pytest.mark.parametrize(
    ("passage", "rows", "after"),
    [
        (made(10, 1, 3), (2, 9), (2, 9)),
        (made(10, 1, 3), (11, 12), (13, 14)),
        (made(10, 4, 1), (14, 20), (11, 17)),
        (made(10, 2, 5), (8, 10), (8, 14)),
        (made(10, 2, 5), (11, 20), (10, 23)),
        (made(10, 5, 2), (11, 12), (10, 11)),
        (made(10, 0, 2), (9, 10), (9, 12)),
    ],
)
def test_rows_move_with_what_happens_above_and_grow_by_what_they_meet(
    passage: Passage, rows: tuple[int, int], after: tuple[int, int]
) -> None:
    assert passage.after(*rows) == after


@st.composite
def replacements(draw: st.DrawFn, rows: int) -> tuple[int, int, list[str]]:
    start, end = sorted((draw(st.integers(0, rows)), draw(st.integers(0, rows))))
    new = draw(st.lists(st.sampled_from(["p\n", "q\n", "r\n"]), max_size=4))
    return start, end, new


def replaced(lines: list[str], start: int, end: int, new: list[str]) -> list[str]:
    return [*lines[:start], *new, *lines[end:]]


@settings(deadline=None)
@given(st.data())
def test_two_passages_joined_do_what_both_did(data: st.DataObject) -> None:
    start = numbered(12).splitlines(keepends=True)
    one_start, one_end, one_new = data.draw(replacements(len(start)))
    middle = replaced(start, one_start, one_end, one_new)
    then_start, then_end, then_new = data.draw(replacements(len(middle)))
    end = replaced(middle, then_start, then_end, then_new)
    one = passage_of(start[one_start:one_end], middle, one_start, one_start + len(one_new))
    then = passage_of(middle[then_start:then_end], end, then_start, then_start + len(then_new))
    both = joined(one, then, end)
    old_end = both.first_row + len(both.old)
    assert both.old == start[both.first_row : old_end]
    assert replaced(start, both.first_row, old_end, both.new) == end
    assert both.above == end[max(0, both.first_row - 3) : both.first_row]
    assert both.below == start[old_end : old_end + 3]
