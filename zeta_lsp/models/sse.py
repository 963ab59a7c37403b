"""Server-sent events and newline-delimited JSON: bytes in, payloads out.

Both come in lines. Lines end with ``\\n``, ``\\r\\n`` or ``\\r``, and may be cut anywhere by the
network. Of an event only its data counts (WHATWG HTML, section 9.2.6); an event that the stream's
end cuts off does not exist. A line has at most `LINE_BYTES_MAX` bytes.
"""

from zeta_lsp.core.errors import ModelBadReply

LINE_BYTES_MAX = 1 << 20


class Lines:
    """Cuts a stream into lines without their terminators."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._after_cr = False

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that are whole now.

        Raises:
            ModelBadReply: a line is too long.
        """
        if self._after_cr or b"\r" in data:
            data = self._unified(data)
        first, newline, rest = data.partition(b"\n")
        self._hold(first)
        if not newline:
            return []
        lines = [bytes(self._held), *rest.split(b"\n")]
        self._held.clear()
        self._hold(lines.pop())
        return lines

    def _hold(self, part: bytes) -> None:
        self._held += part
        if len(self._held) > LINE_BYTES_MAX:
            raise ModelBadReply("a line of the reply is too long")

    def _unified(self, data: bytes) -> bytes:
        """`data` with ``\\n`` only, also where ``\\r`` and ``\\n`` came in two packets."""
        if self._after_cr and data.startswith(b"\n"):
            data = data[1:]
        elif not data:
            return data
        self._after_cr = data.endswith(b"\r")
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


class Events:
    """Cuts an event stream into the data of its events."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._data: list[bytes] = []

    def feed(self, data: bytes) -> list[bytes]:
        """The data of the events that are whole now, in order; comments and names are skipped.

        Raises:
            ModelBadReply: a line is too long.
        """
        events = []
        for line in self._lines.feed(data):
            if line.startswith(b"data:"):
                self._data.append(line[5:].removeprefix(b" "))
            elif not line and self._data:
                events.append(b"\n".join(self._data))
                self._data = []
        return events
