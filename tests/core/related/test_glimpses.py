"""Glimpses of files that no definition led to, and how they join the excerpts of definitions."""

from hypothesis import given
from hypothesis import strategies as st

from tests.core.related.outlining import file_of, found, item, place
from zeta_lsp.core.related import Glimpse, glimpse_around, glimpse_of_heads, joined, related_files
from zeta_lsp.core.related.glimpses import GLIMPSE_BYTES, HEADS_MAX, NEAR_ROWS
from zeta_lsp.core.text import byte_length

A = "/w/shop/a.py"
HUNDRED = "".join(f"row {row}\n" for row in range(100))


def test_the_rows_around_a_place_are_shown() -> None:
    assert glimpse_around(file_of(HUNDRED), 50, "recent").rows == ((30, 71),)


def test_the_rows_of_a_file_that_became_shorter_are_its_last() -> None:
    assert glimpse_around(file_of(HUNDRED), 900, "recent").rows == ((80, 100),)


def test_borders_move_inwards_to_where_items_begin_and_end() -> None:
    file = file_of(HUNDRED, item("far", (0, 29)), item("a", (33, 45)), item("b", (46, 68)))
    assert glimpse_around(file, 50, "recent").rows == ((33, 68),)


def test_borders_never_cross_the_place_itself() -> None:
    file = file_of(HUNDRED, item("a", (2, 3)), item("b", (98, 99)))
    assert glimpse_around(file, 0, "recent").rows == ((0, 21),)
    assert glimpse_around(file, 98, "recent").rows == ((78, 99),)


def test_blank_rows_at_the_borders_are_left_out() -> None:
    text = "\n" * 5 + "a\n\nb\n" + "\n" * 5
    assert glimpse_around(file_of(text), 6, "recent").rows == ((5, 8),)
    assert glimpse_around(file_of("\n\n\n"), 1, "recent").rows == ()


def test_a_row_larger_than_the_budget_is_not_shown() -> None:
    assert glimpse_around(file_of("x" * 2000 + "\ny\n"), 0, "recent").rows == ()


@given(
    st.lists(st.sampled_from(["", "x", "ä" * 90, "y" * 400]), max_size=90),
    st.integers(-5, 100),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=9),
)
def test_a_glimpse_is_small_and_near(
    lines: list[str], row: int, spans: list[tuple[int, int]]
) -> None:
    items = [item("x", (start, start + size)) for start, size in sorted(spans)]
    file = file_of("\n".join(lines), *items)
    for start, end in glimpse_around(file, row, "recent").rows:
        assert 0 <= start < end <= len(file.lines)
        assert byte_length("".join(file.lines[start:end])) <= GLIMPSE_BYTES
        clipped = min(max(row, 0), len(file.lines) - 1)
        assert clipped - NEAR_ROWS <= start < end <= clipped + NEAR_ROWS + 1


def test_heads_are_those_of_the_outermost_items() -> None:
    file = file_of(
        HUNDRED,
        item("A", (3, 20), body=(4, 20)),
        item("inner", (6, 8), body=(7, 8), depth=1),
        item("b", (30, 40), body=(32, 39)),
        item("c", (40, 41)),
    )
    assert glimpse_of_heads(file, "git").rows == ((3, 4), (30, 32), (40, 41))


def test_heads_end_with_the_budget() -> None:
    items = [item("x", (row, row + 2), body=(row + 1, row + 2)) for row in range(0, 40, 4)]
    file = file_of("".join("z" * 299 + "\n" for _ in range(50)), *items)
    assert glimpse_of_heads(file, "git").rows == ((0, 1), (4, 5), (8, 9))
    assert len(glimpse_of_heads(file_of(HUNDRED, *items), "git").rows) == HEADS_MAX


def test_glimpses_come_behind_everything_with_receipts_of_their_own() -> None:
    definitions = related_files([found(4, place(2))], {A: file_of(HUNDRED)}.get)
    recent = Glimpse(file_of(HUNDRED, path="shop/b.py"), ((7, 9),), "recent", 3.0)
    git = Glimpse(file_of(HUNDRED, path="shop/0.py"), ((1, 2),), "git")
    files, receipts = joined(definitions, [recent, git], 2)
    assert [file.path for file in files] == ["shop/a.py", "shop/b.py", "shop/0.py"]
    assert [file.excerpts[0].order for file in files] == [4, 5, 6]
    assert [file.excerpts[0].context_source for file in files] == ["lsp", "edit_history", "git_log"]
    assert [(one.door, one.rank, one.row_range) for one in receipts] == [
        ("index", 4, (2, 3)),
        ("recent", 5, (7, 9)),
        ("git", 6, (1, 2)),
    ]
    assert receipts[1].age_s == 3.0
    assert files[1].excerpts[0].text == "row 7\nrow 8"


def test_rows_that_are_shown_already_are_not_shown_twice() -> None:
    definitions = related_files(
        [found(0, place(10)), found(1, place(20))], {A: file_of(HUNDRED)}.get
    )
    glimpse = Glimpse(file_of(HUNDRED), ((8, 25),), "recent")
    (file,), receipts = joined(definitions, [glimpse], 1)
    rows = [(8, 10), (10, 11), (11, 20), (20, 21), (21, 25)]
    assert [one.row_range for one in file.excerpts] == rows
    assert [one.row_range for one in receipts] == rows
    assert [one.door for one in receipts] == ["recent", "index", "recent", "index", "recent"]


def test_only_so_many_files_are_added_and_empty_ones_do_not_count() -> None:
    glimpses = [
        Glimpse(file_of(HUNDRED, path=f"shop/{name}.py"), rows, "recent")
        for name, rows in (("a", ()), ("b", ((1, 2),)), ("c", ((1, 2),)), ("d", ((1, 2),)))
    ]
    files, _ = joined(((), ()), glimpses, 2)
    assert [file.path for file in files] == ["shop/b.py", "shop/c.py"]
