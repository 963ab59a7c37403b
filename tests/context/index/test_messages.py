"""The framing between server and helper: whatever the pieces, the same messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.context.index.messages import (
    MAX_BYTES,
    Answer,
    Ask,
    BrokenStream,
    Changed,
    Overlay,
    Request,
    Start,
    framed,
    reports,
    requests,
)
from zeta_lsp.core.related import Identifier, Place

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
REQUESTS = st.one_of(
    st.builds(Start, st.just(("/w",)), st.just(("*.x",)), TEXTS),
    st.builds(Ask, st.integers(0, 9), TEXTS, st.just((Identifier("a", 1, 2, 3),)), st.just(0.5)),
    st.builds(Changed, TEXTS),
    st.builds(Overlay, TEXTS, st.one_of(st.none(), TEXTS)),
)


@given(st.lists(REQUESTS, max_size=6), st.lists(st.integers(1, 40), max_size=40))
def test_messages_survive_any_cutting_of_the_stream(sent: list[Request], cuts: list[int]) -> None:
    stream, frames = b"".join(map(framed, sent)), requests()
    received = []
    for size in [*cuts, len(stream)]:
        received += frames.feed(stream[:size])
        stream = stream[size:]
    assert received == sent


@pytest.mark.parametrize(
    "data",
    [
        (MAX_BYTES + 1).to_bytes(4, "big"),
        b"\x00\x00\x00\x01\xc1",
        framed(Changed("/a")),  # a message of the other direction
    ],
)
def test_what_is_no_message_breaks_the_stream(data: bytes) -> None:
    with pytest.raises(BrokenStream):
        list(reports().feed(data))


def test_what_is_too_large_is_not_sent() -> None:
    with pytest.raises(BrokenStream):
        framed(Overlay("/a", "x" * MAX_BYTES))


def test_an_answer_comes_back_as_it_was() -> None:
    answer = Answer(3, ((Place("/a", 1, 2, 3, 4),), ()))
    assert list(reports().feed(framed(answer))) == [answer]
