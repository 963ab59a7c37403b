"""Predictions in words: titles of menu entries, and diffs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.core.documents import Document
from zeta_lsp.core.edits import TextEdit
from zeta_lsp.core.text import Encoding
from zeta_lsp.server.preview import DIFF_ROWS, LABEL_CHARS, changed_rows, one_line, title, unified

TEXT = "def f(a):\n    return a\n\n\nprint(f(1))\n"


def document(text: str = TEXT) -> Document:
    return Document("file:///a.py", "python", 1, text, Encoding.UTF16)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (TextEdit(1, 12, 1, 12, " + 1"), "line 2: `return a + 1`"),
        (TextEdit(1, 0, 2, 0, ""), "line 2: delete `return a`"),
        (TextEdit(2, 0, 4, 0, ""), "line 3: blank lines"),
        (TextEdit(2, 0, 2, 0, "x = 1\ny = 2\n"), "line 3: `x = 1 ⏎ y = 2`"),
    ],
    ids=["change", "deletion", "blank", "lines"],
)
def test_a_title_says_what_the_line_will_be(edit: TextEdit, words: str) -> None:
    assert title(document(), (edit,)) == words


def test_a_diff_shows_the_rows_around_the_change() -> None:
    shown = unified(document(), (TextEdit(1, 12, 1, 12, " + 1"),))
    assert shown.splitlines() == [
        "@@ -1,4 +1,4 @@",
        " def f(a):",
        "-    return a",
        "+    return a + 1",
        " ",
        " ",
    ]


def test_a_line_that_stays_between_two_changes_is_not_shown_as_changed() -> None:
    edits = (TextEdit(0, 6, 0, 7, "b"), TextEdit(4, 8, 4, 9, "2"))
    assert " " in [row[:1] for row in unified(document(), edits).splitlines()[3:-1]]


def test_a_very_long_diff_and_a_long_title_are_cut() -> None:
    many = (TextEdit(2, 0, 2, 0, "x = 1\n" * 500),)
    rows = unified(document(), many).splitlines()
    assert len(rows) == DIFF_ROWS + 2
    assert rows[-1].startswith("… ")
    assert len(one_line(["x" * 500])) == LABEL_CHARS


def test_what_goes_on_with_a_line_keeps_its_first_blanks() -> None:
    assert one_line([" + 1\n", "    b\n"], keep_start=True) == " + 1 ⏎ b"
    assert one_line(["\n", "    b\n"], keep_start=True) == "⏎ b"


LINES = st.lists(st.sampled_from(["a", "b", "", "  c", "d"]), min_size=1, max_size=8)


@given(LINES, LINES, st.sampled_from(["\n", "\r\n"]))
def test_a_diff_turns_the_old_rows_into_the_new(
    old: list[str], new: list[str], newline: str
) -> None:
    if old == new:
        return
    before, after = (newline.join([*rows, ""]) for rows in (old, new))
    it = document(before)
    cluster = (TextEdit(0, 0, len(it.lines) - 1, 0, after),)
    row, gone, come = changed_rows(it, cluster)
    assert [*old[:row], *come, *old[row + len(gone) :]] == new
    head, *shown = unified(it, cluster).splitlines()
    start = int(head.split(",")[0].removeprefix("@@ -")) - 1
    removed = [line[1:] for line in shown if line[0] in " -"]
    added = [line[1:] for line in shown if line[0] in " +"]
    assert [*old[:start], *added, *old[start + len(removed) :]] == new
    assert old[start : start + len(removed)] == removed
