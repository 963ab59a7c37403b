"""The cursor excerpt: its rows, its text, its cursor, and what it costs to cut."""

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.excerpt import Excerpt, cut_excerpt, syntax_ranges_in
from zeta_lsp.core.text import line_length, line_tokens, split_lines, without_surrogates

bare_lines = st.text(st.sampled_from("ab \té名😀\ud800\u2028\f"), max_size=30)
documents = st.builds(
    lambda rows, end: end.join(rows),
    st.lists(st.one_of(bare_lines, st.just(""), st.just("x" * 40)), min_size=1, max_size=60),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
many = settings(max_examples=300, deadline=None)


@st.composite
def cuts(draw):
    lines = split_lines(draw(documents))
    row = draw(st.integers(0, len(lines) - 1))
    col = draw(st.integers(0, line_length(lines[row])))
    return lines, row, col, draw(st.integers(0, 150))


def content(line):
    return without_surrogates(line[: line_length(line)])


@many
@for_all(cuts())
def test_rows_and_columns_of_an_excerpt_are_the_documents(cut):
    lines, row, col, _ = cut
    excerpt = cut_excerpt(*cut)
    rows = excerpt.text.split("\n")
    assert excerpt.start_row <= row < excerpt.end_row
    assert rows == [content(line) for line in lines[excerpt.start_row : excerpt.end_row]]
    before = excerpt.text.encode()[: excerpt.cursor_offset].decode().split("\n")
    assert (excerpt.start_row + len(before) - 1, len(before[-1])) == (row, col)


@many
@for_all(cuts())
def test_an_excerpt_grows_evenly_until_the_first_row_that_does_not_fit(cut):
    lines, row, _, budget = cut
    excerpt = cut_excerpt(*cut)
    above, below = row - excerpt.start_row, excerpt.end_row - 1 - row
    at_start, at_end = excerpt.start_row == 0, excerpt.end_row == len(lines)
    if not at_start and not at_end:
        assert below - above in (0, 1)
    spent = sum(map(line_tokens, lines[excerpt.start_row : excerpt.end_row]))
    assert spent <= budget or excerpt.end_row - excerpt.start_row == 1
    next_is_below = not at_end and (at_start or below == above)
    if not (at_start and at_end):
        following = lines[excerpt.end_row] if next_is_below else lines[excerpt.start_row - 1]
        assert spent + line_tokens(following) > budget


def test_line_ends_make_no_difference():
    text = "def f():\n    return 1\n\n" * 400
    excerpts = [
        cut_excerpt(split_lines(text.replace("\n", end)), 600, 2, 900)
        for end in ("\n", "\r\n", "\r")
    ]
    assert excerpts[0] == excerpts[1] == excerpts[2]
    assert "\r" not in excerpts[0].text


def test_a_mixture_of_line_ends_is_measured_exactly():
    lines = ["aaa\r\n", "bbb\n", "ccc\r", "ddd\r\n", "eee"]
    assert cut_excerpt(lines, 2, 0, 3) == Excerpt("bbb\nccc\nddd", 1, 4, 4)


def test_the_cursors_row_belongs_to_the_excerpt_even_if_it_exceeds_the_budget():
    lines = ["a\n", "x" * 100_000 + "\n", "b\n"]
    assert cut_excerpt(lines, 1, 50_000) == Excerpt("x" * 100_000, 1, 2, 50_000)


def test_a_huge_row_ends_the_excerpt():
    lines = ["a\n", "b\n", "c\n", "x" * 100_000 + "\n", "d\n"]
    assert cut_excerpt(lines, 1, 1) == Excerpt("a\nb\nc", 0, 3, 3)


@pytest.mark.parametrize(("row", "col"), [(-1, 0), (2, 0), (0, -1), (0, 3), (1, 1)])
def test_a_place_that_the_document_lacks_is_an_error(row, col):
    with pytest.raises(PositionError):
        cut_excerpt(["ab\n", ""], row, col)


class Watched(list[str]):
    """A document that counts the lines anybody looks at."""

    looked_at = 0

    def __getitem__(self, key):
        found = super().__getitem__(key)
        self.looked_at += len(found) if isinstance(key, slice) else 1
        return found


def test_cutting_looks_at_nothing_but_the_window():
    lines = Watched(f"line {row} of a long document\n" for row in range(50_000))
    excerpt = cut_excerpt(lines, 25_000, 0)
    assert lines.looked_at < 4 * (excerpt.end_row - excerpt.start_row)


@many
@for_all(cuts(), st.lists(st.tuples(*[st.integers(0, 60), st.integers(0, 30)] * 2), max_size=5))
def test_syntax_ranges_are_the_documents_clipped_to_the_excerpt(cut, spans):
    lines = cut[0]
    excerpt = cut_excerpt(*cut)
    size = len(excerpt.text.encode())
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(content(line).encode()) + 1)
    first = starts[excerpt.start_row]

    def offset(row, col):
        if row >= len(lines):
            return size
        return starts[row] + min(col, starts[row + 1] - starts[row] - 1) - first

    expected = []
    for span in spans:
        pair = tuple(min(max(offset(*place), 0), size) for place in (span[:2], span[2:]))
        if not expected or expected[-1] != pair:
            expected.append(pair)
    assert syntax_ranges_in(excerpt, spans) == tuple(expected)


def test_ancestors_that_clipping_makes_equal_count_once():
    excerpt = Excerpt("bb\ncc", 1, 3, 0)
    spans = [(1, 0, 1, 2), (0, 0, 3, 0), (0, 0, 9, 0)]
    assert syntax_ranges_in(excerpt, spans) == ((0, 2), (0, 5))
