"""What is learned from the messages that pass between the client and its server.

Only a handful of methods is looked into, and of those only the parts that count. A message of an
unexpected shape teaches nothing and passes like any other.
"""

from typing import Any

import msgspec

from zeta_lsp.core.documents import Position
from zeta_lsp.server.faults import BadMessage
from zeta_lsp.server.messages import Notification, Part, Request, Response, read
from zeta_lsp.server.params import AboutDocument
from zeta_lsp.server.proxy.merging import offered
from zeta_lsp.server.proxy.neighbour import DEFINITION, TYPE_DEFINITION, Neighbour

_KINDS = {f"textDocument/{kind}": kind for kind in (DEFINITION, TYPE_DEFINITION)}
_PULL, _PULL_ALL = "textDocument/diagnostic", "workspace/diagnostic"
_CODE_ACTION = "textDocument/codeAction"


class Asked(msgspec.Struct, frozen=True):
    """A request of the client's that the neighbour owes a reply.

    The rest is there where the reply will teach something: the document and which text it had.
    """

    method: str
    uri: str = ""
    version: int | None = None
    revision: int = -1
    position: Position | None = None


class _Context(msgspec.Struct, frozen=True):
    diagnostics: msgspec.Raw


class _AtPosition(AboutDocument, frozen=True):
    position: Position


class _CodeAction(AboutDocument, frozen=True):
    context: _Context


class _Registration(msgspec.Struct, frozen=True):
    method: str


class _Registrations(msgspec.Struct, frozen=True):
    registrations: tuple[_Registration, ...]


_about = msgspec.json.Decoder(AboutDocument)
_at_position = msgspec.json.Decoder(_AtPosition)
_code_action = msgspec.json.Decoder(_CodeAction)
_registrations = msgspec.json.Decoder(_Registrations)


class Listener:
    """Tells a `Neighbour` what passes by."""

    def __init__(self, neighbour: Neighbour) -> None:
        self.neighbour = neighbour

    def introduced(self, result: dict[str, Any]) -> None:
        """The neighbour's `InitializeResult`."""
        match result:
            case {"serverInfo": {"name": str(name)}}:
                pass
            case _:
                name = ""
        self.neighbour.introduced(name, offered(result.get("capabilities") or {}))

    def told(self, message: Notification) -> None:
        """The client told the neighbour something."""
        if not message.method.startswith("textDocument/did"):
            return
        try:
            document = read(message.params, _about).text_document
        except BadMessage:
            return
        if message.method == "textDocument/didChange":
            self.neighbour.changed(document.uri, document.version)
        elif message.method == "textDocument/didOpen":
            self.neighbour.opened(document.uri, document.version)
        elif message.method == "textDocument/didClose":
            self.neighbour.closed(document.uri)

    def asked(self, message: Request) -> Asked:
        """The client asked the neighbour something."""
        try:
            if message.method in _KINDS:
                at = read(message.params, _at_position)
                return self._about(message.method, at.text_document.uri, at.position)
            if message.method == _PULL:
                return self._about(_PULL, read(message.params, _about).text_document.uri)
            if message.method == _CODE_ACTION:
                self._carried(read(message.params, _code_action))
        except BadMessage:
            pass
        return Asked(message.method)

    def replied(self, asked: Asked, response: Response) -> None:
        """The neighbour answered the client."""
        if response.error is not None:
            return
        try:
            if asked.position is not None:
                kind = _KINDS[asked.method]
                here = (asked.uri, asked.revision, kind, asked.position)
                self.neighbour.overheard(*here, response.result)
            elif asked.method == _PULL and asked.uri:
                self.neighbour.known.pulled(asked.uri, asked.version, response.result)
            elif asked.method == _PULL_ALL:
                self.neighbour.known.pulled_everywhere(response.result)
        except BadMessage:
            return

    def published(self, params: Part) -> None:
        """The neighbour published diagnostics."""
        try:
            self.neighbour.known.published(params)
        except BadMessage:
            return

    def registered(self, params: Part) -> list[str]:
        """The neighbour registered methods with the client; which."""
        try:
            methods = [one.method for one in read(params, _registrations).registrations]
        except BadMessage:
            return []
        for method in methods:
            self.neighbour.registered(method)
        return methods

    def _about(self, method: str, uri: str, position: Position | None = None) -> Asked:
        known = self.neighbour
        return Asked(method, uri, known.version(uri), known.revision(uri), position)

    def _carried(self, action: _CodeAction) -> None:
        uri = action.text_document.uri
        self.neighbour.known.carried(uri, self.neighbour.version(uri), action.context.diagnostics)
