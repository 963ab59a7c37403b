"""A patch as rows: what the metrics see that look at patches alone.

Read as leniently as Zed's metrics read them: hunks need no file, a header may say nothing, and what
is neither context nor change only parts the changes around it.
"""

import re
from collections.abc import Iterator

import msgspec

BLANK = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""Unicode's white space; Python's own idea of it has four control characters more."""
OTHER = "?"
"""The sign of a row that is none of a diff."""
_BEGINS = ("@@", "--- ", "+++")
"""How the first row of a patch begins that counts; what stands before it is a preamble."""
NO_FILE = "/dev/null"
_NUMBER = re.compile(r"[+]?[0-9]{1,19}")


class Row(msgspec.Struct, frozen=True, gc=False):
    """A row of a hunk: " ", "+", "-" or `OTHER`, and the text behind the sign."""

    sign: str
    text: str

    @property
    def is_change(self) -> bool:
        """Whether it is added or removed."""
        return self.sign in "+-"

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to see in it."""
        return not self.text.strip(BLANK)


class Hunk(msgspec.Struct):
    """One place of change; rows count from 1 as the header says, 0 where it says nothing.

    `path` is the file's, without ``a/`` and ``b/``.
    """

    path: str = ""
    old_start: int = 0
    new_start: int = 0
    rows: list[Row] = []


def rows_of(patch: str) -> list[str]:
    """The rows of a patch without their ends; a CR before no LF is no end."""
    rows = patch.split("\n")
    last = rows.pop()
    found = [row.removesuffix("\r") for row in rows] if "\r" in patch else rows
    return [*found, last] if last else found


def hunks_of(patch: str) -> list[Hunk]:
    """The hunks of a patch that have rows; one without a header of its own has no path."""
    hunks = [Hunk()]
    path = ""
    is_preamble = True
    for row in rows_of(patch):
        is_preamble = is_preamble and not row.startswith(_BEGINS)
        if is_preamble:
            continue
        if row.startswith("@@"):
            hunks.append(Hunk(path, *_starts(row), []))
        elif row.startswith(("--- ", "+++ ")):
            path = _path(row, path)
        else:
            hunks[-1].rows.append(_row(row))
    return [hunk for hunk in hunks if hunk.rows]


def _path(header: str, before: str) -> str:
    """The path once a header row was read: of the new file, unless there is none any more."""
    path = header[4:]
    if header.startswith("--- "):
        return path.removeprefix("a/")
    return before if path == NO_FILE else path.removeprefix("b/")


def _row(row: str) -> Row:
    sign = row[:1]
    return Row(sign, row[1:]) if sign in {" ", "+", "-"} else Row(OTHER, row)


def _starts(header: str) -> tuple[int, int]:
    """The first old row and the first new one; 0 for what is no number."""
    words = [*header.split(), "", ""]
    return _number(words[1].lstrip("-")), _number(words[2].lstrip("+"))


def _number(word: str) -> int:
    digits = word.partition(",")[0]
    return int(digits) if _NUMBER.fullmatch(digits) else 0


def parted(hunk: Hunk) -> Iterator[tuple[list[Row], Row | None]]:
    """The runs of changed rows, some of them empty, each with the unchanged row that ends it."""
    group: list[Row] = []
    for row in hunk.rows:
        if row.is_change:
            group.append(row)
        else:
            yield group, row
            group = []
    yield group, None
