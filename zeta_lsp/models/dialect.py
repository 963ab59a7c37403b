"""What the protocols of inference servers differ in: addresses, bodies, and how answers come.

A `Dialect` is pure. It says where a prompt goes and what is posted, and reads payloads back:
`piece` one event of a stream, `whole` a reply that came in one document. `Replies` cuts the bytes
of a reply into such payloads, whichever way the server chose to send it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

import msgspec

from zeta_lsp.core.errors import ModelBadReply, ModelRefused
from zeta_lsp.core.ports import Finish, Piece
from zeta_lsp.core.prompt import Prompt
from zeta_lsp.models.sse import Events, Lines

T = TypeVar("T")

_FINISHES = {
    "stop": Finish.STOP, "eos": Finish.STOP, "eos_token": Finish.STOP, "word": Finish.STOP,
    "stop_sequence": Finish.STOP, "end_turn": Finish.STOP,
    "length": Finish.LENGTH, "limit": Finish.LENGTH, "max_tokens": Finish.LENGTH,
    "content_filter": Finish.LENGTH,  # the text was cut, whatever for
}  # fmt: skip
_FAILED = frozenset({"abort", "error", "cancelled"})


class Dialect(Protocol):
    """One protocol. `models_url` is empty where an endpoint cannot list its models."""

    models_url: str

    def url(self, prompt: Prompt) -> str:
        """Where a prompt is posted."""

    def body(self, prompt: Prompt, model: str) -> dict[str, Any]:
        """What is posted, as JSON. An empty `model` is left out."""

    def piece(self, payload: bytes) -> Piece | None:
        """Read one event; None if it says nothing about the text.

        Raises:
            ModelBadReply: it is not an event of this protocol.
            ModelRefused: it reports that the endpoint failed.
        """

    def whole(self, payload: bytes) -> Piece:
        """Read a reply that came in one document. Raises as `piece` does."""

    def names(self, payload: bytes) -> tuple[str, ...]:
        """Read the list of models. Raises as `piece` does."""


class Replies:
    """Reads one reply of a dialect, by the media type that it was sent with.

    Raises:
        ModelBadReply: the media type is a web page's.
    """

    def __init__(self, dialect: Dialect, content_type: str) -> None:
        self._dialect = dialect
        self._document: list[bytes] | None = None
        self._cut: Callable[[bytes], list[bytes]] = Events().feed
        if content_type in ("text/html", "application/xhtml+xml"):
            raise ModelBadReply("a web page answered, not an inference endpoint: check url")
        if content_type == "application/json":
            self._document = []
        elif content_type in ("application/x-ndjson", "application/jsonl"):
            self._cut = Lines().feed

    def feed(self, data: bytes) -> list[Piece]:
        """The pieces that are whole now, none after the one that finishes.

        Raises:
            ModelError: what came is not a reply, or reports a failure.
        """
        if self._document is not None:
            self._document.append(data)
            return []
        pieces, read = [], self._dialect.piece
        for payload in self._cut(data):
            piece = read(payload) if payload.strip() else None
            if piece is not None and (piece.text or piece.finish):
                pieces.append(piece)
                if piece.finish:
                    break
        return pieces

    def end(self) -> Piece:
        """The only piece of a reply that came in one document.

        Raises:
            ModelBadReply: a stream ended and the model had not finished.
        """
        if self._document is None:
            raise ModelBadReply("the reply ended before the model had finished")
        return self._dialect.whole(b"".join(self._document))


def decoded(payload: bytes, shape: msgspec.json.Decoder[T]) -> T:
    """A payload as what it should be.

    Raises:
        ModelBadReply: it is not JSON, or not of that shape.
    """
    try:
        return shape.decode(payload)
    except (ValueError, RecursionError):
        pass  # it may hold the payload, and with it the user's text: nothing is to hang on it
    raise ModelBadReply("the reply is not what this kind of endpoint sends")


def finish_of(word: str | None) -> Finish | None:
    """What a server's word for the end means; None while there is none.

    Raises:
        ModelBadReply: the server gave up.
    """
    if not word:
        return None
    if word in _FAILED:
        raise ModelBadReply("the endpoint gave up before the model had finished")
    return _FINISHES.get(word, Finish.UNKNOWN)


def refuse_failure(error: Any) -> None:
    """Raise if an event carries an error.

    Raises:
        ModelRefused: with the status that the error names, or 500.
    """
    if not error:
        return
    code = error.get("code") if isinstance(error, dict) else None
    raise ModelRefused(code if isinstance(code, int) else 500, "the endpoint failed while it wrote")


def merged(body: dict[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """A body with the user's fields over it; tables are merged and None removes a field."""
    result = dict(body)
    for name, value in extra.items():
        known = result.get(name)
        if isinstance(value, Mapping) and isinstance(known, dict):
            result[name] = merged(known, value)
        elif value is None:
            result.pop(name, None)
        else:
            result[name] = value
    return result
