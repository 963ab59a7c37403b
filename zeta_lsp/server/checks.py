"""What a prediction must pass once it fits the text: it may not break what is whole.

The *syntax* check parses the rows around the edits as they would be. What a person is typing is
broken until it is finished, and a prediction there may leave it so; elsewhere it may not. The
*language server* check asks whoever runs one to look at the document as it would be. It takes tens
of milliseconds, so somebody must have wished for it; what comes too late counts for nothing.

A cluster that comes alone, while the model still writes, is looked at as well. If it breaks
something, it waits for the rest, which may mend that.
"""

import logging
from collections.abc import Sequence

from zeta_lsp.core.edits import Cluster
from zeta_lsp.core.pacing import Trigger
from zeta_lsp.core.shadow import Shadow
from zeta_lsp.server.faults import where
from zeta_lsp.server.judge import Silence
from zeta_lsp.server.run import Ask

log = logging.getLogger(__name__)


class Checks:
    """The checks of one engine. `budget_s` is how long language servers have; with 0 none is asked.

    `shadows` are asked in order, until one knows.
    """

    def __init__(self, shadows: Sequence[Shadow] = (), budget_s: float = 0.0) -> None:
        self._shadows = shadows
        self._budget_s = budget_s

    async def fault(self, ask: Ask, clusters: tuple[Cluster, ...]) -> Silence | None:
        """What clusters would break, or None. They are those of the text as it is at the call."""
        edits = tuple(edit for cluster in clusters for edit in cluster)
        added = _syntax_errors(ask, clusters, edits)
        if added:
            return Silence("adds_syntax_errors", f"{added}")
        added = await self._errors(ask.file.uri, edits) if self._budget_s else 0
        return Silence("adds_errors", f"{added}") if added else None

    async def _errors(self, uri: str, edits: Cluster) -> int:
        """How many errors a language server would find that it does not find now."""
        for shadow in self._shadows:
            try:
                added = await shadow.errors_added(uri, edits, self._budget_s)
            except Exception as fault:  # noqa: BLE001 - the edge: what fails here hides nothing
                log.error("a check failed: %s", where(fault))
                added = None
            if added is not None:
                return max(added, 0)
        return 0


def _syntax_errors(ask: Ask, clusters: tuple[Cluster, ...], edits: Cluster) -> int:
    file = ask.file
    if file.syntax is None or (ask.trigger is Trigger.TYPING and _touch(clusters, file.cursor[0])):
        return 0
    return file.syntax.errors_added(file.document.lines, edits) or 0


def _touch(clusters: Sequence[Cluster], row: int) -> bool:
    return any(cluster[0].start_row <= row <= cluster[-1].end_row for cluster in clusters)
