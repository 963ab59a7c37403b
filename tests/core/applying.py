"""Apply proposed edits to a document, the slow and obvious way."""

from collections.abc import Iterable

from zeta_lsp.core.edits import TextEdit
from zeta_lsp.core.text import line_length, split_lines


def applied(text: str, edits: Iterable[TextEdit]) -> str:
    """The document after the edits; they must be sorted, disjoint and inside it."""
    lines = split_lines(text)
    starts = [sum(map(len, lines[:row])) for row in range(len(lines))]
    done, rest = "", 0
    for edit in edits:
        assert edit.start_col <= line_length(lines[edit.start_row])
        assert edit.end_col <= line_length(lines[edit.end_row])
        start, end = starts[edit.start_row] + edit.start_col, starts[edit.end_row] + edit.end_col
        assert rest <= start <= end
        done += text[rest:start] + edit.new_text
        rest = end
    return done + text[rest:]
