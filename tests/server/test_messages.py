import json
from collections.abc import Callable
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from zeta_lsp.core.documents import Change, Position, Range
from zeta_lsp.server.faults import BadMessage, Code
from zeta_lsp.server.messages import (
    Loose,
    Notification,
    Request,
    Response,
    encode,
    read,
    read_message,
)
from zeta_lsp.server.params import DidChange, DidOpen, PositionRequest

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()) | st.floats(-1e9, 1e9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
HERE = {"textDocument": {"uri": "file:///a"}, "position": {"line": 3, "character": 5}}


def params_of(message: Any, target: Any) -> Any:
    body = json.dumps({"id": 1, "method": "m", "params": message}).encode()
    envelope = read_message(body)
    assert isinstance(envelope, Request)
    return read(envelope.params, msgspec.json.Decoder(target))


@given(VALUES)
def test_values_survive_the_way_out_and_in(value: Any) -> None:
    message = read_message(encode({"id": 1, "result": value}))
    assert isinstance(message, Response)
    assert read(message.result, msgspec.json.Decoder(Any)) == value


def outcome(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except BadMessage as bad:
        return bad.code


@given(st.binary(max_size=200) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_a_message_or_a_bad_message(body: bytes) -> None:
    found = outcome(lambda: read_message(body))
    assert isinstance(found, Request | Notification | Response) or found in (
        Code.PARSE_ERROR,
        Code.INVALID_REQUEST,
    )


@given(VALUES, st.sampled_from([DidOpen, DidChange, PositionRequest]))
def test_parameters_of_any_shape_are_read_or_refused(value: Any, target: Any) -> None:
    found = outcome(lambda: read(Loose(value), msgspec.json.Decoder(target)))
    assert isinstance(found, target) or found == Code.INVALID_PARAMS


def test_a_message_with_an_id_is_a_request_and_without_one_a_notification() -> None:
    for slow in ("", ' "x": "\\ud800",'):  # the second is read by the slow decoder
        request = read_message(b'{%b"id":"a","method":"m","params":[1]}' % slow.encode())
        notification = read_message(b'{%b"method":"m"}' % slow.encode())
        response = read_message(b'{%b"id":3,"result":null}' % slow.encode())
        failure = read_message(b'{%b"id":3,"error":{"code":1}}' % slow.encode())
        assert isinstance(request, Request)
        assert (request.id, request.method) == ("a", "m")
        assert isinstance(notification, Notification)
        assert isinstance(response, Response)
        assert response.error is None
        assert isinstance(failure, Response)
        assert failure.error is not None


def test_duplicate_keys_count_as_the_last_one() -> None:
    message = read_message(b'{"id":1,"id":2,"method":"a","method":"b"}')
    assert isinstance(message, Request)
    assert (message.id, message.method) == (2, "b")


def test_what_clients_leave_out_or_send_as_null_has_a_default() -> None:
    bare = params_of(HERE, PositionRequest)
    assert (bare.context, bare.text_document.version, bare.formatting_options) == (None, None, None)
    nulls = {**HERE, "context": None, "formattingOptions": None, "workDoneToken": None}
    assert params_of(nulls, PositionRequest) == bare
    opened = params_of({"textDocument": {"uri": "a", "text": "b"}}, DidOpen)
    assert (opened.text_document.language_id, opened.text_document.version) == ("", None)


def test_everything_that_tells_clients_apart_is_read() -> None:
    span = {"start": {"line": 0, "character": 1}, "end": {"line": 0, "character": 2}}
    asked = {
        "textDocument": {"uri": "file:///a", "version": 7},
        "position": HERE["position"],
        "context": {"triggerKind": 2, "selectedCompletionInfo": {"range": span, "text": "t"}},
        "formattingOptions": {"tabSize": 4, "insertSpaces": True, "trimFinalNewlines": True},
    }
    read_back = params_of(asked, PositionRequest)
    assert read_back.text_document.version == 7
    assert read_back.position == Position(3, 5)
    assert read_back.context.trigger_kind == 2
    assert read_back.context.selected_completion_info.text == "t"
    assert (read_back.formatting_options.tab_size, read_back.formatting_options.insert_spaces) == (
        4,
        True,
    )


def test_changes_are_read_into_the_mirrors_own_type() -> None:
    span = {"start": {"line": 0, "character": 1}, "end": {"line": 2, "character": 2**31 - 1}}
    changes = [{"range": span, "rangeLength": 5, "text": "x"}, {"text": "\ud800"}]
    given_params = {"textDocument": {"uri": "a", "version": None}, "contentChanges": changes}
    read_back = params_of(given_params, DidChange)
    assert read_back.content_changes == (
        Change("x", Range(Position(0, 1), Position(2, 2**31 - 1))),
        Change("\ud800"),
    )
