"""What a patch makes of the region that a prompt lets the model rewrite.

Patches are applied to the whole excerpt, so that their context may reach out of the region; what
they change may not. Rows count from the excerpt's first, or in the file: whoever wrote the patch
knew, and only repeated code shows the difference. The count that the format's own patches use is
tried first, then the other.

The cursor is the first mark in a row that the patch adds; a mark in another row is code.
"""

import re

from pipeline.metrics.cursor import without_marks
from pipeline.metrics.patch_rows import hunks_of
from pipeline.records import Dropped
from pipeline.teacher.case import FILE_ROWS, Case, Rewritten
from zeta_lsp.core.diff.patch import FILE_HEADER, apply_diff
from zeta_lsp.core.formats.cursor_mark import CURSOR
from zeta_lsp.core.region_patch import is_same
from zeta_lsp.core.text import byte_length

_OLD_START = re.compile(r"^@@ -(\d+)", re.MULTILINE)
_HEADER = re.compile(r"^--- ", re.MULTILINE)


def rewritten_by(case: Case, patch: str) -> Rewritten | Dropped:
    """The region as a patch leaves it, and the cursor in it."""
    if any(not _is_same_file(hunk.path, case.given.cursor_path) for hunk in hunks_of(patch)):
        return Dropped("patch_of_another_file")
    if not _HEADER.search(patch):
        patch = FILE_HEADER + patch
    clean, cursor = without_marks(patch)
    for moved_rows in _counts(case):
        changed = _applied(_moved(clean, moved_rows), case.excerpt)
        if changed is None:
            continue
        region = _region(case, changed)
        if region is None:
            return Dropped("patch_outside_region")
        if changed != case.excerpt and is_same(region, case.region):
            return Dropped("only_a_last_newline")
        if cursor is None:
            return Rewritten(region)
        marked = _applied(_moved(_with_first_mark(patch), moved_rows), case.excerpt)
        return Rewritten(region, _cursor(case, region, changed, marked))
    return Dropped("patch_does_not_apply")


def _applied(patch: str, excerpt: str) -> str | None:
    """An excerpt with a patch applied; it may lack its last newline, which patches count on."""
    if not excerpt or excerpt.endswith("\n"):
        return apply_diff(patch, excerpt)
    changed = apply_diff(patch, f"{excerpt}\n")
    return None if changed is None else changed.removesuffix("\n")


def _counts(case: Case) -> tuple[int, ...]:
    """By how many rows a patch's numbers may be off, the likelier first."""
    first_row = case.given.excerpt_start_row or 0
    counts = (first_row, 0) if case.form.name in FILE_ROWS else (0, first_row)
    return counts if first_row else (0,)


def _moved(patch: str, rows: int) -> str:
    """A patch whose hunks stand that much higher."""
    if not rows:
        return patch
    return _OLD_START.sub(lambda found: f"@@ -{max(int(found[1]) - rows, 0)}", patch)


def _region(case: Case, changed: str) -> str | None:
    """The region in a changed excerpt; None if anything around it changed as well.

    A region ends before its last newline, and one that ends with a newline is read as if that was
    it. So where the last row has become a blank one, its newline is written down.
    """
    data, new = case.excerpt.encode(), changed.encode()
    start, end = case.prompt.editable
    stop = len(new) - (len(data) - end)
    if stop < start or new[:start] != data[:start] or new[stop:] != data[end:]:
        return None
    try:
        region = new[start:stop].decode()
    except UnicodeDecodeError:  # equal bytes, but not equal characters, at a border
        return None
    has_blank_end = region.endswith("\n") and data[start:end][-1:] not in {b"", b"\n"}
    return f"{region}\n" if has_blank_end else region


def _with_first_mark(patch: str) -> str:
    """A patch with the mark that is the cursor, and no other in the rows that it adds."""
    rows, is_seen = patch.split("\n"), False
    for index, row in enumerate(rows):
        if row.startswith("+") and CURSOR in row and not row.startswith("+++ "):
            before, _, after = row.partition(CURSOR)
            mark = "" if is_seen else CURSOR
            rows[index] = before + mark + after.replace(CURSOR, "")
            is_seen = True
    return "\n".join(rows)


def _cursor(case: Case, region: str, changed: str, marked: str | None) -> int | None:
    """Where the mark stands in the region, in bytes; None outside it."""
    at = -1 if marked is None else marked.find(CURSOR)
    while marked is not None and at >= 0:
        if marked[:at] + marked[at + len(CURSOR) :] == changed:
            offset = byte_length(marked[:at]) - case.prompt.editable[0]
            return offset if 0 <= offset <= byte_length(region) else None
        at = marked.find(CURSOR, at + 1)
    return None


def _is_same_file(path: str, cursor_path: str) -> bool:
    """Whether two paths may mean one file: some begin with the name of the project's folder."""
    if path in {"", "file", cursor_path}:
        return True
    return path.endswith(f"/{cursor_path}") or cursor_path.endswith(f"/{path}")
