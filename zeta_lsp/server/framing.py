"""Cut a stream of bytes into message bodies, whatever the stream does.

LSP puts a header block before each JSON body; only `Content-Length` matters. Clients write it in
lower case, without the space, behind other headers or with bare line feeds, and every now and then
something prints into the pipe. None of that may end the session: what cannot be a message becomes
one `Fault`, and reading goes on at the next `Content-Length` line. Such a line ends in a raw line
break, which no JSON string can hold, so a document that talks about headers is never mistaken for
one.

Sans-IO: bytes in, bodies out. The result does not depend on where the stream was cut into chunks.
Memory is bounded by one body, a refused body is not kept, and the cost is linear in the bytes fed.
"""

import enum
import re

MAX_HEADER_BYTES = 8 * 1024
MAX_BODY_BYTES = 64 * 1024 * 1024

_MAX_DIGITS = 19
"""More digits are out of every range, and thousands of them would take time to read."""

_USUAL = re.compile(rb"Content-Length: (\d{1,%d})\r\n\r\n" % _MAX_DIGITS)
_BLANK = re.compile(rb"[\r\n]*")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"(?i)content-length[ \t]*:([^\r\n:]*)(?=\r?\n|\Z)")
_NEXT = re.compile(rb"(?i)content-length[ \t]{0,8}:[ \t]{0,8}\d{1,%d}[ \t]{0,8}\r?\n" % _MAX_DIGITS)
_TAIL_BYTES = len("content-length:") + 3 * 8 + _MAX_DIGITS + 1
"""The longest beginning of `_NEXT` that more bytes may still complete."""
DOCUMENT_MARK = b"textDocument/did"
"""Bytes that are lost and hold this may have been a change that a mirror must follow."""
_HTTP = re.compile(rb"[A-Z]{3,16} [^\r\n]* HTTP/\d")


class Fault(enum.StrEnum):
    """Why some bytes of the stream are no message."""

    NO_LENGTH = "no_length"  # a header block, or something in its place, without Content-Length
    BAD_LENGTH = "bad_length"  # negative, or not a number
    TOO_LARGE = "too_large"  # a body over the limit was announced
    HEADER_TOO_LARGE = "header_too_large"
    DOCUMENT_LOST = "document_lost"  # the bytes skipped since the last fault spoke of a document
    HTTP = "http"  # a browser or an HTTP client speaks to the port


class Framer:
    """The reader's end of one stream."""

    def __init__(
        self, max_body_bytes: int = MAX_BODY_BYTES, max_header_bytes: int = MAX_HEADER_BYTES
    ) -> None:
        self._max_body_bytes = max_body_bytes
        self._max_header_bytes = max_header_bytes
        self._buffer = bytearray()
        self._wanted_bytes: int | None = None  # the length of the body that comes next
        self._lost = False  # looking for the next header
        self._told = False  # that a document was among what is skipped

    def feed(self, data: bytes) -> list[bytes | Fault]:
        """The bodies and faults that these bytes complete, in order."""
        if not self._buffer and self._wanted_bytes is None and not self._lost:
            whole = self._one_whole(data)
            if whole is not None:
                return [whole]
        self._buffer += data
        out: list[bytes | Fault] = []
        while self._step(out):
            pass
        return out

    def _one_whole(self, data: bytes) -> bytes | None:
        """The body, if the data is exactly one message: the usual case, without a copy too many."""
        head = _USUAL.match(data)
        if head is None or len(data) - head.end() != int(head[1]):
            return None
        return data[head.end() :] if int(head[1]) <= self._max_body_bytes else None

    def _step(self, out: list[bytes | Fault]) -> bool:
        """Take one header or one body from the buffer; False when more bytes are needed."""
        if self._wanted_bytes is not None:
            return self._take_body(self._wanted_bytes, out)
        if self._lost and not self._find_header(out):
            return False
        return self._take_header(out)

    def _take_body(self, size_bytes: int, out: list[bytes | Fault]) -> bool:
        if len(self._buffer) < size_bytes:
            return False
        with memoryview(self._buffer) as view:
            out.append(bytes(view[:size_bytes]))
        del self._buffer[:size_bytes]
        self._wanted_bytes = None
        return True

    def _take_header(self, out: list[bytes | Fault]) -> bool:
        usual = _USUAL.match(self._buffer)
        if usual is not None and int(usual[1]) <= self._max_body_bytes:
            self._expect(int(usual[1]), usual.end())
            return True
        start = _end_of(_BLANK, self._buffer)
        end = _HEAD_END.search(self._buffer, start, start + self._max_header_bytes)
        if end is not None:
            self._read_header(bytes(self._buffer[start : end.start()]), end.end(), out)
            return True
        if len(self._buffer) - start < self._max_header_bytes:
            del self._buffer[:start]
            return False
        self._lose(Fault.HEADER_TOO_LARGE, start + 1, out)
        return True

    def _read_header(self, head: bytes, end: int, out: list[bytes | Fault]) -> None:
        lengths = _LENGTH.findall(head)
        length = lengths[-1].strip(b" \t") if lengths else b""
        if _HTTP.match(head):
            self._lose(Fault.HTTP, end, out)
        elif not lengths:
            self._lose(Fault.NO_LENGTH, end, out)
        elif not length.isdigit():
            self._lose(Fault.BAD_LENGTH, end, out)
        elif len(length) > _MAX_DIGITS or int(length) > self._max_body_bytes:
            self._lose(Fault.TOO_LARGE, end, out)
        else:
            self._expect(int(length), end)

    def _expect(self, size_bytes: int, read: int) -> None:
        """The header, `read` bytes long, announced a body."""
        del self._buffer[:read]
        self._wanted_bytes = size_bytes

    def _lose(self, fault: Fault, read: int, out: list[bytes | Fault]) -> None:
        """Report a fault; the first `read` bytes, at least one, are done with."""
        out.append(fault)
        self._lost, self._told = True, False
        self._skip(read, read, out)

    def _find_header(self, out: list[bytes | Fault]) -> bool:
        found = _NEXT.search(self._buffer)
        if found is None:
            size = len(self._buffer)
            self._skip(max(0, size - _TAIL_BYTES), size, out)
            return False
        self._skip(found.start(), found.start(), out)
        self._lost = False
        return True

    def _skip(self, count: int, seen: int, out: list[bytes | Fault]) -> None:
        """Drop `count` bytes; of those up to `seen` it is certain that they are no message."""
        if not self._told and self._buffer.find(DOCUMENT_MARK, 0, seen) >= 0:
            out.append(Fault.DOCUMENT_LOST)
            self._told = True
        del self._buffer[:count]


def frame(body: bytes) -> bytes:
    """A body as it goes over the wire."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def _end_of(pattern: re.Pattern[bytes], data: bytearray) -> int:
    match = pattern.match(data)
    return 0 if match is None else match.end()
