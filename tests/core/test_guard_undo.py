import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.answering import Case

BEFORE = "def f(a):\n    x = 1\n    return x\n\n\nprint(f(2))\n"
TYPED = "def f(a):\n    x = 1\n    y = compute(a)\n    return x\n\n\nprint(f(2))\n"


def test_an_exact_undo_is_refused():
    assert Case(TYPED).after(BEFORE).hit(BEFORE) == "reverses_typing"


def test_an_undo_by_the_embedded_model_is_refused():
    assert Case(TYPED, fmt=None).after(BEFORE).hit(BEFORE) == "reverses_typing"


def test_putting_back_what_was_deleted_is_refused():
    assert Case(BEFORE).after(TYPED).hit(TYPED) == "reverses_typing"


def test_taking_back_a_renaming_is_refused():
    renamed = BEFORE.replace("f(", "compute_all(", 1)
    assert Case(renamed).after(BEFORE).hit(BEFORE) == "reverses_typing"


@pytest.mark.parametrize(
    "new",
    [
        TYPED.replace("return x", "return x + y"),
        TYPED.replace("compute(a)", "compute(a, x)"),
        TYPED + "print(f(3))\n",
        TYPED.replace("    x = 1\n", ""),
    ],
    ids=["elsewhere", "extended", "appended", "deleted elsewhere"],
)
def test_going_on_is_no_undo(new):
    assert Case(TYPED).after(BEFORE).hit(new) is None


def test_a_doubled_letter_may_be_removed():
    typed = BEFORE.replace("x = 1\n", "x = 1\n    valuee = compute(a)\n")
    fixed = typed.replace("valuee", "value")
    assert Case(typed).after(BEFORE).hit(fixed) is None


def test_replacing_what_was_typed_is_no_undo():
    new = TYPED.replace("    y = compute(a)\n", "    total = sum(numbers_of(a))\n")
    assert Case(TYPED).after(BEFORE).hit(new) is None


def test_moving_what_was_cut_is_no_undo():
    moved = BEFORE + "    y = compute(a)\n"
    assert Case(BEFORE).after(TYPED).hit(moved) is None


def test_only_the_latest_event_counts_and_an_accepted_prediction_is_none():
    later = TYPED.replace("f(2)", "f(3)")
    assert (
        Case(later).after(BEFORE).after(TYPED).hit(later.replace("    y = compute(a)\n", ""))
        is None
    )
    assert Case(TYPED).after(BEFORE, predicted=True).hit(BEFORE) is None


def test_a_region_around_the_undo_does_not_hide_it():
    rows = [f"row_{number} = {number}\n" for number in range(40)]
    before, typed = "".join(rows), "".join([*rows[:20], "extra = compute(20)\n", *rows[20:]])
    assert Case(typed, 10, 30).after(before).hit("".join(rows[10:29])) == "reverses_typing"


@pytest.mark.parametrize(
    "typed",
    ["b(c)\nq\na\na\nb(c)\n}\n", "}\nb(c)\na\n}\n}\na\nq\n", "a\n\nb(c)\n}\n\nb(c)\n}\nend\n"],
)
def test_an_undo_is_found_where_diffs_can_be_read_in_two_ways(typed):
    rows = typed.splitlines(keepends=True)
    before = "".join([*rows[:1], *rows[3:]])
    assert Case(typed).after(before).hit(before) == "reverses_typing"


words = st.text("abcxyz_ (", min_size=1, max_size=12).filter(lambda word: not word.isspace())


@given(st.lists(words, max_size=8), words, words, st.data())
def test_what_only_extends_the_typing_never_counts_as_undoing(rows, typed, more, data):
    at = data.draw(st.integers(0, len(rows)))
    before = "".join(row + "\n" for row in rows)
    now = "".join(row + "\n" for row in [*rows[:at], typed, *rows[at:]])
    new = "".join(row + "\n" for row in [*rows[:at], typed + more, *rows[at:]])
    assert "reverses_typing" not in Case(now).after(before).hits(new)


def test_an_undo_at_the_end_of_an_excerpt_is_refused():
    before, typed = "a\nb\nc", "a\nb\nnew = 1\nc"
    assert Case(typed).after(before).hit(before) == "reverses_typing"


def test_an_undo_at_the_end_of_a_file_is_refused():
    assert Case("a\nnew = 1\n").after("a\n").hit("a\n") == "reverses_typing"
    assert Case("a\n").after("a\nnew = 1\n").hit("a\nnew = 1\n") == "reverses_typing"


@pytest.mark.parametrize("same", [1, 2, 3])
def test_an_undo_among_equal_rows_is_refused(same):
    before, typed = "a\n" + "x = 1\n" * (same + 1) + "d\n", "a\n" + "x = 1\n" * same + "d\n"
    assert Case(typed).after(before).hit(before) == "reverses_typing"
    assert Case(before).after(typed).hit(typed) == "reverses_typing"


def test_an_undo_in_the_middle_of_a_file_is_refused():
    case = Case(TYPED)
    case.start_row = 700
    assert case.after(BEFORE).hit(BEFORE) == "reverses_typing"


@given(st.lists(words, min_size=1, max_size=8), st.lists(words, min_size=1, max_size=3), st.data())
def test_taking_out_the_rows_just_typed_always_counts(rows, typed, data):
    at = data.draw(st.integers(0, len(rows)))
    before = "".join(row + "\n" for row in rows)
    now = "".join(row + "\n" for row in [*rows[:at], *typed, *rows[at:]])
    assert "reverses_typing" in Case(now).after(before).hits(before)
