import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.core.linediff import Change, changes

words = st.sampled_from(
    ["if", "total", "totals", "x", "(", ")", " ", "    ", "\n", "é", "日本", ",", "\ufffd"]
)
texts = st.lists(words, max_size=60).map("".join)


def rewritten(old, found):
    done, rest = "", 0
    for change in found:
        done += old[rest : change.start] + change.text
        rest = change.end
    return done + old[rest:]


@given(texts, texts)
def test_the_changes_turn_the_old_text_into_the_new_one(old, new):
    assert rewritten(old, changes(old, new)) == new


@given(texts, texts)
def test_changes_are_sorted_disjoint_and_trimmed_at_both_ends(old, new):
    rest = -1
    for change in changes(old, new):
        removed = old[change.start : change.end]
        assert rest < change.start or rest == -1 == change.start - 1
        assert change.start <= change.end
        assert removed or change.text
        assert not (removed and change.text and removed[0] == change.text[0])
        assert not (removed and change.text and removed[-1] == change.text[-1])
        rest = change.end


@given(st.lists(texts.filter(lambda t: "\ufffd" not in t), min_size=2, max_size=5), st.data())
def test_kept_replacement_characters_stay_outside_all_changes(parts, data):
    others = [data.draw(texts.filter(lambda t: "\ufffd" not in t)) for _ in parts]
    old, new = "\ufffd".join(parts), "\ufffd".join(others)
    for change in changes(old, new):
        assert "\ufffd" not in change.text
        assert "\ufffd" not in old[change.start : change.end]


TABLE = {
    "a half typed word is completed by an insertion": (
        "return resu\n",
        "return result\n",
        [Change(11, 11, "lt")],
    ),
    "a renamed word is one change and not its letters": (
        "x = total + 1\n",
        "x = count + 1\n",
        [Change(4, 9, "count")],
    ),
    "what stays between two changed words is not touched": (
        "let total = price * amount;\n",
        "let total = cost * number;\n",
        [Change(12, 17, "cost"), Change(20, 26, "number")],
    ),
    "a line of other words is one change": (
        "return foo(bar);\n",
        "let x = await baz(qux);\n",
        [Change(0, 14, "let x = await baz(qux")],
    ),
    "added arguments are insertions": (
        "f(a)\n",
        "f(a, b):\n",
        [Change(3, 3, ", b"), Change(4, 4, ":")],
    ),
    "inserted lines leave their neighbours alone": (
        "a\nb\nc\n",
        "a\nx\ny\nb\nc\n",
        [Change(2, 2, "x\ny\n")],
    ),
    "deleted lines go whole": ("a\nb\nc\nd\n", "a\nd\n", [Change(2, 6, "")]),
    "a new indentation is an insertion": ("x\n  y\n", "x\n    y\n", [Change(4, 4, "  ")]),
    "everything may go": ("a\nb\n", "", [Change(0, 4, "")]),
    "everything may come": ("", "a\n", [Change(0, 0, "a\n")]),
    "nothing changes": ("a\n", "a\n", []),
}


@pytest.mark.parametrize(("old", "new", "expected"), TABLE.values(), ids=TABLE)
def test_what_counts_as_one_change(old, new, expected):
    assert changes(old, new) == expected


def test_a_renaming_in_many_lines_is_one_small_change_a_line():
    old = "".join(f"total += price * rows[{row}].total\n" for row in range(20))
    found = changes(old, old.replace("total", "count"))
    assert len(found) == 40
    assert {change.text for change in found} == {"count"}


def test_a_large_group_of_replaced_lines_stays_one_change():
    old = "head\n" + "".join(f"value_{row} = {row}\n" for row in range(30)) + "tail\n"
    new = "head\n" + "".join(f"value_{row} = {row * 7}\n" for row in range(31, 62)) + "tail\n"
    assert len(changes(old, new)) == 1


def test_two_changes_in_a_very_long_line_are_one():
    old = "a " + "word " * 200 + "b"
    assert len(changes(old, old.replace("a ", "x ").replace(" b", " y"))) == 1


def test_a_moved_replacement_character_may_be_changed():
    assert rewritten("a\ufffdb", changes("a\ufffdb", "ab\ufffd\ufffd")) == "ab\ufffd\ufffd"
