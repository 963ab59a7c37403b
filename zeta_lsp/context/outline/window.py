"""The rows around a place with what encloses them, without the rest of the document.

A parse of a whole document would take too long, and a parse of a few rows would not know that they
are in a function of a class. So the rows are put into a skeleton. Above them stand the rows that
are indented less and less: the headers of what encloses them. Below them stand the rows that close
it. What the headers hold besides is left out, and the parser sees the same blocks with less in
them.

Indentation and brackets are read, not syntax, so that this costs little in documents of any size.
Where they mislead, as in code that is not indented, headers are missed; nothing else is lost.
"""

import re
from collections.abc import Iterator, Sequence

from zeta_lsp.context.outline.inside import prose_at

REACH_ROWS = 4000
"""How far away the headers and ends of enclosing blocks are looked for."""
HEADER_ROWS = 40
"""How many rows of one header are kept, with all its parameters."""

_CLOSES = re.compile(r"\s*(?:[)\]}]|(?:end|fi|done|esac)\b)")
_GOES_ON = re.compile(
    r"\s*(?:[)\]}{]|(?:end|fi|done|esac|else|elif|elsif|elseif|when|rescue|ensure|catch|finally)\b)"
)
"""What stands at the depth of the row that it belongs to, below it."""
_REOPENS = re.compile(r"\s*(?:else|elif|elsif|elseif|when|case|rescue|ensure|catch|finally)\b")
_PASSED_OVER = re.compile(
    r"\s*(?:#(?:[\s!:#]|(?:if|ifdef|ifndef|else|elif|endif|define|include|undef|pragma|region)\b)"
    r"|\*[\s/]|//|/\*|--|(?:public|private|protected|signals|public slots|default)\s*:)"
)
"""Comments, directives and labels stand anywhere, whatever encloses them."""
_BLANK = 1 << 20


def skeleton(grammar: str, lines: Sequence[str], first: int, end: int) -> list[int]:
    """The rows of a skeleton of rows ``[first, end)``, in order; those are among them.

    Where they begin or end inside a comment or a string, the row that opens or closes it is too.
    """
    before, after = prose_at(grammar, lines, first), prose_at(grammar, lines, end)
    closing = None if after is None else after.end(lines, end)
    opened = [] if before is None else [before.row]
    closed = [] if closing is None else [closing]
    rows = [*opened, *range(first, end), *closed]
    spoken = [row for row in rows if lines[row].strip()] or rows
    above = set(_headers(lines, spoken[0]))
    return [*sorted(above), *rows, *_ends(lines, spoken[-1], rows[-1] + 1)]


def _headers(lines: Sequence[str], first: int) -> Iterator[int]:
    """Rows above that are indented less than all below them, with all of each header."""
    level = _depth(lines[first]) + bool(_GOES_ON.match(lines[first]))
    row, last = first - 1, max(-1, first - 1 - REACH_ROWS)
    while row > last and level > 0:
        line = lines[row]
        depth = _depth(line)
        if depth < level and not _PASSED_OVER.match(line):
            yield from _header(lines, row, first)
            level = depth + bool(_GOES_ON.match(line))
        row -= 1


def _header(lines: Sequence[str], row: int, first: int) -> Iterator[int]:
    """A row, with those that finish what its brackets begin, or that an opening brace ends."""
    yield row
    line = lines[row]
    if line.lstrip().startswith("{"):
        yield from _unfinished(lines, row)
    opened = _opened(line)
    for below in range(row + 1, min(first, row + HEADER_ROWS)):
        if opened <= 0:
            return
        yield below
        opened += _opened(lines[below])


def _unfinished(lines: Sequence[str], brace_row: int) -> Iterator[int]:
    """The rows above an opening brace that are indented more than it, upwards."""
    depth = _depth(lines[brace_row])
    for row in range(brace_row - 1, max(-1, brace_row - HEADER_ROWS), -1):
        if not depth < _depth(lines[row]) < _BLANK:
            return
        yield row


def _ends(lines: Sequence[str], last: int, end: int) -> Iterator[int]:
    """Rows from `end` on that close what the rows down to `last` have opened."""
    level = _depth(lines[last]) + 1
    for row in range(end, min(len(lines), end + REACH_ROWS)):
        if level <= 0:
            return
        line = lines[row]
        depth = _depth(line)
        if depth >= level or _PASSED_OVER.match(line):
            continue
        reopens = bool(_REOPENS.match(line))
        if _CLOSES.match(line):
            yield row
            reopens = line.rstrip().endswith(("{", "(", "["))
        level = depth + reopens


def _opened(line: str) -> int:
    """How many more brackets a row opens than it closes; braces are left to indentation."""
    return line.count("(") + line.count("[") - line.count(")") - line.count("]")


def _depth(line: str) -> int:
    rest = line.lstrip()
    return len(line) - len(rest) if rest else _BLANK
