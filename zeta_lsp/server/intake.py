"""What one read of the stream brought: messages, what is wrong with the rest, and who gave up.

Bytes that are no message become a `BadMessage` in the place where a message would have been, so
that the order of things stays what it was. If they spoke of a document, `LOST` follows: nobody
can say which change was among them.
"""

from collections.abc import Sequence

import msgspec

from zeta_lsp.server.faults import BadMessage, Code
from zeta_lsp.server.framing import DOCUMENT_MARK, Fault
from zeta_lsp.server.messages import Id, Message, Notification, Part, read, read_message
from zeta_lsp.server.params import Cancel

LOST = BadMessage(Code.PARSE_ERROR, "bytes that spoke of a document were no message")
_FAULTS = {
    Fault.NO_LENGTH: BadMessage(Code.PARSE_ERROR, "a header without Content-Length"),
    Fault.BAD_LENGTH: BadMessage(Code.PARSE_ERROR, "a Content-Length that is no size"),
    Fault.HEADER_TOO_LARGE: BadMessage(Code.PARSE_ERROR, "a header of more than 8 KiB"),
    Fault.TOO_LARGE: BadMessage(Code.INVALID_REQUEST, "a message of more than 64 MiB"),
    Fault.HTTP: BadMessage(Code.INVALID_REQUEST, "this is a language server, it speaks no HTTP"),
    Fault.DOCUMENT_LOST: LOST,
}


_cancel_decoder = msgspec.json.Decoder(Cancel)


def messages_of(items: Sequence[bytes | Fault]) -> list[Message | BadMessage]:
    """The messages in order, each in one place or none."""
    return [message for item in items for message in _messages(item)]


def _messages(item: bytes | Fault) -> list[Message | BadMessage]:
    """The message, or what is wrong with it and whether a document may have been lost with it."""
    if isinstance(item, Fault):
        return [_FAULTS[item]]
    try:
        return [read_message(item)]
    except BadMessage as bad:
        return [bad, LOST] if DOCUMENT_MARK in item else [bad]


def cancellations(messages: Sequence[Message | BadMessage]) -> dict[Id, int]:
    """Ids that the messages cancel, with where they do."""
    found: dict[Id, int] = {}
    for index, message in enumerate(messages):
        if isinstance(message, Notification) and message.method == "$/cancelRequest":
            request_id = cancelled_id(message.params)
            if request_id is not None:
                found[request_id] = index
    return found


def cancelled_id(params: Part) -> Id | None:
    """The id that a cancellation names."""
    try:
        return read(params, _cancel_decoder).id
    except BadMessage:
        return None
