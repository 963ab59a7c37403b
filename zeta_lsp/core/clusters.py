"""Edits that lie together, and the two shapes in which editors take them.

Zed shows one cluster at a time: edits at most one row apart, the cluster nearest to the cursor
first. Editors differ in what they accept. Next-edit clients want whole lines, because column-exact
ranges break where the encoding is guessed wrong, and nothing but the lines that change. Inline
completion wants a range on the cursor's line that holds the cursor, with what stands before the
cursor at the beginning of the inserted text. Both shapes make exactly the change of the cluster, or
do not exist.

`lines` is always the document as `split_lines` cuts it: terminators kept, the last line without.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from zeta_lsp.core.edits import Cluster, TextEdit
from zeta_lsp.core.text import line_length, split_lines

MAX_ROWS_APART = 1


def clusters_of(edits: Iterable[TextEdit]) -> tuple[Cluster, ...]:
    """Group sorted edits: those at most one row apart belong together."""
    clusters: list[list[TextEdit]] = []
    for edit in edits:
        if clusters and edit.start_row - clusters[-1][-1].end_row <= MAX_ROWS_APART:
            clusters[-1].append(edit)
        else:
            clusters.append([edit])
    return tuple(map(tuple, clusters))


def nearest_first(clusters: Iterable[Cluster], row: int) -> tuple[Cluster, ...]:
    """Order clusters by rows between them and `row`; at equal distance the lower one first."""
    return tuple(
        sorted(clusters, key=lambda cluster: (_rows_away(cluster, row), _is_above(cluster, row)))
    )


def _rows_away(cluster: Cluster, row: int) -> int:
    return max(0, cluster[0].start_row - row, row - cluster[-1].end_row)


def _is_above(cluster: Cluster, row: int) -> bool:
    return cluster[-1].end_row < row


def whole_line_edit(cluster: Cluster, lines: Sequence[str]) -> TextEdit:
    """One edit of whole lines, with their terminators, that makes the change of `cluster`.

    Lines that stay as they are at its beginning and end are left out. Only at the end of a document
    does the range end inside a row: the row behind a final newline is none in some editors, which
    then make two changes of one edit.
    """
    first, last = cluster[0].start_row, min(cluster[-1].end_row, len(lines) - 1)
    old = list(lines[first : last + 1])
    new = split_lines(rewritten(cluster, lines, first, last))
    if not new[-1]:
        new.pop()  # the rewritten rows end with a newline: no further line was begun
    if old and not old[-1]:
        old.pop()
    head, tail = _shared_ends(old, new)
    start, stop = first + head, first + len(old) - tail
    text = "".join(new[head : len(new) - tail])
    if stop == len(lines):
        return TextEdit(start, 0, len(lines) - 1, len(lines[-1]), text)
    if start < stop == len(lines) - 1 and not lines[-1]:
        end_col = line_length(lines[stop - 1])
        newline = lines[stop - 1][end_col:]
        if end_col and text.endswith(newline):
            return TextEdit(start, 0, stop - 1, end_col, text.removesuffix(newline))
    return TextEdit(start, 0, stop, 0, text)


def _shared_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    limit = min(len(old), len(new))
    head = 0
    while head < limit and old[head] == new[head]:
        head += 1
    tail, limit = 0, limit - head
    while tail < limit and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail


def rewritten(cluster: Cluster, lines: Sequence[str], first: int, last: int) -> str:
    """The text of rows ``first`` to ``last`` after the cluster is applied."""
    parts: list[str] = []
    row, col = first, 0
    for edit in cluster:
        parts += (_between(lines, row, col, edit.start_row, edit.start_col), edit.new_text)
        row, col = edit.end_row, edit.end_col
    if row <= last:
        parts.append(_between(lines, row, col, last, len(lines[last])))
    return "".join(parts)


def end_of(cluster: Cluster, lines: Sequence[str]) -> tuple[int, str]:
    """Where the cursor belongs once a cluster is applied: behind its last edit.

    Returns:
        The row, and the text of that row up to the place.
    """
    first, last_row = cluster[0].start_row, min(cluster[-1].end_row, len(lines) - 1)
    text = rewritten(cluster, lines, first, last_row)
    behind = len(lines[last_row]) - cluster[-1].end_col if cluster[-1].end_row == last_row else 0
    before = split_lines(text[: len(text) - behind])
    return first + len(before) - 1, before[-1]


def _between(lines: Sequence[str], row: int, col: int, end_row: int, end_col: int) -> str:
    if row == end_row:
        return lines[row][col:end_col] if row < len(lines) else ""
    return lines[row][col:] + "".join(lines[row + 1 : end_row]) + lines[end_row][:end_col]


def inline_edit(cluster: Cluster, row: int, col: int, lines: Sequence[str]) -> TextEdit | None:
    """The cluster as a replacement on the cursor's line, or None if it cannot be one.

    The range begins at the first changed column, or at the cursor if that is earlier, and ends
    where the change ends, or at the cursor if that is later. The text begins with what stands
    between the range's start and the cursor; it may go over several lines. Lines added below the
    cursor's line are added at its end instead. There is no inline form if another line changes or
    if something before the cursor does.
    """
    if row >= len(lines):
        return None
    edits = [_pulled_up(edit, row, lines) for edit in cluster]
    if any(edit.start_row != row or edit.end_row != row for edit in edits):
        return None
    start, end = min(edits[0].start_col, col), max(edits[-1].end_col, col)
    head = _between(lines, row, start, row, edits[0].start_col)
    tail = _between(lines, row, edits[-1].end_col, row, end)
    text = head + _joined(edits, lines[row]) + tail
    typed = lines[row][start:col]
    return TextEdit(row, start, row, end, text) if text.startswith(typed) else None


def _pulled_up(edit: TextEdit, row: int, lines: Sequence[str]) -> TextEdit:
    """Whole lines inserted below `row`, as the same lines inserted at the end of `row`."""
    below = edit.is_insertion and (edit.start_row, edit.start_col) == (row + 1, 0)
    length = line_length(lines[row])
    newline = lines[row][length:]
    if not below or not newline or not edit.new_text.endswith(newline):
        return edit
    return TextEdit(row, length, row, length, newline + edit.new_text.removesuffix(newline))


def _joined(edits: Sequence[TextEdit], line: str) -> str:
    """The new texts of edits on one line with what stays between them."""
    parts = [edits[0].new_text]
    for before, after in pairwise(edits):
        parts += (line[before.end_col : after.start_col], after.new_text)
    return "".join(parts)
