import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.core.errors import UnparsableAnswer
from zeta_lsp.core.formats.reserved import Reserved

MARKERS = ("<|cursor|>", "<|end|>", "</s>", "[END]")
RESERVED = Reserved(MARKERS)
pieces = st.sampled_from(
    [*MARKERS, "<", "|", "</", "s>", "[E", "\u2060", "<\u2060|end|>", "x", "\n", "é"]
)
texts = st.lists(pieces, max_size=12).map("".join)


@given(texts)
def test_hidden_text_holds_no_reserved_string(text):
    RESERVED.check(RESERVED.hide(text))


@given(texts)
def test_showing_restores_what_was_hidden(text):
    assert RESERVED.show(RESERVED.hide(text)) == text


def test_text_without_reserved_strings_stays_as_it_is():
    text = "if a < b | c > d: word\u2060joiner [E] </span>"
    assert RESERVED.hide(text) == text
    assert RESERVED.show(text) == text


@given(texts, st.data())
def test_hiding_moves_offsets_along(text, data):
    at = data.draw(st.integers(0, len(text)))
    hidden, (moved,) = RESERVED.hide_at(text, [at])
    assert hidden == RESERVED.hide(text)
    assert hidden[:moved].replace("\u2060", "") == text[:at].replace("\u2060", "")
    assert hidden[moved:].replace("\u2060", "") == text[at:].replace("\u2060", "")


@given(texts, texts)
def test_what_is_certain_stays_the_beginning_whatever_follows(text, more):
    certain = RESERVED.certain(text)
    whole = text + more
    assert (whole[: RESERVED.first_in(whole)]).startswith(certain)
    assert RESERVED.show(whole[: RESERVED.first_in(whole)]).startswith(RESERVED.show(certain))


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("a <|cur", "a "),
        ("a <|cursor|> b", "a "),
        ("a <", "a "),
        ("a <x", "a <x"),
        ("a <\u2060|en", "a "),
        ("a <\u2060|end|>", "a <\u2060|end|>"),
        ("", ""),
    ],
)
def test_the_beginning_of_a_marker_is_held_back(text, certain):
    assert RESERVED.certain(text) == certain


def test_a_marker_in_an_answer_is_refused():
    with pytest.raises(UnparsableAnswer) as refused:
        RESERVED.check("a <|end|> b")
    assert refused.value.reason == "leaked_marker"
