"""The rows around a place with what encloses them, without the rest of the document.

A parse of a whole document would take too long, and a parse of a few rows would not know that they
are in a function of a class. So the rows are put into a skeleton. Above them stand the rows that
are indented less and less: the headers of what encloses them. Below them stand the rows that close
it. What the headers hold besides is left out, and the parser sees the same blocks with less in
them.

Indentation is read, not syntax, so that this costs little in documents of any size. Where it
misleads, as in code that is not indented, headers are missed; nothing else is lost.
"""

import re
from collections.abc import Iterator, Sequence

REACH_ROWS = 4000
"""How far away the headers and ends of enclosing blocks are looked for."""
HEADER_ROWS = 40
"""A header of more rows, with all its parameters, is not followed to its beginning."""

_CLOSES = re.compile(r"\s*(?:[)\]}]|(?:end|fi|done|esac)\b)")
_ENDS_HEADER = re.compile(r"\s*[)\]{]")
_GOES_ON = re.compile(r"\s*(?:else|elif|elsif|elseif|when|case|rescue|ensure|catch|finally)\b")
_PASSED_OVER = re.compile(
    r"\s*(?:[#*]|//|/\*|--|(?:public|private|protected|signals|public slots|default)\s*:)"
)
"""Comments, directives and labels stand anywhere, whatever encloses them."""
_BLANK = 1 << 20


def skeleton(lines: Sequence[str], first: int, end: int) -> list[int]:
    """The rows of a skeleton of rows ``[first, end)``, in order; those are among them."""
    while first < end - 1 and not lines[first].strip():
        first += 1
    above = list(_headers(lines, first))
    return [*reversed(above), *range(first, end), *_ends(lines, first, end)]


def _headers(lines: Sequence[str], first: int) -> Iterator[int]:
    """Rows above that are indented less than all below them, upwards, with all of each header."""
    level = _depth(lines[first]) + bool(_CLOSES.match(lines[first]))
    row, last = first - 1, max(-1, first - 1 - REACH_ROWS)
    while row > last and level > 0:
        line = lines[row]
        depth = _depth(line)
        if depth < level and not _PASSED_OVER.match(line):
            yield row
            level = depth
            if _ENDS_HEADER.match(line):
                for above in _beginning(lines, row, level):
                    yield above
                    row = above
            elif _CLOSES.match(line) or _GOES_ON.match(line):
                level = depth + 1  # what it goes on from begins at the same depth
        row -= 1


def _beginning(lines: Sequence[str], row: int, level: int) -> Iterator[int]:
    """The rows above the last row of a header that belong to it, upwards."""
    for above in range(row - 1, max(-1, row - 1 - HEADER_ROWS), -1):
        line = lines[above]
        if not line.strip():
            return
        yield above
        if _depth(line) <= level and not _ENDS_HEADER.match(line):
            return


def _ends(lines: Sequence[str], first: int, end: int) -> Iterator[int]:
    """Rows below that close what the rows above have opened."""
    inside = [row for row in range(first, end) if lines[row].strip()]
    level = _depth(lines[inside[-1]]) + 1 if inside else 0
    for row in range(end, min(len(lines), end + REACH_ROWS)):
        if level <= 0:
            return
        line = lines[row]
        depth = _depth(line)
        if depth >= level or _PASSED_OVER.match(line):
            continue
        goes_on = bool(_GOES_ON.match(line)) or line.rstrip().endswith(("{", "(", "["))
        if _CLOSES.match(line):
            yield row
            level = depth + goes_on
        else:
            level = depth + bool(_GOES_ON.match(line))


def _depth(line: str) -> int:
    rest = line.lstrip()
    return len(line) - len(rest) if rest else _BLANK
