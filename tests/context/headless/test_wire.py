"""Messages of servers that we start: cut anywhere, bounded, and nothing but messages."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.context.headless.wire import BadStream, Message, Reader, TooLarge, framed

MESSAGES: list[Message] = [
    {"id": 1, "result": None},
    {"method": "é🙂", "params": {"text": "Content-Length: 5\r\n\r\n"}},
    {"id": "x", "method": "m"},
]


@given(st.sets(st.integers(0, sum(len(framed(message)) for message in MESSAGES))))
def test_the_messages_do_not_depend_on_where_the_bytes_are_cut(cuts: set[int]) -> None:
    data, reader = b"".join(map(framed, MESSAGES)), Reader()
    edges = [0, *sorted(cuts), len(data)]
    heard = [one for start, end in pairwise(edges) for one in reader.feed(data[start:end])]
    assert heard == [{"jsonrpc": "2.0", **message} for message in MESSAGES]


def test_other_headers_are_passed_over() -> None:
    head = b"Content-Type: application/vscode-jsonrpc\r\ncontent-length:2\r\n\r\n"
    assert list(Reader().feed(head + b"{}")) == [{}]


@pytest.mark.parametrize(
    "data",
    [
        b"hello\r\n\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: x\r\n\r\n",
        b"Content-Length: 2\r\n\r\n[]",
        b"Content-Length: 2\r\n\r\n{x",
        b"Content-Length: 2\r\n\r\n\xff\xff",
        b"x" * 10_000,
        b"Content-Length: 30000\r\n\r\n" + b"[" * 30_000,
    ],
)
def test_what_is_no_message_breaks_the_stream(data: bytes) -> None:
    with pytest.raises(BadStream):
        list(Reader().feed(data))


def test_a_message_over_the_limit_is_not_waited_for() -> None:
    with pytest.raises(TooLarge):
        list(Reader(max_body_bytes=10).feed(b"Content-Length: 11\r\n\r\n"))
