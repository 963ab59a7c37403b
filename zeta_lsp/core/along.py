"""Typing along: what is left of an edit after a splice that does some of it.

The same text can be reached in more than one way. An edit may be begun from its start or its end;
its old text may go before the new one comes; an editor may close a bracket; and the same letters or
rows may go in a little further up or down, where they lie beside their like. Each of these leaves a
rest that, once done, gives the very text that the edit was for. What does not is no typing along:
then there is no rest.
"""

from collections.abc import Iterable, Sequence

from zeta_lsp.core.edits import TextEdit
from zeta_lsp.core.events import Splice
from zeta_lsp.core.places import (
    Place,
    new_end_of,
    old_end_of,
    shifted_place,
    start_of,
    text_between,
)
from zeta_lsp.core.replacement import advanced

Rest = tuple[TextEdit, ...]


def edit_start(edit: TextEdit) -> Place:
    """Where an edit begins."""
    return edit.start_row, edit.start_col


def edit_end(edit: TextEdit) -> Place:
    """Where the text that an edit replaces ends."""
    return edit.end_row, edit.end_col


def rest_inside(edit: TextEdit, splice: Splice) -> Rest | None:
    """The rest after a splice that lies within an edit's range."""
    start, end = edit_start(edit), edit_end(edit)
    at, to, text = start_of(splice), old_end_of(splice), splice.new_text
    if at < start or to > end:
        return None
    new_end = new_end_of(splice)
    moved_end = shifted_place(end, splice) if end > to else new_end
    if not text:
        return _edit(start, moved_end, edit.new_text)
    if at == start and edit.new_text.startswith(text):
        return _edit(new_end, moved_end, edit.new_text[len(text) :])
    if to == end and edit.new_text.endswith(text):
        return _edit(start, at, edit.new_text.removesuffix(text))
    return _around(edit, at, text) if start == end else None


def _around(edit: TextEdit, at: Place, text: str) -> Rest | None:
    """The rest of an insertion after an editor closed a bracket: typed ``(``, inserted ``()``."""
    head = 0
    while head < len(text) and edit.new_text.startswith(text[: head + 1]):
        head += 1
    tail = text[head:]
    if head + len(tail) > len(edit.new_text) or not edit.new_text.endswith(tail):
        return None
    place = advanced(*at, text[:head])
    return _edit(place, place, edit.new_text[head : len(edit.new_text) - len(tail)])


def rest_slid(edit: TextEdit, splice: Splice, after: Sequence[str] | None) -> Rest | None:
    """The rest of an insertion that was begun elsewhere to the same effect.

    ``l`` goes into ``helo`` before or behind the other one, a row before an equal one or behind it,
    and any new row also with the Enter key at the end of the row above. `after` is the text after
    the splice; without it nothing is known.
    """
    if after is None or not edit.is_insertion:
        return None
    at, place, text = start_of(splice), edit_start(edit), edit.new_text
    if at > place:
        between = text_between(after, place, at)
        slid = (text + between).removeprefix(between)
    else:
        between = text_between(after, new_end_of(splice), shifted_place(place, splice))
        slid = (between + text).removesuffix(between)
    # Only from its start: ``)`` behind the row above is not the end of a new row.
    if len(slid) != len(text) or not slid.startswith(splice.new_text[:1]):
        return None
    return rest_inside(TextEdit(*at, *at, slid), splice)


def performs(edits: Sequence[TextEdit], splice: Splice, after: Sequence[str] | None) -> bool:
    """Whether a splice makes exactly the change of some edits.

    Editors may send more than changed or, where equal rows lie side by side, say it in other
    places; so both are compared over the range that holds them all. Without the text after the
    splice (`after`) only edits within its own range can be told.
    """
    if sum(map(_row_delta, edits)) != splice.row_delta:
        return False
    start = min(start_of(splice), edit_start(edits[0]))
    end = max(old_end_of(splice), edit_end(edits[-1]))
    head = tail = ""
    if (start, end) != (start_of(splice), old_end_of(splice)):
        if after is None:
            return False
        head = text_between(after, start, start_of(splice))
        tail = text_between(after, new_end_of(splice), shifted_place(end, splice))
    old, new = head + splice.old_text + tail, head + splice.new_text + tail
    return _rewritten(old, start, edits) == new


def _row_delta(edit: TextEdit) -> int:
    return advanced(0, 0, edit.new_text)[0] - (edit.end_row - edit.start_row)


def _rewritten(text: str, origin: Place, edits: Iterable[TextEdit]) -> str:
    """A text that begins at `origin` with edits applied that lie inside it."""
    parts: list[str] = []
    done = 0
    for edit in edits:
        at = _offset(text, origin, edit_start(edit))
        parts += (text[done:at], edit.new_text)
        done = _offset(text, origin, edit_end(edit))
    return "".join(parts) + text[done:]


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


def _edit(start: Place, end: Place, text: str) -> Rest:
    """An edit, or none if it would do nothing."""
    return (TextEdit(*start, *end, text),) if text or start != end else ()
