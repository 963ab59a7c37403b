"""Keeping a prediction true while the document changes under it.

A splice does one of four things to a cluster. Elsewhere in the document it *shifts* it. Typing
along (`along`) *advances* it: what was typed drops out of what is still to come. Doing all that is
left *consumes* it. Anything else that touches it *contradicts* it.

Zed drops a prediction on every edit outside it (`interpolate_edits`); here such an edit only moves
it, because what lies elsewhere says nothing against it.

Positions are those of the text before the splice on the way in, and after it on the way out. The
promise: unless a cluster was contradicted, doing what is left of it gives the text that doing it
at once would have given, with whatever was changed elsewhere.
"""

import enum
from collections.abc import Iterator, Sequence

import msgspec

from zeta_lsp.core.along import (
    Rest,
    edit_end,
    edit_start,
    performs,
    rest_inside,
    rest_slid,
)
from zeta_lsp.core.edits import Cluster, TextEdit
from zeta_lsp.core.events import Splice
from zeta_lsp.core.places import old_end_of, shifted_place, start_of, text_between

NEAR_ROWS = 8
"""Equal rows that are looked through for another place with the same effect."""


class Effect(enum.IntEnum):
    """What a splice did to a cluster, in order of weight."""

    SHIFTED = 0
    ADVANCED = 1
    CONSUMED = 2
    CONTRADICTED = 3


_DONE = (Effect.ADVANCED, Effect.CONSUMED)


class Followed(msgspec.Struct, frozen=True, gc=False):
    """A cluster after a splice. It is empty when consumed or contradicted."""

    effect: Effect
    cluster: Cluster


def without_done(cluster: Cluster, lines: Sequence[str]) -> Cluster:
    """The edits that still change something in a text."""
    return tuple(
        edit
        for edit in cluster
        if text_between(lines, edit_start(edit), edit_end(edit)) != edit.new_text
    )


def follow(cluster: Cluster, splice: Splice, after: Sequence[str] | None = None) -> Followed:
    """Move a cluster over one splice.

    `after` is the text after the splice. Without it a splice that does some of the cluster in
    another place, to the same effect, is taken for one elsewhere.
    """
    if _is_far(cluster, splice):
        return Followed(Effect.SHIFTED, _shifted(cluster, splice))
    for edits in _candidates(cluster, splice):
        if performs(edits, splice, after):
            return _left(cluster, splice, edits, ())
    for edit in cluster:
        rest = rest_inside(edit, splice)
        if rest is not None:
            return _left(cluster, splice, (edit,), rest)
    if _touched(cluster, splice):
        return Followed(Effect.CONTRADICTED, ())
    for edit in cluster:
        rest = rest_slid(edit, splice, after)
        if rest is not None:
            return _left(cluster, splice, (edit,), rest)
    return Followed(Effect.SHIFTED, _shifted(cluster, splice))


def follow_all(
    clusters: Sequence[Cluster], splice: Splice, after: Sequence[str] | None = None
) -> list[Followed]:
    """Move the clusters of one prediction, as `follow` does, so that only one of them advances.

    The same row may be proposed in two places; whoever types it once is not done with both.
    """
    followed = [follow(cluster, splice, after) for cluster in clusters]
    takers = [at for at, one in enumerate(followed) if one.effect in _DONE]
    if len(takers) > 1:
        taker = next((at for at in takers if _touched(clusters[at], splice)), takers[0])
        for at in takers:
            if at != taker:
                followed[at] = Followed(Effect.SHIFTED, _shifted(clusters[at], splice))
    return followed


def _touched(cluster: Cluster, splice: Splice) -> bool:
    return any(_touches(edit, splice) for edit in cluster)


def _is_far(cluster: Cluster, splice: Splice) -> bool:
    """Whether the two cannot have to do with each other."""
    above = cluster[0].start_row - splice.old_end_row
    below = splice.start_row - cluster[-1].end_row
    return max(above, below) > NEAR_ROWS


def _candidates(cluster: Cluster, splice: Splice) -> Iterator[Cluster]:
    """Edits that a splice may be doing: those in its range, all, or one beside it."""
    start, end = start_of(splice), old_end_of(splice)
    inside = tuple(one for one in cluster if start <= edit_start(one) and edit_end(one) <= end)
    if inside:
        yield inside
    if inside != cluster:
        yield cluster
    if not inside and len(cluster) > 1:
        before = [one for one in cluster if edit_end(one) <= start]
        yield from ((one,) for one in (*before[-1:], *cluster[len(before) :][:1]))


def _touches(edit: TextEdit, splice: Splice) -> bool:
    """Whether a splice is not wholly before or behind an edit.

    An insertion right at an edit's start touches it: it may be the beginning of what was predicted.
    """
    return edit_start(edit) <= old_end_of(splice) and start_of(splice) <= edit_end(edit)


def _left(cluster: Cluster, splice: Splice, done: Cluster, rest: Rest) -> Followed:
    """What is left when a run of edits became a rest."""
    first = cluster.index(done[0])
    before, behind = cluster[:first], cluster[first + len(done) :]
    kept = (
        *(_shifted_edit(edit, splice) for edit in before),
        *rest,
        *(_shifted_edit(edit, splice, behind=True) for edit in behind),
    )
    return Followed(Effect.ADVANCED if kept else Effect.CONSUMED, kept)


def _shifted(cluster: Cluster, splice: Splice) -> Cluster:
    if splice.row_delta == 0 and splice.old_end_row < cluster[0].start_row:
        return cluster  # on rows above, and none was added
    return tuple(_shifted_edit(edit, splice) for edit in cluster)


def _shifted_edit(edit: TextEdit, splice: Splice, *, behind: bool = False) -> TextEdit:
    """An edit after a splice that is none of its business.

    `behind` says that the edit comes after the splice even where both begin in the same place.
    """
    start = shifted_place(edit_start(edit), splice, behind=behind)
    end = shifted_place(edit_end(edit), splice, behind=behind)
    return TextEdit(*start, *end, edit.new_text)
