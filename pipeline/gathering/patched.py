"""Diffs of many files, as git or an editor writes them, applied to the texts of a folder.

Hunks are applied where their rows say, and where they do not fit there, as Zed does it: by content,
wherever that is. (Zed takes some rows of SQL for headers, so its way is not the first.) A text
whose rows all end in ``\\r\\n`` keeps those ends.
"""

import re
from collections.abc import Callable, Iterator

import msgspec

from zeta_lsp.core.diff.patch import FILE_HEADER, apply_diff

_GIT = "diff --git "
_NOWHERE = "/dev/null"
_GIT_PATHS = re.compile(r"diff --git a/(?P<old>.+) b/(?P<new>.+)")
_HUNK = re.compile(r"@@ -(?P<start>\d+)(?:,(?P<old>\d+))? \+\d+(?:,(?P<new>\d+))? @@")

TextOf = Callable[[str], str | None]
"""The text of a file by its path; None if there is none."""
Texts = dict[str, str | None]
"""Files that are other ones than they were; None for one that is gone."""


class Part(msgspec.Struct):
    """What a diff says of one file; None stands for a file that is not there."""

    old: str | None
    new: str | None
    hunks: str = ""


def applied_to(diff: str, text_of: TextOf) -> Texts | None:
    """The files that a diff changes; None if it does not apply."""
    texts: Texts = {}
    parts = list(parts_of(diff))
    if diff.strip() and not parts:
        return None
    for part in parts:
        before = "" if part.old is None else text_of(part.old)
        after = None if before is None else patched(part.hunks, before)
        if after is None:
            return None
        if part.old is not None and part.old != part.new:
            texts[part.old] = None
        if part.new is not None:
            texts[part.new] = after
    return texts


def patched(hunks: str, text: str) -> str | None:
    """A text with hunks applied; None if they do not fit."""
    if not hunks:
        return text
    is_dos = "\r\n" in text and text.count("\n") == text.count("\r\n")
    plain = text.replace("\r\n", "\n") if is_dos else text
    after = _exactly(hunks, plain)
    if after is None:
        after = apply_diff(FILE_HEADER + hunks, plain)
    return after.replace("\n", "\r\n") if is_dos and after is not None else after


def _exactly(hunks: str, text: str) -> str | None:
    """A text with hunks applied at the rows that they name; None if they do not fit there."""
    lines, made, at = text.splitlines(keepends=True) if _is_plain(text) else [], "", 0
    for hunk in _hunks(hunks):
        start = hunk.row if hunk.old else at
        if start < at or lines[start : start + len(hunk.old)] != hunk.old:
            return None
        if not hunk.old and lines:
            return None  # editors and git count rows of nothing differently
        made += "".join(lines[at:start]) + "".join(hunk.new)
        at = start + len(hunk.old)
    return made + "".join(lines[at:]) if _is_plain(text) else None


def _is_plain(text: str) -> bool:
    """Whether only ``\\n`` ends its rows."""
    return text.count("\n") == len(text.splitlines()) - bool(text and not text.endswith("\n"))


class _Hunk(msgspec.Struct):
    """Lines before and after with their ends; `row` counts from 0."""

    row: int
    old: list[str] = []
    new: list[str] = []
    last: str = ""


def _hunks(text: str) -> Iterator[_Hunk]:
    hunk: _Hunk | None = None
    for row in text.split("\n"):
        if head := _HUNK.match(row):
            if hunk is not None:
                yield hunk
            hunk = _Hunk(int(head["start"]) - 1)
        elif hunk is not None and row.startswith("\\"):
            for side, signs in ((hunk.old, "- "), (hunk.new, "+ ")):
                if side and hunk.last in signs:
                    side[-1] = side[-1].removesuffix("\n")
        elif hunk is not None and row:
            hunk.last, line = row[0], f"{row[1:]}\n"
            hunk.old.extend([line] if hunk.last in "- " else [])
            hunk.new.extend([line] if hunk.last in "+ " else [])
    if hunk is not None:
        yield hunk


def parts_of(diff: str) -> Iterator[Part]:
    """What a diff says of each file."""
    part: Part | None = None
    left = [0, 0]  # rows of a hunk that are to come, of either side: they may look like headers
    for line in diff.split("\n"):
        row = line.removesuffix("\r")
        if part is not None and max(left) > 0:
            left[0] -= row[:1] in {"-", " ", ""}
            left[1] -= row[:1] in {"+", " ", ""}
            part.hunks += f"{line}\n"
        elif row.startswith(_GIT) and (paths := _GIT_PATHS.fullmatch(row)):
            if part is not None:
                yield part
            part = Part(paths["old"], paths["new"])
        elif row.startswith("--- "):
            if part is not None and part.hunks:
                yield part
                part = None
            part = part or Part("", "")
            part.old = _path(row)
        elif part is not None and row.startswith("+++ "):
            part.new = _path(row)
        elif part is not None:
            _note(part, row, left)
    if part is not None:
        yield part


def _note(part: Part, row: str, left: list[int]) -> None:
    """Take in a row between the hunks."""
    if hunk := _HUNK.match(row):
        left[:] = [int(hunk["old"] or 1), int(hunk["new"] or 1)]
        part.hunks += f"{row}\n"
    elif row.startswith("\\"):
        part.hunks += f"{row}\n"
    elif row.startswith("new file mode"):
        part.old = None
    elif row.startswith("deleted file mode"):
        part.new = None


def _path(row: str) -> str | None:
    name = row[4:].split("\t", maxsplit=1)[0]
    if name == _NOWHERE:
        return None
    return name[2:] if name.startswith(("a/", "b/")) else name
