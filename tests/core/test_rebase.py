import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.applying import applied
from tests.core.typing_person import lsp_change
from zeta_lsp.core.clusters import clusters_of, whole_line_edit
from zeta_lsp.core.documents import Document
from zeta_lsp.core.edits import TextEdit
from zeta_lsp.core.events import Splice
from zeta_lsp.core.parse import edits_of, newline_of
from zeta_lsp.core.places import shifted_place, text_between, texts_after
from zeta_lsp.core.prompt import Answer, Replacement
from zeta_lsp.core.rebase import Effect, follow, follow_all
from zeta_lsp.core.replacement import advanced
from zeta_lsp.core.text import Encoding, byte_length, line_length

rows_of_text = st.lists(st.sampled_from(["a", "b = 1", "call(b)", "", "}", "é", "  x"]), max_size=7)
documents = st.builds(
    lambda rows, newline, final: newline.join(rows) + newline * final,
    rows_of_text,
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)


def insertion(row, col, text):
    return TextEdit(row, col, row, col, text)


class Desk:
    """A document, and clusters that follow what is done to it."""

    def __init__(self, text, clusters):
        self.document = Document("file:///p/a.py", "python", 0, text, Encoding.UTF32)
        self.clusters = list(clusters)
        self.effects = []
        self.splices = []

    @property
    def text(self):
        return self.document.text()

    @property
    def outcome(self):
        """The text once all that is left is accepted."""
        return applied(self.text, [edit for cluster in self.clusters for edit in cluster])

    def replace(self, start, end, text):
        """One change, as an editor sends it; the clusters that are left follow."""
        self.change((start, end, text))

    def change(self, *changes):
        """Several changes at once."""
        splices = self.document.apply(
            self.document.version + 1, [lsp_change(*change) for change in changes]
        )
        assert self.document.unsynced is None
        self.splices += splices
        for splice, after in zip(splices, texts_after(self.document.lines, splices), strict=True):
            followed = follow_all(self.clusters, splice, after)
            self.effects += [one.effect for one in followed]
            self.clusters = [one.cluster for one in followed if one.cluster]

    def type(self, row, col, text):
        """Insert a text, key by key; a line end is one key."""
        for key in split_keys(text):
            self.replace((row, col), (row, col), key)
            row, col = advanced(row, col, key)


def split_keys(text):
    keys = list(text.replace("\r\n", "\x00"))
    return [key.replace("\x00", "\r\n") for key in keys]


def predicted(text, new):
    """The clusters of a prediction that a text becomes `new`."""
    excerpt = text.replace("\r\n", "\n")
    answer = Answer((Replacement(0, byte_length(excerpt), new),))
    return clusters_of(edits_of(answer, excerpt, 0, newline_of(text)))


predictions = st.tuples(documents, documents).map(lambda pair: (pair[0], predicted(*pair)))
real_predictions = predictions.filter(lambda pair: bool(pair[1]))


def start_of(edit):
    return edit.start_row, edit.start_col


def end_of(edit):
    return edit.end_row, edit.end_col


def edit_of(splice):
    return TextEdit(
        splice.start_row,
        splice.start_col,
        splice.old_end_row,
        splice.old_end_col,
        splice.new_text,
    )


# what one change does


def places_of(lines):
    return [(row, col) for row, line in enumerate(lines) for col in range(line_length(line) + 1)]


@given(real_predictions, st.data())
def test_whatever_is_done_the_rest_is_true_or_contradicted(prediction, data):
    text, clusters = prediction
    cluster = data.draw(st.sampled_from(clusters))
    desk = Desk(text, [cluster])
    places = places_of(desk.document.lines)
    start, end = sorted(data.draw(st.tuples(st.sampled_from(places), st.sampled_from(places))))
    typed = data.draw(st.sampled_from(["", "a", "b", "}", "\n", "b = 1", "call(b)\n", "(", "()"]))
    meant = applied(text, cluster)
    desk.replace(start, end, typed)
    for splice, effect in zip(desk.splices, desk.effects, strict=True):
        if effect is Effect.SHIFTED:
            edits = sorted([*cluster, edit_of(splice)], key=start_of)
            assert desk.outcome == applied(text, edits)
        elif effect is not Effect.CONTRADICTED:
            assert desk.outcome == meant
        assert bool(desk.clusters) == (effect in (Effect.SHIFTED, Effect.ADVANCED))


@given(real_predictions, st.data())
def test_a_change_elsewhere_and_its_undo_leave_a_prediction_as_it_was(prediction, data):
    text, clusters = prediction
    desk = Desk(text, clusters)
    before = desk.clusters
    place = data.draw(st.sampled_from(places_of(desk.document.lines)))
    added = data.draw(st.sampled_from(["q", "q\n", "\nq", "qq\nqq\nq"]))
    desk.replace(place, place, added)
    if set(desk.effects) == {Effect.SHIFTED}:
        desk.replace(place, advanced(*place, added), "")
        if set(desk.effects) == {Effect.SHIFTED}:
            assert desk.clusters == before


# typing along


@given(real_predictions, st.data())
def test_typing_along_keeps_what_is_left_and_ends_with_nothing_left(prediction, data):
    text, clusters = prediction
    desk = Desk(text, clusters)
    meant = desk.outcome
    while desk.clusters:
        cluster = data.draw(st.sampled_from(desk.clusters))
        edit = data.draw(st.sampled_from(cluster))
        a_step_along(desk, edit, data.draw(st.sampled_from(STEPS)))
        assert Effect.CONTRADICTED not in desk.effects
        assert desk.outcome == meant
    assert desk.text == meant


STEPS = ["key", "overwrite", "delete first", "whole"]


def a_step_along(desk, edit, step):
    """Do some of what an edit proposes."""
    start, end = start_of(edit), end_of(edit)
    old = text_between(desk.document.lines, start, end)
    keys = split_keys(edit.new_text)
    if step == "delete first" and old:
        desk.replace(start, end, "")
    elif step == "whole" or not keys:
        desk.replace(start, end, edit.new_text)
    elif step == "overwrite":
        desk.replace(start, end, keys[0])
    else:
        desk.replace(start, start, keys[0])


@given(real_predictions, st.data())
def test_a_cluster_accepted_as_whole_rows_leaves_the_others(prediction, data):
    text, clusters = prediction
    desk = Desk(text, clusters)
    meant, left = desk.outcome, len(clusters)
    for _ in clusters:
        edit = whole_line_edit(data.draw(st.sampled_from(desk.clusters)), desk.document.lines)
        desk.replace(start_of(edit), end_of(edit), edit.new_text)
        left -= 1
        assert len(desk.clusters) == left
        assert desk.outcome == meant
    assert Effect.CONTRADICTED not in desk.effects


@given(real_predictions, st.data())
def test_a_cluster_accepted_edit_by_edit_is_consumed(prediction, data):
    text, clusters = prediction
    cluster = data.draw(st.sampled_from(clusters))
    desk = Desk(text, [cluster])
    meant = desk.outcome
    for edit in reversed(cluster):
        desk.replace(start_of(edit), end_of(edit), edit.new_text)
    assert desk.clusters == []
    assert desk.effects[-1] is Effect.CONSUMED
    assert desk.text == meant


@given(real_predictions)
def test_the_whole_text_replaced_by_the_predicted_one_consumes_all(prediction):
    text, clusters = prediction
    desk = Desk(text, [tuple(edit for cluster in clusters for edit in cluster)])
    last = len(desk.document.lines) - 1
    desk.replace((0, 0), (last, len(desk.document.lines[-1])), desk.outcome)
    assert desk.clusters == []


@given(real_predictions)
def test_all_edits_in_one_notification_consume_all(prediction):
    text, clusters = prediction
    desk = Desk(text, clusters)
    meant = desk.outcome
    edits = [edit for cluster in clusters for edit in cluster]
    desk.change(*[(start_of(one), end_of(one), one.new_text) for one in reversed(edits)])
    assert desk.clusters == []
    assert desk.text == meant


def left_after(text, edit, *changes):
    """New text and place of what is left of an edit, None where it was contradicted."""
    desk = Desk(text, [(edit,)])
    desk.change(*changes)
    if desk.effects[-1] is Effect.CONTRADICTED:
        return None
    return [(one.new_text, start_of(one), end_of(one)) for one in sum(desk.clusters, ())]


def at(row, col, text):
    return (row, col), (row, col), text


CALL = "value = compute"


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        (at(0, 15, "("), [("a, b)", (0, 16), (0, 16))]),
        (at(0, 15, "()"), [("a, b", (0, 16), (0, 16))]),
        (at(0, 15, ")"), [("(a, b", (0, 15), (0, 15))]),
        (at(0, 15, "(a, b)"), []),
        (at(0, 15, "(b"), None),
        (at(0, 15, "(a, b), b)"), None),
        (at(0, 15, "(]"), None),
        (at(0, 15, "x"), None),
        (((0, 14), (0, 15), ""), None),
        (at(0, 5, "s"), [("(a, b)", (0, 16), (0, 16))]),
    ],
)
def test_an_insertion_after_some_keys(typed, left):
    assert left_after(CALL, insertion(0, 15, "(a, b)"), typed) == left


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ([((0, 8), (0, 15), "")], [("total", (0, 8), (0, 8))]),
        ([((0, 14), (0, 15), "")], [("total", (0, 8), (0, 14))]),
        ([((0, 10), (0, 12), "")], [("total", (0, 8), (0, 13))]),
        ([((0, 8), (0, 15), "t")], [("otal", (0, 9), (0, 9))]),
        ([((0, 8), (0, 15), "l")], [("tota", (0, 8), (0, 8))]),
        ([at(0, 8, "to")], [("tal", (0, 10), (0, 17))]),
        ([at(0, 8, "tl")], None),
        ([((0, 10), (0, 12), "to")], None),
        ([((0, 10), (0, 12), "al")], None),
        ([((0, 8), (0, 15), ""), at(0, 8, "total")], []),
        ([((0, 10), (0, 12), "x")], None),
        ([((0, 0), (0, 15), "value = total")], []),
        ([((0, 0), (0, 15), "")], None),
    ],
)
def test_a_replacement_after_some_changes(changes, left):
    assert left_after(CALL, TextEdit(0, 8, 0, 15, "total"), *changes) == left


ROWS = "if a:\n    b\nend\n"
ROW = insertion(2, 0, "    c(d)\n")


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ([at(1, 5, "\n")], [("    c(d)", (2, 0), (2, 0))]),
        ([at(1, 5, "\n    ")], [("c(d)", (2, 4), (2, 4))]),
        ([at(1, 5, "\n    "), at(2, 4, "c(")], [("d)", (2, 6), (2, 6))]),
        ([at(1, 5, "\n    c(d)")], []),
        ([at(1, 5, "\n  x")], [("    c(d)\n", (3, 0), (3, 0))]),
        ([at(1, 5, ")")], [("    c(d)\n", (2, 0), (2, 0))]),
        ([at(1, 5, ")"), at(1, 6, "\n")], [("    c(d)", (2, 0), (2, 0))]),
        ([at(0, 2, "\n"), at(2, 5, "\n")], [("    c(d)", (3, 0), (3, 0))]),
        ([at(1, 0, "  "), at(1, 7, "\n")], [("    c(d)", (2, 0), (2, 0))]),
        ([at(1, 4, "\n")], [("    c(d)\n", (3, 0), (3, 0))]),
        ([at(2, 0, "    c")], [("(d)\n", (2, 5), (2, 5))]),
        ([at(2, 0, "    c(d)\n")], []),
        ([at(2, 0, "x")], None),
    ],
)
def test_new_rows_after_the_enter_key_and_others(changes, left):
    assert left_after(ROWS, ROW, *changes) == left


def test_new_rows_begun_with_the_enter_key_in_a_document_of_windows():
    edit = insertion(1, 0, "b\r\n")
    assert left_after("a\r\nc", edit, at(0, 1, "\r\n")) == [("b", (1, 0), (1, 0))]


def test_the_enter_key_goes_to_one_edit_only():
    desk = Desk("\n", [(insertion(0, 0, "a\na\n"), insertion(1, 0, "a\n"))])
    desk.type(0, 0, "a\na\n")
    assert desk.clusters == [(insertion(3, 0, "a\n"),)]


@pytest.mark.parametrize(
    ("text", "edit", "change"),
    [
        ("helo", insertion(0, 3, "l"), at(0, 2, "l")),
        ("helo", insertion(0, 2, "l"), at(0, 3, "l")),
        ("f((a))", insertion(0, 6, ")"), at(0, 4, ")")),
        ("a\n}\n}\nb", insertion(1, 0, "}\n"), at(3, 0, "}\n")),
        ("a\n}\n}\nb", insertion(3, 0, "}\n"), at(1, 0, "}\n")),
        ("    return", insertion(0, 0, "    go()\n"), at(0, 4, "go()\n    ")),
        ("aaa", TextEdit(0, 0, 0, 1, ""), ((0, 2), (0, 3), "")),
        ("a\n\n\n\nb", TextEdit(1, 0, 2, 0, ""), ((3, 0), (4, 0), "")),
    ],
)
def test_the_same_effect_in_another_place_is_the_same(text, edit, change):
    assert left_after(text, edit, change) == []


def test_keys_in_another_place_with_the_same_effect_are_followed():
    desk = Desk("    return", [(insertion(0, 0, "    go()\n"),)])
    meant = desk.outcome
    desk.type(0, 4, "go(")
    assert desk.outcome == meant
    assert desk.clusters == [(insertion(0, 7, ")\n    "),)]


def test_an_equal_key_in_a_place_with_another_effect_is_elsewhere():
    assert left_after("help", insertion(0, 4, "l"), at(0, 1, "l")) == [("l", (0, 5), (0, 5))]


def test_only_one_cluster_takes_a_key():
    text, new = "a\ncall(b)\nb = 1\na", "}\nb = 1\ncall(b)\ncall(b)\nb = 1\na\na"
    desk = Desk(text, predicted(text, new))
    desk.replace((0, 0), (0, 1), "}")
    desk.replace((0, 1), (0, 1), "\n")
    assert desk.outcome == new


@pytest.mark.parametrize(("row", "left"), [(1, 5), (4, 1)])
def test_the_cluster_that_is_touched_takes_the_row(row, left):
    desk = Desk("}\n" * 6, [(insertion(1, 0, "}\n"),), (insertion(4, 0, "}\n"),)])
    desk.replace((row, 0), (row, 0), "}\n")
    assert desk.clusters == [(insertion(left, 0, "}\n"),)]


def test_a_replacement_is_in_no_other_place():
    edit = TextEdit(0, 1, 0, 6, "t")
    assert left_after("tvalue", edit, at(0, 0, "t")) == [("t", (0, 2), (0, 7))]


@pytest.mark.parametrize(
    ("place", "moved"),
    [
        ((1, 1), (1, 1)),
        ((1, 2), (1, 2)),
        ((1, 4), (2, 3)),
        ((2, 1), (2, 3)),
        ((2, 5), (2, 7)),
        ((3, 5), (3, 5)),
    ],
    ids=["before", "at the start", "inside", "at the end", "behind", "below"],
)
def test_where_places_go(place, moved):
    assert shifted_place(place, Splice(1, 2, 2, 1, 2, 3, "ab\nc", "x\nyyy")) == moved


def test_a_place_at_an_insertion_stays_before_it_or_goes_behind_it():
    splice = Splice(1, 2, 1, 2, 1, 4, "", "xy")
    assert shifted_place((1, 2), splice) == (1, 2)
    assert shifted_place((1, 2), splice, behind=True) == (1, 4)


def test_without_the_text_another_place_is_elsewhere():
    splice = Splice(0, 2, 0, 2, 0, 3, "", "l")
    assert follow((insertion(0, 3, "l"),), splice).cluster == (insertion(0, 4, "l"),)


def test_an_edit_behind_what_was_typed_stays_behind_it():
    desk = Desk("aab", [(insertion(0, 1, "a"), TextEdit(0, 2, 0, 3, "c"))])
    desk.replace((0, 2), (0, 2), "a")
    assert desk.clusters == [(TextEdit(0, 3, 0, 4, "c"),)]


def test_the_text_after_each_change_of_many_is_not_rebuilt():
    splice = Splice(0, 0, 0, 0, 0, 1, "", "x")
    assert list(texts_after(["x" * 20], [splice] * 17)) == [None] * 17


@given(documents, st.data())
def test_the_text_after_each_change_is_rebuilt(text, data):
    document = Document("file:///p/a.py", "python", 0, text, Encoding.UTF32)
    splices, texts = [], []
    for _ in range(data.draw(st.integers(1, 4))):
        places = st.sampled_from(places_of(document.lines))
        start, end = sorted(data.draw(st.tuples(places, places)))
        change = lsp_change(start, end, data.draw(st.sampled_from(["", "x", "y\nz", "\n"])))
        found = document.apply(document.version + 1, [change])
        splices += found
        texts += [document.text()] * len(found)
    assert ["".join(after) for after in texts_after(list(document.lines), splices)] == texts


# contradictions


@given(real_predictions, st.data())
def test_another_key_than_the_predicted_one_contradicts(prediction, data):
    text, clusters = prediction
    cluster = data.draw(st.sampled_from(clusters))
    edit = data.draw(st.sampled_from(cluster))
    desk = Desk(text, [cluster])
    desk.replace(start_of(edit), end_of(edit), "@")
    assert desk.effects[-1] is Effect.CONTRADICTED
    assert desk.clusters == []
