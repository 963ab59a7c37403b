"""Related files: what doors found, as excerpts in the order of their worth."""

from collections.abc import Mapping, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.related.outlining import file_of, found, item, place
from zeta_lsp.core.prompt import RelatedFile
from zeta_lsp.core.related import FileOutline, Found, Item, Place, Receipt, Shown, related_files
from zeta_lsp.core.related.assembly import BUDGET_BYTES, EXCERPT_BYTES, TARGET_BYTES
from zeta_lsp.core.text import byte_length, line_length

A, B = "/w/shop/a.py", "/w/shop/b.py"
TEN = "".join(f"row {row}\n" for row in range(10))


def rows_of(file: RelatedFile) -> list[tuple[int, int]]:
    return [excerpt.row_range for excerpt in file.excerpts]


def files_of(
    files: Mapping[str, FileOutline], *found: Found, shown: Shown | None = None
) -> tuple[RelatedFile, ...]:
    return related_files(found, files.get, shown=shown)[0]


def test_an_excerpt_shows_the_rows_with_their_rank_and_the_size_of_the_file() -> None:
    (file,) = files_of({A: file_of(TEN)}, found(4, place(2)))
    assert (file.path, file.max_row) == ("shop/a.py", 11)
    (excerpt,) = file.excerpts
    assert (excerpt.row_range, excerpt.text, excerpt.order) == ((2, 3), "row 2", 4)
    assert excerpt.context_source == "lsp"


def test_excerpts_stand_in_the_files_order_whatever_their_rank() -> None:
    (file,) = files_of({A: file_of(TEN)}, found(0, place(8)), found(3, place(1)))
    assert [(one.row_range, one.order) for one in file.excerpts] == [((1, 2), 3), ((8, 9), 0)]


def test_excerpts_that_nearly_touch_become_one_with_the_least_rank() -> None:
    (file,) = files_of({A: file_of(TEN)}, found(5, place(3)), found(2, place(1)))
    assert [(one.row_range, one.order) for one in file.excerpts] == [((1, 4), 2)]
    assert file.excerpts[0].text == "row 1\nrow 2\nrow 3"


def test_files_come_by_their_least_rank_then_by_path() -> None:
    files = {
        path: file_of(TEN, path=f"shop/{name}.py")
        for name, path in (("c", "/w/shop/c.py"), ("a", A), ("b", B))
    }
    ranked = [(5, A), (1, "/w/shop/c.py"), (1, B), (0, "/w/gone.py")]
    shown = files_of(files, *(found(rank, place(1, path=path)) for rank, path in ranked))
    assert [file.path for file in shown] == ["shop/b.py", "shop/c.py", "shop/a.py"]


@pytest.mark.parametrize(
    ("start", "end", "is_shown"),
    [
        ((0, 0), (0, TARGET_BYTES), True),
        ((0, 0), (0, TARGET_BYTES + 1), False),
        ((0, 0), (1, TARGET_BYTES), False),
        ((0, 0), (1, 0), False),
        ((1, 0), (2, 0), True),
        ((0, 400), (0, 401), False),
        ((7, 0), (7, 1), False),
        ((1, 0), (7, 1), False),
        ((1, 0), (0, 0), False),
        ((-1, 0), (0, 1), False),
    ],
)
def test_targets_are_names_of_the_file_as_it_is_now(
    start: tuple[int, int], end: tuple[int, int], *, is_shown: bool
) -> None:
    file = file_of("x" * 129 + "\n" + "y" * 120 + "\nz\n")
    shown = files_of({A: file}, found(0, Place(A, *start, *end)))
    assert bool(shown) == is_shown


def test_a_target_that_ends_before_a_row_does_not_show_it() -> None:
    (file,) = files_of({A: file_of(TEN)}, found(0, Place(A, 2, 0, 3, 0)))
    assert rows_of(file) == [(2, 3)]


def test_what_the_prompt_shows_anyway_is_dropped() -> None:
    files = {A: file_of(TEN), B: file_of(TEN, path="shop/b.py")}
    everything = [found(0, place(2)), found(1, place(8)), found(2, place(2, path=B))]
    first, second = files_of(files, *everything, shown=Shown(A, 2, 8))
    assert (first.path, rows_of(first)) == ("shop/a.py", [(8, 9)])
    assert (second.path, rows_of(second)) == ("shop/b.py", [(2, 3)])
    partly = files_of(files, found(0, place(2)), found(0, place(4)), shown=Shown(A, 3, 8))
    assert rows_of(partly[0]) == [(2, 5)]


def test_receipts_name_the_first_door_that_found_the_best_ranked() -> None:
    everything = [
        found(3, place(5), door="bridge", age_s=1.5),
        found(1, place(2), door="proxy", age_s=0.5),
        found(1, place(2), door="index"),
    ]
    files, receipts = related_files(everything, {A: file_of(TEN)}.get)
    assert receipts == (
        Receipt("shop/a.py", (2, 3), "proxy", 1, 0.5),
        Receipt("shop/a.py", (5, 6), "bridge", 3, 1.5),
    )
    assert [one.row_range for one in receipts] == rows_of(files[0])


def test_files_of_the_same_name_stay_apart() -> None:
    files = {A: file_of(TEN, path="util.py"), B: file_of("one\n", path="util.py")}
    shown = files_of(files, found(0, place(0)), found(0, place(0, path=B)))
    assert [(file.path, file.max_row) for file in shown] == [("util.py", 11), ("util.py", 2)]


def test_texts_can_be_sent_whatever_the_file_holds() -> None:
    (file,) = files_of({A: file_of("a\r\nb\ud800\rc\n")}, found(0, place(0)), found(0, place(2)))
    assert file.excerpts[0].text == "a\nb\ufffd\nc"


def test_an_excerpt_that_no_prompt_has_room_for_is_left_out() -> None:
    file = file_of("x" * EXCERPT_BYTES + "y\n" + TEN)
    (shown,) = files_of({A: file}, found(0, place(0)), found(9, place(5)))
    assert rows_of(shown) == [(5, 6)]


def test_the_whole_is_bounded_and_the_closest_are_kept() -> None:
    text = ("x" * (EXCERPT_BYTES - 1) + "\n\n\n") * 10
    everything = [found(10 - index, place(3 * index)) for index in range(10)]
    (file,) = files_of({A: file_of(text)}, *everything)
    assert [one.order for one in file.excerpts] == [6, 5, 4, 3, 2, 1]
    assert sum(byte_length(one.text) for one in file.excerpts) <= BUDGET_BYTES


def test_nothing_found_is_nothing_related() -> None:
    assert related_files((), {}.get) == ((), ())
    assert related_files([found(0, place(0))], {}.get) == ((), ())


def nested(draw: st.DrawFn, start: int, end: int, depth: int) -> list[Item]:
    """Items within rows, as outlines have them: in order, outer ones first."""
    items: list[Item] = []
    while start < end and depth < 4 and draw(st.booleans()):
        first = draw(st.integers(start, end - 1))
        last = draw(st.integers(first + 1, end))
        body_start = draw(st.integers(first + 1, last))
        body_end = draw(st.integers(body_start, last))
        body = (body_start, body_end) if body_start < body_end else (last, last)
        items += [item("i", (first, last), body, depth), *nested(draw, *body, depth + 1)]
        start = last
    return items


@st.composite
def outlines(draw: st.DrawFn, path: str) -> FileOutline:
    row = st.sampled_from(["\n", "short\n", "é" * 150 + "\r\n", "x" * 300 + "\n"])
    text = "".join(draw(st.lists(row, max_size=60))) + draw(st.sampled_from(["", "end"]))
    count = len(file_of(text).lines)
    return file_of(text, *nested(draw, 0, count, 0), path=path)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[str, FileOutline], list[Found]]:
    files = {A: draw(outlines("shop/a.py")), B: draw(outlines("shop/b.py"))}
    places = st.builds(
        Place,
        st.sampled_from([A, B, "/w/gone.py"]),
        st.integers(-1, 70),
        st.integers(0, 5),
        st.integers(-1, 70),
        st.integers(0, 5),
    ) | st.builds(place, st.integers(0, 70), path=st.sampled_from([A, B]))
    doors = st.sampled_from(["bridge", "proxy", "index"])
    one = st.builds(
        lambda rank, places, door: found(rank, *places, door=door),
        st.integers(0, 31),
        st.lists(places, max_size=3),
        doors,
    )
    return files, draw(st.lists(one, max_size=12))


@given(worlds(), st.integers(0, 4000))
def test_excerpts_lie_in_their_files_apart_and_within_the_budget(
    world: tuple[dict[str, FileOutline], list[Found]], budget_bytes: int
) -> None:
    files, everything = world
    shown, receipts = related_files(everything, files.get, budget_bytes=budget_bytes)
    by_name = {file.prompt_path: file for file in files.values()}
    for file in shown:
        lines = by_name[file.path].lines
        assert file.max_row == len(lines)
        assert_apart(rows_of(file), len(lines))
        for excerpt in file.excerpts:
            assert excerpt.text.split("\n") == bare(lines[slice(*excerpt.row_range)])
    excerpts = [excerpt for file in shown for excerpt in file.excerpts]
    assert sum(byte_length(excerpt.text) for excerpt in excerpts) <= budget_bytes
    assert [(one.row_range, one.rank) for one in receipts] == [
        (one.row_range, one.order) for one in excerpts
    ]
    assert {one.order for one in excerpts} <= {one.identifier.rank for one in everything}


def assert_apart(ranges: Sequence[tuple[int, int]], count: int) -> None:
    end = -2
    for start, next_end in ranges:
        assert 0 <= start < next_end <= count
        assert start - end > 1
        end = next_end


def bare(lines: Sequence[str]) -> list[str]:
    return [line[: line_length(line)] for line in lines]


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_answers_changes_nothing_but_the_door_of_a_receipt(
    world: tuple[dict[str, FileOutline], list[Found]], random: Random
) -> None:
    files, everything = world
    shuffled = list(everything)
    random.shuffle(shuffled)
    one, other = (related_files(found, files.get) for found in (everything, shuffled))
    assert one[0] == other[0]
    assert [receipt.row_range for receipt in one[1]] == [receipt.row_range for receipt in other[1]]


@given(worlds(), st.integers(0, 30), st.integers(0, 30))
def test_nothing_that_is_shown_anyway_is_shown_again(
    world: tuple[dict[str, FileOutline], list[Found]], first: int, rows: int
) -> None:
    files, everything = world
    shown, _ = related_files(everything, files.get, shown=Shown(A, first, first + rows))
    for file in shown:
        if file.path == "shop/a.py":
            assert all(start < first or end > first + rows for start, end in rows_of(file))
