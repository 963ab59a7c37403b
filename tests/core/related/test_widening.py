"""From a name to the rows that show its definition."""

from tests.core.related.outlining import file_of, item
from zeta_lsp.core.related import FileOutline
from zeta_lsp.core.related.widening import BODY_BYTES, MEMBERS_BYTES, Widening, merged

LONG = "    # " + "x" * 58 + "\n"
ROWS_OF_A_LONG_BODY = BODY_BYTES // len(LONG) + 1


def shown(file: FileOutline, row: int) -> list[tuple[int, int]]:
    ranges = [(rows, 0) for rows in Widening(file).around((row, row + 1))]
    return [rows for rows, _ in merged(ranges)]


def braced(rows: int) -> str:
    """A class of one method between two fields of one row each."""
    return "class A {\n  one\n  m() {\n" + LONG * rows + "  }\n  two\n}\n"


def test_a_short_item_is_shown_whole() -> None:
    file = file_of(braced(2), item("A", (0, 8), (1, 7)))
    assert shown(file, 0) == [(0, 8)]
    assert shown(file, 4) == [(0, 8)]


def test_a_long_body_is_left_out_between_head_and_tail() -> None:
    rows = ROWS_OF_A_LONG_BODY
    end = rows + 6
    file = file_of(braced(rows), item("A", (0, end), (1, end - 1)))
    assert shown(file, 0) == [(0, 1), (end - 1, end)]


def test_a_body_of_just_so_many_bytes_is_shown() -> None:
    body = "\n" + "x" * (BODY_BYTES - 2) + "\n"
    assert shown(file_of("f {\n" + body + "}\n", item("f", (0, 4), (1, 3))), 0) == [(0, 4)]
    longer = file_of("f {\nx" + body + "}\n", item("f", (0, 4), (1, 3)))
    assert shown(longer, 0) == [(0, 1), (3, 4)]


def test_a_method_stands_in_the_head_and_tail_of_its_class() -> None:
    rows = ROWS_OF_A_LONG_BODY
    end = rows + 6
    outer = item("A", (0, end), (1, end - 1))
    method = item("m", (2, rows + 4), (3, rows + 3), depth=1, kind="method")
    one = item("one", (1, 2), depth=1, kind="field")
    file = file_of(braced(rows), outer, one, method)
    assert shown(file, rows) == [(0, 3), (rows, rows + 1), (rows + 3, end)]


def test_a_class_with_a_long_body_shows_its_members() -> None:
    rows = ROWS_OF_A_LONG_BODY
    end = rows + 6
    file = file_of(
        braced(rows),
        item("A", (0, end), (1, end - 1)),
        item("one", (1, 2), depth=1, kind="field"),
        item("m", (2, rows + 4), (3, rows + 3), depth=1, kind="method"),
        item("inner", (4, 5), depth=2, kind="function"),
        item("two", (rows + 4, rows + 5), depth=1, kind="field"),
    )
    assert shown(file, 0) == [(0, 3), (rows + 3, end)]


def test_members_end_where_nobody_would_read_on() -> None:
    members = MEMBERS_BYTES // len(LONG) * 2
    items = [item("A", (0, members + 2), (1, members + 1))]
    items += [item(f"f{row}", (row, row + 1), depth=1) for row in range(1, members + 1)]
    (_, end), tail = shown(file_of("A {\n" + LONG * members + "}\n", *items), 0)
    assert end - 1 == MEMBERS_BYTES // len(LONG)
    assert tail == (members + 1, members + 2)


def test_of_a_long_table_only_the_beginning_is_shown() -> None:
    table = file_of("T = [\n" + LONG * 100 + "]\n", item("T", (0, 102), kind="variable"))
    ((start, end),) = shown(table, 0)
    assert start == 0
    assert end - 1 == (BODY_BYTES - len("T = [\n")) // len(LONG)


def test_one_row_of_an_item_is_shown_however_long() -> None:
    assert shown(file_of("x" * 9000 + "\ny\n", item("x", (0, 2))), 0) == [(0, 1)]


def test_a_target_outside_every_item_is_shown_alone() -> None:
    assert shown(file_of("import a\n\n\nclass B: pass\n", item("B", (3, 4))), 0) == [(0, 1)]


def test_ranges_a_row_apart_become_one_with_the_better_rank() -> None:
    ranges = [((6, 7), 3), ((0, 2), 5), ((3, 4), 2), ((9, 12), 1), ((10, 11), 0)]
    assert merged(ranges) == [((0, 4), 2), ((6, 7), 3), ((9, 12), 0)]
