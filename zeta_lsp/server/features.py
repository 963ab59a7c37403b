"""Every method the session answers, in one table: name, parameters, handler.

Methods on the keystroke path have types of their own; the rare ones take plain JSON values. Next
edit clients send companions of their protocol that need no more than a polite answer; they are
here too, so that unmodified clients find what they look for.
"""

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

import msgspec

from zeta_lsp.server.connection import Application
from zeta_lsp.server.doors import Doors
from zeta_lsp.server.editor import Editor
from zeta_lsp.server.fallbacks import Fallbacks
from zeta_lsp.server.faults import Code, RpcError
from zeta_lsp.server.params import (
    DidChange,
    DidClose,
    DidOpen,
    DidSave,
    PositionRequest,
    document_of,
)
from zeta_lsp.server.rpc import Route
from zeta_lsp.server.session import Session, folders_in
from zeta_lsp.server.shapes import Json
from zeta_lsp.server.workspace import path_of_uri

if TYPE_CHECKING:
    from zeta_lsp.server.proxy.neighbour import Neighbour

Values = dict[str, Any]


def application(doors: Doors, editor: Editor, neighbour: "Neighbour | None" = None) -> Application:
    """A session joined to a connected client, as the wire takes it.

    `neighbour` is the language server that the session may ask, where it runs behind this one.
    """
    session = Session(doors, editor)
    if neighbour is not None:
        from zeta_lsp.server.proxy.door import ProxyDoor
        from zeta_lsp.server.proxy.shadow import ProxyShadow

        door = ProxyDoor(neighbour, session.sync.files, doors.clock)
        session.around.doors.append(door)
        session.shadows.append(ProxyShadow(neighbour, session.sync.files))
    return Application(
        initialize=session.initialize,
        routes=Features(session).routes(),
        lost=session.lost,
        close=session.aclose,
    )


class Features:
    """The handlers of one session."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def routes(self) -> dict[str, Route[Any]]:
        """The table."""
        session, sync = self.session, self.session.sync
        fallbacks = Fallbacks(session)
        return {
            "textDocument/didOpen": Route(DidOpen, self._did_open),
            "textDocument/didChange": Route(DidChange, self._did_change),
            "textDocument/didClose": Route(DidClose, sync.did_close),
            "textDocument/didSave": Route(DidSave, sync.did_save),
            "textDocument/willSave": Route(Values, self._will_save),
            "textDocument/inlineCompletion": Route(PositionRequest, self._inline_completion),
            "textDocument/copilotInlineEdit": Route(PositionRequest, self._inline_edit),
            "zeta/nextEdit": Route(PositionRequest, self._next_edit),
            "textDocument/completion": Route(PositionRequest, fallbacks.completion),
            "textDocument/codeAction": Route(Values, fallbacks.code_actions),
            "textDocument/didShowInlineEdit": Route(Values, self._did_show),
            "textDocument/didShowCompletion": Route(Values, self._did_show),
            "textDocument/didPartiallyAcceptCompletion": Route(Values, _nothing),
            "textDocument/didFocus": Route(Values, self._did_focus),
            "workspace/executeCommand": Route(Values, self._execute),
            "workspace/didChangeConfiguration": Route(Values, self._configure),
            "workspace/didChangeWorkspaceFolders": Route(Values, self._folders),
            "workspace/didChangeWatchedFiles": Route(Values, self._watched),
            "workspace/didRenameFiles": Route(Values, self._renamed),
            "zeta/status": Route(msgspec.Raw, lambda _: session.status.now()),
            "checkStatus": Route(msgspec.Raw, self._status),
            "signIn": Route(msgspec.Raw, lambda _: {"status": "AlreadySignedIn"}),
            "signOut": Route(msgspec.Raw, lambda _: {"status": "OK"}),
            "setEditorInfo": Route(msgspec.Raw, lambda _: "OK"),
        }

    def _did_open(self, params: DidOpen) -> None:
        """Editors that ask for little open a file only to show it: commands then mean that one."""
        self.session.did_open(params)
        if not self.session.client.has_ghost_text:
            self.session.predictions.focus(params.text_document.uri)

    def _did_change(self, params: DidChange) -> None:
        self.session.sync.did_change(params)
        self.session.hints.changed(params.text_document.uri)

    # The session starts with the first of these that comes, if it has not started by itself.

    def _inline_completion(self, params: PositionRequest) -> Awaitable[Json | None]:
        return self.session.predictions.inline_completion(params)

    def _inline_edit(self, params: PositionRequest) -> Awaitable[Json]:
        return self.session.predictions.inline_edit(params)

    def _next_edit(self, params: PositionRequest) -> Awaitable[Json]:
        return self.session.predictions.next_edit(params)

    async def _execute(self, params: Values) -> Any:
        """A request from most clients; one sends it as a notification, to the same effect."""
        command, arguments = params.get("command"), params.get("arguments")
        if not isinstance(command, str):
            raise RpcError(Code.INVALID_PARAMS, "a command has a name")
        arguments = arguments if isinstance(arguments, list) else []
        try:
            return await self.session.commands.run(command, arguments)
        finally:
            self.session.hints.touched()  # the person may be elsewhere now

    def _status(self, _: msgspec.Raw) -> Json:
        """OK is what clients wait for; what is recorded is for whoever shows it."""
        self.session.status.is_copilots = True
        self.session.status.touched()
        capture = self.session.capture.status(self.session.sync.files.values())
        return {"status": "OK", "user": "zeta-lsp", "capture": capture}

    def _did_show(self, params: Values) -> None:
        """The client put a prediction on the screen; `item.command.arguments` says which."""
        match params:
            case {"item": {"command": {"arguments": [{"id": ident}, *_]}}}:
                found = self.session.predictions.known(ident)
                if found is not None:
                    self.session.predictions.shown(found)

    def _did_focus(self, params: Values) -> None:
        """Clients name the document in three ways, or not at all."""
        match params:
            case {"textDocument": {"uri": str(uri)}} | {"uri": str(uri)}:
                self.session.predictions.focus(uri)

    def _will_save(self, params: Values) -> None:
        self.session.sync.will_save(document_of(params).uri)

    def _configure(self, params: Values) -> None:
        self.session.configure(params.get("settings"))

    def _folders(self, params: Values) -> None:
        match params:
            case {"event": {"added": list(added), "removed": list(removed)}}:
                self.session.folders_changed(
                    folders_in(added), [uri for uri, _ in folders_in(removed)]
                )

    def _watched(self, params: Values) -> None:
        for change in _entries(params, "changes"):
            match change:
                case {"uri": str(uri)} if (path := path_of_uri(uri)) is not None:
                    self.session.disk_changed(path)

    def _renamed(self, params: Values) -> None:
        for file in _entries(params, "files"):
            match file:
                case {"oldUri": str(old), "newUri": str(new)}:
                    self.session.renamed(old, new)


def _nothing(_: Values) -> None:
    """Nothing to do: what was accepted is read from the change that follows."""


def _entries(params: Values, name: str) -> list[Any]:
    found = params.get(name)
    return found if isinstance(found, list) else []
