"""Who owes whom a reply, and what was agreed when the connection began."""

from typing import Any

import msgspec

from zeta_lsp.server.faults import BadMessage
from zeta_lsp.server.framing import Fault
from zeta_lsp.server.messages import Id, Message, Part, Request, read, read_message
from zeta_lsp.server.proxy.learning import Asked

Item = bytes | Fault
"""What a framer cuts from a stream."""

_object = msgspec.json.Decoder(dict[str, Any])


class Books:
    """What both directions of a relay know.

    `beginning` is the client's ``initialize`` until it is answered. `joined` is whether the reply
    told the client of us, and `for_us_alone` what the neighbour did not ask for in it. `owed` are
    the client's requests that the neighbour has not answered, `owing` the neighbour's that the
    client has not.
    """

    __slots__ = ("beginning", "for_us_alone", "joined", "owed", "owing")

    def __init__(self) -> None:
        self.beginning: Request | None = None
        self.joined = False
        self.for_us_alone: set[str] = set()
        self.owed: dict[Id, Asked] = {}
        self.owing: set[Id] = set()


def peek(item: Item) -> Message | None:
    """The envelope, None where there is none that can be read."""
    if isinstance(item, Fault):
        return None
    try:
        return read_message(item)
    except BadMessage:
        return None


def member(params: Part, name: str) -> Id | None:
    """A number or string in parameters."""
    try:
        found = read(params, _object).get(name)
    except BadMessage:
        return None
    return found if isinstance(found, int | str) else None
