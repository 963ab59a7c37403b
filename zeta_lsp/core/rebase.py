"""Keeping a prediction true while the document changes under it.

A splice does one of four things to a cluster. Elsewhere in the document it *shifts* it. Typing
along *advances* it: what was typed drops out of what is still to come. Doing all that is left
*consumes* it. Anything else that touches it *contradicts* it.

Zed drops a prediction on every edit outside it (`interpolate_edits`); here such an edit only moves
it, because what lies elsewhere says nothing against it. Typing along is wider too: an edit may be
begun from its end, old text may be removed before the new one is typed, and a bracket that an
editor closes by itself is no contradiction.

Positions are those of the text before the splice on the way in, and after it on the way out.
"""

import enum
from collections.abc import Iterable, Sequence

import msgspec

from zeta_lsp.core.edits import Cluster, TextEdit
from zeta_lsp.core.events import Splice
from zeta_lsp.core.replacement import advanced

Place = tuple[int, int]


class Effect(enum.IntEnum):
    """What a splice did to a cluster, in order of weight."""

    SHIFTED = 0
    ADVANCED = 1
    CONSUMED = 2
    CONTRADICTED = 3


class Followed(msgspec.Struct, frozen=True, gc=False):
    """A cluster after a splice. It is empty when consumed or contradicted."""

    effect: Effect
    cluster: Cluster


def follow(cluster: Cluster, splice: Splice) -> Followed:
    """Move a cluster over one splice."""
    if _begins_after(cluster[0], splice):
        if splice.row_delta == 0 and splice.old_end_row < cluster[0].start_row:
            return Followed(Effect.SHIFTED, cluster)  # on rows above, and none was added
        return Followed(Effect.SHIFTED, tuple(_shifted(edit, splice) for edit in cluster))
    if _ends_before(cluster[-1], splice):
        return Followed(Effect.SHIFTED, cluster)
    return _touched(cluster, splice)


def without_done(cluster: Cluster, lines: Sequence[str]) -> Cluster:
    """The edits that still change something in a text."""
    return tuple(edit for edit in cluster if text_between(lines, edit) != edit.new_text)


def text_between(lines: Sequence[str], edit: TextEdit) -> str:
    """What stands in an edit's range."""
    if edit.start_row == edit.end_row:
        return lines[edit.start_row][edit.start_col : edit.end_col]
    between = "".join(lines[edit.start_row + 1 : edit.end_row])
    last = lines[edit.end_row][: edit.end_col] if edit.end_row < len(lines) else ""
    return lines[edit.start_row][edit.start_col :] + between + last


def shifted_place(place: Place, splice: Splice) -> Place:
    """Where a place went. One inside the replaced text ends up behind the new text."""
    start, old_end = _start(splice), _old_end(splice)
    if place <= start:
        return place
    if place < old_end:
        return splice.new_end_row, splice.new_end_col
    row, col = place
    if row == splice.old_end_row:
        col += splice.new_end_col - splice.old_end_col
    return row + splice.row_delta, col


def _touched(cluster: Cluster, splice: Splice) -> Followed:
    """A splice that overlaps a cluster or lies between its edits."""
    if _performs(cluster, splice):
        return _performed(cluster, splice)
    kept: list[TextEdit] = []
    effect = Effect.SHIFTED
    for edit in cluster:
        if _begins_after(edit, splice):
            kept.append(_shifted(edit, splice))
        elif _ends_before(edit, splice):
            kept.append(edit)
        else:
            rest = _rest(edit, splice)
            if rest is None:
                return Followed(Effect.CONTRADICTED, ())
            effect = Effect.ADVANCED
            kept += rest
    return Followed(effect if kept else Effect.CONSUMED, tuple(kept))


def _performs(cluster: Cluster, splice: Splice) -> bool:
    """Whether the splice makes the change of all edits that it covers, and covers some whole."""
    start, end = _start(splice), _old_end(splice)
    inside = [edit for edit in cluster if start <= _edit_start(edit) and _edit_end(edit) <= end]
    if not inside or any(_overlaps(edit, start, end) for edit in cluster if edit not in inside):
        return False
    return _rewritten(splice, inside) == splice.new_text


def _performed(cluster: Cluster, splice: Splice) -> Followed:
    start, end = _start(splice), _old_end(splice)
    rest = [edit for edit in cluster if not start <= _edit_start(edit) <= _edit_end(edit) <= end]
    kept = tuple(_shifted(edit, splice) if _edit_start(edit) >= end else edit for edit in rest)
    return Followed(Effect.ADVANCED if kept else Effect.CONSUMED, kept)


def _overlaps(edit: TextEdit, start: Place, end: Place) -> bool:
    return _edit_start(edit) < end and start < _edit_end(edit)


def _rewritten(splice: Splice, edits: Iterable[TextEdit]) -> str:
    """The splice's old text with edits applied that lie inside it."""
    parts: list[str] = []
    done, origin = 0, _start(splice)
    for edit in edits:
        at = _offset(splice.old_text, origin, _edit_start(edit))
        parts += (splice.old_text[done:at], edit.new_text)
        done = _offset(splice.old_text, origin, _edit_end(edit))
    return "".join(parts) + splice.old_text[done:]


def _offset(text: str, origin: Place, place: Place) -> int:
    """Code points between the origin of a text and a place in it."""
    rows = place[0] - origin[0]
    if rows == 0:
        return place[1] - origin[1]
    at = 0
    for _ in range(rows):
        ends = [found for end in ("\n", "\r") if (found := text.find(end, at)) >= 0]
        at = min(ends, default=len(text) - 1) + 1
        if text[at - 1 : at + 1] == "\r\n":
            at += 1
    return at + place[1]


def _rest(edit: TextEdit, splice: Splice) -> list[TextEdit] | None:
    """What is left of an edit after a splice inside it; None if the splice contradicts it."""
    start, end = _edit_start(edit), _edit_end(edit)
    at, to, text = _start(splice), _old_end(splice), splice.new_text
    if at < start or to > end:
        return None
    new_end = (splice.new_end_row, splice.new_end_col)
    tail_end = shifted_place(end, splice) if end > to else new_end
    if at == start and edit.new_text.startswith(text) and (text or to > at):
        return _edit(new_end, tail_end, edit.new_text[len(text) :])
    if to == end and edit.new_text.endswith(text) and (text or to > at):
        kept = edit.new_text[: len(edit.new_text) - len(text)]
        return _edit(start, at, kept)
    return _around(edit, at, text) if start == end == at else None


def _around(edit: TextEdit, at: Place, text: str) -> list[TextEdit] | None:
    """The rest of an insertion after an editor closed a bracket: typed ``(``, inserted ``()``."""
    head = 0
    while head < len(text) and edit.new_text.startswith(text[: head + 1]):
        head += 1
    tail = text[head:]
    if not head or head + len(tail) > len(edit.new_text) or not edit.new_text.endswith(tail):
        return None
    place = advanced(*at, text[:head])
    return _edit(place, place, edit.new_text[head : len(edit.new_text) - len(tail)])


def _edit(start: Place, end: Place, text: str) -> list[TextEdit]:
    """An edit as a list, empty if it would do nothing."""
    return [TextEdit(*start, *end, text)] if text or start != end else []


def _begins_after(edit: TextEdit, splice: Splice) -> bool:
    """Whether a splice lies before an edit without touching it.

    An insertion right at an edit's start touches it: it may be the beginning of what was predicted.
    """
    return _old_end(splice) < _edit_start(edit)


def _ends_before(edit: TextEdit, splice: Splice) -> bool:
    return _start(splice) > _edit_end(edit)


def _shifted(edit: TextEdit, splice: Splice) -> TextEdit:
    start = shifted_place(_edit_start(edit), splice)
    return TextEdit(*start, *shifted_place(_edit_end(edit), splice), edit.new_text)


def _start(splice: Splice) -> Place:
    return splice.start_row, splice.start_col


def _old_end(splice: Splice) -> Place:
    return splice.old_end_row, splice.old_end_col


def _edit_start(edit: TextEdit) -> Place:
    return edit.start_row, edit.start_col


def _edit_end(edit: TextEdit) -> Place:
    return edit.end_row, edit.end_col
