"""The three methods by which clients ask for predictions, and their companions.

All three ask one engine and shape what it says (`shapes`). None of them ever answers with an error
because there is no prediction: inline completion answers null, the next-edit methods an empty list,
`zeta/nextEdit` with the reason.
"""

from typing import Any

from zeta_lsp.core.edits import Cluster
from zeta_lsp.core.errors import PositionError
from zeta_lsp.core.lifecycle import Happening
from zeta_lsp.core.pacing import Trigger
from zeta_lsp.server.around import Around
from zeta_lsp.server.engine import Engine
from zeta_lsp.server.judge import Silence
from zeta_lsp.server.jumping import Jumping
from zeta_lsp.server.ledger import Ledger
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.params import PositionRequest
from zeta_lsp.server.shapes import (
    Json,
    cursor_after,
    exact_edits,
    inline_edits,
    inline_item,
    is_far,
    jump_reply,
    position_of,
)
from zeta_lsp.server.suggestion import Suggestion

INVOKED, AUTOMATIC = 1, 2
"""LSP's trigger kinds: the person asked, or the editor did."""


class Predictions:
    """Answers prediction requests for the open files."""

    def __init__(
        self,
        files: dict[str, OpenFile],
        engine: Engine,
        ledger: Ledger,
        around: Around,
        jumping: Jumping,
    ) -> None:
        self.files = files
        self.engine = engine
        self.ledger = ledger
        self.around = around
        self.jumping = jumping
        self.last_used: OpenFile | None = None

    async def inline_completion(self, params: PositionRequest) -> Json | None:
        """``textDocument/inlineCompletion``: at most one item, on the cursor's line.

        Null rather than an empty list: one client keeps its ghost text on null and clears it on an
        empty list, and a superseded request must not clear anything.
        """
        found = await self.ask(params)
        if isinstance(found, Silence):
            return None
        file, place = found.file, found.file.cursor
        selected = params.context.selected_completion_info if params.context else None
        item = inline_item(
            file.document, found.nearest(place[0]), place, self.ident(found), selected
        )
        if item is None:
            return None
        self.shown(found)
        return {"items": [item]}

    async def inline_edit(self, params: PositionRequest) -> Json:
        """``textDocument/copilotInlineEdit``: whole-line edits, never null.

        Clients that send a `context` apply all edits at once; the others show the first alone.
        """
        found = await self.ask(params)
        if isinstance(found, Silence):
            return {"edits": []}
        document = found.file.document
        several = params.context is not None
        clusters = found.clusters if several else (found.nearest(found.file.cursor[0]),)
        self.shown(found)
        return {"edits": inline_edits(document, clusters, self.ident(found))}

    async def next_edit(self, params: PositionRequest) -> Json:
        """``zeta/nextEdit``: the prediction in full, or the reason why there is none.

        Who wants to go on, and has nothing proposed, is sent to what is wrong elsewhere.
        """
        found = await self.ask(params)
        if isinstance(found, Silence):
            if (jump := self._jump(params, found)) is not None:
                return jump
            return {
                "id": None,
                "edits": [],
                "cursor": None,
                "jump": None,
                "reason": found.reason,
                "model": self.engine.predictor.name,
                "latencyMs": 0,
            }
        cluster = found.nearest(found.file.cursor[0])
        self.shown(found)
        return self.in_full(found, cluster)

    def _jump(self, params: PositionRequest, silence: Silence) -> Json | None:
        """The edit that waits in another file; else what is wrong, for who wants to go on."""
        file = self.files.get(params.text_document.uri)
        if file is None:
            return None
        if silence.reason == "elsewhere":
            return self.engine.elsewhere.jump(file)
        jump = self.jumping.instead(file, silence, explicit=_is_explicit(params))
        if jump is None:
            return None
        there, offered = jump
        document = there.document
        target = {"uri": document.uri, "version": document.version}
        position = position_of(document, *offered.place)
        return jump_reply(target, position, offered, self.ledger.public_id(offered.ident))

    def in_full(self, found: Suggestion, cluster: Cluster) -> Json:
        """A prediction as `zeta/nextEdit` gives it."""
        document = found.file.document
        start = position_of(document, cluster[0].start_row, cluster[0].start_col)
        target = {"uri": document.uri, "version": document.version}
        far = is_far(cluster, found.file.cursor[0])
        return {
            "id": self.ident(found),
            "edits": exact_edits(document, cluster),
            "cursor": cursor_after(document, cluster, found.cursor_in(cluster)),
            "jump": {"textDocument": target, "position": start} if far else None,
            "reason": None,
            "model": found.model,
            "latencyMs": round(found.latency_ms, 1),
        }

    async def ask(self, params: PositionRequest) -> Suggestion | Silence:
        """A suggestion for a client's position."""
        file = self.files.get(params.text_document.uri)
        if file is None:
            self.ledger.unopened(params.text_document.uri)
            return Silence("unopened")
        self.last_used = file
        if file.document.unsynced is not None:
            place = (0, 0)  # the gate refuses it with the reason
        else:
            try:
                place = file.document.point(params.position)
            except PositionError as fault:
                return self.ledger.silent_now(file, Silence(fault.reason))
        if place != file.cursor:
            file.cursor = place
            self.around.moved(file, self.engine.clock())
        self.jumping.arrived(file)
        trigger = Trigger.EXPLICIT if _is_explicit(params) else Trigger.TYPING
        return await self.engine.suggest(file, *place, trigger)

    def focus(self, uri: str) -> None:
        """The person looks at a document: commands that name none mean this one."""
        file = self.files.get(uri)
        if file is not None:
            self.last_used = file
            self.around.recent.visit(file)
            self.ledger.tape.focused(file)
            self.ledger.changed()

    def shown(self, suggestion: Suggestion) -> None:
        """A suggestion was delivered; for most clients that is all we learn of its showing."""
        self.ledger.happened(suggestion, Happening.SHOW)
        suggestion.shown(self.engine.clock())

    def ident(self, suggestion: Suggestion) -> str:
        """The id by which clients and the journal know a suggestion."""
        return self.ledger.public_id(suggestion.ident)

    def held(self, uri: str) -> Suggestion | None:
        """What could be accepted in a document right now."""
        file = self.files.get(uri)
        if file is None or file.suggestion is None or not file.suggestion.clusters:
            return None
        return None if self.engine.gate.refusal(file, explicit=True) else file.suggestion

    def known(self, ident: Any) -> Suggestion | None:
        """The suggestion of an id, while a file holds it."""
        return next(
            (
                file.suggestion
                for file in self.files.values()
                if file.suggestion is not None and self.ident(file.suggestion) == ident
            ),
            None,
        )


def _is_explicit(params: PositionRequest) -> bool:
    return params.context is not None and params.context.trigger_kind == INVOKED
