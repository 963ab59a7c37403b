"""What editors without ghost text get instead: an entry of the completion menu, and code actions.

The menu's entry is asked for by the editor as it asks for any completion, so the model is asked.
Code actions show what is at hand and never wait for a model: an editor shows its menu only once
all servers have answered. They tell us where the person is and what they look at, which such an
editor says nowhere else, so that commands without arguments mean that place.
"""

from typing import TYPE_CHECKING, Any

import msgspec

from zeta_lsp.core.documents import Range
from zeta_lsp.core.errors import PositionError
from zeta_lsp.server.actions import actions_for, asking, explaining, takes_quick_fixes
from zeta_lsp.server.hints import without_ours
from zeta_lsp.server.judge import Silence
from zeta_lsp.server.menu import menu_item
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.params import PositionRequest, document_of
from zeta_lsp.server.predictions import AUTOMATIC
from zeta_lsp.server.shapes import position_of

if TYPE_CHECKING:
    from zeta_lsp.server.session import Session

Json = dict[str, Any]


class Fallbacks:
    """The two answers, for one session."""

    def __init__(self, session: "Session") -> None:
        self.session = session

    async def completion(self, params: PositionRequest) -> Json | None:
        """``textDocument/completion``: one entry, or none.

        The list is incomplete, always: what is proposed changes with every key.
        """
        predictions = self.session.predictions
        if self.session.hints.found_nothing(params.text_document.uri):
            return None
        found = await predictions.ask(params)
        if isinstance(found, Silence):
            return None
        file, ident = found.file, predictions.ident(found)
        cluster = found.nearest(file.cursor[0])
        client = self.session.client
        item = menu_item(
            file.document,
            cluster,
            file.cursor,
            ident,
            client=client.name,
            markdown=client.renders_markdown,
            hinted=self.session.hints.are_wanted,
        )
        if item is None:
            return None
        predictions.shown(found)
        return {"isIncomplete": True, "items": [item]}

    def code_actions(self, params: Json) -> list[Json]:
        """``textDocument/codeAction``: what can be done with the prediction at hand."""
        context, where = params.get("context"), params.get("range")
        file = self._file(params)
        if file is None:
            return []
        if isinstance(context, dict):
            self.session.around.told(file, without_ours(context.get("diagnostics")), where)
        if not takes_quick_fixes(context):
            return []
        is_automatic = isinstance(context, dict) and context.get("triggerKind") == AUTOMATIC
        if not (is_automatic and self.session.client.has_ghost_text):
            self._comes_to(file, where)  # editors with ghost text say so whenever they ask for it
        if is_automatic:
            return self._at_hand(file)[:1]
        return self._at_hand(file, seen=True) or self._otherwise(file)

    def _at_hand(self, file: OpenFile, *, seen: bool = False) -> list[Json]:
        predictions, client = self.session.predictions, self.session.client
        found = predictions.held(file.uri)
        if found is None:
            return []
        if seen:
            predictions.shown(found)
        ident, row = predictions.ident(found), file.cursor[0]
        versioned, goes = client.versioned_edits, client.shows_documents
        return actions_for(found, ident, row, versioned=versioned, goes=goes)

    def _otherwise(self, file: OpenFile) -> list[Json]:
        """Who sees predictions in no other way is offered to ask for one."""
        client = self.session.client
        if client.has_ghost_text or file.document.unsynced is not None:
            return []
        ask = asking(file.document, position_of(file.document, *file.cursor))
        return [ask] if client.maps_commands else [ask, explaining()]

    def _comes_to(self, file: OpenFile, where: object) -> None:
        """The person is here: what is near, and what commands mean, is seen from this place."""
        predictions = self.session.predictions
        if predictions.last_used is not file:
            predictions.focus(file.uri)
        try:
            range_ = msgspec.convert(where, Range)
            start, end = file.document.point(range_.start), file.document.point(range_.end)
        except (msgspec.ValidationError, UnicodeEncodeError, PositionError):
            return  # the second: an error message cannot quote half a character
        if file.document.unsynced is not None or start <= file.cursor <= end:
            return  # some clients name the whole line
        file.cursor = start
        self.session.around.moved(file, predictions.engine.clock())
        self.session.hints.touched()

    def _file(self, params: Json) -> OpenFile | None:
        return self.session.sync.files.get(document_of(params).uri)
