"""The commands: predictions for any editor that can map a key to `workspace/executeCommand`.

Editors with ghost text run `zeta.accept` after they inserted a prediction; it carries the
prediction's id and only confirms what the change said already. Without an id it means "do it for
me": the server applies the edit, which is how editors without any prediction UI accept one.
Arguments are ``[]``, ``[{"id": …}]`` or a place (`here`); without one the document that was used
last is meant, where its cursor was known last.
"""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import msgspec

from zeta_lsp.core.cursor import Place
from zeta_lsp.core.edits import Cluster, TextEdit
from zeta_lsp.core.lifecycle import Happening, State, explained
from zeta_lsp.core.recording import Level
from zeta_lsp.server.capturing import Capture, Person
from zeta_lsp.server.faults import Code, RpcError
from zeta_lsp.server.here import at, here
from zeta_lsp.server.judge import fingerprint
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.params import PositionRequest, RequestContext
from zeta_lsp.server.predictions import INVOKED, Predictions
from zeta_lsp.server.shapes import Json, is_far, position_of, workspace_edit
from zeta_lsp.server.status import state_of
from zeta_lsp.server.suggestion import Suggestion

EXPLAINED = 20
"""Entries that `zeta.explain` returns."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)?")
_WORD = re.compile(r"\w+|\s+|[^\w\s]+")


class Client(Person, Protocol):
    """What the server may ask of the editor."""

    async def request(self, method: str, params: Any = None, *, timeout_s: float) -> Any:
        """Send a request of any kind; its result as plain JSON values."""

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification of any kind."""

    versioned_edits: bool
    """Whether a `WorkspaceEdit` may hold `documentChanges`."""
    shows_documents: bool
    """Whether it goes to a place when told."""
    has_ghost_text: bool
    """Whether it draws predictions itself."""
    maps_commands: bool
    """Whether a person can run a command by other means than a menu of ours."""

    @property
    def renders_markdown(self) -> bool:
        """Whether it draws markdown in the completion menu."""

    async def apply_edit(self, edit: Json, label: str) -> bool:
        """Apply a `WorkspaceEdit`; whether the client did, or did not say."""

    async def show_document(self, uri: str, selection: Json) -> bool:
        """Go to a place."""


class Commands:
    """Runs commands by name."""

    def __init__(self, predictions: Predictions, client: Client, capture: Capture) -> None:
        self.predictions = predictions
        self.client = client
        self._capture = capture
        self._table: dict[str, Callable[[list[Any]], Awaitable[Any]]] = {
            "zeta.accept": self.accept,
            "zeta.acceptWord": self.accept_word,
            "zeta.acceptLine": self.accept_line,
            "zeta.reject": self.reject,
            "zeta.nextEdit": self.next_edit,
            "zeta.jump": self.jump,
            "zeta.explain": self.explain,
            "zeta.pause": self.pause,
            "zeta.rate": self.rate,
            "zeta.captureOn": self.capture_on,
            "zeta.captureOff": self.capture_off,
        }

    async def run(self, command: str, arguments: list[Any]) -> Any:
        """Run a command.

        Raises:
            RpcError: there is no such command.
        """
        handler = self._table.get(command)
        if handler is None:
            raise RpcError(Code.INVALID_PARAMS, "there is no such command")
        return await handler(arguments)

    async def accept(self, arguments: list[Any]) -> bool:
        """Confirm an inserted prediction, or insert the one at hand."""
        ident = _ident(arguments)
        if ident is not None:
            self.predictions.ledger.confirmed(ident)
            return True
        found = self._held(arguments)
        if found is None:
            return await self.jump(arguments)
        cluster = self._cluster(found)
        if is_far(cluster, found.file.cursor[0]) and self.client.shows_documents:
            return await self.jump(arguments)  # nobody wants changed what they cannot see
        return await self._apply(found, cluster)

    async def accept_word(self, arguments: list[Any]) -> bool:
        """Insert the next word of the prediction at hand."""
        return await self._accept_part(arguments, _WORD.match)

    async def accept_line(self, arguments: list[Any]) -> bool:
        """Insert the prediction at hand up to and with its next line end."""
        return await self._accept_part(arguments, _LINE.match)

    async def reject(self, arguments: list[Any]) -> bool:
        """Turn the prediction at hand down; it is not proposed here again soon."""
        ident = _ident(arguments)
        found = self._held(arguments) if ident is None else self.predictions.known(ident)
        if found is None:
            return False
        file, now_s = found.file, self.predictions.engine.clock()
        for cluster in found.clusters:
            file.rejections.add(fingerprint(cluster, file), now_s)
        file.answers.forget(file.document.fingerprint)
        reason = "dismissed" if found.state is State.HELD else ""
        self.predictions.ledger.happened(found, Happening.DISMISS, reason)
        found.file.suggestion = None
        return True

    async def next_edit(self, arguments: list[Any]) -> Json:
        """Ask for a prediction and go to it if it is out of sight; the same as `zeta/nextEdit`.

        Where hints are drawn, the first time only shows where it is.
        """
        request = self._request(arguments)
        if request is None:
            return {"edits": [], "reason": "unopened"}
        uri = request.text_document.uri
        was_shown = not self._draws_hints or self._leads_away(uri)
        reply = await self.predictions.next_edit(request)
        if reply["jump"] is not None and (was_shown or not self._leads_away(uri)):
            await self._go_to(reply["jump"])
        elif reply["reason"] is not None:
            self.client.show_message(f"No prediction: {explained(reply['reason'])}")
        return reply

    async def jump(self, arguments: list[Any]) -> bool:
        """Go to the prediction at hand, or to what is wrong where one led last."""
        file, found = self._file(arguments), self._held(arguments)
        if file is None:
            return False
        away = None if found else self.predictions.engine.elsewhere.jump(file)
        if away is not None:
            return await self._go_to(away["jump"])
        if found is not None:
            first = self._cluster(found)[0]
            place: Place | None = (first.start_row, first.start_col)
        else:
            place = file.jumps.goal(file.splices_since)
        if place is None:
            return False
        start = position_of(file.document, *place)
        return await self._go_to({"textDocument": {"uri": file.uri}, "position": start})

    async def explain(self, arguments: list[Any]) -> list[Json]:
        """The latest predictions and silences, newest first, each with its reason."""
        entries = [
            {**msgspec.to_builtins(entry), "explanation": explained(entry.reason or entry.ending)}
            for entry in reversed(self.predictions.ledger.recent)
        ][:EXPLAINED]
        self.client.show_message(self._what_is_going_on(entries))
        return entries

    def _what_is_going_on(self, entries: list[Json]) -> str:
        """One line for editors that have no place to show it all the time."""
        state = state_of(self.predictions)
        words = "nothing was asked yet"
        if entries:
            latest = entries[0]
            reason = f" - {latest['explanation']}" if latest.get("reason") else ""
            words = f"{latest['path']}: {latest['ending'].replace('_', ' ')}{reason}"
        took = "" if state.latency_ms is None else f", {state.latency_ms:.0f} ms"
        signs = ["paused"] * state.paused + ["recorded"] * state.capture
        return f"{words} ({', '.join([state.model + took, *signs])})"

    async def pause(self, arguments: list[Any]) -> Json:
        """Pause predictions, or resume them."""
        gate = self.predictions.engine.gate
        gate.paused = not gate.paused
        self.predictions.ledger.changed()
        return {"paused": gate.paused}

    async def rate(self, arguments: list[Any]) -> bool:
        """Rate a prediction: ``[id, "good" | "bad"]``."""
        match arguments:
            case [str(ident) | {"id": str(ident)}, ("good" | "bad") as rating, *_]:
                return self.predictions.ledger.rated(ident, rating)
        raise RpcError(Code.INVALID_PARAMS, 'zeta.rate takes an id and "good" or "bad"')

    async def capture_on(self, arguments: list[Any]) -> bool:
        """Ask the person to have the project captured: ``[{"level": "snapshots" | …}]``."""
        level = Level.SNAPSHOTS
        match arguments:
            case [{"level": str(name)}, *_]:
                if name not in list(Level):
                    raise RpcError(Code.INVALID_PARAMS, f"levels are {', '.join(Level)}")
                level = Level(name)
        return await self._capture.ask(self._root(arguments), level)

    async def capture_off(self, arguments: list[Any]) -> bool:
        """Capture the project no more."""
        return self._capture.revoke(self._root(arguments), self.predictions.files.values())

    def _root(self, arguments: list[Any]) -> Path | None:
        """The workspace folder of the meant document."""
        file = self._file(arguments)
        return None if file is None or file.place.root is None else file.place.root.path

    async def _accept_part(
        self, arguments: list[Any], part: Callable[[str], re.Match[str] | None]
    ) -> bool:
        found = self._held(arguments)
        if found is None:
            return False
        cluster = self._cluster(found)
        first = cluster[0]
        at_cursor = (first.start_row, first.start_col) == found.file.cursor
        head = part(first.new_text)
        if not (first.is_insertion and at_cursor and head):
            return await self._apply(found, cluster)
        piece = TextEdit(*found.file.cursor, *found.file.cursor, head[0])
        return await self._apply(found, (piece,))

    async def _apply(self, found: Suggestion, cluster: Cluster) -> bool:
        edit = workspace_edit(found.file.document, cluster, versioned=self.client.versioned_edits)
        return await self.client.apply_edit(edit, "Predicted edit")

    @property
    def _draws_hints(self) -> bool:
        """Whether what is at hand is drawn as a hint."""
        return self.predictions.engine.gate.settings.hints and not self.client.has_ghost_text

    def _leads_away(self, uri: str) -> bool:
        """Whether what is at hand in a file is out of sight from its cursor."""
        file, found = self.predictions.files.get(uri), self.predictions.held(uri)
        if file is None or found is None:
            return file is not None and self.predictions.engine.elsewhere.leads_from(file)
        return is_far(self._cluster(found), file.cursor[0])

    async def _go_to(self, place: Json) -> bool:
        """Have a place shown, and what is proposed there at hand."""
        selection = {"start": place["position"], "end": place["position"]}
        if not await self.client.show_document(place["textDocument"]["uri"], selection):
            return False
        there = self._request([place])
        if there is not None and there.text_document.uri in self.predictions.files:
            await self.predictions.ask(there)
        return True

    def _held(self, arguments: list[Any]) -> Suggestion | None:
        """The suggestion at hand in the meant document."""
        file = self._file(arguments)
        return None if file is None else self.predictions.held(file.uri)

    def _cluster(self, found: Suggestion) -> Cluster:
        return found.nearest(found.file.cursor[0])

    def _file(self, arguments: list[Any]) -> OpenFile | None:
        request = self._here(arguments)
        if request is not None:
            return self.predictions.files.get(request.text_document.uri)
        return self.predictions.last_used

    def _request(self, arguments: list[Any]) -> PositionRequest | None:
        """The arguments as an explicit request; the cursor as it was last where they name none."""
        request = self._here(arguments)
        if request is None:
            file = self.predictions.last_used
            if file is None or file.document.unsynced is not None:
                return None
            request = at(file, *file.cursor)
        return msgspec.structs.replace(request, context=RequestContext(trigger_kind=INVOKED))

    def _here(self, arguments: list[Any]) -> PositionRequest | None:
        return here(arguments[0], self.predictions.files) if arguments else None


def _ident(arguments: list[Any]) -> str | None:
    match arguments:
        case [{"id": str(ident)}, *_]:
            return ident
    return None
