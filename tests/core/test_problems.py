"""The diagnostics around the cursor, nearest first, with a snippet of what they are about."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.context.syntax import syntax_for
from zeta_lsp.core.excerpt import Span
from zeta_lsp.core.problems import (
    MESSAGE_TOKENS,
    NEAR_ROWS,
    PROBLEMS_MAX,
    SNIPPET_TOKENS,
    Problem,
    diagnostics_near,
)
from zeta_lsp.core.prompt import Diagnostic
from zeta_lsp.core.text import byte_length, split_lines

ROWS = [f"row {row}\n" for row in range(2000)]


def at(row: int, message: str = "", col: int = 0, end_col: int = 3) -> Problem:
    return Problem(message or f"at {row}", row, col, row, end_col, 1)


def messages(*problems: Problem, row: int = 1000, col: int = 0) -> list[str]:
    return [one.message for one in diagnostics_near(problems, ROWS, row, col)]


def test_problems_within_twenty_rows_come_nearest_first() -> None:
    near = [at(980), at(1000), at(1020), at(1010)]
    far = [at(979), at(1021), at(0), at(1999)]
    assert messages(*near, *far) == ["at 1000", "at 1010", "at 980", "at 1020"]


def test_both_ends_count_for_the_distance() -> None:
    long = Problem("long", 1000, 0, 1003, 0)
    assert messages(long, at(1001)) == ["at 1001", "long"]


def test_a_problem_that_only_reaches_into_the_rows_counts() -> None:
    over = Problem("over", 10, 0, 1990, 0)
    assert messages(over, at(1019)) == ["at 1019", "over"]


def test_at_most_so_many_are_taken_and_repetitions_count_once() -> None:
    assert messages(at(1000), at(1001), at(1000)) == ["at 1000", "at 1001"]
    many = [at(1000, f"problem {index}") for index in range(50)]
    assert messages(*many) == [f"problem {index}" for index in range(PROBLEMS_MAX)]


CODE = """\
import shop


class Basket:
    def total(self, names):
        count = 0
        for name in names:
            count += price_of(name)
        return count

    def other(self):
        return None
"""


def snippet_of(problem: Problem, code: str = CODE + "\n# end\n" * 200) -> Diagnostic:
    lines = split_lines(code)
    syntax = syntax_for("python", "a.py")
    assert syntax is not None

    def ancestors(row: int, col: int) -> Sequence[Span] | None:
        return syntax.ancestors(lines, row, col)

    (found,) = diagnostics_near([problem], lines, problem.start_row, 0, ancestors)
    return found


def test_a_snippet_grows_to_what_encloses_the_problem() -> None:
    found = snippet_of(Problem("undefined", 7, 21, 7, 29, 1))
    assert found.snippet.startswith("    def total") or found.snippet.startswith("class Basket")
    start, end = found.diagnostic_range_in_snippet
    assert found.snippet.encode()[start:end] == b"price_of"
    first, last = found.snippet_buffer_row_range
    assert found.snippet == "\n".join(CODE.split("\n")[first:last])


def test_without_a_tree_a_snippet_grows_by_rows() -> None:
    (found,) = diagnostics_near([at(1000)], ROWS, 1000, 0)
    first, end = found.snippet_buffer_row_range
    assert first < 1000 < end
    assert found.snippet == "".join(ROWS[first:end]).removesuffix("\n")
    cost_tokens = sum(len(row) // 3 for row in found.snippet.split("\n"))
    assert 98 < cost_tokens <= 102


def test_a_snippet_that_would_be_the_whole_file_is_empty() -> None:
    found = snippet_of(Problem("bad", 0, 0, 0, 1), "x = y\n")
    assert (found.snippet, found.diagnostic_range_in_snippet) == ("", (0, 0))


def test_a_long_message_and_a_long_snippet_are_cut() -> None:
    lines = ["é" * 4000 + "\n", "x\n"]
    (found,) = diagnostics_near([Problem("ü" * 5000, 0, 0, 0, 4000)], lines, 0, 0)
    assert byte_length(found.message) // 3 == MESSAGE_TOKENS
    assert byte_length(found.snippet) // 3 == SNIPPET_TOKENS
    assert found.diagnostic_range_in_snippet == (0, byte_length(found.snippet))


def test_a_problem_of_an_older_text_is_clipped_or_left_out() -> None:
    lines = ["one\n", "two\n"]
    old = [
        Problem("clipped", 1, 2, 9, 9),
        Problem("behind", 9, 0, 9, 1),
        Problem("odd", 1, 2, 0, 0),
    ]
    found = diagnostics_near(old, lines, 0, 0)
    assert {one.message for one in found} == {"clipped", "odd"}


@given(st.data())
def test_whatever_is_reported_the_snippets_are_rows_of_the_file(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="ab é🙂\n\r\ud800", max_size=400))
    lines = split_lines(text)
    number = st.integers(-3, 40)
    problems = st.builds(Problem, st.text(max_size=5), number, number, number, number)
    row = data.draw(st.integers(0, len(lines) - 1))
    near = diagnostics_near(data.draw(st.lists(problems, max_size=30)), lines, row, 0)
    assert len(near) <= PROBLEMS_MAX
    shown = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ud800", "\ufffd").split("\n")
    for one in near:
        first, end = one.snippet_buffer_row_range
        assert 0 <= first < end <= len(lines)
        assert one.snippet in {"", "\n".join(shown[first:end])}
        start, stop = one.diagnostic_range_in_snippet
        assert 0 <= start <= stop <= byte_length(one.snippet)
        assert first <= row + NEAR_ROWS
