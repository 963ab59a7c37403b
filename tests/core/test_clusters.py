import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.core.applying import applied
from zeta_lsp.core.clusters import clusters_of, inline_edit, nearest_first, whole_line_edit
from zeta_lsp.core.edits import TextEdit
from zeta_lsp.core.parse import edits_of, newline_of
from zeta_lsp.core.prompt import Answer, Replacement
from zeta_lsp.core.text import byte_length, split_lines

lines_of_text = st.lists(st.sampled_from(["a", "b = 1", "call(b)", "", "}", "é"]), max_size=9)
documents = st.builds(
    lambda lines, newline, final: newline.join(lines) + newline * final,
    lines_of_text,
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)


def insertion(row, col, text):
    return TextEdit(row, col, row, col, text)


def edits_between(document, new):
    excerpt = document.replace("\r\n", "\n")
    answer = Answer((Replacement(0, byte_length(excerpt), new),))
    return edits_of(answer, excerpt, 0, newline_of(document))


def test_edits_at_most_one_row_apart_are_one_cluster():
    near, next_row, far = insertion(3, 0, "x"), insertion(4, 2, "y"), insertion(6, 0, "z")
    assert clusters_of([near, next_row, far]) == ((near, next_row), (far,))


def test_the_row_where_a_deletion_ends_counts_for_the_distance():
    deletion, after = TextEdit(3, 0, 6, 0, ""), insertion(7, 0, "x")
    assert clusters_of([deletion, after]) == ((deletion, after),)


def test_no_edits_are_no_clusters():
    assert clusters_of([]) == ()


def test_the_nearest_cluster_comes_first_and_the_lower_one_of_two_equals():
    above, below, far = ((insertion(row, 0, "x"),) for row in (8, 12, 30))
    assert nearest_first([above, below, far], 10) == (below, above, far)
    assert nearest_first([above, below, far], 29) == (far, below, above)


def test_a_cluster_around_the_cursor_is_nearer_than_one_that_begins_closer():
    around, close = (TextEdit(2, 0, 20, 0, ""),), (insertion(22, 0, "x"),)
    assert nearest_first([close, around], 19) == (around, close)


@given(documents, documents)
def test_a_whole_line_edit_makes_the_change_of_its_cluster(document, new):
    lines = split_lines(document)
    for cluster in clusters_of(edits_between(document, new)):
        edit = whole_line_edit(cluster, lines)
        assert applied(document, [edit]) == applied(document, cluster)
        assert edit.start_col == 0
        assert edit.end_col == 0 or edit.end_row >= len(lines) - 2


@given(documents, documents)
def test_a_whole_line_edit_neither_begins_nor_ends_with_a_line_that_stays(document, new):
    lines = split_lines(document)
    for cluster in clusters_of(edits_between(document, new)):
        edit = whole_line_edit(cluster, lines)
        removed = lines[edit.start_row : edit.end_row + (edit.end_col > 0)]
        added = [line for line in split_lines(edit.new_text) if line]
        if edit.end_col and not lines[-1]:  # the last newline stays
            added[-1:] = [line + newline_of(document) for line in added[-1:]]
        if removed and added:
            assert removed[0] != added[0]
            assert removed[-1] != added[-1]


WHOLE = {
    "a word": ("a\nb c\nd\n", TextEdit(1, 2, 1, 3, "x"), TextEdit(1, 0, 2, 0, "b x\n")),
    "lines inserted at the end of a line": (
        "a\nb\n",
        insertion(0, 1, "\nx"),
        insertion(1, 0, "x\n"),
    ),
    "the last line without newline": ("a\nb", TextEdit(1, 0, 1, 1, "x"), TextEdit(1, 0, 1, 1, "x")),
    "lines after the last line without newline": (
        "a",
        insertion(0, 1, "\nx"),
        TextEdit(0, 0, 0, 1, "a\nx"),
    ),
    "a last line that goes": ("a\nb", TextEdit(0, 1, 1, 1, ""), TextEdit(0, 0, 1, 1, "a")),
    "the last line before a final newline": (
        "a\nb\n",
        TextEdit(1, 0, 1, 1, "x"),
        TextEdit(1, 0, 1, 1, "x"),
    ),
    "lines behind the last one": ("a\n", insertion(1, 0, "b\n"), insertion(1, 0, "b\n")),
    "whole lines that go": ("a\nb\nc\n", TextEdit(0, 0, 2, 0, ""), TextEdit(0, 0, 2, 0, "")),
    "windows line ends": ("a\r\nb\r\n", insertion(0, 1, "1"), TextEdit(0, 0, 1, 0, "a1\r\n")),
}


@pytest.mark.parametrize(("document", "edit", "expected"), WHOLE.values(), ids=WHOLE)
def test_the_whole_line_form_of(document, edit, expected):
    assert whole_line_edit((edit,), split_lines(document)) == expected


INLINE = {
    "a completion at the cursor": (
        "return resu\n",
        (insertion(0, 11, "lt"),),
        (0, 11),
        insertion(0, 11, "lt"),
    ),
    "a change further right on the line": (
        "foo(a) + b\n",
        (TextEdit(0, 9, 0, 10, "c"),),
        (0, 6),
        TextEdit(0, 6, 0, 10, " + c"),
    ),
    "two changes on the line": (
        "f(a)\n",
        (insertion(0, 3, ", b"), insertion(0, 4, ":")),
        (0, 3),
        TextEdit(0, 3, 0, 4, ", b):"),
    ),
    "lines below": (
        "def f():\nx\n",
        (insertion(1, 0, "    y\n"),),
        (0, 8),
        insertion(0, 8, "\n    y"),
    ),
    "lines below with windows line ends": (
        "a\r\nx\r\n",
        (insertion(1, 0, "y\r\n"),),
        (0, 1),
        insertion(0, 1, "\r\ny"),
    ),
    "the rest of the line and lines below": (
        "def f(\nx\n",
        (insertion(0, 6, "):"), insertion(1, 0, "    y\n")),
        (0, 6),
        insertion(0, 6, "):\n    y"),
    ),
    "typed text that the change keeps": (
        "ab\n",
        (TextEdit(0, 0, 0, 2, "abc\nd"),),
        (0, 2),
        TextEdit(0, 0, 0, 2, "abc\nd"),
    ),
    "a change before the cursor": ("abcd\n", (TextEdit(0, 1, 0, 2, "x"),), (0, 4), None),
    "a change that deletes another line": ("a\nb\n", (TextEdit(0, 1, 1, 1, ""),), (0, 1), None),
    "a change on the next line": ("a\nb\n", (insertion(1, 1, "x"),), (0, 1), None),
    "lines that come in two lines below": ("a\nb\nc\n", (insertion(2, 0, "x\n"),), (0, 1), None),
    "a change above": ("a\nb\n", (insertion(0, 1, "x"),), (1, 0), None),
    "a cursor outside the document": ("a\n", (insertion(0, 1, "x"),), (7, 0), None),
}


@pytest.mark.parametrize(("document", "cluster", "cursor", "expected"), INLINE.values(), ids=INLINE)
def test_the_inline_form_of(document, cluster, cursor, expected):
    assert inline_edit(cluster, *cursor, split_lines(document)) == expected


@given(documents, documents, st.data())
def test_an_inline_edit_makes_the_change_on_the_cursors_line(document, new, data):
    lines = split_lines(document)
    row = data.draw(st.integers(0, len(lines) - 1))
    col = data.draw(st.integers(0, len(lines[row].rstrip("\r\n"))))
    for cluster in clusters_of(edits_between(document, new)):
        edit = inline_edit(cluster, row, col, lines)
        assume(edit is not None)
        assert applied(document, [edit]) == applied(document, cluster)
        assert edit.start_row == row == edit.end_row
        assert edit.start_col <= col <= edit.end_col
        assert edit.new_text.startswith(lines[row][edit.start_col : col])
