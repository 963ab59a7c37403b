"""From a model's reply to clusters that may be shown, or the reason why not.

The order is fixed: the answer must be one, it must pass the guards, it must change something, and
it must still fit the text as it is now.
"""

import msgspec

from zeta_lsp.core.clusters import clusters_of
from zeta_lsp.core.edits import Cluster
from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.events import Splice
from zeta_lsp.core.formats import named
from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.guard import guard
from zeta_lsp.core.parse import edits_of
from zeta_lsp.core.places import texts_after
from zeta_lsp.core.ports import Reply
from zeta_lsp.core.prompt import Answer, PromptInput, Replacement
from zeta_lsp.core.rebase import Effect, follow_all, without_done
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.snapshot import Snapshot


class Silence(msgspec.Struct, frozen=True):
    """Nothing is shown, and why: a reason word of `core.lifecycle`, with a detail without text."""

    reason: str
    detail: str = ""


def judge(
    reply: Reply, snapshot: Snapshot, file: OpenFile, now_s: float
) -> tuple[Cluster, ...] | Silence:
    """The clusters that a reply proposes for the text as it is now, or why none is shown."""
    hit = guard(reply, snapshot.given, _format_of(reply))
    if hit is not None:
        return Silence(hit.name, hit.detail)
    answer = _in_cursor_excerpt(reply.answer, snapshot.given)
    try:
        edits = edits_of(
            answer, snapshot.given.cursor_excerpt, snapshot.excerpt.start_row, file.newline
        )
    except PositionError:
        return Silence("outside_editable")
    clusters = clusters_of(edits)
    if not clusters:
        return Silence("no_change")
    left = _as_of_now(clusters, snapshot, file)
    if isinstance(left, Silence):
        return left
    turned_down = (file.rejections.holds(fingerprint(cluster, file), now_s) for cluster in left)
    return Silence("same_as_rejected") if all(turned_down) else left


def _format_of(reply: Reply) -> Format | None:
    """The format of a reply's prompt; the embedded model has none."""
    return named(reply.prompt.format) if reply.prompt is not None else None


def fingerprint(cluster: Cluster, file: OpenFile) -> int:
    """What a cluster would change, for recognising it when it is proposed again."""
    rows = file.document.rows(cluster[0].start_row, cluster[-1].end_row + 1)
    return hash((rows, tuple(edit.new_text for edit in cluster)))


def _as_of_now(
    clusters: tuple[Cluster, ...], snapshot: Snapshot, file: OpenFile
) -> tuple[Cluster, ...] | Silence:
    splices = file.splices_since(snapshot.revision)
    if splices is None or file.document.unsynced is not None:
        return Silence("stale")
    lines = file.document.lines
    moved = _moved(clusters, splices, lines)
    if moved is None:
        return Silence("contradicted")
    left = tuple(rest for cluster in moved if (rest := without_done(cluster, lines)))
    return left or Silence("no_change")


def _moved(
    clusters: tuple[Cluster, ...], splices: list[Splice], lines: list[str]
) -> tuple[Cluster, ...] | None:
    """Clusters moved over splices that led to `lines`; None if one of those contradicts them."""
    for splice, after in zip(splices, texts_after(lines, splices), strict=True):
        followed = follow_all(clusters, splice, after)
        if any(one.effect is Effect.CONTRADICTED for one in followed):
            return None
        clusters = tuple(one.cluster for one in followed if one.cluster)
    return clusters


def _in_cursor_excerpt(answer: Answer, given: PromptInput) -> Answer:
    """The answer with replacements of the current file's related excerpt moved to the cursor's.

    Formats without a cursor section edit the excerpt as a related file; it is the same text.
    """
    if all(replacement.related is None for replacement in answer.replacements):
        return answer
    moved = tuple(_in_excerpt(replacement, given) for replacement in answer.replacements)
    return Answer(moved, answer.cursor, answer.complete)


def _in_excerpt(replacement: Replacement, given: PromptInput) -> Replacement:
    if replacement.related is None or given.related_files is None:
        return replacement
    file_index, excerpt_index = replacement.related
    excerpt = given.related_files[file_index].excerpts[excerpt_index]
    if excerpt.context_source != "current_file":
        return replacement
    return Replacement(replacement.start, replacement.end, replacement.text)
