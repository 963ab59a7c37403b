"""Reading HTTP/1.1 responses: however they are cut, and against another reader."""

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.models.wire import HEAD_BYTES_MAX, HEADERS_MAX, BrokenReply, ResponseReader

CHUNKED = (
    b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nServer: s\r\n\r\n"
    b"5\r\nhello\r\nA;ext=1\r\n, \r\n world\r\n0\r\ntrailer: x\r\n\r\n"
)


def read(data: bytes, size: int, closed: bool = False) -> tuple[ResponseReader, bytes]:
    """Feed in packets of `size` bytes."""
    reader = ResponseReader()
    body = b"".join(reader.feed(data[at : at + size]) for at in range(0, len(data), size))
    if closed:
        reader.feed_eof()
    return reader, body


@pytest.mark.parametrize("size", range(1, len(CHUNKED) + 1))
def test_packets_of_any_size_give_the_same_body(size: int) -> None:
    reader, body = read(CHUNKED, size)
    assert body == b"hello, \r\n world"
    assert reader.head is not None
    assert (reader.head.status, reader.complete, reader.reusable) == (200, True, True)


def test_all_chunks_of_a_packet_come_as_one_piece() -> None:
    reader = ResponseReader()
    assert reader.feed(CHUNKED) == b"hello, \r\n world"


@pytest.mark.parametrize("end", range(len(CHUNKED)))
def test_no_beginning_of_a_response_counts_as_complete(end: int) -> None:
    reader, _ = read(CHUNKED[:end], 7)
    assert not reader.complete
    with pytest.raises(BrokenReply):
        reader.feed_eof()


@pytest.mark.parametrize(
    ("head", "body", "closed", "reusable"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2", b"ok", False, True),
        (b"HTTP/1.1 200\r\ncontent-length: 2", b"ok", False, True),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2", b"ok", False, True),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0", b"", False, True),
        (b"HTTP/1.1 204 No Content", b"", False, True),
        (b"HTTP/1.1 200 OK\r\nConnection: Close\r\ncontent-length: 2", b"ok", False, False),
        (b"HTTP/1.0 200 OK\r\ncontent-length: 2", b"ok", False, False),
        (b"HTTP/1.1 200 OK", b"until closed", True, False),
        (b"HTTP/1.0 200 OK\r\nx:", b"", True, False),
    ],
)
def test_the_body_ends_where_the_head_says(
    head: bytes, body: bytes, closed: bool, reusable: bool
) -> None:
    reader, found = read(head + b"\r\n\r\n" + body, 3, closed)
    assert (found, reader.complete, reader.reusable) == (body, True, reusable)


def test_bytes_after_the_end_make_a_connection_unfit_for_more() -> None:
    reader, body = read(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200", 100)
    assert (body, reader.complete, reader.reusable) == (b"ok", True, False)
    reader, _ = read(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", 100)
    reader.feed(b"more")
    assert not reader.reusable


def test_a_length_beside_a_coding_is_ignored_once() -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\ntransfer-encoding: chunked\r\n\r\n"
    reader, body = read(head + b"2\r\nok\r\n0\r\n\r\n", 4)
    assert (body, reader.complete, reader.reusable) == (b"ok", True, False)


def test_a_response_may_not_exceed_the_callers_limit() -> None:
    reader = ResponseReader(bytes_max=60)
    reader.feed(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 41)
    with pytest.raises(BrokenReply, match="too large"):
        reader.feed(b"x")


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"a: b\r\n" * (HEADERS_MAX + 1) + b"\r\n", id="too many"),
        pytest.param(b"a: " + b"b" * HEAD_BYTES_MAX + b"\r\n\r\n", id="too large"),
        pytest.param(b"a: " + b"b" * HEAD_BYTES_MAX, id="too large, and not over yet"),
    ],
)
def test_headers_have_limits(head: bytes) -> None:
    reader = ResponseReader()
    reader.feed(b"HTTP/1.1 200 OK\r\n")
    with pytest.raises(BrokenReply, match="headers"):
        reader.feed(head)


def test_as_many_headers_as_allowed_pass() -> None:
    head = b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * HEADERS_MAX + b"\r\n"
    assert read(head, 1000)[0].head is not None


NAMES = st.sampled_from(["server", "x-request-id", "date", "Content-Type"])
VALUES = st.text("abc xyz;=/,", max_size=12).map(str.strip)
HEADERS = st.lists(st.tuples(NAMES, VALUES), max_size=4)


@given(HEADERS, st.lists(st.binary(min_size=1, max_size=40), max_size=6), st.data())
def test_it_reads_what_another_implementation_writes(
    headers: list[tuple[str, str]], chunks: list[bytes], data: st.DataObject
) -> None:
    server = h11.Connection(h11.SERVER)
    server.receive_data(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    server.next_event()
    server.next_event()
    framing = data.draw(
        st.sampled_from(
            [("transfer-encoding", "chunked"), ("content-length", str(sum(map(len, chunks))))]
        )
    )
    wire = server.send(h11.Response(status_code=200, headers=[*headers, framing])) or b""
    for each in chunks:
        wire += server.send(h11.Data(data=each)) or b""
    wire += server.send(h11.EndOfMessage()) or b""
    reader, body = read(wire, data.draw(st.integers(1, len(wire))))
    assert (body, reader.complete, reader.reusable) == (b"".join(chunks), True, True)
    assert reader.head is not None
    assert [value.decode() for _, value in reader.head.headers][:-1] == [v for _, v in headers]


@given(st.data())
def test_what_was_damaged_is_read_or_refused_but_nothing_else(data: st.DataObject) -> None:
    damaged = bytearray(CHUNKED)
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        read(bytes(damaged), data.draw(st.integers(1, len(damaged))), closed=True)
    except BrokenReply:
        return
