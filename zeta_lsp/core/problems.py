"""The diagnostics around the cursor, as prompts carry them.

Zed's rules: those that touch the 20 rows above and below the cursor, nearest first by the sum of
the distances of both ends in bytes, at most 20. A message has at most 512 estimated tokens. The
snippet is the problem's rows, grown by 100 tokens to what encloses them or, where nothing fits, by
rows, and cut to 512 tokens; it is empty if it would be the whole file.

A problem belongs to one version of a text. Its place is clipped to the text that is there; one
that begins behind the end is left out.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from zeta_lsp.core.excerpt import Excerpt, Span, cut_excerpt, syntax_ranges_in
from zeta_lsp.core.places import text_between
from zeta_lsp.core.prompt import ByteRange, Diagnostic
from zeta_lsp.core.ranges import ExcerptRows
from zeta_lsp.core.related.ranking import Offsets
from zeta_lsp.core.text import BYTES_PER_TOKEN, byte_length, line_length, without_surrogates

NEAR_ROWS = 20
FAR_ROWS = 400
"""Whatever is further away than this is equally far."""
PROBLEMS_MAX = 20
MESSAGE_TOKENS = 512
SNIPPET_GROWTH_TOKENS = 100
SNIPPET_TOKENS = 512

Ancestors = Callable[[int, int], Sequence[Span] | None]
"""The spans of the nodes around a row and a column, innermost first (`ports.Syntax.ancestors`)."""


class Problem(msgspec.Struct, frozen=True, gc=False):
    """What a language server says is wrong at a place; columns count code points.

    `severity` is 1 error, 2 warning, 3 information, 4 hint.
    """

    message: str
    start_row: int
    start_col: int
    end_row: int
    end_col: int
    severity: int | None = None
    source: str = ""


def diagnostics_near(
    problems: Iterable[Problem],
    lines: Sequence[str],
    row: int,
    col: int,
    ancestors: Ancestors | None = None,
) -> tuple[Diagnostic, ...]:
    """The diagnostics around a place of a document, nearest first.

    Raises:
        PositionError: the document has no such row. Problems never raise.
    """
    clipped = [_clipped(problem, lines) for problem in problems if problem.start_row < len(lines)]
    near = [
        problem
        for problem in dict.fromkeys(clipped)
        if problem.start_row <= row + NEAR_ROWS and problem.end_row >= row - NEAR_ROWS
    ]
    found: list[Diagnostic] = []
    for problem in _nearest(near, lines, row, col):
        # what begins far away is not worth another parse
        is_close = problem.start_row >= row - NEAR_ROWS
        spans = ancestors(problem.start_row, problem.start_col) if ancestors and is_close else None
        found.append(_diagnostic(problem, lines, spans or ()))
    return tuple(found)


def _clipped(problem: Problem, lines: Sequence[str]) -> Problem:
    """A problem whose range the text has, and is in order."""
    start = _place(problem.start_row, problem.start_col, lines)
    end = max(start, _place(problem.end_row, problem.end_col, lines))
    return Problem(problem.message, *start, *end, problem.severity, problem.source)


def _place(row: int, col: int, lines: Sequence[str]) -> tuple[int, int]:
    row = max(row, 0)
    if row >= len(lines):
        row, col = len(lines) - 1, len(lines[-1])
    return row, min(max(col, 0), line_length(lines[row]))


def _nearest(
    problems: Sequence[Problem], lines: Sequence[str], row: int, col: int
) -> list[Problem]:
    def seen(place_row: int, place_col: int) -> tuple[int, int]:
        """A place, no further off than matters: what lies between is measured."""
        if abs(place_row - row) <= FAR_ROWS:
            return place_row, place_col
        far_row = row + FAR_ROWS if place_row > row else row - FAR_ROWS
        return far_row, 0

    ends = [
        (seen(one.start_row, one.start_col), seen(one.end_row, one.end_col)) for one in problems
    ]
    offsets = Offsets(lines, [row, *(place[0] for pair in ends for place in pair)])
    cursor = offsets.of(row, col)
    distances = [sum(abs(cursor - offsets.of(*place)) for place in pair) for pair in ends]
    order = sorted(range(len(problems)), key=distances.__getitem__)
    return [problems[index] for index in order[:PROBLEMS_MAX]]


def _diagnostic(problem: Problem, lines: Sequence[str], spans: Sequence[Span]) -> Diagnostic:
    excerpt = cut_excerpt(lines, problem.start_row, problem.start_col, 2 * SNIPPET_TOKENS)
    own = _own_range(problem, lines, excerpt)
    start, end = _snippet(excerpt, own, spans)
    data = excerpt.text.encode()
    first_row = excerpt.start_row + data.count(b"\n", 0, start)
    end_row = first_row + data.count(b"\n", start, end) + 1
    is_whole = excerpt.end_row - excerpt.start_row == len(lines) and not (
        data[:start].strip() or data[end:].strip()
    )
    return Diagnostic(
        message=_within(problem.message, MESSAGE_TOKENS),
        snippet="" if is_whole else data[start:end].decode(),
        snippet_buffer_row_range=(first_row, end_row),
        diagnostic_range_in_snippet=(0, 0) if is_whole else _inside(own, (start, end)),
        severity=problem.severity,
    )


def _own_range(problem: Problem, lines: Sequence[str], excerpt: Excerpt) -> ByteRange:
    """The problem's bytes in an excerpt that holds its start."""
    end = (problem.end_row, problem.end_col)
    last_row = excerpt.end_row - 1
    end = min(end, (last_row, line_length(lines[last_row])))
    text = text_between(lines, (problem.start_row, problem.start_col), end)
    start = excerpt.cursor_offset
    return start, start + byte_length(text.replace("\r\n", "\n"))


def _snippet(excerpt: Excerpt, own: ByteRange, spans: Sequence[Span]) -> ByteRange:
    data = excerpt.text.encode()
    end = data.find(b"\n", own[1])
    rows = (data.rfind(b"\n", 0, own[0]) + 1, len(data) if end < 0 else end)
    syntax = syntax_ranges_in(excerpt, spans)
    grown = ExcerptRows(excerpt.text, own[0], syntax).context(rows, SNIPPET_GROWTH_TOKENS)
    return grown[0], grown[0] + byte_length(_within(data[slice(*grown)].decode(), SNIPPET_TOKENS))


def _inside(own: ByteRange, snippet: ByteRange) -> ByteRange:
    start, end = snippet
    return min(max(own[0], start), end) - start, min(max(own[1], start), end) - start


def _within(text: str, tokens: int) -> str:
    """Text, or as much of its beginning as has so many estimated tokens."""
    text = without_surrogates(text)
    size_bytes = tokens * BYTES_PER_TOKEN + BYTES_PER_TOKEN - 1
    if len(text) * 4 <= size_bytes:
        return text
    return text.encode()[:size_bytes].decode(errors="ignore")
