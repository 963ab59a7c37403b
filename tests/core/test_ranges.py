"""Editable and context ranges are Zed's, on thousands of made-up excerpts."""

import random

import pytest

from tests.core.formats import oracle
from tests.core.formats.generated import offset, syntax_ranges, text
from zeta_lsp.core.excerpt import editable_and_context, excerpt_ranges

COUNT = 4000


def excerpts(seed):
    """Text, cursor and syntax ranges: nested, in any order, or none."""
    rng = random.Random(seed)
    for _ in range(COUNT):
        excerpt = text(rng, rng.choice([None, None, None, 400]))
        if rng.random() < 0.2:
            excerpt = excerpt.replace("\n", "\r\n")
        cursor = offset(rng, excerpt)
        pairs = [tuple(sorted((offset(rng, excerpt), offset(rng, excerpt)))) for _ in range(3)]
        yield excerpt, cursor, rng.choice([(), tuple(pairs), syntax_ranges(rng, excerpt, cursor)])


@oracle.needs_oracle
def test_all_named_ranges_are_zeds():
    for excerpt in excerpts(1):
        assert excerpt_ranges(*excerpt) == oracle.excerpt_ranges(*excerpt)


def test_one_pair_of_budgets_gives_the_named_ranges():
    for excerpt in list(excerpts(2))[:200]:
        named = excerpt_ranges(*excerpt)
        pair = editable_and_context(*excerpt, 350, 150)
        assert pair == (named["editable_350"], named["editable_350_context_150"])


def test_ranges_are_whole_rows_around_the_cursor_without_the_last_newline():
    for excerpt, cursor, syntax in list(excerpts(3))[:500]:
        data = excerpt.encode()
        editable, context = editable_and_context(excerpt, cursor, syntax, 350, 150)
        assert context[0] <= editable[0] <= cursor <= editable[1] <= context[1]
        for start, end in (editable, context):
            assert start == 0 or data[start - 1 : start] == b"\n"
            assert end == len(data) or data[end : end + 1] == b"\n"


@pytest.mark.parametrize("cursor", [-5, 10**9])
def test_a_cursor_outside_the_text_counts_as_at_its_end(cursor):
    assert editable_and_context("a\nb", cursor, (), 350, 150) == ((0, 3), (0, 3))


def test_a_lone_surrogate_counts_as_its_replacement():
    assert editable_and_context("\ud800\n", 3, (), 350, 150) == ((0, 4), (0, 4))


def test_ranges_without_zed_at_hand():
    rows = "".join(f"line {row:03} some words\n" for row in range(300))
    editable, context = editable_and_context(rows, 3000, (), 350, 150)
    assert (editable, context) == ((2420, 3579), (2160, 3819))
