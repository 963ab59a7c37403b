"""The syntax tree of one document: what encloses the cursor.

How it works. The keystroke path parses nothing: `edited` moves the nodes of the tree that is
there, `ancestors` reads it, a few edits stale if need be. `refresh` parses again, incrementally,
while the server waits for a model or for the person. Files of up to `WHOLE_ROWS` rows have one
tree, as long as it can be kept up in a few milliseconds; elsewhere the tree is one of a window
around the cursor that begins at a row without indentation. Only if the cursor has no usable tree
does `ancestors` parse: a window, and not again until the next `refresh` if that took longer than
`KEY_PARSE_S`.

A parse cannot be stopped midway: py-tree-sitter (0.26) stops only parses that read through a
callback, and never gives back what a callback returned. So the text of a parse is bounded instead,
and a parse that took too long makes the next ones smaller or rarer.

Promise: `ancestors` never takes long and never raises over text. None means that the text is
nothing to parse (too much of it, or a line of data); the caller then goes by rows.
Not done here: languages embedded in others, and the index of definitions.
"""

import re
import time
from collections.abc import Callable, Sequence

from tree_sitter import Language, Parser

from zeta_lsp.context.grammars import grammar_name, language_for
from zeta_lsp.context.parsed import Parsed, source_of
from zeta_lsp.context.soundness import errors_added
from zeta_lsp.core.documents import LONG_LINE_CHARS
from zeta_lsp.core.edits import Cluster
from zeta_lsp.core.events import Splice
from zeta_lsp.core.excerpt import Span
from zeta_lsp.core.text import byte_length

WHOLE_ROWS = 2000
"""Larger files have no tree of their own: 2000 rows cost 6 ms once and about 1 ms for each key."""
WINDOW_ROWS = 160
"""Rows around the cursor that are parsed in larger files."""
WHOLE_BYTES = 128 << 10
WINDOW_BYTES = 32 << 10
"""More than this around the cursor would take milliseconds: long lines, not code."""
KEY_PARSE_S = 0.002
IDLE_PARSE_S = 0.008
_MARGIN_ROWS = 16
"""So close to the end of a window the nodes are too much cut to be of use."""
_WINDOWED_REFRESHES = 50
"""After a whole tree took too long, so many refreshes make do with a window."""
CHECK_S = 0.004
_CHECKS_SKIPPED = 20
"""After a check took too long, so many go without a verdict."""
_INSIDE = re.compile(r"[\s)\]}]")


def syntax_for(language_id: str, path: str) -> "SyntaxTree | None":
    """The tree of a document that was opened; None if its language has no grammar here."""
    language = language_for(language_id, path)
    grammar = grammar_name(language_id, path) or ""
    return None if language is None else SyntaxTree(language, grammar=grammar)


class SyntaxTree:
    """The syntax tree of one document (`core.ports.Syntax`).

    `clock` returns seconds, `grammar` is the language as `grammars` calls it.
    """

    __slots__ = (
        "_clock",
        "_gave_up",
        "_grammar",
        "_parsed",
        "_parser",
        "_row",
        "_skipped",
        "_took_s",
        "_windowed",
    )

    def __init__(
        self,
        language: Language,
        clock: Callable[[], float] = time.perf_counter,
        *,
        grammar: str = "",
    ) -> None:
        self._parser = Parser(language)
        self._grammar = grammar
        self._clock = clock
        self._parsed: Parsed | None = None
        self._gave_up = False
        self._took_s = 0.0
        self._windowed = self._skipped = 0
        self._row = 0

    def edited(self, splice: Splice) -> None:
        """Follow a splice: nodes move, nothing is parsed. Each splice once, in order."""
        if self._parsed is not None and not self._parsed.follow(splice):
            self._parsed = None

    def refresh(self, lines: Sequence[str]) -> None:
        """Bring the tree up to date; for moments in which nobody waits.

        It covers the place that `ancestors` was asked for last.
        """
        self._gave_up = False
        if len(lines) <= WHOLE_ROWS and self._windowed == 0:
            if self._is_fresh(lines, 0, len(lines)):
                return
            self._parsed = self._parse(lines, 0, len(lines), WHOLE_BYTES)
            if self._parsed is None or self._took_s > IDLE_PARSE_S:
                self._windowed = _WINDOWED_REFRESHES
            if self._parsed is not None:
                return
        self._windowed = max(0, self._windowed - 1)
        row = min(self._row, len(lines) - 1)
        window = self._window(lines, row, row)
        if not self._is_fresh(lines, *window):
            self._parsed = self._parse(lines, *window, WINDOW_BYTES)

    def ancestors(self, lines: Sequence[str], row: int, col: int) -> tuple[Span, ...] | None:
        """Spans of the nodes around a place, innermost first; None if there is no tree.

        `col` counts code points, the spans' columns bytes. The last span is the whole document.
        """
        self._row = row
        parsed = self._parsed
        if parsed is None or not self._covers(row, row, len(lines)):
            parsed = self._parse_now(lines, row, row)
        if parsed is None:
            return None
        end = (len(lines) - 1, byte_length(lines[-1]))
        return tuple(dict.fromkeys(parsed.around(row, byte_length(lines[row][:col]), end)))

    def error_count(self, lines: Sequence[str], first_row: int, end_row: int) -> int | None:
        """Errors and missing tokens in rows ``[first_row, end_row)``; None if there is no tree."""
        last_row = max(first_row, min(end_row, len(lines)) - 1)
        parsed = self._parsed
        if parsed is None or parsed.is_stale or not self._covers(first_row, last_row, len(lines)):
            parsed = self._parse_now(lines, first_row, last_row)
        return None if parsed is None else parsed.errors(first_row, last_row)

    def errors_added(self, lines: Sequence[str], edits: Cluster) -> int | None:
        """Errors that edits make in sound text; see `soundness`. Slow grammars get a rest."""
        if self._skipped:
            self._skipped -= 1
            return None
        started_s = self._clock()
        added = errors_added(self._parser, self._grammar, lines, edits)
        if self._clock() - started_s > CHECK_S:
            self._skipped = _CHECKS_SKIPPED
        return added

    def _parse_now(self, lines: Sequence[str], first: int, last: int) -> Parsed | None:
        if self._gave_up:
            return None
        self._parsed = self._parse(lines, *self._window(lines, first, last), WINDOW_BYTES)
        self._gave_up = self._parsed is None or self._took_s > KEY_PARSE_S
        return self._parsed

    def _covers(self, first: int, last: int, rows: int) -> bool:
        parsed = self._parsed
        if parsed is None:
            return False
        end = parsed.end_row if parsed.end_row == rows else parsed.end_row - _MARGIN_ROWS
        return parsed.first_row <= first <= last < end

    def _is_fresh(self, lines: Sequence[str], start: int, end: int) -> bool:
        parsed = self._parsed
        return (
            parsed is not None
            and not parsed.is_stale
            and (parsed.first_row, parsed.end_row) == (start, end)
            and parsed.lines == lines[start:end]
        )

    def _window(self, lines: Sequence[str], first: int, last: int) -> tuple[int, int]:
        """Rows to parse: those of the present tree if they still suit, else new ones."""
        parsed = self._parsed
        if parsed is not None and self._covers(first, last, len(lines)):
            is_whole = self._windowed == 0 and len(parsed.lines) == len(lines)
            if is_whole or len(parsed.lines) <= 3 * WINDOW_ROWS:
                return parsed.first_row, parsed.end_row
        start = max(0, first - WINDOW_ROWS // 2)
        lowest = max(0, start - WINDOW_ROWS)
        tops = (row for row in range(start, lowest, -1) if not _INSIDE.match(lines[row]))
        return next(tops, lowest), min(len(lines), last + 1 + WINDOW_ROWS // 2)

    def _parse(self, lines: Sequence[str], start: int, end: int, bytes_max: int) -> Parsed | None:
        rows = list(lines[start:end])
        if max(map(len, rows)) > LONG_LINE_CHARS:
            return None
        source = source_of(rows)
        if len(source) > bytes_max:
            return None
        started_s, parsed = self._clock(), self._parsed
        if parsed is not None and parsed.first_row == start and parsed.lines == rows:
            tree = self._parser.parse(source, parsed.tree)
        else:
            tree = self._parser.parse(source)
        self._took_s = self._clock() - started_s
        return Parsed(tree, start, rows)
