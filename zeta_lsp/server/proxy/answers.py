"""What the neighbour answers when asked for definitions, in any of the protocol's shapes."""

import enum

import msgspec

from zeta_lsp.core.documents import Range
from zeta_lsp.server.faults import BadMessage
from zeta_lsp.server.messages import NOTHING, Part, read

MAX_LOCATIONS = 16
"""A name with more definitions than this says little about any of them."""
MAX_RESULT_BYTES = 1024 * 1024


class Silence(enum.StrEnum):
    """Why a question has no answer, or none that is certain."""

    UNSUPPORTED = "unsupported"  # the server does not offer it
    UNOPENED = "unopened"  # it does not know the document
    BUSY = "busy"  # too many questions are open
    LATE = "late"  # not within the deadline; ask again
    UNANSWERED = "unanswered"  # never, so it was cancelled
    REFUSED = "refused"  # the server replied with an error
    UNREADABLE = "unreadable"  # the reply has another shape, or is far too long
    STALE = "stale"  # answered, but the document changed meanwhile
    GONE = "gone"  # the server ended


class Location(msgspec.Struct, frozen=True):
    """Where something is defined: the name itself, where the server tells it apart.

    The range counts as the session agreed with the client. Nothing about it is checked: the file
    may not exist, or be anybody's.
    """

    uri: str
    range: Range


class Answer(msgspec.Struct, frozen=True):
    """The definitions of the name at one position; `silence` says what is amiss, None is good."""

    locations: tuple[Location, ...] = ()
    silence: Silence | None = None


class _Link(msgspec.Struct, frozen=True, rename="camel"):
    target_uri: str
    target_selection_range: Range


_list = msgspec.json.Decoder(list[msgspec.Raw])
_location = msgspec.json.Decoder(Location)
_link = msgspec.json.Decoder(_Link)


def read_answer(result: Part) -> Answer:
    """Read a location, a list of them, a list of links, or null."""
    if result == NOTHING:
        return Answer()
    if not isinstance(result, msgspec.Raw) or memoryview(result).nbytes > MAX_RESULT_BYTES:
        return Answer(silence=Silence.UNREADABLE)
    try:
        parts = read(result, _list) if bytes(memoryview(result)[:1]) == b"[" else [result]
        return Answer(tuple(_location_of(part) for part in parts[:MAX_LOCATIONS]))
    except BadMessage:
        return Answer(silence=Silence.UNREADABLE)


def _location_of(part: Part) -> Location:
    try:
        return read(part, _location)
    except BadMessage:
        link = read(part, _link)
        return Location(link.target_uri, link.target_selection_range)
