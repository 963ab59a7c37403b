"""The excerpt as a page of rows with a cursor on it, and what the history says of it."""

from bisect import bisect_right
from itertools import accumulate

from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.repeat.changes import LineEdit, hunks_of, line_edits
from zeta_lsp.core.repeat.words import indent_of, tokens_of

NEVER = 99
"""The age of a line that no event wrote."""
FAR_ROWS = 200
"""Rows beyond which no block is followed."""


class Page:
    """Everything that one input shows.

    `rows` are the excerpt's, `starts` their offsets and one past the end. `hunks` are all changes
    of the history, oldest first, `edits` the lines edited in place, latest first.
    """

    def __init__(self, given: PromptInput) -> None:
        text = given.cursor_excerpt
        self.text = text
        self.path = given.cursor_path
        self.cursor = _characters(text, given.cursor_offset_in_excerpt)
        self.rows = text.split("\n")
        self.stripped = [row.strip() for row in self.rows]
        self.starts = [0, *accumulate(len(row) + 1 for row in self.rows)]
        self.row = self.row_of(self.cursor)
        self.line = self.rows[self.row]
        self._first_row = given.excerpt_start_row or 0
        self._tokens: dict[int, tuple[list[str], list[int]]] = {}
        self._written: dict[str, int] = {}
        self.hunks = hunks_of(given.events)
        self.edits = line_edits(self.hunks)
        for hunk in self.hunks:
            self._written.update(dict.fromkeys(hunk.new, hunk.age))

    @property
    def before_cursor(self) -> str:
        """The cursor's line up to the cursor."""
        return self.line[: self.cursor - self.starts[self.row]]

    @property
    def behind_cursor(self) -> str:
        """The cursor's line from the cursor on."""
        return self.line[self.cursor - self.starts[self.row] :]

    def row_of(self, offset: int) -> int:
        """The row that an offset lies on."""
        return min(bisect_right(self.starts, offset) - 1, len(self.rows) - 1)

    def tokens(self, row: int) -> tuple[list[str], list[int]]:
        """The tokens of a row without its indentation, and the offsets where they start and end."""
        known = self._tokens.get(row)
        if known is None:
            tokens = tokens_of(self.stripped[row])
            first = self.starts[row] + indent_of(self.rows[row])
            known = tokens, list(accumulate(map(len, tokens), initial=first))
            self._tokens[row] = known
        return known

    def written(self, line: str) -> int:
        """How many events ago a line like this was written; `NEVER` if it was not."""
        return self._written.get(line, NEVER)

    def row_of_edit(self, edit: LineEdit) -> int | None:
        """The row where an edited line stands now; None if it is not on the page."""
        if edit.path != self.path:
            return None
        guess = edit.row - self._first_row
        if 0 <= guess < len(self.rows) and self.rows[guess] == edit.line:
            return guess
        rows = [row for row, line in enumerate(self.rows) if line == edit.line]
        return min(rows, key=lambda row: abs(row - guess), default=None)

    def scope(self, row: int, other: int) -> str:
        """How another row lies to a row, by indentation: in the block it opens, beside it, out."""
        low, high = sorted((row, other))
        if high - low > FAR_ROWS:
            return "far"
        between = [self.rows[at] for at in range(low + 1, high) if self.stripped[at]]
        floor = min(map(indent_of, between), default=FAR_ROWS)
        here, there = indent_of(self.rows[row]), indent_of(self.rows[other])
        if row < other and here < min(floor, there):
            return "inside"
        return "beside" if min(here, there) <= floor else "out"

    def blank_rows_between(self, row: int) -> int:
        """Blank rows between the cursor's row and another, each probably the border of a block."""
        low, high = sorted((row, self.row))
        return self.stripped[low + 1 : high].count("")


def _characters(text: str, offset_bytes: int) -> int:
    if text.isascii():
        return min(offset_bytes, len(text))
    return len(text.encode("utf-8", "surrogatepass")[:offset_bytes].decode("utf-8", "ignore"))
