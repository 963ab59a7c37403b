"""What a model rewrites in other excerpts becomes edits there, if the rows still read as it saw."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.core.elsewhere import MOVED_ROWS, Remote, clusters_in, first_place, split
from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.prompt import Answer, PromptInput, RelatedExcerpt, RelatedFile, Replacement
from zeta_lsp.core.text import split_lines

TAX = "RATE = 0.2\nBASE = 10\n"


def asked(*files: RelatedFile) -> PromptInput:
    return PromptInput("shop/cart.py", "import tax\n", 0, 0, related_files=files)


def tax(*excerpts: RelatedExcerpt) -> RelatedFile:
    return RelatedFile("shop/tax.py", 99, excerpts or (RelatedExcerpt((4, 6), TAX),))


def rate(text: str = "0.25", related: tuple[int, int] | None = (0, 0)) -> Replacement:
    at = TAX.index("0.2")
    return Replacement(at, at + 3, text, related)


def remote(text: str = TAX, row: int = 4) -> Remote:
    return Remote("shop/tax.py", row, text, Answer((rate(related=None),)))


def test_an_answer_about_the_cursors_excerpt_is_left_alone() -> None:
    answer = Answer((Replacement(0, 6, "from"),), cursor=2)
    assert split(answer, asked(tax())) == (answer, ())


def test_the_current_file_among_the_related_ones_is_no_other_place() -> None:
    own = RelatedExcerpt((4, 6), TAX, context_source="current_file")
    answer = Answer((rate(),))
    assert split(answer, asked(tax(own))) == (answer, ())


def test_what_an_answer_rewrites_elsewhere_is_taken_out_of_it() -> None:
    here = Replacement(0, 6, "from")
    mine, elsewhere = split(Answer((here, rate()), cursor=1), asked(tax()))
    assert mine == Answer((here,), cursor=1)
    assert elsewhere == (remote(),)


def test_a_cursor_in_another_place_is_none_of_what_is_left() -> None:
    mine, _ = split(Answer((rate(), Replacement(0, 6, "from")), cursor=1), asked(tax()))
    assert mine.cursor is None


def test_an_excerpt_that_the_prompt_does_not_have_is_left_for_the_guards() -> None:
    for related in ((0, 1), (1, 0), (-1, 0)):
        answer = Answer((rate(related=related),))
        assert split(answer, asked(tax())) == (answer, ())


def test_rewrites_of_one_excerpt_stay_together_and_of_two_do_not() -> None:
    more = RelatedExcerpt((20, 21), "BASE = 10\n")
    base = TAX.index("10")
    replacements = (
        rate(),
        Replacement(base, base + 2, "11", (0, 0)),
        Replacement(7, 9, "12", (0, 1)),
    )
    _, elsewhere = split(Answer(replacements), asked(tax(RelatedExcerpt((4, 6), TAX), more)))
    assert [(one.start_row, len(one.answer.replacements)) for one in elsewhere] == [(4, 2), (20, 1)]


def test_the_model_is_judged_as_if_the_cursor_stood_at_its_first_change() -> None:
    given_there = remote().as_asked(asked(tax()))
    assert (given_there.cursor_path, given_there.cursor_excerpt) == ("shop/tax.py", TAX)
    assert TAX[given_there.cursor_offset_in_excerpt :].startswith("0.2")


def test_the_first_change_is_counted_in_rows_of_the_file() -> None:
    assert first_place(remote()) == (4, TAX.index("0.2") + 3)  # behind what stays
    assert first_place(Remote("a", 0, TAX, Answer((rate("0.2", None),)))) is None


def test_a_range_outside_the_excerpt_is_refused() -> None:
    broken = Remote("a", 0, TAX, Answer((Replacement(5, 500, ""),)))
    with pytest.raises(PositionError):
        first_place(broken)


@given(above=st.integers(0, 40), newline=st.sampled_from(["\n", "\r\n"]))
def test_rows_are_found_where_they_moved_to(above: int, newline: str) -> None:
    text = newline.join([*(f"row {n}" for n in range(above)), *TAX.splitlines(), "end", ""])
    clusters = clusters_in(remote(), split_lines(text), newline)
    assert clusters is not None
    ((edit,),) = clusters
    assert (edit.start_row, edit.new_text) == (above, "5")


def test_rows_that_read_otherwise_by_now_get_no_edit() -> None:
    assert clusters_in(remote(), split_lines("RATE = 0.3\nBASE = 10\n"), "\n") is None
    assert clusters_in(remote(), [""], "\n") is None


def test_rows_that_moved_very_far_are_not_looked_for() -> None:
    for above, is_found in ((4 + MOVED_ROWS, True), (5 + MOVED_ROWS, False)):
        lines = split_lines("\n" * above + TAX)
        assert (clusters_in(remote(), lines, "\n") is not None) == is_found
