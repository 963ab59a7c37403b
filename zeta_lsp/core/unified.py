"""Unified diffs as Zed writes them into edit history.

Three rows of context if nobody says otherwise, hunks that would touch are one, no file header, and
headers of the form ``@@ -a,b +c,d @@``: both counts are always written, and a side without rows
still names the row after the one above it (git would name that one). Rows are given without their
terminators and printed with ``\\n``, so neither CRLF nor a missing last newline shows.
"""

from collections.abc import Sequence

from zeta_lsp.core.diff.change import Change
from zeta_lsp.core.diff.histogram import histogram_diff

CONTEXT_ROWS = 3


def unified_diff(
    old: Sequence[str], new: Sequence[str], first_row: int = 0, context_rows: int = CONTEXT_ROWS
) -> str:
    """The diff of two runs of rows that both start at `first_row` of their files; "" if equal."""
    hunks: list[list[Change]] = []
    for change in histogram_diff(old, new):
        if hunks and change.before_start - hunks[-1][-1].before_end <= 2 * context_rows:
            hunks[-1].append(change)
        else:
            hunks.append([change])
    return "".join(_hunk(changes, old, new, first_row, context_rows) for changes in hunks)


def _hunk(
    changes: Sequence[Change],
    old: Sequence[str],
    new: Sequence[str],
    first_row: int,
    context_rows: int,
) -> str:
    above = min(context_rows, changes[0].before_start)
    start, new_start = changes[0].before_start - above, changes[0].after_start - above
    end = min(len(old), changes[-1].before_end + context_rows)
    new_count = changes[-1].after_end + (end - changes[-1].before_end) - new_start
    header = (
        f"@@ -{first_row + start + 1},{end - start} +{first_row + new_start + 1},{new_count} @@\n"
    )
    parts, at = [header], start
    for change in changes:
        parts += [f" {row}\n" for row in old[at : change.before_start]]
        parts += [f"-{row}\n" for row in old[change.before_start : change.before_end]]
        parts += [f"+{row}\n" for row in new[change.after_start : change.after_end]]
        at = change.before_end
    parts += [f" {row}\n" for row in old[at:end]]
    return "".join(parts)
