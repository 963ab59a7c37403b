"""Keeping what was said about documents, within bounds."""

import json
from typing import Any

import msgspec
import pytest

from zeta_lsp.server.faults import BadMessage
from zeta_lsp.server.proxy.diagnostics import MAX_DOCUMENTS, MAX_WORD_BYTES, Diagnostics, key_of

PLACE = {"line": 1, "character": 0}
GOOD = {"range": {"start": PLACE, "end": PLACE}, "message": "wrong"}


def said(uri: str, items: Any) -> msgspec.Raw:
    return msgspec.Raw(json.dumps({"uri": uri, "diagnostics": items}).encode())


def test_one_of_another_shape_takes_no_other_away() -> None:
    known = Diagnostics()
    known.published(said("file:///a", [GOOD, {"message": "no range"}, 3, {**GOOD, "code": "E1"}]))
    assert [item.message for item in known.about("file:///a")] == ["wrong"]


@pytest.mark.parametrize("items", [None, 3, {"a": 1}])
def test_what_is_no_list_is_nothing(items: Any) -> None:
    known = Diagnostics()
    known.published(said("file:///a", items))
    assert known.about("file:///a") == []


def test_parameters_without_a_document_are_refused() -> None:
    with pytest.raises(BadMessage):
        Diagnostics().published(msgspec.Raw(b"[]"))


def test_a_flood_leaves_the_documents_that_were_spoken_of_last() -> None:
    known = Diagnostics()
    known.published(said("file:///first", [GOOD]))
    for number in range(MAX_DOCUMENTS):
        known.published(said(f"file:///{number}", [GOOD]))
    assert known.about("file:///first") == []
    assert known.about(f"file:///{MAX_DOCUMENTS - 1}") != []
    assert known._size_bytes == sum(
        word.size_bytes for words in known._known.values() for word in words.values()
    )


def test_a_word_too_long_to_keep_replaces_the_one_before() -> None:
    known = Diagnostics()
    known.published(said("file:///a", [GOOD]))
    known.published(said("file:///a", [{**GOOD, "message": "x" * MAX_WORD_BYTES}]))
    assert known.about("file:///a") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("file:///c%3A/a%20b", "file:///C:/a b"), ("file:///a%2Bb", "file:///a+b")],
)
def test_escapes_do_not_make_two_documents_of_one(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)
