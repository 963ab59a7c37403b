import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.core.applying import applied
from zeta_lsp.core.edits import TextEdit
from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.parse import (
    edits_of,
    finished_cluster_of,
    first_finished_cluster,
    newline_of,
)
from zeta_lsp.core.prompt import Answer, Replacement
from zeta_lsp.core.text import byte_length, split_lines, without_surrogates

LINES = [
    "a",
    "b = 1",
    "call(b)",
    "",
    "}",
    "é",
    "日本 = 'x'",
    "    return resu",
    "\x0cform",
    "\ud800 = 1",
]
lines_of_text = st.lists(st.sampled_from(LINES), max_size=12)


def replacing(document, old, new):
    """An answer that replaces the first occurrence of `old`."""
    view = without_surrogates(document)
    start = byte_length(view[: view.index(old)])
    return Answer((Replacement(start, start + byte_length(old), new),))


TABLE = {
    "a word inside a line": ("a\nfoo bar\nb\n", "foo bar", "foo baz", [TextEdit(1, 6, 1, 7, "z")]),
    "an answer with a final newline": ("a\nb\nc\n", "b", "x\n", [TextEdit(1, 0, 1, 1, "x")]),
    "an answer without one for a region with one": (
        "a\nb\nc\n",
        "b\n",
        "x",
        [TextEdit(1, 0, 1, 1, "x")],
    ),
    "the same text but for the final newline": ("a\nb\nc\n", "a\nb", "a\nb\n", []),
    "rows added at the end of the region": ("a\nb\n", "a", "a\nx\n", [TextEdit(1, 0, 1, 0, "x\n")]),
    "rows added at the end of the document": ("a", "a", "a\nx\n", [TextEdit(0, 1, 0, 1, "\nx")]),
    "an empty row that gets text": ("a\n\nb\n", "\n\nb", "\nx\nb", [TextEdit(1, 0, 1, 0, "x")]),
    "an answer without text": ("a\nb\nc\nd\n", "b\nc", "", [TextEdit(1, 0, 3, 0, "")]),
    "an answer without text at the end": ("a\nb", "b", "", [TextEdit(1, 0, 1, 1, "")]),
    "windows line ends in the answer only": (
        "a\nb\n",
        "a\nb",
        "a\r\nc\r\n",
        [TextEdit(1, 0, 1, 1, "c")],
    ),
    "columns in code points": ("日本 = a\n", "日本 = a", "日本 = b", [TextEdit(0, 5, 0, 6, "b")]),
    "a range inside a line": ("f(a)\n", "a", "a, b", [TextEdit(0, 3, 0, 3, ", b")]),
    "a form feed is no line end": ("\x0c\na\n", "a", "b", [TextEdit(1, 0, 1, 1, "b")]),
}


@pytest.mark.parametrize(("document", "old", "new", "expected"), TABLE.values(), ids=TABLE)
def test_the_edits_for(document, old, new, expected):
    assert list(edits_of(replacing(document, old, new), document, 0)) == expected


def test_an_empty_range_on_an_empty_row_fills_the_row():
    answer = Answer((Replacement(2, 2, "x\n"),))
    assert applied("a\n\nb\n", edits_of(answer, "a\n\nb\n", 0)) == "a\nx\nb\n"


def test_an_empty_range_inside_a_line_takes_the_text_as_it_is():
    answer = Answer((Replacement(1, 1, "x\ny"),))
    assert edits_of(answer, "ab\n", 0) == (TextEdit(0, 1, 0, 1, "x\ny"),)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_new_rows_get_the_documents_line_end(newline):
    edits = edits_of(replacing("a\nb\n", "a\nb", "a\nx\nb\n"), "a\nb\n", 0, newline)
    assert edits == (TextEdit(1, 0, 1, 0, f"x{newline}"),)


LINE_ENDS = {
    "a\nb\n": "\n",
    "a\r\nb\r\n": "\r\n",
    "a\rb\r": "\r",
    "a\r\nb\r\nc\n": "\r\n",
    "a\r\nb\nc\n": "\n",
    "a\rb\n": "\n",
    "a": "\n",
}


@pytest.mark.parametrize(("text", "expected"), LINE_ENDS.items())
def test_most_line_ends_of_a_document_decide(text, expected):
    assert newline_of(text) == expected


def test_rows_count_from_the_start_of_the_document():
    assert edits_of(replacing("a\nb\n", "b", "c"), "a\nb\n", 41) == (TextEdit(42, 0, 42, 1, "c"),)


def test_several_replacements_give_sorted_edits():
    answer = Answer((Replacement(4, 5, "z"), Replacement(0, 1, "x")))
    assert edits_of(answer, "a\nb\nc\n", 0) == (
        TextEdit(0, 0, 0, 1, "x"),
        TextEdit(2, 0, 2, 1, "z"),
    )


def test_replacements_in_related_excerpts_are_left_out():
    assert edits_of(Answer((Replacement(0, 1, "x", related=(0, 0)),)), "a\n", 0) == ()


def test_no_replacement_is_no_edit():
    assert edits_of(Answer(), "a\n", 0) == ()


@pytest.mark.parametrize(("start", "end"), [(0, 9), (2, 1), (-1, 0), (1, 3)])
def test_a_range_that_the_excerpt_does_not_have_is_refused(start, end):
    with pytest.raises(PositionError):
        edits_of(Answer((Replacement(start, end, "x"),)), "é\nab", 0)


def test_a_kept_surrogate_stays_in_the_document():
    document = "x\ud800y = 1\n"
    edits = edits_of(replacing(document, "x\ufffdy = 1", "z\ufffdw = 1"), document, 0)
    assert applied(document, edits) == "z\ud800w = 1\n"


@given(
    before=lines_of_text,
    old=lines_of_text.filter(lambda rows: rows and rows[-1]),
    new=lines_of_text,
    after=lines_of_text,
    newline=st.sampled_from(["\n", "\r\n"]),
    final=st.booleans(),
)
def test_the_edits_give_the_rewritten_document(*, before, old, new, after, newline, final):
    rows = [*before, *old, *after, ""]
    excerpt, document = without_surrogates("\n".join(rows)), newline.join(rows)
    start = byte_length("".join(f"{row}\n" for row in before))
    answered = "\n".join([*new, ""]) if final or not new or not new[-1] else "\n".join(new)
    region = Replacement(start, start + byte_length("\n".join(old)), without_surrogates(answered))
    text = applied(document, edits_of(Answer((region,)), excerpt, 0, newline))
    expected = newline.join([*before, *new, *after, ""])
    assert without_surrogates(text) == without_surrogates(expected)


@given(lines_of_text, lines_of_text)
def test_surrogates_that_the_model_kept_survive_its_rewrite(old, new):
    old, new = ["\ud800", *old, "x"], ["é \ud800", *new, "y"]
    assume("".join(old).count("\ud800") == "".join(new).count("\ud800"))
    document = "\n".join([*old, ""])
    region = without_surrogates("\n".join(old))
    answer = replacing(document, region, without_surrogates("\n".join(new)))
    assert applied(document, edits_of(answer, document, 0)) == "\n".join([*new, ""])


EARLY = {
    "a changed row followed by two old rows": (
        "a\nb\nc\nd\ne\n",
        "a\nx\nc\nd\n",
        [TextEdit(1, 0, 1, 1, "x")],
    ),
    "only one old row follows": ("a\nb\nc\nd\n", "a\nx\nc\nd", None),
    "rows without a word do not count": ("a\nb\n\n}\nc\nd\n", "a\nx\n\n}\n", None),
    "a word after them does": ("a\nb\n\n}\nc\nd\n", "a\nx\n\n}\nc\n", [TextEdit(1, 0, 1, 1, "x")]),
    "two places look alike": ("a\nb\nf\ng\nh\nf\ng\nk\n", "a\nx\nf\ng\n", None),
    "the third row tells them apart": (
        "a\nb\nf\ng\nh\nf\ng\nk\n",
        "a\nx\nf\ng\nh\n",
        [TextEdit(1, 0, 1, 1, "x")],
    ),
    "inserted rows": ("a\nb\nc\n", "a\nx\ny\nb\nc\n", [TextEdit(1, 0, 1, 0, "x\ny\n")]),
    "deleted rows": ("a\nb\nc\nd\n", "a\nc\nd\n", [TextEdit(1, 0, 2, 0, "")]),
    "nothing has changed yet": ("a\nb\nc\n", "a\nb\nc\n", None),
    "nothing has come yet": ("a\nb\n", "", None),
    "other line ends": ("a\r\nb\r\nc\r\nd\r\n", "a\nx\nc\nd\n", [TextEdit(1, 0, 1, 1, "x")]),
}


@pytest.mark.parametrize(("old", "prefix", "expected"), EARLY.values(), ids=EARLY)
def test_what_is_finished_when(old, prefix, expected):
    found = first_finished_cluster(old, prefix)
    assert (found and list(found)) == expected


def test_an_early_cluster_has_the_documents_rows_and_line_ends():
    found = first_finished_cluster("a\r\nb\r\nc\r\n", "a\nx\nb\nc\n", start_row=10, newline="\r\n")
    assert found == (TextEdit(11, 0, 11, 0, "x\r\n"),)


def test_a_partial_answer_gives_its_first_finished_cluster():
    partial = Replacement(2, 9, "x\nc\nd\n")
    found = finished_cluster_of(partial, "a\nb\nc\nd\ne\n", 10, "\r\n")
    assert found == (TextEdit(11, 0, 11, 1, "x"),)


def test_a_partial_answer_inside_a_row_has_no_finished_cluster():
    assert finished_cluster_of(Replacement(1, 9, "x\nc\nd\n"), "ab\nc\nd\ne\n", 0) is None


few_lines = st.lists(st.sampled_from(["a", "b", "c x", "c y", "", "}", "f()"]), max_size=10)


@given(few_lines, few_lines)
def test_what_follows_never_changes_the_rows_of_an_early_cluster(old, new):
    region, final = "\n".join([*old, ""]), "\n".join([*new, ""])
    seen = {first_finished_cluster(region, final[:end]) for end in range(len(final) + 1)} - {None}
    assert len(seen) <= 1
    for cluster in seen:
        text = applied(region, cluster)
        rest = len(split_lines(region)) - 1 - cluster[-1].end_row
        settled = split_lines(text)[: len(split_lines(text)) - 1 - rest]
        assert final.startswith("".join(settled))


@given(few_lines, few_lines)
def test_an_early_cluster_and_the_rest_give_the_final_text(old, new):
    region, final = "\n".join([*old, ""]), "\n".join([*new, ""])
    for end in range(len(final) + 1):
        cluster = first_finished_cluster(region, final[:end])
        if cluster:
            early = applied(region, cluster)
            answer = Answer((Replacement(0, byte_length(early), final),))
            rest = edits_of(answer, early, 0)
            assert applied(early, rest) == final
            first_row = cluster[0].start_row
            assert all(edit.start_row >= first_row for edit in rest)
