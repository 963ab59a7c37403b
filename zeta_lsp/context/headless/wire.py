"""Messages as bytes, and bytes as messages, for servers that we start ourselves.

Strict, unlike the reader of what editors send: a server of ours whose stream cannot be followed is
of no more use, and whoever reads ends it. Memory is bounded by one message.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

MAX_BODY_BYTES = 64 << 20
MAX_HEAD_BYTES = 8 << 10
_LENGTH = re.compile(rb"(?i)(?:^|\n)content-length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?(?:\n|$)")
_END = b"\r\n\r\n"

Message = dict[str, Any]


class BadStream(Exception):
    """What was read is no message."""


class TooLarge(BadStream):
    """A message over the limit was announced."""


def framed(message: Message) -> bytes:
    """A message as it goes over the wire."""
    body = msgspec.json.encode({"jsonrpc": "2.0", **message})
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


class Reader:
    """Cuts bytes, however they arrive, into messages."""

    def __init__(self, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self._max_body_bytes = max_body_bytes
        self._held = bytearray()
        self._wanted: int | None = None

    def feed(self, data: bytes) -> Iterator[Message]:
        """Every message that is complete with these bytes.

        Raises:
            BadStream: the stream cannot be followed any more.
        """
        self._held += data
        while (body := self._body()) is not None:
            yield _message(body)

    def _body(self) -> bytes | None:
        if self._wanted is None:
            self._wanted = self._announced()
        if self._wanted is None or len(self._held) < self._wanted:
            return None
        body = bytes(self._held[: self._wanted])
        del self._held[: self._wanted]
        self._wanted = None
        return body

    def _announced(self) -> int | None:
        """The length that the header announces; None until all of it is here."""
        end = self._held.find(_END)
        if end < 0 and len(self._held) < MAX_HEAD_BYTES:
            return None
        length = _LENGTH.search(self._held, 0, end + 2) if end >= 0 else None
        if length is None:
            raise BadStream("no length")
        size_bytes = int(length[1])
        if size_bytes > self._max_body_bytes:
            raise TooLarge("a message is too large")
        del self._held[: end + len(_END)]
        return size_bytes


def _message(body: bytes) -> Message:
    try:
        message = msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as fault:
        raise BadStream("no JSON") from fault
    if not isinstance(message, dict):
        raise BadStream("no message")
    return message
