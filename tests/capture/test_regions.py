"""Regions follow edits as two marks between the characters of a text would."""

from hypothesis import example, given
from hypothesis import strategies as st

from capture.regions import Region, clean_text, region_of
from zeta_lsp.core.documents import Change, Document, Position, Range
from zeta_lsp.core.text import Encoding, split_lines

START, END = "<start>", "<end>"
pieces = st.sampled_from(["", "a", "b\n", "\n", "é", "\U0001f600", "ab", "\r\n", "x\ny\nz"])


def place_of(lines, offset):
    for row, line in enumerate(lines):
        if offset <= len(line) and (offset < len(line) or row == len(lines) - 1):
            return row, offset
        offset -= len(line)
    raise AssertionError


def marked(text, start, end):
    """The characters of a text with two marks among them."""
    marks = list(text)
    marks.insert(end, END)
    marks.insert(start, START)
    return marks


def spliced(marks, start, end, new):
    """What happens to marks: removed characters go, marks stay, new text comes first of all.

    But a start mark right where the text is put stays before it.
    """
    places = [place for place, mark in enumerate(marks) if mark not in (START, END)]
    first = places[start] if start < len(places) else None
    removed = set(places[start:end])
    left = [mark for place, mark in enumerate(marks) if place not in removed]
    at = before_character(marks, first)
    return left[:at] + list(new) + left[at:]


def before_character(marks, first):
    """Where text goes that is put before a character: behind a start mark, before an end mark."""
    at = len(marks) if first is None else first
    while at > 0 and marks[at - 1] == END:
        at -= 1
    return at


def inside(marks):
    return "".join(marks[marks.index(START) + 1 : marks.index(END)])


@given(
    st.lists(pieces, max_size=12).map("".join),
    st.data(),
)
def test_a_region_holds_what_stands_between_its_marks(text, data):
    document = Document("u", "", 1, text, Encoding.UTF32)
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    region = Region(place_of(document.lines, start), place_of(document.lines, end))
    marks = marked(text, start, end)
    for version in range(2, 8):
        text = document.text()
        first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
        bounds = [Position(*place_of(document.lines, at)) for at in (first, last)]
        new = data.draw(pieces)
        [*splices] = document.apply(version, [Change(new, Range(*bounds))])
        if document.unsynced:
            return  # a range inside a line end
        for splice in splices:
            region = region.moved(splice)
            offsets = offset_of(text, splice.start_row, splice.start_col)
            marks = spliced(marks, offsets, offsets + len(splice.old_text), splice.new_text)
        assert region.text(document.lines) == clean_text(inside(marks))


def offset_of(text, row, col):
    return sum(map(len, split_lines(text)[:row])) + col


def region(start, end):
    return Region(start, end)


def splice_of(text, start, end, new):
    document = Document("u", "", 1, text, Encoding.UTF32)
    [splice] = document.apply(2, [Change(new, Range(Position(*start), Position(*end)))])
    return splice, document.lines


def test_text_put_in_at_a_border_belongs_to_the_region():
    held = region((1, 0), (1, 3))
    for at in ((1, 0), (1, 3)):
        splice, lines = splice_of("one\ntwo\nthree\n", at, at, "X")
        assert held.is_touched_by(splice)
        assert not held.is_crossed_by(splice)
        assert "X" in held.moved(splice).text(lines)


def test_an_edit_elsewhere_moves_the_region_and_does_not_touch_it():
    splice, lines = splice_of("one\ntwo\nthree\n", (0, 0), (0, 0), "zero\n")
    held = region((1, 0), (1, 3))
    assert not held.is_touched_by(splice)
    assert held.moved(splice) == region((2, 0), (2, 3))
    assert held.moved(splice).text(lines) == "two"


def test_an_edit_over_a_border_crosses_it():
    held = region((1, 1), (2, 2))
    splice, lines = splice_of("one\ntwo\nthree\n", (2, 1), (2, 4), "XY")
    assert held.is_crossed_by(splice)
    assert held.moved(splice).text(lines) == "wo\ntXY"
    splice, lines = splice_of("one\ntwo\nthree\n", (0, 2), (1, 2), "XY")
    assert held.is_crossed_by(splice)
    assert held.moved(splice).text(lines) == "o\nth"


@given(st.text(alphabet="aé\n\U0001f600", max_size=40), st.data())
@example("é\nb", None)
def test_byte_ranges_of_an_excerpt_become_places(text, data):
    cuts = (
        [(0, len(text))]
        if data is None
        else [tuple(sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2))))]
    )
    for start, end in cuts:
        editable = (len(text[:start].encode()), len(text[:end].encode()))
        held = region_of(text, 0, editable)
        assert held.text(split_lines(text)) == text[start:end]
        shifted = region_of(text, 7, editable)
        assert (shifted.start[0], shifted.end[0]) == (held.start[0] + 7, held.end[0] + 7)


def test_offsets_count_bytes_from_the_regions_start():
    lines = split_lines("é\r\nab\r\n")
    held = region((0, 0), (1, 2))
    assert held.offset_of((1, 1), lines) == 4
    assert held.offset_of((9, 0), lines) == held.offset_of((1, 2), lines) == 5
