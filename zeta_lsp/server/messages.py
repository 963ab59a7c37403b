"""JSON-RPC messages: bytes to envelope, envelope to parameters, values to bytes.

A message is read in two steps: the envelope first, which says who must answer; then the
parameters, straight from the bytes into the type that the handler takes. Both steps are strict
and fast, with one way round: a lone surrogate (legal in JSON, and sent by editors whose buffer
holds half a character) is refused by the fast decoder, so such messages are read once more with
the standard library's. What neither takes ends in a `BadMessage`, never in anything else.

Writing goes the same way: fast, and through the standard library where a text or a number is one
that the fast encoder refuses.
"""

import json
from typing import Any, Final, TypeVar

import msgspec

from zeta_lsp.server.faults import BadMessage, Code

T = TypeVar("T")

Id = int | str
"""What a client names its requests by."""


class Loose(msgspec.Struct, frozen=True):
    """A part of a message that only the slow decoder could read."""

    value: Any


Part = msgspec.Raw | Loose
"""Parameters or a result, not yet read."""

NOTHING: Final = msgspec.Raw(b"null")


class Request(msgspec.Struct, frozen=True, gc=False):
    """A message that is owed one reply."""

    id: Id
    method: str
    params: Part


class Notification(msgspec.Struct, frozen=True, gc=False):
    """A message that is owed none."""

    method: str
    params: Part


class Response(msgspec.Struct, frozen=True, gc=False):
    """The reply to a request of ours. `error` is None where the client had none to report."""

    id: Id
    result: Part
    error: Part | None


Message = Request | Notification | Response


class _Wire(msgspec.Struct, gc=False):
    id: Id | msgspec.UnsetType = msgspec.UNSET
    method: str | None = None
    params: msgspec.Raw = NOTHING
    result: msgspec.Raw = NOTHING
    error: msgspec.Raw = NOTHING


_REFUSED = (msgspec.DecodeError, UnicodeDecodeError)
"""What the fast decoder raises for bytes that it does not take."""

_WRONG_SHAPE = "the parameters have another shape"

_wire_decoder = msgspec.json.Decoder(_Wire)
_encoder = msgspec.json.Encoder()


def read_message(body: bytes) -> Message:
    """Read an envelope.

    Raises:
        BadMessage: not JSON, not an object, or neither request, notification nor response.
    """
    try:
        wire = _wire_decoder.decode(body)
    except (*_REFUSED, RecursionError):
        return _message_of(_loaded(body))
    if wire.method is None:
        if wire.id is msgspec.UNSET:
            raise BadMessage(Code.INVALID_REQUEST, "a message without method and id")
        return Response(wire.id, wire.result, None if wire.error == NOTHING else wire.error)
    if wire.id is msgspec.UNSET:
        return Notification(wire.method, wire.params)
    return Request(wire.id, wire.method, wire.params)


def _message_of(value: Any) -> Message:
    """The slow way: from a JSON value of any shape."""
    if not isinstance(value, dict):
        raise BadMessage(Code.INVALID_REQUEST, "a message is one JSON object")
    request_id, method = _id_of(value), value.get("method")
    if isinstance(method, str):
        params = Loose(value.get("params"))
        return (
            Notification(method, params)
            if request_id is None
            else Request(request_id, method, params)
        )
    if method is not None or request_id is None:
        raise BadMessage(Code.INVALID_REQUEST, "a method is a string", request_id)
    error = value.get("error")
    return Response(request_id, Loose(value.get("result")), None if error is None else Loose(error))


def _id_of(value: dict[str, Any]) -> Id | None:
    """The id of a message, None where there is none."""
    request_id = value.get("id")
    if isinstance(request_id, Id) and not isinstance(request_id, bool):
        return request_id
    if "id" in value:
        raise BadMessage(Code.INVALID_REQUEST, "an id is an integer or a string")
    return None


def read(part: Part, decoder: msgspec.json.Decoder[T]) -> T:
    """Read parameters or a result as the decoder's type.

    Raises:
        BadMessage: not JSON (parse error), or not of that type (invalid params).
    """
    if isinstance(part, Loose):
        return _converted(part.value, decoder.type)
    try:
        return decoder.decode(part)
    except msgspec.ValidationError:
        raise BadMessage(Code.INVALID_PARAMS, _WRONG_SHAPE) from None
    except (*_REFUSED, RecursionError):
        return _converted(_loaded(bytes(part)), decoder.type)


def _converted(value: Any, target: type[T]) -> T:
    try:
        return msgspec.convert(value, target)
    except (msgspec.ValidationError, UnicodeEncodeError, RecursionError):
        # To say what it got instead, msgspec encodes it, which no lone surrogate survives.
        raise BadMessage(Code.INVALID_PARAMS, _WRONG_SHAPE) from None


def _loaded(body: bytes) -> Any:
    try:
        # Some editors put the bytes of a lone surrogate as they are.
        text = body.decode("utf-8", "surrogatepass")
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadMessage(Code.PARSE_ERROR, "not JSON that can be read") from None


def _refuse(_: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")


def encode(value: Any) -> bytes:
    """Any value of builtins and msgspec structs as JSON.

    Raises:
        TypeError, ValueError, RecursionError: the value holds something that JSON has not.
    """
    try:
        return _encoder.encode(value)
    except (UnicodeEncodeError, OverflowError):  # a lone surrogate; an id beyond 64 bits
        return json.dumps(msgspec.to_builtins(value)).encode()
