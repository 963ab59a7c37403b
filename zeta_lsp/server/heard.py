"""What clients say is wrong, in passing: each request for code actions names the problems there.

A request speaks of some rows: what it says of them replaces what was known of them, and of other
rows it says nothing. A problem counts as long as its row reads as it did and no rows came or went.
"""

from typing import Any

import msgspec

from zeta_lsp.core.documents import Range
from zeta_lsp.core.problems import Problem
from zeta_lsp.core.text import line_length
from zeta_lsp.server.locations import PROBLEMS_MAX, problems_of
from zeta_lsp.server.openfile import OpenFile


class _Said(msgspec.Struct, frozen=True):
    """The problems of a file of so many rows, each with the text of its first row."""

    row_count: int
    problems: tuple[tuple[Problem, str], ...]


class Heard:
    """The problems that were named, per file."""

    def __init__(self) -> None:
        self._said: dict[str, _Said] = {}

    def take(self, file: OpenFile, diagnostics: Any, where: Any) -> bool:
        """Learn from a request about a range; whether anything is new."""
        said = problems_of(diagnostics, file)
        rows = _rows(where)
        if said is None or rows is None or file.document.unsynced is not None:
            return False
        before = self.problems(file) or ()
        other = (one for one in before if one.end_row < rows[0] or one.start_row > rows[1])
        known = tuple(dict.fromkeys((*said, *other)))[:PROBLEMS_MAX]
        self._said[file.uri] = _Said(
            len(file.document.lines), tuple((one, _line(file, one.start_row)) for one in known)
        )
        return set(known) != set(before)

    def problems(self, file: OpenFile) -> tuple[Problem, ...] | None:
        """What is known to be wrong in a file; None if nobody said anything of its rows."""
        said = self._said.get(file.uri)
        if said is None or said.row_count != len(file.document.lines):
            return None
        return tuple(one for one, line in said.problems if _line(file, one.start_row) == line)

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self._said.pop(uri, None)


def _rows(where: Any) -> tuple[int, int] | None:
    """The first and the last row of a range; None if it is none."""
    try:
        found = msgspec.convert(where, Range)
    except (msgspec.ValidationError, UnicodeEncodeError):  # it cannot quote half a character
        return None
    return found.start.line, found.end.line


def _line(file: OpenFile, row: int) -> str:
    lines = file.document.lines
    return lines[row][: line_length(lines[row])] if row < len(lines) else ""
