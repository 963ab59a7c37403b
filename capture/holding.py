"""Keeps secrets out of what is recorded, although they are typed key by key.

Half a key is no secret to any scanner. So nothing about a file is written before the rows that
changed were looked at, and what turns out to be a part of a secret later is taken back:

* `Holding` knows which rows of a file changed since they were last looked at. They are looked at
  with those around them before rows are written, and before an edit that could make a secret
  disappear again within the time between two writes.
* What was found is remembered, in memory alone, as windows of `WINDOW_CHARS` characters: a file
  that holds any of them is no cleaner for holding only a part. For the file in which a secret was
  found all its windows count; for others of the project (`Banned`) only those that are no words,
  or one wrong finding in a line of code would end the recording of every file that has its words.

Not done here: what is done about a finding (`guarding`).
"""

import re
from collections.abc import Iterable, Sequence

from capture.doors import Found, ScannerDoor
from zeta_lsp.core.events import Splice
from zeta_lsp.core.places import Place, new_end_of, start_of
from zeta_lsp.core.text import line_length, split_lines

WINDOW_CHARS = 8
"""So many characters of a secret together are a part of it."""
WINDOWS_MAX = 100_000
ROWS_AROUND = 45
"""A secret in pieces is found if so many rows around a changed one are seen as well."""
_ORDINARY = re.compile(r"[A-Za-z]?[a-z\s_.,;:=+()\[\]{}<>\"'`/-]*")
_TOKEN = re.compile(r"[A-Za-z0-9+/=_.~-]{8,}")


class Banned:
    """Parts of the secrets that were seen in one project, or in one file."""

    def __init__(self) -> None:
        self._windows: set[str] = set()

    def add(self, windows: Iterable[str]) -> None:
        """Remember more, up to a bound."""
        if len(self._windows) < WINDOWS_MAX:
            self._windows.update(windows)

    def is_in(self, text: str) -> bool:
        """Whether a text holds one."""
        return bool(self._windows) and not self._windows.isdisjoint(windows_of(text))


def windows_of(text: str) -> set[str]:
    """Every run of `WINDOW_CHARS` characters that has no line end in it."""
    return {
        line[at : at + WINDOW_CHARS]
        for line in split_lines(text)
        for at in range(line_length(line) - WINDOW_CHARS + 1)
    }


def telling(windows: Iterable[str]) -> set[str]:
    """Those that are no words of code or language."""
    return {window for window in windows if not _ORDINARY.fullmatch(window)}


def bare(lines: Sequence[str]) -> list[str]:
    """Lines without their ends."""
    return [line[: line_length(line)] for line in lines]


class Holding:
    """The rows of one file that nobody has looked at since they changed."""

    def __init__(self, scanner: ScannerDoor, banned: Banned, row_count: int) -> None:
        self._scanner = scanner
        self._banned = banned
        self._own = Banned()
        self._changed = bytearray(row_count)
        self._typed_to: Place | None = None

    @property
    def is_pending(self) -> bool:
        """Whether there is something to look at."""
        return 1 in self._changed

    def doubt(self) -> None:
        """Every row is to be looked at again."""
        self._changed = bytearray(b"\x01" * len(self._changed))

    def must_look_before(self, splice: Splice, lines: Sequence[str]) -> bool:
        """Whether an edit could undo a secret that nobody has seen yet.

        Typing on where the latest edit ended cannot, unless it breaks the line.
        """
        if 1 not in self._changed[splice.start_row : splice.old_end_row + 1]:
            return False
        goes_on = start_of(splice) == self._typed_to and not splice.old_text
        breaks = splice.row_delta and splice.start_col < line_length(lines[splice.start_row])
        return not goes_on or bool(breaks)

    def follow(self, splice: Splice) -> None:
        """Note which rows an edit changed."""
        count = splice.new_end_row - splice.start_row + 1
        self._changed[splice.start_row : splice.old_end_row + 1] = b"\x01" * count
        self._typed_to = new_end_of(splice)

    def look(self, lines: Sequence[str]) -> bool:
        """Whether the changed rows hold a secret or a part of one. They count as looked at."""
        found = False
        start = self._changed.find(1)
        while start >= 0:
            end = self._changed.find(0, start)
            end = len(self._changed) if end < 0 else end
            found |= self._is_in_rows(lines, start, end)
            start = self._changed.find(1, end)
        self._changed = bytearray(len(self._changed))
        return found

    def look_at_all(self, lines: Sequence[str]) -> bool:
        """Whether the file holds a secret or a part of one."""
        self._changed = bytearray(len(lines))
        return self._is_in_rows(lines, 0, len(lines))

    def holds_part(self, text: str) -> bool:
        """Whether a text of this file holds a part of a secret that was found."""
        return self._own.is_in(text) or self._banned.is_in(text)

    def _is_in_rows(self, lines: Sequence[str], start: int, end: int) -> bool:
        first = max(start - ROWS_AROUND, 0)
        rows = bare(lines[first : end + ROWS_AROUND])
        secrets = self._scanner.find(rows, first)
        for secret in secrets:
            self._remember(secret, rows[secret.row - first])
        return bool(secrets) or any(map(self.holds_part, rows[start - first : end - first]))

    def _remember(self, secret: Found, row: str) -> None:
        """Of a row that is suspicious as a whole, only what looks like a key is remembered."""
        if secret.start == 0 and secret.end == len(row):
            own = telling(windows_of("\n".join(_TOKEN.findall(row))))
        else:
            own = windows_of(row[secret.start : secret.end])
        self._own.add(own)
        self._banned.add(telling(own))
