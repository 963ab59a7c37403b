"""Where a model put the cursor: from its answer to the text that a cluster leaves.

A model may say where the person goes on after its edits. It says so in the text that all of its
edits leave; clusters are shown and accepted one by one. `placed` counts in that final text,
`after_cluster` in the text as it is once one cluster is applied: rows above that still wait for
their edits are not moved yet. A place outside the cluster's own rows belongs to another one.
"""

from collections.abc import Sequence

from zeta_lsp.core.clusters import end_of
from zeta_lsp.core.edits import Cluster
from zeta_lsp.core.prompt import Answer, PromptInput
from zeta_lsp.core.text import split_lines, without_surrogates

Place = tuple[int, int]
"""Row and code-point column."""


def placed(answer: Answer, given: PromptInput) -> Place | None:
    """The cursor of an answer in the file that all of its edits leave; None if it placed none."""
    if answer.cursor is None or not answer.replacements:
        return None
    first = answer.replacements[0]
    if first.related is not None:
        return None
    above = without_surrogates(given.cursor_excerpt).encode()[: first.start]
    text = above + first.text.encode("utf-8", "replace")[: answer.cursor]
    lines = split_lines(text.decode("utf-8", "ignore"))
    return (given.excerpt_start_row or 0) + len(lines) - 1, len(lines[-1])


def after_cluster(
    place: Place, cluster: Cluster, clusters: Sequence[Cluster], lines: Sequence[str]
) -> Place | None:
    """That place once `cluster`, one of the `clusters` that are left, is applied to `lines`.

    None if it is not in the rows that the cluster leaves.
    """
    start_row = cluster[0].start_row
    row = place[0] - sum(_growth(one) for one in clusters if one[0].start_row < start_row)
    last_row, _ = end_of(cluster, lines)
    return (row, place[1]) if start_row <= row <= last_row else None


def _growth(cluster: Cluster) -> int:
    """Rows that a cluster adds."""
    return sum(
        len(split_lines(edit.new_text)) - 1 - (edit.end_row - edit.start_row) for edit in cluster
    )
