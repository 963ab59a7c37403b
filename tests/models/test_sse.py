"""Cutting streams into events and lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.core.errors import ModelBadReply
from zeta_lsp.models.sse import LINE_BYTES_MAX, Events, Lines

STREAM = (
    b": a comment\n\n"
    b"event: message\r\nid: 1\r\ndata: one\r\n\r\n"
    b"data:no space\n\n"
    b"data: two\ndata: lines\n\n"
    b"data:  kept space\r\r"
    b"retry: 10\n\n"
    b"data\n\n"
    b"data: {\"x\":1}\n\n"
    b"data: cut off\n"
)  # fmt: skip
EXPECTED = [b"one", b"no space", b"two\nlines", b" kept space", b'{"x":1}']


@pytest.mark.parametrize("size", [*range(1, 20), len(STREAM)])
def test_events_are_the_same_wherever_the_network_cuts(size: int) -> None:
    events = Events()
    found = []
    for at in range(0, len(STREAM), size):
        found += events.feed(STREAM[at : at + size])
    assert found == EXPECTED


@given(st.lists(st.sampled_from([b"a", b"bc", b"\n", b"\r", b"\r\n", b""]), max_size=30))
def test_lines_end_at_any_of_three_terminators(parts: list[bytes]) -> None:
    lines = Lines()
    found = [line for part in parts for line in lines.feed(part)]
    whole = b"".join(parts).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert found == whole.split(b"\n")[:-1]


@pytest.mark.parametrize("size", [1 << 14, 1 << 21])
def test_a_line_has_a_limit(size: int) -> None:
    events = Events()
    for _ in range((LINE_BYTES_MAX - 1) // size):
        events.feed(b"x" * size)
    with pytest.raises(ModelBadReply, match="too long"):
        events.feed(b"x" * (size + 1))


def test_a_line_at_the_limit_passes() -> None:
    line = b"data:" + b"x" * (LINE_BYTES_MAX - 5)
    assert Events().feed(line + b"\n\n") == [line[5:]]
