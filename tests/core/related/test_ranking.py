"""The closest identifiers, by bytes of the document."""

from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.core.related import closest
from zeta_lsp.core.text import byte_length, split_lines

LINES = split_lines("one two\n\nthree ü four\n")


def ranked(*names: tuple[str, int, int], cursor: tuple[int, int]) -> list[tuple[str, int]]:
    return [(one.text, one.rank) for one in closest(names, LINES, cursor)]


def test_the_name_at_the_cursor_is_first() -> None:
    names = [("three", 2, 0), ("two", 0, 4), ("one", 0, 0)]
    assert ranked(*names, cursor=(0, 5)) == [("two", 0), ("one", 1), ("three", 2)]


def test_names_at_equal_distance_share_a_rank_and_ranks_have_no_gaps() -> None:
    names = [("one", 0, 0), ("two", 0, 4), ("three", 2, 0)]
    assert ranked(*names, cursor=(0, 3)) == [("one", 0), ("two", 1), ("three", 2)]
    lines = ["a-b+c\n"]
    found = closest([("a", 0, 0), ("b", 0, 2), ("c", 0, 4)], lines, (0, 2))
    assert [(one.text, one.rank) for one in found] == [("b", 0), ("a", 1), ("c", 2)]
    found = closest([("a", 0, 0), ("c", 0, 4)], ["a   c\n"], (0, 2))
    assert [(one.text, one.rank) for one in found] == [("a", 0), ("c", 1)]
    found = closest([("a", 0, 0), ("c", 0, 3)], ["a  c\n"], (0, 2))
    assert {(one.text, one.rank) for one in found} == {("a", 0), ("c", 0)}


def test_distance_counts_bytes_and_not_characters() -> None:
    lines = ["a🙂  b\n"]
    found = closest([("a", 0, 0), ("b", 0, 4)], lines, (0, 2))
    assert [one.text for one in found] == ["b", "a"]


def test_a_name_that_is_given_twice_counts_once() -> None:
    assert ranked(("one", 0, 0), ("one", 0, 0), cursor=(0, 0)) == [("one", 0)]


@given(st.data())
def test_ranks_follow_distances_and_at_most_so_many_are_taken(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="ab é🙂\n", max_size=200))
    lines = split_lines(text)
    rows = st.integers(0, len(lines) - 1)
    names = [
        (lines[row][col : col + 2], row, col)
        for row in data.draw(st.lists(rows, max_size=40))
        for col in [data.draw(st.integers(0, max(0, len(lines[row]) - 2)))]
    ]
    row = data.draw(rows)
    col = data.draw(st.integers(0, len(lines[row])))
    most = data.draw(st.integers(1, 10))
    found = closest(names, lines, (row, col), most)

    def offset(at_row: int, at_col: int) -> int:
        return byte_length("".join(lines[:at_row]) + lines[at_row][:at_col])

    def distance(name: str, at_row: int, at_col: int) -> int:
        start, place = offset(at_row, at_col), offset(row, col)
        return max(0, start - place, place - start - byte_length(name))

    distances = sorted(distance(*name) for name in set(names))[:most]
    assert [distance(one.text, one.row, one.col) for one in found] == distances
    levels = sorted(set(distances))
    assert [one.rank for one in found] == [levels.index(far) for far in distances]
