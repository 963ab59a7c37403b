"""Gathers what stands around a place in the files of a workspace: `core.surroundings.Gatherer`.

The names near the cursor are read off a bounded window, which takes a fraction of a millisecond.
Everything that needs another file (its text, its outline, the index) is done by the helper process
of the index, so that no parse ever holds this one's interpreter.
"""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from zeta_lsp.context.index.client import DEADLINE_S, EXCERPTS_S, Index
from zeta_lsp.context.index.messages import Reason
from zeta_lsp.context.outline import identifiers_near
from zeta_lsp.core.prompt import RelatedFile
from zeta_lsp.core.related import Found, Identifier, Place, Receipt, Visit
from zeta_lsp.core.surroundings import View

log = logging.getLogger(__name__)


class WorkspaceGatherer:
    """Gathers with the help of an index, whose cache is in a folder (None: in memory alone).

    The deadlines are those of a session; who has time gives more.
    """

    def __init__(
        self,
        cache: Path | None,
        *,
        deadline_s: float = DEADLINE_S,
        excerpts_s: float = EXCERPTS_S,
    ) -> None:
        self._progress: Callable[[int, int], None] | None = None
        self._index = Index(
            cache,
            told=_log,
            progress=self._moved,
            deadline_s=deadline_s,
            excerpts_s=excerpts_s,
        )

    async def start(
        self,
        roots: Sequence[Path],
        names: Sequence[str],
        exclusions: Sequence[str],
        progress: Callable[[int, int], None],
    ) -> None:
        """See `Gatherer`."""
        self._progress = progress
        await self._index.start(roots, exclusions, names)

    async def identifiers(self, view: View) -> tuple[Identifier, ...]:
        """See `Gatherer`."""
        near = identifiers_near(view.language, view.lines, view.row - view.first_row, view.col)
        return tuple(msgspec.structs.replace(one, row=one.row + view.first_row) for one in near)

    async def definitions(
        self, view: View, identifiers: Sequence[Identifier]
    ) -> Sequence[tuple[Place, ...]]:
        """See `Gatherer`."""
        return await self._index.definitions_of(identifiers, view.path)

    async def files(
        self, view: View, found: Sequence[Found], visits: Sequence[Visit]
    ) -> tuple[tuple[RelatedFile, ...], tuple[Receipt, ...]]:
        """See `Gatherer`."""
        return await self._index.excerpts(found, view.path, visits)

    def overlay(self, path: str, text: str | None) -> None:
        """See `Gatherer`."""
        self._index.overlay(path, text)

    def changed(self, path: str) -> None:
        """See `Gatherer`."""
        self._index.changed(path)

    async def until_ready(self) -> None:
        """Wait until the index knows its folders; without a helper, for ever."""
        await self._index.after_round(0)

    async def until_agreed(self, paths: Sequence[str]) -> None:
        """Wait until the index knows what was written to files just now."""
        for _ in range(2):  # a round may have been on its way; the one after it saw the files
            state = self._index.state
            for path in paths:
                self._index.changed(path)
            await self._index.after_round(0 if state is None else state.round)

    async def aclose(self) -> None:
        """See `Gatherer`."""
        await self._index.aclose()

    def _moved(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress(done, total)


def _log(reason: Reason, number: int) -> None:
    """Why less is known than could be."""
    log.info("%s (%d)", reason, number)
