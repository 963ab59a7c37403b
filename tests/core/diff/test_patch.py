import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.diff.rewriting import PLAIN, hunks_between, joined, versions
from zeta_lsp.core.diff.patch import FILE_HEADER, apply_diff, read_hunks


@given(versions(2, PLAIN), st.booleans(), st.booleans())
def test_a_diff_with_context_makes_the_new_text_of_the_old(
    both: list[list[str]], old_ends: bool, new_ends: bool
) -> None:
    old, new = joined(both[0], ends=old_ends), joined(both[1], ends=new_ends)
    applied = apply_diff(FILE_HEADER + hunks_between(old, new, context=99), old)
    assert applied is not None
    assert applied.removesuffix("\n") == new.removesuffix("\n")


def test_a_hunk_is_found_by_its_text_wherever_it_is() -> None:
    assert apply_diff(f"{FILE_HEADER}@@ -90 +90 @@\n-b\n+c\n", "a\nb\n") == "a\nc\n"


def test_the_header_decides_between_equal_places() -> None:
    hunk = "@@ -{} +9 @@\n-b\n+c\n"
    assert apply_diff(FILE_HEADER + hunk.format(3), "b\na\nb\n") == "b\na\nc\n"
    assert apply_diff(FILE_HEADER + hunk.format(1), "b\na\nb\n") == "c\na\nb\n"
    assert apply_diff(FILE_HEADER + hunk.format(2), "b\na\nb\n") is None


def test_rows_that_earlier_hunks_added_move_the_later_ones() -> None:
    diff = f"{FILE_HEADER}@@ -1 +1,2 @@\n-a\n+x\n+y\n@@ -3 +4 @@\n-b\n+z\n"
    assert apply_diff(diff, "a\nb\nb\n") == "x\ny\nb\nz\n"


def test_a_missing_final_newline_is_forgiven() -> None:
    assert apply_diff(f"{FILE_HEADER}@@ -1,2 +1,2 @@\n a\n-b\n+c\n", "a\nb") == "a\nc"


@pytest.mark.parametrize(
    "diff",
    [
        f"{FILE_HEADER}@@ -1 +1 @@\n-b\n+c\n",  # not in the text
        f"{FILE_HEADER}@@ -1 +1 @@\n+c\n@@ -1 +1 @@\n-b\n",  # the second is not
    ],
)
def test_one_hunk_without_a_place_refuses_the_whole_diff(diff: str) -> None:
    assert apply_diff(diff, "a\n") is None


def test_hunks_outside_a_file_are_none() -> None:
    assert read_hunks("@@ -1 +1 @@\n-a\n+b\n") == []
    assert apply_diff("", "a\n") == "a\n"


@given(st.text("@-+ 1,a\\\n"), st.text("a\n", max_size=6))
def test_no_text_is_too_odd_to_be_read(diff: str, text: str) -> None:
    apply_diff(FILE_HEADER + diff, text)


@pytest.mark.parametrize("blank", [" ", "\t", "\f"])
@pytest.mark.parametrize("row", ["+++{}x", "---{}x"])
def test_a_changed_row_that_looks_like_a_file_header_is_one(row: str, blank: str) -> None:
    rows = f"@@ -1,1 +1,2 @@\n a\n+b\n{row.format(blank)}\n"
    assert apply_diff(FILE_HEADER + rows, "a\n") == "a\nb\n"


@pytest.mark.parametrize("row", ["++", "++x", "++\u00a0x", "++\x0bx"])
def test_a_changed_row_that_does_not_is_none(row: str) -> None:
    rows = f"@@ -1,1 +1,2 @@\n a\n+{row}\n"
    assert apply_diff(FILE_HEADER + rows, "a\n") == f"a\n{row}\n"
