"""Examples of whole files before and after some edits: what data sets made of commits offer.

The edits up to the present are the history, each an event of its own, in the order of the file. The
cursor stands where the last of them ended, as after typing it. What still differs is expected.
Nobody is known to have edited in this order, so these examples are synthetic and stay so.
"""

from collections.abc import Sequence

from pipeline.reading.moment import Moment, Origin, example
from pipeline.records import Dropped, Row
from zeta_lsp.core.diff.change import Change
from zeta_lsp.core.diff.histogram import histogram_diff
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.excerpt import Excerpt, cut_excerpt
from zeta_lsp.core.region_patch import rows_of
from zeta_lsp.core.text import split_lines
from zeta_lsp.core.unified import unified_diff

EVENTS_MAX = 6
"""Edits of the history; earlier ones belong to the text in which it begins."""


def example_between(origin: Origin, path: str, start: str, current: str, new: str) -> Row | Dropped:
    """The example of a file that became what it is, and is to become something else."""
    done = histogram_diff(rows_of(start), rows_of(current))
    coming = histogram_diff(rows_of(current), rows_of(new))
    row = cursor_row(done, coming)
    lines = split_lines(current)
    row = min(row, len(lines) - 1)
    excerpt = cut_excerpt(lines, row, len(lines[row].rstrip("\n")) if done else 0)
    moment = Moment(
        path=path,
        excerpt=excerpt.text,
        cursor=excerpt.cursor_offset,
        first_row=excerpt.start_row,
        events=events_between(path, rows_of(start), rows_of(current), done),
    )
    new_excerpt = _new_excerpt(excerpt, current, new)
    if new_excerpt is None:
        return Dropped("edit_outside_excerpt")
    return example(moment, origin, [moment.patch_to(new_excerpt)])


def cursor_row(done: Sequence[Change], coming: Sequence[Change]) -> int:
    """Where the last edit ended; without one, where the next begins."""
    if done:
        return max(done[-1].after_end - 1, done[-1].after_start - 1, 0)
    return coming[0].before_start if coming else 0


def events_between(
    path: str, old: Sequence[str], new: Sequence[str], changes: Sequence[Change]
) -> tuple[BufferChange, ...]:
    """One event for each of the last changes, against the text that the earlier ones left."""
    states = [state_after(old, new, one) for one in changes]
    before = states[-EVENTS_MAX - 1 : -1] if len(states) > EVENTS_MAX else [list(old), *states[:-1]]
    return tuple(
        BufferChange(path=path, old_path=path, diff=unified_diff(earlier, later))
        for earlier, later in zip(before, states[-EVENTS_MAX:], strict=False)
    )


def state_after(old: Sequence[str], new: Sequence[str], last: Change) -> list[str]:
    """The rows when a change and all above it were made, and none below."""
    return [*new[: last.after_end], *old[last.before_end :]]


def _new_excerpt(excerpt: Excerpt, current: str, new: str) -> str | None:
    """The excerpt after the edit, None if something outside it changes too."""
    now, then = current.split("\n"), new.split("\n")
    below = len(now) - excerpt.end_row
    end = len(then) - below
    if end < excerpt.start_row or then[: excerpt.start_row] != now[: excerpt.start_row]:
        return None
    if then[end:] != now[excerpt.end_row :]:
        return None
    return "\n".join(then[excerpt.start_row : end])
