"""A prediction in the hands of a session: its clusters, kept true to the text, and its life.

A suggestion follows every change of its document. Typing along leaves the rest of it, an accepted
cluster leaves the others, an edit elsewhere moves it, a contradiction ends it. Whether something
was accepted or typed is read from the changes themselves, since no editor's word for it can be
relied on; a command that says so later only confirms.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from zeta_lsp.core.clusters import nearest_first
from zeta_lsp.core.cursor import Place, after_cluster
from zeta_lsp.core.edits import Cluster
from zeta_lsp.core.events import Splice
from zeta_lsp.core.keystrokes import is_key
from zeta_lsp.core.lifecycle import ENDINGS, Happening, State, step
from zeta_lsp.core.outcome import Offer
from zeta_lsp.core.places import texts_after
from zeta_lsp.core.ports import Reply
from zeta_lsp.core.rebase import Effect, follow_all, without_done

if TYPE_CHECKING:
    from zeta_lsp.server.openfile import OpenFile


class Step(msgspec.Struct, frozen=True):
    """What a notification did to a suggestion; `accepted` are the indexes of its splices."""

    happening: Happening | None = None
    accepted: frozenset[int] = frozenset()


NOTHING = Step()


class Suggestion:
    """One prediction of one document.

    `clusters` are what is left of it, in coordinates of the text as it is now. It is `fresh` until
    the text changes in a way it did not foresee, and `whole` once the model has finished. `cursor`
    is where the model put the cursor, in the text that all of it leaves. `context` is what the
    journal says of the other files that the model saw.
    """

    __slots__ = (
        "clusters",
        "context",
        "cursor",
        "file",
        "format",
        "fresh",
        "ident",
        "latency_ms",
        "model",
        "offer",
        "reason",
        "reply",
        "rest",
        "state",
    )

    def __init__(
        self,
        ident: str,
        file: "OpenFile",
        clusters: tuple[Cluster, ...],
        reply: Reply,
        latency_ms: float,
    ) -> None:
        self.ident = ident
        self.file = file
        self.clusters = clusters
        self.context: tuple[str, ...] = ()
        self.cursor: Place | None = None
        self.reply = reply
        self.model = reply.model
        self.format = reply.prompt.format if reply.prompt is not None else ""
        self.latency_ms = latency_ms
        self.state = State.HELD
        self.reason = ""
        self.fresh = True
        self.offer: Offer | None = None
        self.rest: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def ended(self) -> bool:
        """Whether nothing more can happen to it."""
        return self.state in ENDINGS and not self.clusters

    @property
    def answers_at_once(self) -> bool:
        """Whether it answers a request without asking the model."""
        return self.fresh and bool(self.clusters)

    @property
    def awaits_rest(self) -> bool:
        """Whether more of it is still being written."""
        return self.fresh and not self.clusters and not self.rest.done()

    def nearest(self, row: int) -> Cluster:
        """The cluster to show to somebody in a row."""
        return nearest_first(self.clusters, row)[0]

    def cursor_in(self, cluster: Cluster) -> Place | None:
        """Where the model put the cursor, once one of the clusters is applied to the text."""
        if self.cursor is None or not self.fresh:
            return None
        return after_cluster(self.cursor, cluster, self.clusters, self.file.document.lines)

    def extend(self, clusters: tuple[Cluster, ...]) -> None:
        """The model wrote more: these are all clusters that are left."""
        self.clusters = clusters

    def finish(self) -> None:
        """The model has finished."""
        if not self.rest.done():
            self.rest.set_result(None)

    def happen(self, happening: Happening, reason: str = "") -> None:
        """Live on; the reason is kept for whoever asks why it was not shown."""
        self.state = step(self.state, happening)
        self.reason = reason

    def shown(self, now_s: float) -> None:
        """The person sees it, or is at it."""
        if self.offer is None:
            self.offer = Offer(now_s)
        self.offer.seen(now_s)

    def is_ignored(self, now_s: float) -> bool:
        """Whether it was shown and nobody took it up for long enough."""
        return self.offer is not None and self.offer.is_ignored(now_s)

    def follow(self, splices: Sequence[Splice], lines: Sequence[str], now_s: float) -> Step:
        """Follow the changes of one notification; `lines` are the text after them."""
        before, clusters, moved = len(self.clusters), self.clusters, set[int]()
        for index, after in enumerate(texts_after(lines, splices)):
            splice = splices[index]
            followed = follow_all(clusters, splice, after)
            effect = max((one.effect for one in followed), default=Effect.SHIFTED)
            if effect is Effect.CONTRADICTED:
                self.clusters, self.fresh = (), False
                return Step(Happening.CONTRADICT)
            if effect is not Effect.SHIFTED:
                moved.add(index)
            clusters = tuple(one.cluster for one in followed if one.cluster)
        if not moved:
            self.clusters, self.fresh = clusters, False
            if self.offer is not None:
                self.offer.passed_by(now_s)
            return NOTHING
        self.shown(now_s)
        self.fresh = self.fresh and len(moved) == len(splices)
        self.clusters = tuple(left for one in clusters if (left := without_done(one, lines)))
        by_key = all(is_key(splices[index]) for index in moved)
        return self._step(len(self.clusters) < before, frozenset(moved), by_key=by_key)

    def _step(self, consumed: bool, moved: frozenset[int], *, by_key: bool) -> Step:
        if by_key:
            return Step(Happening.TYPE_THROUGH if consumed and not self.clusters else None)
        return Step(Happening.ACCEPT if consumed else Happening.ACCEPT_PART, moved)
