"""From the neighbour: each message as the client gets it, and what we learn from it."""

from collections.abc import Callable
from typing import Any

import msgspec

from zeta_lsp.server.faults import BadMessage
from zeta_lsp.server.messages import Part, Request, Response, encode, read
from zeta_lsp.server.proxy.books import Books, member, peek
from zeta_lsp.server.proxy.learning import Listener
from zeta_lsp.server.proxy.merging import merged
from zeta_lsp.server.proxy.ours import Ours

Json = dict[str, Any]

_object = msgspec.json.Decoder(Json)


class Inbound:
    """Reads what the neighbour sends. `introduced` is told the client's ``initialize``."""

    def __init__(
        self, books: Books, listener: Listener, ours: Ours, introduced: Callable[[Json], None]
    ) -> None:
        self._books = books
        self._listener = listener
        self._ours = ours
        self._introduced = introduced

    def heard(self, body: bytes) -> bytes | None:
        """The body for the client, nearly always the same; None for what is ours alone."""
        message = peek(body)
        if isinstance(message, Response):
            return self._answered(message, body)
        if isinstance(message, Request):
            self._books.owing.add(message.id)
            if message.method == "client/registerCapability":
                self._books.for_us_alone -= set(self._listener.registered(message.params))
        elif message is not None and message.method == "textDocument/publishDiagnostics":
            if self._is_about_shadow(message.params, body):
                return None
            self._listener.published(message.params)
        return body

    def _is_about_shadow(self, params: Part, body: bytes) -> bool:
        """Whether it is about a document that we opened, of which the client knows nothing."""
        mark = self._listener.neighbour.shadow_mark
        return mark.encode() in body and mark in str(member(params, "uri"))

    def _answered(self, message: Response, body: bytes) -> bytes | None:
        questions = self._listener.neighbour.questions
        if questions.is_ours(message.id):
            questions.answered(message)
            return None
        asked = self._books.owed.pop(message.id, None)
        beginning = self._books.beginning
        if beginning is not None and message.id == beginning.id:
            self._books.beginning = None
            return body if message.error is not None else self._joined(beginning, message, body)
        if asked is not None:
            self._listener.replied(asked, message)
        return body

    def _joined(self, beginning: Request, message: Response, body: bytes) -> bytes:
        """The reply to `initialize` with what is ours; as it was where we cannot join."""
        try:
            params, result = read(beginning.params, _object), read(message.result, _object)
        except BadMessage:
            return body
        self._introduced(params)
        self._listener.introduced(result)
        ours = self._ours.initialize(beginning.id, _for_us(params, result))
        if ours is None:
            return body
        merge = merged(result, ours)
        self._books.for_us_alone = set(merge.for_us_alone)
        self._books.joined = True
        reply = read(msgspec.Raw(body), _object)
        return encode({**reply, "result": merge.result})


def _for_us(params: Json, result: Json) -> Json:
    """The client's `initialize` as our session may take it.

    Columns are counted as the neighbour chose. The options are for the neighbour, apart from what
    stands under our name.
    """
    capabilities = params.get("capabilities")
    capabilities = capabilities if isinstance(capabilities, dict) else {}
    general = capabilities.get("general")
    general = general if isinstance(general, dict) else {}
    options = params.get("initializationOptions")
    named = {"zeta": options["zeta"]} if isinstance(options, dict) and "zeta" in options else None
    encoding = (result.get("capabilities") or {}).get("positionEncoding") or "utf-16"
    return {
        **params,
        "capabilities": {**capabilities, "general": {**general, "positionEncodings": [encoding]}},
        "initializationOptions": named,
    }
