"""Differences as ``git diff`` writes them, so that ``git apply`` takes them.

Three lines of context, a header a file, ``/dev/null`` for what does not exist yet, and a note where
a last line has no end. Lines end at ``\\n`` alone, as git's do.
"""

from collections.abc import Sequence

from zeta_lsp.core.diff.change import Change
from zeta_lsp.core.diff.histogram import histogram_diff

CONTEXT_LINES = 3
NO_END = "\\ No newline at end of file\n"


def file_diff(path: str, old: str | None, new: str) -> str:
    """The diff of one file, empty if nothing changed. `old` is None for a new file."""
    if old == new:
        return ""
    head = f"diff --git a/{path} b/{path}\n"
    if old is None:
        head += "new file mode 100644\n"
    if old or new:
        head += f"--- {'/dev/null' if old is None else f'a/{path}'}\n+++ b/{path}\n"
    return head + "".join(_hunks(_lines(old or ""), _lines(new)))


def _lines(text: str) -> list[str]:
    """Lines as a diff prints them, their ends included."""
    lines = text.split("\n")
    last = lines.pop()
    return [f"{line}\n" for line in lines] + ([f"{last}\n{NO_END}"] if last else [])


def _hunks(old: Sequence[str], new: Sequence[str]) -> list[str]:
    groups: list[list[Change]] = []
    for change in histogram_diff(old, new):
        if groups and change.before_start - groups[-1][-1].before_end <= 2 * CONTEXT_LINES:
            groups[-1].append(change)
        else:
            groups.append([change])
    return [_hunk(changes, old, new) for changes in groups]


def _hunk(changes: Sequence[Change], old: Sequence[str], new: Sequence[str]) -> str:
    first, last = changes[0], changes[-1]
    above = min(CONTEXT_LINES, first.before_start)
    below = min(CONTEXT_LINES, len(old) - last.before_end)
    start, end = first.before_start - above, last.before_end + below
    parts, at = [], start
    for change in changes:
        parts += [f" {line}" for line in old[at : change.before_start]]
        parts += [f"-{line}" for line in old[change.before_start : change.before_end]]
        parts += [f"+{line}" for line in new[change.after_start : change.after_end]]
        at = change.before_end
    parts += [f" {line}" for line in old[at:end]]
    before = _side(start, end)
    after = _side(first.after_start - above, last.after_end + below)
    return f"@@ -{before} +{after} @@\n" + "".join(parts)


def _side(start: int, end: int) -> str:
    """Rows as a header counts them: from 1, and an empty side names the row above it."""
    count = end - start
    first = start + 1 if count else start
    return str(first) if count == 1 else f"{first},{count}"
