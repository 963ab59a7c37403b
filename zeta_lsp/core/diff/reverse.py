"""Taking a diff back: the text as it was before a recorded change.

How it works: the diff is turned around line by line and applied (`patch`). With a whole text at
hand, hunks that still fit are taken back even if others do not. With an excerpt, the diff is first
cut to the excerpt's rows.

Promise: the result is the one Zed's reversal ratio starts from, oddities included: a line that
begins ``---`` or ``+++`` after its sign is not turned around, and neither are the headers' rows.
"""

import re

from zeta_lsp.core.diff.patch import FILE_HEADER, apply_diff, diff_lines

_HUNK_HEADER = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_HUNK_START = re.compile(r"^(?=@@ )", re.MULTILINE)
_NO_NEWLINE = re.compile(r"^\\.*\n", re.MULTILINE)


def take_back(diff: str, text: str) -> str:
    """`text` before `diff` (hunks without file header) was applied to it, as far as that fits."""
    turned = reverse_diff(diff)
    before = apply_diff(FILE_HEADER + turned, text)
    return _take_back_fitting(turned, text) if before is None else before


def take_back_in_excerpt(diff: str, excerpt: str, start_row: int) -> str:
    """The excerpt before `diff` was applied to its file, or the excerpt if that does not fit."""
    rows = max(len(diff_lines(excerpt)), 1)
    cut = cut_to_rows(diff, start_row, rows)
    if "\n+" not in cut and "\n-" not in cut:
        return excerpt  # rows around the change at most
    before = apply_diff(FILE_HEADER + reverse_diff(cut), excerpt)
    return excerpt if before is None else before


def reverse_diff(diff: str) -> str:
    """The diff with additions and deletions exchanged."""
    return "".join(_turn(line) + "\n" for line in diff_lines(diff))


def _turn(line: str) -> str:
    if line.startswith(("--- ", "+++ ")):
        return ("+++ " if line[0] == "-" else "--- ") + line[4:]
    if line.startswith(("---", "+++")):
        return line
    if line[:1] == "+":
        return "-" + line[1:]
    return "+" + line[1:] if line[:1] == "-" else line


def _take_back_fitting(turned: str, text: str) -> str:
    for hunk in _HUNK_START.split(_NO_NEWLINE.sub("", turned)):
        before = apply_diff(FILE_HEADER + hunk, text) if hunk.startswith("@@") else None
        text = text if before is None else before
    return text


def cut_to_rows(diff: str, start_row: int, rows: int) -> str:
    """What of a diff concerns some rows of the new text, with headers that count from them."""
    hunks: list[list[str]] = []
    for line in diff_lines(diff):
        if _HUNK_HEADER.match(line):
            hunks.append([line])
        elif hunks and line[:1] in (" ", "+", "-"):
            hunks[-1].append(line)
    return "".join(_cut_hunk(hunk, start_row, start_row + rows) for hunk in hunks)


def _cut_hunk(hunk: list[str], first_row: int, end_row: int) -> str:
    header = _HUNK_HEADER.match(hunk[0])
    assert header is not None
    row, rows = max(int(header[3]) - 1, 0), int(header[4] or 1)
    if row + rows <= first_row or row >= end_row:
        return ""
    kept: list[str] = []
    kept_from = first_row
    for line in hunk[1:]:
        if first_row <= row < end_row:
            kept_from = kept_from if kept else row
            kept.append(line)
        row += line[0] != "-"
    start = kept_from - first_row + 1
    removed, added = _count(kept, " -"), _count(kept, " +")
    return "\n".join((f"@@ -{start},{removed} +{start},{added} @@", *kept, ""))


def _count(lines: list[str], signs: str) -> int:
    return sum(line[0] in signs for line in lines)
