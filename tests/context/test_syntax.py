"""Syntax trees that follow edits: exact after a refresh, near enough before, never in the way."""

from pathlib import Path

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import zeta_lsp.core.documents
from zeta_lsp.context.grammars import language_for
from zeta_lsp.context.syntax import WHOLE_ROWS, WINDOW_ROWS, SyntaxTree, syntax_for
from zeta_lsp.core.documents import Change, Document, Position, Range
from zeta_lsp.core.excerpt import Span
from zeta_lsp.core.text import Encoding, line_length, split_lines

SOURCE = Path(zeta_lsp.core.documents.__file__).read_text(encoding="utf-8")
CLASS = """\
class Basket:
    def add(self, name):
        if name:
            self.names.append(name)

    def total(self):
        return len(self.names)
"""


class Clock:
    """Stands still, or runs past every deadline."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.step_s = 0.0

    def __call__(self) -> float:
        self.now_s += self.step_s
        return self.now_s


def clocked(language_id: str = "python") -> tuple[SyntaxTree, Clock]:
    clock, language = Clock(), language_for(language_id, "")
    assert language is not None
    return SyntaxTree(language, clock), clock


class Editing:
    """A document, its tree, and somebody who edits."""

    def __init__(self, text: str, language_id: str = "python") -> None:
        self.document = Document("file:///a", language_id, 0, text, Encoding.UTF32)
        self.tree, _ = clocked(language_id)

    def replace(self, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        change = Change(text, Range(Position(*start), Position(*end)))
        splices = self.document.apply(None, [change])
        assert self.document.unsynced is None
        for splice in splices:
            self.tree.edited(splice)

    def refresh(self) -> None:
        self.tree.refresh(self.document.lines)

    def ancestors(self, row: int, col: int) -> tuple[Span, ...] | None:
        return self.tree.ancestors(self.document.lines, row, col)


def fresh_ancestors(document: Document, row: int, col: int) -> tuple[Span, ...] | None:
    tree, _ = clocked(document.language_id)
    tree.refresh(document.lines)
    return tree.ancestors(document.lines, row, col)


def test_ancestors_run_from_the_cursor_to_the_whole_document() -> None:
    editing = Editing(CLASS)
    spans = editing.ancestors(3, 14)
    assert spans is not None
    assert spans[:2] == ((3, 12, 3, 16), (3, 12, 3, 22)), "self, self.names"
    assert (2, 8, 3, 35) in spans, "the if statement"
    assert (1, 4, 3, 35) in spans, "the method"
    assert (0, 0, 6, 30) in spans, "the class"
    assert spans[-1] == (0, 0, 7, 0), "the document"
    starts = [span[:2] for span in spans]
    ends = [span[2:] for span in spans]
    assert starts == sorted(starts, reverse=True), "each encloses the one before it"
    assert ends == sorted(ends)


def test_columns_are_bytes_whatever_the_text_holds() -> None:
    editing = Editing('def f():\n    return "é😋", value\n')
    spans = editing.ancestors(1, 18)
    assert spans is not None
    assert spans[0] == (1, 21, 1, 26)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_rows_are_the_documents_whatever_ends_them(newline: str) -> None:
    editing = Editing(CLASS.replace("\n", newline))
    spans = editing.ancestors(3, 14)
    assert spans is not None
    assert (1, 4, 3, 35) in spans
    editing.replace((0, 0), (0, 0), f"# comment{newline}")
    spans = editing.ancestors(4, 14)
    assert spans is not None
    assert (2, 4, 4, 35) in spans


def test_nodes_move_with_the_text_before_anything_is_parsed_again() -> None:
    editing = Editing(CLASS)
    editing.refresh()
    editing.replace((0, 0), (0, 0), "# one\n# two\n")
    editing.replace((2, 0), (2, 0), "# three é\n")
    spans = editing.ancestors(6, 14)
    assert spans is not None
    assert (4, 4, 6, 35) in spans


def test_a_key_is_inside_the_node_that_it_was_typed_into() -> None:
    editing = Editing(CLASS)
    editing.refresh()
    editing.replace((6, 26), (6, 26), "x")
    spans = editing.ancestors(6, 27)
    assert spans is not None
    assert spans[0] == (6, 24, 6, 30), "names, now longer"
    assert (5, 4, 6, 31) in spans, "the method, too"


SOURCES = {
    "python": (SOURCE, "# é😋 note\n"),
    "javascript": ("function f(a) {\n  return [a, 'é'];\n}\n" * 60, "// é😋 note\r\n"),
}


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["python", "javascript"]), st.data())
def test_after_a_refresh_the_tree_is_the_one_of_a_fresh_parse(
    language_id: str, data: st.DataObject
) -> None:
    text, comment = SOURCES[language_id]
    editing = Editing(text, language_id)
    editing.refresh()
    document = editing.document
    for _ in range(data.draw(st.integers(1, 6))):
        row = data.draw(st.integers(0, len(document.lines) - 1))
        if document.lines[row] == comment:
            editing.replace((row, 0), (row + 1, 0), "")
        elif data.draw(st.booleans()):
            editing.replace((row, 0), (row, 0), comment * data.draw(st.integers(1, 3)))
        else:
            end = (row, line_length(document.lines[row]))
            editing.replace(end, end, "  " + comment)
        if data.draw(st.booleans()):
            editing.refresh()
    editing.refresh()
    for _ in range(5):
        row = data.draw(st.integers(0, len(document.lines) - 1))
        col = len(document.lines[row]) // 2
        assert editing.ancestors(row, col) == fresh_ancestors(document, row, col)


ODD = ["def f(x):\n", "    return '", "é😋", '"""', "\r\n", "<div>", "${", "{{", "\ud800", "\u2028"]
hostile = st.lists(st.sampled_from([*ODD, *"()}#`\\\t\x00\f\x85\r\n"]), max_size=30).map("".join)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["python", "tsx", "html", "bash", "yaml", "ruby", "cpp"]), hostile, st.data()
)
def test_hostile_text_gives_spans_of_the_document_or_none(
    language_id: str, text: str, data: st.DataObject
) -> None:
    editing = Editing(text, language_id)
    lines = editing.document.lines
    for _ in range(4):
        rows = st.integers(0, len(lines) - 1)
        start, end = sorted((data.draw(rows), data.draw(rows)))
        editing.replace((start, 0), (end, 0), data.draw(hostile))
        if data.draw(st.booleans()):
            editing.refresh()
        row = data.draw(st.integers(0, len(lines) - 1))
        spans = editing.ancestors(row, 0)
        for start_row, start_col, end_row, end_col in spans or ():
            assert (0, 0) <= (start_row, start_col) <= (end_row, end_col)
            assert end_row < len(lines)
            assert end_col <= len(lines[end_row].encode("utf-8", "surrogatepass"))
        editing.tree.error_count(lines, 0, len(lines))


def test_a_line_of_data_has_no_tree_until_it_goes() -> None:
    editing = Editing(CLASS + "x = '" + "y" * 100_000 + "'\n")
    assert editing.ancestors(3, 14) is None
    editing.refresh()
    assert editing.ancestors(3, 14) is None
    editing.replace((7, 0), (8, 0), "")
    editing.refresh()
    assert editing.ancestors(3, 14) is not None


def large(functions: int = 1000) -> str:
    return "".join(f"def f{n}(a):\n    b = a\n    return b\n\n\n" for n in range(functions))


def test_a_large_file_is_seen_through_a_window_that_moves_with_the_cursor() -> None:
    editing = Editing(large())
    for function in (500, 10, 999, 0):
        row = 5 * function
        spans = editing.ancestors(row + 1, 8)
        assert spans is not None
        assert (row, 0, row + 2, 12) in spans
        assert spans[-1] == (0, 0, 5000, 0), "the root is the document, not the window"
        assert spans == fresh_ancestors(editing.document, row + 1, 8)


def test_a_window_follows_what_happens_around_it() -> None:
    editing = Editing(large())
    editing.ancestors(2501, 8)
    editing.replace((10, 0), (10, 0), "# above\n" * 7)
    editing.replace((4000, 0), (4100, 0), "")
    spans = editing.ancestors(2508, 8)
    assert spans is not None
    assert (2507, 0, 2509, 12) in spans
    editing.replace((100, 0), (2505, 0), "")  # across the window's upper edge
    spans = editing.ancestors(103, 8)
    assert spans is not None
    assert (102, 0, 104, 12) in spans


def test_a_file_small_enough_has_one_tree_that_knows_what_is_far_away() -> None:
    rows = WHOLE_ROWS - 10
    text = "class A:\n" + "    x = 1\n" * rows
    small, large_one = Editing(text), Editing(text + "    x = 1\n" * 20)
    for editing in (small, large_one):
        editing.refresh()
    row = rows - 5
    whole, window = small.ancestors(row, 6), large_one.ancestors(row, 6)
    assert whole is not None
    assert window is not None
    assert (0, 0, rows, 9) in whole
    assert not any(span[:2] == (0, 0) for span in window[:-1])
    assert len(text) > 2 * WINDOW_ROWS


def test_after_a_parse_that_took_too_long_no_key_waits_for_another_until_the_next_refresh() -> None:
    lines = split_lines(large())
    tree, clock = clocked()
    clock.step_s = 1.0
    assert tree.ancestors(lines, 2501, 8) is not None
    assert tree.ancestors(lines, 501, 8) is None, "one late parse for each refresh is enough"
    tree.refresh(lines)
    assert tree.ancestors(lines, 501, 8) is not None


def test_so_much_text_around_the_cursor_that_parsing_would_take_long_has_no_tree() -> None:
    lines = split_lines("x = [" + "1, " * 3000 + "]\n") * 50
    tree, _ = clocked()
    assert tree.ancestors(lines, 25, 8) is None


def test_parsing_again_and_again_takes_no_memory() -> None:
    lines = split_lines(large())
    tree, _ = clocked()
    tree.ancestors(lines, 2501, 8)

    def refreshed(times: int) -> int:
        for round_ in range(times):
            lines[2500] = f"    x = {round_ % 10}\n"
            tree.refresh(lines)
        return psutil.Process().memory_info().rss

    before = refreshed(500)
    assert refreshed(1500) - before < 4 << 20


def test_a_whole_tree_that_takes_too_long_gives_way_to_a_window() -> None:
    lines = split_lines("class A:\n" + "    def f(a):\n        return a\n" * 300)
    tree, clock = clocked()
    clock.step_s = 1.0
    tree.refresh(lines)
    clock.step_s = 0.0
    tree.refresh(lines)
    spans = tree.ancestors(lines, 402, 10)
    assert spans is not None
    assert (401, 4, 402, 16) in spans
    assert not any(span[:2] == (0, 0) for span in spans[:-1]), "only a window is known"
    for _ in range(60):
        tree.refresh(lines)
    spans = tree.ancestors(lines, 402, 10)
    assert spans is not None
    assert (0, 0, 600, 16) in spans, "after a while it is tried again"


def test_a_tree_that_was_not_told_of_edits_is_not_believed() -> None:
    editing = Editing(CLASS)
    editing.refresh()
    editing.document.apply(0, [])
    editing.document.apply(1, [Change("# another text\n" + CLASS)])
    editing.refresh()
    spans = editing.ancestors(4, 14)
    assert spans is not None
    assert (2, 4, 4, 35) in spans


@pytest.mark.parametrize(
    ("row", "line", "errors"),
    [
        (0, "x = 1", 0),
        (0, "x = = 1", 1),
        (5, "x = = 1", 0),
        (0, "f(1", 1),
        (0, "x = = 1; y = = 1", 2),
    ],
)
def test_errors_are_counted_where_they_are(row: int, line: str, errors: int) -> None:
    editing = Editing(f"{line}\n" + "\n" * 5 + CLASS)
    assert editing.tree.error_count(editing.document.lines, row, row + 3) == errors


def test_errors_are_found_however_deep_the_code_is() -> None:
    deep = Editing("x = " + "[" * 1500 + "(1 +)" + "]" * 1500 + "\n")
    assert deep.tree.error_count(deep.document.lines, 0, 1) == 1


def test_errors_are_counted_in_the_text_as_it_is() -> None:
    editing = Editing(CLASS)
    editing.refresh()
    editing.replace((5, 13), (5, 14), "")
    assert editing.tree.error_count(editing.document.lines, 0, 7) != 0
    editing.replace((5, 13), (5, 13), "(")
    assert editing.tree.error_count(editing.document.lines, 0, 7) == 0


def test_a_language_without_a_grammar_has_no_tree() -> None:
    assert syntax_for("klingon", "a.klingon") is None
    assert split_lines("") == [""]
    tree = syntax_for("python", "")
    assert tree is not None
    assert tree.ancestors([""], 0, 0) == ((0, 0, 0, 0),)
