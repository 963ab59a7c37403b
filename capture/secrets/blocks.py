"""Finds private keys of several lines: PEM, OpenSSH, PGP, SSH2 and PuTTY.

A block goes from its first line to its last. Where one of them is missing, because the text is cut
or being typed, it goes as far as lines look like its body.
"""

import re
from collections.abc import Iterator, Sequence

MAX_BLOCK_ROWS = 400
_BEGIN = re.compile(r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY|PuTTY-User-Key-File-\d")
_END = re.compile(r"-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY|Private-(?:MAC|Hash):")
_BODY = re.compile(
    r"[\s\"'+#*/>|-]{0,60}"
    r"(?:[A-Za-z0-9+/=]{8,}|[A-Za-z-]{4,20}: ?.{0,100}|=[\w+/]{4})?"
    r"[\\nr\"'+,; ]*$"
)
MARKS = ("PRIVATE KEY", "PuTTY-User-Key-File", "Private-MAC:", "Private-Hash:")


def key_rows(lines: Sequence[str], row: int) -> Iterator[int]:
    """The rows of the private key that a row with one of `MARKS` belongs to."""
    begins, ends = _BEGIN.search(lines[row]), _END.search(lines[row])
    if begins:
        yield from range(row, _last_row(lines, row) + 1)
    elif ends:
        yield from range(_first_row(lines, row), row + 1)


def _last_row(lines: Sequence[str], first: int) -> int:
    stop = min(len(lines), first + MAX_BLOCK_ROWS)
    if _END.search(lines[first]):
        return first
    for row in range(first + 1, stop):
        if _END.search(lines[row]):
            return row
        if not _BODY.match(lines[row]):
            return row - 1
    return stop - 1


def _first_row(lines: Sequence[str], last: int) -> int:
    for row in range(last - 1, max(-1, last - MAX_BLOCK_ROWS), -1):
        if _BEGIN.search(lines[row]):
            return row
        if not lines[row].strip() or not _BODY.match(lines[row]):
            return row + 1
    return max(0, last - MAX_BLOCK_ROWS)
