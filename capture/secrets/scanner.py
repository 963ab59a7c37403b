"""Looks for secrets in the text of a file.

Lines that are new since the last look are scanned, with those that they belong together with:
strings cut in two, values on the line after their name, keys of many lines. What was clean is
remembered, so that a look at a text that hardly changed takes a fraction of a millisecond.

Promises: time grows with the length of the text, whatever it holds; no look at a line is skipped
because it is long (a line of more than 4,096 characters is a finding itself); no text is kept.
Does not promise: finding a password that nothing announces, or one that looks like a word of code.
It is tuned to find too much: that costs an example, the opposite costs a key.
"""

from collections.abc import Iterable, Iterator, Sequence

from capture.secrets.blocks import MARKS, key_rows
from capture.secrets.clean_lines import CleanLines
from capture.secrets.finding import Finding
from capture.secrets.joints import MAX_RUN_ROWS, has_joint, is_joined, joined, slices
from capture.secrets.rules import Rules

MAX_LINE_CHARS = 4096
UNREADABLE = "unreadable_line"
PRIVATE_KEY = "private_key"
_REMEMBERED_LINES = 65_536


class Scanner:
    """Finds what may be a secret. Remembers lines that were clean; not thread-safe."""

    def __init__(self) -> None:
        self._rules = Rules()
        self._clean = CleanLines(_REMEMBERED_LINES)

    def find(self, lines: Sequence[str], first_row: int = 0) -> list[Finding]:
        """Everything suspicious, by row and column.

        Args:
            lines: a text or a part of one, without line ends.
            first_row: the row of the first line in its file; rows of findings count from there.
        """
        unknown = self._clean.unknown(lines)
        if not unknown:
            return []
        found = set(self._found(lines, unknown))
        suspicious = {finding.row for finding in found}
        self._clean.remember(lines, [row for row in unknown if row not in suspicious])
        return sorted((_moved(finding, first_row) for finding in found), key=_place)

    def is_clean(self, text: str) -> bool:
        """Whether nothing in a text is suspicious."""
        return not self.find(text.split("\n"))

    def _found(self, lines: Sequence[str], unknown: Sequence[int]) -> Iterator[Finding]:
        yield from (
            Finding(row, 0, len(lines[row]), UNREADABLE)
            for row in unknown
            if len(lines[row]) > MAX_LINE_CHARS
        )
        readable = [line if len(line) <= MAX_LINE_CHARS else "" for line in lines]
        yield from self._in_lines([(row, row, readable[row]) for row in unknown], readable)
        yield from self._in_lines(list(_runs(readable, unknown)), readable)
        for row in unknown:
            if any(mark in readable[row] for mark in MARKS):
                block = key_rows(readable, row)
                yield from (Finding(part, 0, len(lines[part]), PRIVATE_KEY) for part in block)

    def _in_lines(
        self, texts: Sequence[tuple[int, int, str]], lines: Sequence[str]
    ) -> Iterator[Finding]:
        """Findings in texts that stand for a range of rows each; in all of them if joined."""
        for index, (start, end, kind) in self._rules.spans([text for _, _, text in texts]):
            first, last, text = texts[index]
            if text is lines[first]:
                yield Finding(first, start, end, kind)
            else:
                rows = range(first, last + 1)
                yield from (Finding(row, 0, len(lines[row]), kind) for row in rows)


def _runs(lines: Sequence[str], unknown: Iterable[int]) -> Iterator[tuple[int, int, str]]:
    """First and last row, and the text put together, of what unknown lines belong to."""
    done = -1
    for row in unknown:
        if row <= done:
            continue
        first, done = _run_around(lines, row)
        if first < done or has_joint(lines[row]):
            text = joined(lines[first : done + 1])
            yield from ((first, done, part) for part in slices(text, MAX_LINE_CHARS))


def _run_around(lines: Sequence[str], row: int) -> tuple[int, int]:
    first = last = row
    while first > max(0, row - MAX_RUN_ROWS) and is_joined(lines[first - 1], lines[first]):
        first -= 1
    stop = min(len(lines) - 1, row + MAX_RUN_ROWS)
    while last < stop and is_joined(lines[last], lines[last + 1]):
        last += 1
    return first, last


def _moved(finding: Finding, rows: int) -> Finding:
    return Finding(finding.row + rows, finding.start, finding.end, finding.kind)


def _place(finding: Finding) -> tuple[int, int, int, str]:
    return finding.row, finding.start, finding.end, finding.kind
