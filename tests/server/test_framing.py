import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from zeta_lsp.server.framing import MAX_BODY_BYTES, MAX_HEADER_BYTES, Fault, Framer, frame

BODY = b'{"jsonrpc":"2.0","method":"x"}'
WHOLE = frame(BODY)


def fed(data: bytes, *, chunk_bytes: int | None = None) -> list[bytes | Fault]:
    framer = Framer()
    size = chunk_bytes or max(1, len(data))
    return [item for at in range(0, len(data), size) for item in framer.feed(data[at : at + size])]


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: %d\r\n\r\n",
        b"content-length: %d\r\n\r\n",
        b"CONTENT-LENGTH:%d\r\n\r\n",
        b"Content-Length : \t%d  \r\n\r\n",
        b"Content-Length: %d\n\n",
        b"Content-Length: %d\n\r\n",
        b"Content-Length: 00000%d\r\n\r\n",
        b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: %d\r\n\r\n",
        b"Content-Length: %d\r\nContent-Type: application/vscode-jsonrpc; charset=utf8\r\n\r\n",
        b"\r\n\r\nContent-Length: %d\r\n\r\n",
        b"debug: hello\r\nContent-Length: %d\r\n\r\n",
        b"helloContent-Length: %d\r\n\r\n",
        b"Content-Length: Content-Length: %d\r\n\r\n",
        b"Content-Length: 7\r\nContent-Length: %d\r\n\r\n",
    ],
)
def test_every_spelling_of_the_header_is_understood(header: bytes) -> None:
    assert fed(header % len(BODY) + BODY + WHOLE) == [BODY, BODY]
    assert fed(header % len(BODY) + BODY + WHOLE, chunk_bytes=1) == [BODY, BODY]


@pytest.mark.parametrize(
    ("stray", "fault"),
    [
        (b"hello\r\n\r\n", Fault.NO_LENGTH),
        (b"Content-Type: x\r\n\r\n" + BODY, Fault.NO_LENGTH),
        (b"Content-Length: -5\r\n\r\nabcde", Fault.BAD_LENGTH),
        (b"Content-Length: five\r\n\r\nabcde", Fault.BAD_LENGTH),
        (b"Content-Length:\r\n\r\n", Fault.BAD_LENGTH),
        ("Content-Length: ٣\r\n\r\nabc".encode(), Fault.BAD_LENGTH),
        (b"Content-Length: %d\r\n\r\nabc" % (MAX_BODY_BYTES + 1), Fault.TOO_LARGE),
        (b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nabc", Fault.TOO_LARGE),
        (b"x" * MAX_HEADER_BYTES, Fault.HEADER_TOO_LARGE),
        (b"Content-Length: 5\r\nX: " + b"x" * MAX_HEADER_BYTES, Fault.HEADER_TOO_LARGE),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde", Fault.HTTP),
    ],
)
def test_what_is_no_message_is_one_fault_and_the_next_message_arrives(
    stray: bytes, fault: Fault
) -> None:
    assert fed(WHOLE + stray + WHOLE + WHOLE) == [BODY, fault, BODY, BODY]
    assert fed(WHOLE + stray + WHOLE + WHOLE, chunk_bytes=1) == [BODY, fault, BODY, BODY]


def test_a_body_that_is_too_large_is_refused_before_it_arrives_and_is_not_kept() -> None:
    framer = Framer()
    assert framer.feed(b"Content-Length: 10000000000\r\n\r\n") == [Fault.TOO_LARGE]
    for _ in range(64):
        assert framer.feed(b"x" * 1_000_000) == []
    assert len(framer._buffer) < 1000
    assert framer.feed(WHOLE) == [BODY]


def test_the_text_of_a_refused_body_is_not_taken_for_a_header() -> None:
    document = json.dumps("Content-Length: 4\r\n\r\nnull").encode()
    head = b"Content-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1)
    assert fed(head + document + WHOLE) == [Fault.TOO_LARGE, BODY]


@pytest.mark.parametrize("chunk_bytes", [1, 7, 10_000])
def test_skipped_bytes_that_speak_of_a_document_are_told_once(chunk_bytes: int) -> None:
    change = b'{"method":"textDocument/didChange"}' * 2
    for head in (b"Content-Length: 99999999999\r\n\r\n", b"Content-Length: -1\r\n\r\n"):
        assert fed(head + change + WHOLE, chunk_bytes=chunk_bytes)[1:] == [
            Fault.DOCUMENT_LOST,
            BODY,
        ]
    assert fed(change + b"\n\n" + WHOLE)[1:] == [Fault.DOCUMENT_LOST, BODY]


@pytest.mark.timeout(60)  # a reader that copies what it has on every chunk needs minutes
def test_a_body_at_the_limit_is_taken_and_costs_its_size_once() -> None:
    body = b"x" * MAX_BODY_BYTES
    assert fed(frame(body), chunk_bytes=2048) == [body]


MESSAGES = st.lists(
    st.one_of(
        st.binary(max_size=300).map(frame),
        st.sampled_from(
            [
                b"\r\n",
                b"noise",
                b"noise\n\n",
                b"textDocument/did",
                b"Content-Length: -1\r\n\r\n",
                b"\n",
            ]
        ),
        st.binary(max_size=40),
    ),
    max_size=8,
).map(b"".join)


@given(MESSAGES, st.lists(st.integers(1, 60), min_size=1, max_size=40))
def test_the_result_does_not_depend_on_the_chunks(stream: bytes, sizes: list[int]) -> None:
    framer, out, at = Framer(max_body_bytes=200, max_header_bytes=64), [], 0
    while at < len(stream):
        size = sizes[at % len(sizes)]
        out += framer.feed(stream[at : at + size])
        at += size
    assert out == Framer(max_body_bytes=200, max_header_bytes=64).feed(stream)


@given(st.binary(max_size=400), st.binary(max_size=50))
def test_a_message_behind_any_garbage_is_delivered(garbage: bytes, body: bytes) -> None:
    framer = Framer(max_header_bytes=64)
    framer.feed(garbage)
    assume(framer._wanted_bytes is None)  # the garbage does not announce a body of its own
    assert framer.feed(frame(body) + WHOLE)[-1] == BODY


@given(
    st.lists(
        st.sampled_from(
            [b"Content-Length", b"content-", b":", b" ", b"5", b"-", b"\r", b"\n", b"x", b"{}"]
        ),
        max_size=30,
    ).map(b"".join)
)
def test_pieces_of_headers_do_not_swallow_a_message(garbage: bytes) -> None:
    framer = Framer(max_header_bytes=64)
    framer.feed(garbage)
    assume(framer._wanted_bytes is None)
    assert framer.feed(WHOLE)[-1:] == [BODY]
