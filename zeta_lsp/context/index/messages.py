"""What the server and its helper process say to each other, and how it is framed.

Each message is four bytes, its length in big-endian order, and as many bytes of MessagePack.
`Frames` cuts a stream into messages again. A length over `MAX_BYTES` or bytes that are no message
break the stream for good: whoever reads ends the conversation.
"""

import enum
from collections.abc import Iterator
from typing import Generic, TypeVar

import msgspec

from zeta_lsp.core.prompt import RelatedFile
from zeta_lsp.core.related import Found, Identifier, Place, Receipt, Visit

MAX_BYTES = 16 << 20
_HEAD_BYTES = 4


class Reason(enum.StrEnum):
    """Why the index knows less than it could, or is late."""

    TOO_MANY_FILES = "index_too_many_files"
    FOLDER_IGNORED = "index_folder_is_ignored"
    TOO_DEEP = "index_folders_too_deep"
    WATCH_LIMIT = "index_watch_limit"
    CACHE_REBUILT = "index_cache_rebuilt"
    CACHE_UNAVAILABLE = "index_cache_unavailable"
    FILE_STALLED = "index_file_stalled"
    HELPER_DIED = "index_helper_died"
    HELPER_MISSING = "index_helper_cannot_start"
    HELPER_BUSY = "index_helper_busy"
    LATE = "index_late"


class Start(msgspec.Struct, frozen=True, tag=True):
    """The first message: what to index. `cache` is a folder, or empty for memory alone.

    `names` are what prompts call the roots; by default their folders' names.
    """

    roots: tuple[str, ...]
    globs: tuple[str, ...]
    cache: str
    names: tuple[str, ...] = ()


class Ask(msgspec.Struct, frozen=True, tag=True):
    """Where are these names, which stand in the file `path`, defined?"""

    id: int
    path: str
    wanted: tuple[Identifier, ...]
    budget_s: float


class Show(msgspec.Struct, frozen=True, tag=True):
    """Make excerpts of the places that were found from the file `path`.

    `visits` are places where the person was lately, the latest first.
    """

    id: int
    found: tuple[Found, ...]
    path: str = ""
    visits: tuple[Visit, ...] = ()


class Changed(msgspec.Struct, frozen=True, tag=True):
    """A file or folder may have changed, appeared or gone."""

    path: str


class Overlay(msgspec.Struct, frozen=True, tag=True):
    """The text of an open buffer; None once it is closed and the disk counts again."""

    path: str
    text: str | None


class Progress(msgspec.Struct, frozen=True, tag=True):
    """Of `total` files that had to be looked into, `done` are."""

    done: int
    total: int


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The index agrees with the disk, for the `round`-th time, counted from 1.

    `skipped` counts files by the reason they were left out.
    """

    round: int
    files: int
    symbols: int
    skipped: dict[str, int]


class Answer(msgspec.Struct, frozen=True, tag=True):
    """The places for each identifier of an `Ask`, in its order; best first."""

    id: int
    places: tuple[tuple[Place, ...], ...]


class Excerpted(msgspec.Struct, frozen=True, tag=True):
    """The related files of a `Show`, and a receipt for each excerpt."""

    id: int
    files: tuple[RelatedFile, ...]
    receipts: tuple[Receipt, ...]


class Note(msgspec.Struct, frozen=True, tag=True):
    """Something that a person may want to know."""

    reason: Reason
    count: int = 0


Request = Start | Ask | Show | Changed | Overlay
Report = Progress | Ready | Answer | Excerpted | Note
Message = TypeVar("Message")

_encoder = msgspec.msgpack.Encoder()


class BrokenStream(ValueError):
    """What was read is no message of ours."""


def framed(message: object) -> bytes:
    """The bytes of one message: a `Request`, a `Report`, or what helpers say among themselves.

    Raises:
        BrokenStream: the other side would not take so much.
    """
    body = _encoder.encode(message)
    if len(body) > MAX_BYTES:
        raise BrokenStream("a message is too large")
    return len(body).to_bytes(_HEAD_BYTES, "big") + body


class Frames(Generic[Message]):
    """Cuts bytes, however they arrive, into messages."""

    def __init__(self, decoder: msgspec.msgpack.Decoder[Message]) -> None:
        self._decoder = decoder
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Every message that is complete with these bytes.

        Raises:
            BrokenStream: see the module.
        """
        self._held += data
        while len(self._held) >= _HEAD_BYTES:
            size = int.from_bytes(self._held[:_HEAD_BYTES], "big")
            if size > MAX_BYTES:
                raise BrokenStream("a message is too large")
            end = _HEAD_BYTES + size
            if len(self._held) < end:
                return
            body = bytes(self._held[_HEAD_BYTES:end])
            del self._held[:end]
            yield self._decoded(body)

    def _decoded(self, body: bytes) -> Message:
        try:
            return self._decoder.decode(body)
        except msgspec.MsgspecError as fault:
            raise BrokenStream("no message of this protocol") from fault


def requests() -> Frames[Request]:
    """For the helper's side."""
    return Frames(msgspec.msgpack.Decoder(Request))


def reports() -> Frames[Report]:
    """For the server's side."""
    return Frames(msgspec.msgpack.Decoder(Report))
