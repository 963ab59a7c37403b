"""Where a model put the cursor, in the text that one of its clusters leaves."""

from hypothesis import given, settings
from hypothesis import strategies as st

from zeta_lsp.core.clusters import clusters_of, rewritten
from zeta_lsp.core.cursor import after_cluster, placed
from zeta_lsp.core.parse import edits_of
from zeta_lsp.core.prompt import Answer, PromptInput, Replacement
from zeta_lsp.core.text import byte_length, split_lines

TEXT = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n"


def answering(old: str, new: str, cursor: int | None) -> tuple[PromptInput, Answer]:
    at = len(TEXT[: TEXT.index(old)].encode())
    given_ = PromptInput("a.py", TEXT, 0, excerpt_start_row=0)
    return given_, Answer((Replacement(at, at + len(old.encode()), new),), cursor)


def test_a_cursor_counts_from_the_beginning_of_the_file() -> None:
    given_, answer = answering("two\nthree\n", "2\nthree more\n", len("2\nthree"))
    assert placed(answer, given_) == (2, 5)
    moved = PromptInput("a.py", TEXT, 0, excerpt_start_row=40)
    assert placed(answer, moved) == (42, 5)


def test_columns_count_characters_and_not_bytes() -> None:
    given_, answer = answering("two\n", "é𝛼two\n", byte_length("é𝛼"))
    assert placed(answer, given_) == (1, 2)


def test_a_model_that_places_none_has_none() -> None:
    assert placed(*reversed(answering("two\n", "2\n", None))) is None


def test_rows_that_wait_for_their_edits_are_not_counted() -> None:
    new = "1\n1b\ntwo\nthree\nfour\nfive\n6!\nseven\n"
    given_, answer = answering(TEXT, new, new.index("!"))
    place = placed(answer, given_)
    assert place == (6, 1)
    lines = split_lines(TEXT)
    above, below = clusters_of(edits_of(answer, TEXT, 0, "\n"))
    assert after_cluster(place, below, (above, below), lines) == (5, 1)
    assert after_cluster(place, above, (above, below), lines) is None


@given(st.text("ab\né", max_size=30).map(lambda text: text + "\n"), st.data())
@settings(max_examples=300)
def test_the_cursor_of_a_lone_cluster_is_where_it_stands_in_the_final_text(
    new: str, data: st.DataObject
) -> None:
    chars = data.draw(st.integers(0, len(new)))
    given_, answer = answering("three\nfour\n", new, byte_length(new[:chars]))
    clusters = clusters_of(edits_of(answer, TEXT, 0, "\n"))
    place = placed(answer, given_)
    assert place is not None
    if len(clusters) != 1:
        return
    lines = split_lines(TEXT)
    found = after_cluster(place, clusters[0], clusters, lines)
    if found is None:
        return
    first, last = clusters[0][0].start_row, min(clusters[0][-1].end_row, len(lines) - 1)
    row = split_lines(rewritten(clusters[0], lines, first, last))[found[0] - first]
    final = split_lines(TEXT.replace("three\nfour\n", new))
    assert row == final[place[0]]
    assert found == place
