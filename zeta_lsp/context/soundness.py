"""Whether edits break the syntax around them: errors after them, compared with before.

Only a window is parsed, the item that the edits are in as far as indentation tells: of the
outermost level if that is small enough, else of a level further in. It is parsed as it would be
and, only if that has errors, as it is; both from nothing, so that the parser recovers alike.

There is no verdict (None) where one would be a guess: the text around has errors already, so that
somebody is in the middle of something or the grammar does not know the language's newest; edits
are far apart; or the window would take too long to parse on the way to the person. None either
where sound programs cannot be parsed: languages with macros, conditional compilation, comments
that begin or end in the edits.
"""

import re
from collections.abc import Iterator, Sequence

from tree_sitter import Parser

from zeta_lsp.context.parsed import Parsed, source_of
from zeta_lsp.core.clusters import rewritten
from zeta_lsp.core.documents import LONG_LINE_CHARS
from zeta_lsp.core.edits import Cluster
from zeta_lsp.core.text import split_lines

WINDOW_ROWS = 400
WINDOW_BYTES = 2 << 10
"""What is parsed in some tenths of a millisecond, twice: a person waits for it."""
WITH_MACROS = frozenset({"c", "cpp"})
"""Names of grammars: ``TAILQ_FOREACH(a, b, c) {`` is no C that a parser knows."""
WHOLE_ONLY = frozenset({"javascript", "typescript", "tsx"})
"""Names of grammars in which the methods of a class are nothing outside of it."""
_HEADS = {"php": "<?php\n"}
"""What must stand before a part of a file by the names of grammars."""
_CONDITIONAL = re.compile(r"^\s*#\s*(?:if|el|endif)", re.MULTILINE)
_INSIDE = re.compile(
    r"\s*(?:[)\]}{#]|(?:else|elif|except|catch|finally|rescue|ensure|case|default|end)\b|\w+:|$)"
)
"""How a row begins that does not begin an item."""
_INDENT = re.compile(r"[ \t]*(?=\S)")

_Window = tuple[int, int, int]
"""First row, the row behind the last, and the characters of indentation."""


def errors_added(parser: Parser, grammar: str, lines: Sequence[str], edits: Cluster) -> int | None:
    """How many errors and missing tokens there are once edits are made to a text without any.

    `grammar` is the name of the parser's. `edits` are sorted and do not overlap; `lines` are the
    document as `split_lines` cuts it.
    """
    first, last = edits[0].start_row, min(edits[-1].end_row, len(lines) - 1)
    new = rewritten(edits, lines, first, last)
    if grammar in WITH_MACROS or new.count("/*") != new.count("*/"):
        return None
    window = _window(lines, first, last, 0 if grammar in WHOLE_ONLY else _least(split_lines(new)))
    if window is None:
        return None
    start, end, indent = window
    head = _HEADS.get(grammar, "") if start > 0 else ""
    text = "".join([head, *lines[start:first], new, *lines[last + 1 : end]])
    if _CONDITIONAL.search(text):
        return None
    added = _errors(parser, split_lines(text), indent)
    if not added:
        return added
    before = [*split_lines(head)[:-1], *lines[start:end]]
    return added if _errors(parser, before, indent) == 0 else None


def _window(lines: Sequence[str], first: int, last: int, indent_max: int) -> _Window | None:
    """The largest item around some rows that is small enough to be parsed."""
    top, bottom = last - WINDOW_ROWS // 2, first + WINDOW_ROWS // 2
    if top > first or bottom < last:
        return None
    rows = range(max(0, top), min(len(lines), bottom))
    for indent in _levels(lines, first, last, rows.start):
        start, end = _item(lines, first, last, rows, indent)
        if indent <= indent_max and sum(map(len, lines[start:end])) <= WINDOW_BYTES:
            return start, end, indent
    return None


def _levels(lines: Sequence[str], first: int, last: int, top: int) -> Iterator[int]:
    """The indentations of what encloses some rows, and of these rows, outermost first."""
    least = _least(lines[first : last + 1])
    levels = {least}
    for row in range(first - 1, top - 1, -1):
        indent = _indent(lines[row])
        if indent is not None and indent < least:
            levels.add(least := indent)
    return iter(sorted(levels))


def _item(lines: Sequence[str], first: int, last: int, rows: range, indent: int) -> tuple[int, int]:
    """The rows of the items of a level that some rows are in."""

    def begins(row: int) -> bool:
        here = _indent(lines[row])
        return here is not None and here <= indent and not _INSIDE.match(lines[row])

    start = next((row for row in range(first, rows.start, -1) if begins(row)), rows.start)
    while start > rows.start and begins(start - 1) and _indent(lines[start - 1]) == indent:
        start -= 1  # decorators, attributes, a type in a row of its own
    end = next((row for row in range(last + 1, rows.stop) if begins(row)), rows.stop)
    return start, end


def _least(lines: Sequence[str]) -> int:
    return min((one for line in lines if (one := _indent(line)) is not None), default=0)


def _indent(line: str) -> int | None:
    """Characters before the first that is not blank; None for a blank line."""
    match = _INDENT.match(line)
    return None if match is None else match.end()


def _errors(parser: Parser, lines: Sequence[str], indent: int) -> int | None:
    if max(map(len, lines)) > LONG_LINE_CHARS:
        return None
    rows = [_dedented(line, indent) for line in lines] if indent else list(lines)
    source = source_of(rows)
    if len(source) > 2 * WINDOW_BYTES:
        return None
    return Parsed(parser.parse(source), 0, rows).errors(0, len(rows))


def _dedented(line: str, indent: int) -> str:
    return line[indent:] if line[:indent].isspace() else line.lstrip(" \t")
