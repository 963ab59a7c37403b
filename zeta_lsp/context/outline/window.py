"""The rows around a place with what encloses them, without the rest of the document.

A parse of a whole document would take too long, and a parse of a few rows would not know that they
are in a function of a class. So the rows are put into a skeleton: above them the rows that are
indented less and less, which are the headers of what encloses them, below them the rows that close
it. Indentation is read, not syntax, so that this costs little in documents of any size. Where it
misleads, as in texts that are not indented, headers are missed; nothing else is lost.
"""

import re
from collections.abc import Iterator, Sequence

GROW_ROWS = 60
"""How far the rows may grow to begin and end with a statement, and a header to its first row."""
REACH_ROWS = 4000
"""How far away the headers and ends of enclosing blocks are looked for."""
_CLOSES = re.compile(r"\s*(?:[)\]}]|end\b|fi\b|done\b|esac\b)")
_CONTINUES = re.compile(r"\s*[)\]}{]")
_PASSED_OVER = re.compile(
    r"\s*(?:[#*]|//|/\*|--|(?:public|private|protected|signals|public slots|default)\s*:)"
)
"""Comments, directives and labels stand anywhere, whatever encloses them."""
_BLANK = 1 << 20


def skeleton(lines: Sequence[str], first: int, end: int) -> list[int]:
    """The rows of a skeleton of rows ``[first, end)``, in order; those are among them."""
    first, end = _grown(lines, first, end)
    level = min(map(_depth, lines[first:end]), default=0)
    above = list(_headers(lines, first, level))
    below = _ends(lines, end, level) if above else ()
    return [*reversed(above), *range(first, end), *below]


def _grown(lines: Sequence[str], first: int, end: int) -> tuple[int, int]:
    """Rows that begin and end with the same block."""
    level = min(map(_depth, lines[first:end]), default=0)
    for _ in range(GROW_ROWS):
        if first == 0 or not (_depth(lines[first]) > level or _CONTINUES.match(lines[first])):
            break
        first -= 1
        level = min(level, _depth(lines[first]))
    for _ in range(GROW_ROWS):
        if end >= len(lines) or not (_depth(lines[end]) > level or _CLOSES.match(lines[end])):
            break
        if _depth(lines[end]) < level:
            break
        end += 1
    return first, end


def _headers(lines: Sequence[str], first: int, level: int) -> Iterator[int]:
    """Rows above that are indented less than all below them, upwards, with all of each header."""
    row, last = first - 1, max(-1, first - 1 - REACH_ROWS)
    while row > last and level > 0:
        line = lines[row]
        depth = _depth(line)
        if depth < level and not _PASSED_OVER.match(line):
            level = depth
            yield row
            if _CONTINUES.match(line):
                beginning = list(_beginning(lines, row, level))
                yield from beginning
                row = beginning[-1] if beginning else row
        row -= 1


def _beginning(lines: Sequence[str], row: int, level: int) -> Iterator[int]:
    """The rows above the last row of a header that belong to it, upwards."""
    for above in range(row - 1, max(-1, row - 1 - GROW_ROWS), -1):
        line = lines[above]
        if not line.strip():
            return
        yield above
        if _depth(line) <= level and not _CONTINUES.match(line):
            return


def _ends(lines: Sequence[str], end: int, level: int) -> Iterator[int]:
    """Rows below that close what the headers opened."""
    for row in range(end, min(len(lines), end + REACH_ROWS)):
        depth = _depth(lines[row])
        if depth < level:
            level = depth
            if _CLOSES.match(lines[row]):
                yield row
            if level == 0:
                return


def _depth(line: str) -> int:
    rest = line.lstrip()
    return len(line) - len(rest) if rest else _BLANK
