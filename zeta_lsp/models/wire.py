"""One HTTP/1.1 response, from bytes to a head and the bytes of its body. No I/O.

`ResponseReader` is fed whatever arrives and gives back the body bytes it could decode; all chunks
of one packet come back as one piece, which is what makes streaming cheap. It accepts what RFC 9112
allows a server to send and nothing else: a status line, bounded headers, interim answers, a body
that is chunked, counted, or ended by closing.

It promises bounded memory whatever is fed (`HEAD_BYTES_MAX`, `HEADERS_MAX`, `INTERIM_MAX`,
`SIZE_LINE_BYTES_MAX`, `bytes_max` in all) and that `complete` is only ever true when the end that
the head announced was seen. It does not decode content codings.
"""

import re
from collections.abc import Callable

import msgspec

HEAD_BYTES_MAX = 64 << 10
HEADERS_MAX = 128
INTERIM_MAX = 16
SIZE_LINE_BYTES_MAX = 256
BYTES_MAX = 8 << 20

_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9]{2})(?: [^\r\n\0]*)?")
_HEADER_LINES = re.compile(rb"(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[^\r\n\0]*\r\n)*")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?")
_CHUNK_HEAD = re.compile(rb"([0-9A-Fa-f]{1,8})\r\n")
_LENGTH = re.compile(rb"[0-9]{1,12}")


class BrokenReply(ValueError):
    """The bytes are not an HTTP/1.1 response, or more of one than we take."""


class Head(msgspec.Struct, frozen=True):
    """Status and headers. Names are as they came."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]


class ResponseReader:
    """Reads one response. After `complete`, `reusable` says whether another may follow."""

    def __init__(self, bytes_max: int = BYTES_MAX) -> None:
        self.head: Head | None = None
        self.complete = False
        self.reusable = False
        self._bytes_left = bytes_max
        self._buffer = bytearray()
        self._scanned = 0
        self._interim = 0
        self._missing = 0
        self._trailing = False
        self._decode: Callable[[], bytes] = self._read_head

    def feed(self, data: bytes) -> bytes:
        """Body bytes decoded so far and not yet given back; often empty.

        Raises:
            BrokenReply: and nothing more can be read.
        """
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            raise BrokenReply("the reply is too large")
        if self.complete:
            self.reusable = False
            return b""
        self._buffer += data
        return self._decode()

    def feed_eof(self) -> None:
        """The connection was closed: the end of a body without a length, else a fault.

        Raises:
            BrokenReply: the announced end was not reached.
        """
        if self.head is not None and self._decode == self._read_until_closed:
            self.complete = True
        if not self.complete:
            raise BrokenReply("the connection was closed before the end of the reply")

    def _read_head(self) -> bytes:
        end = self._buffer.find(b"\r\n\r\n", max(0, self._scanned - 3))
        self._scanned = len(self._buffer)
        if (self._scanned if end < 0 else end) > HEAD_BYTES_MAX:
            raise BrokenReply("the headers are too large")
        if end < 0:
            self._refuse_other_protocols()
            return b""
        head = bytes(self._buffer[: end + 2])
        del self._buffer[: end + 4]
        self._scanned = 0
        self._take_head(*_parse_head(head))
        return self._decode()

    def _refuse_other_protocols(self) -> None:
        """Fail at the first byte that HTTP/1 does not begin with, not at the deadline."""
        start = bytes(self._buffer[:7])
        if not b"HTTP/1.".startswith(start):
            raise BrokenReply("the reply is not HTTP/1.1")

    def _take_head(self, minor: int, head: Head) -> None:
        if head.status < 200:
            self._interim += 1
            if head.status == 101 or self._interim > INTERIM_MAX:
                raise BrokenReply("unexpected interim answers")
            return
        fields: dict[bytes, list[bytes]] = {}
        for name, value in head.headers:
            fields.setdefault(name.lower(), []).append(value)
        self.head = head
        self._choose_framing(head.status, fields)
        closes = b"close" in _tokens(fields.get(b"connection", []))
        self.reusable &= minor == 1 and not closes

    def _choose_framing(self, status: int, fields: dict[bytes, list[bytes]]) -> None:
        codings = _tokens(fields.get(b"transfer-encoding", []))
        lengths = set(fields.get(b"content-length", []))
        # A length beside a coding is a sign of a confused server: the coding counts, once.
        self.reusable = not (codings and lengths)
        if status in (204, 304):
            self._missing, self._decode = 0, self._read_counted
        elif codings:
            if codings != [b"chunked"]:
                raise BrokenReply("unknown transfer coding")
            self._decode = self._read_chunked
        elif lengths:
            self._missing, self._decode = _length(lengths), self._read_counted
        else:
            self.reusable, self._decode = False, self._read_until_closed

    def _read_counted(self) -> bytes:
        piece = self._take(self._missing)
        self._missing -= len(piece)
        if not self._missing:
            self._finish()
        return piece

    def _read_until_closed(self) -> bytes:
        return self._take(len(self._buffer))

    def _read_chunked(self) -> bytes:
        """Decode all that is there."""
        pieces = self._whole_chunks() if not self._missing and not self._trailing else []
        while not self.complete and self._step(pieces):
            pass
        return b"".join(pieces)

    def _whole_chunks(self) -> list[bytes]:
        """The chunks that are there from their size to their end, from between two chunks on.

        Nearly all are, and one packet holds many: `_step` would take four turns for each.
        """
        buffer, at, pieces = bytes(self._buffer), 0, []
        while match := _CHUNK_HEAD.match(buffer, at):
            start = match.end()
            end = start + int(match[1], 16)
            if end == start or buffer[end : end + 2] != b"\r\n":
                break
            pieces.append(buffer[start:end])
            at = end + 2
        del self._buffer[:at]
        return pieces

    def _step(self, pieces: list[bytes]) -> bool:
        """One size line, run of data, or line end; False if more bytes are needed for it.

        `_missing` counts the CRLF after a chunk's data too, so that 0 means between chunks.
        """
        if self._missing > 2:
            pieces.append(piece := self._take(self._missing - 2))
            self._missing -= len(piece)
            return bool(piece)
        line = self._take_line()
        if line is None:
            return False
        if self._trailing:
            if not line:
                self._finish()
        elif not self._missing:
            self._begin_chunk(line)
        elif line:
            raise BrokenReply("a chunk is longer than its size")
        else:
            self._missing = 0
        return True

    def _begin_chunk(self, line: bytes) -> None:
        match = _CHUNK_SIZE.fullmatch(line)
        if match is None:
            raise BrokenReply("a chunk has no size")
        size = int(match[1], 16)
        self._missing, self._trailing = (size + 2, False) if size else (0, True)

    def _take(self, size: int) -> bytes:
        piece = bytes(self._buffer[:size])
        del self._buffer[:size]
        return piece

    def _take_line(self) -> bytes | None:
        end = self._buffer.find(b"\r\n", 0, SIZE_LINE_BYTES_MAX + 2)
        if end < 0:
            if len(self._buffer) > SIZE_LINE_BYTES_MAX:
                raise BrokenReply("a line between chunks is too long")
            return None
        line = self._take(end)
        del self._buffer[:2]
        return line

    def _finish(self) -> None:
        self.complete = True
        if self._buffer:
            self.reusable = False


def _parse_head(head: bytes) -> tuple[int, Head]:
    """The minor version and the head, from its bytes with the last line's CRLF."""
    status_line, _, rest = head.partition(b"\r\n")
    match = _STATUS_LINE.fullmatch(status_line)
    if match is None:
        raise BrokenReply("the reply is not HTTP/1.1")
    if not _HEADER_LINES.fullmatch(rest) or rest.count(b"\r\n") > HEADERS_MAX:
        raise BrokenReply("the headers are malformed or too many")
    pairs = (line.partition(b":") for line in rest.split(b"\r\n")[:-1])
    headers = tuple((name, value.strip(b" \t")) for name, _, value in pairs)
    return int(match[1]), Head(int(match[2]), headers)


def _tokens(values: list[bytes]) -> list[bytes]:
    return [token.strip(b" \t").lower() for token in b",".join(values).split(b",") if token.strip()]


def _length(values: set[bytes]) -> int:
    if len(values) != 1 or not _LENGTH.fullmatch(value := values.pop()):
        raise BrokenReply("the length is malformed")
    return int(value)
