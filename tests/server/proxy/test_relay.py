"""What passes between a client and its server, and what does not."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.asynchronous import asynchronous
from tests.server.proxy.between import (
    DOCUMENT,
    Between,
    Json,
    changed,
    notification,
    opened,
    request,
    response,
)
from zeta_lsp.server.framing import Fault

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
METHODS = st.sampled_from(["textDocument/hover", "$/progress", "custom/thing", "telemetry/event"])
IDS = st.integers() | st.text() | st.floats(allow_nan=False) | st.none()
MESSAGES = st.fixed_dictionaries(
    {"jsonrpc": st.just("2.0")},
    optional={
        "id": IDS,
        "method": METHODS,
        "params": JSON_VALUES,
        "result": JSON_VALUES,
        "error": JSON_VALUES,
        "unknown": JSON_VALUES,
    },
)
BODIES = st.one_of(
    st.builds(
        lambda message, indent, ascii_: json.dumps(
            message, indent=indent, ensure_ascii=ascii_
        ).encode("utf-8", "surrogatepass"),
        MESSAGES | st.lists(MESSAGES, max_size=2),
        st.sampled_from([None, 1]),
        st.booleans(),
    ),
    st.binary(max_size=40),
)


def at(line: int = 0) -> Json:
    return {"textDocument": {"uri": DOCUMENT}, "position": {"line": line, "character": 0}}


@given(st.lists(BODIES, max_size=6), st.lists(BODIES, max_size=6))
def test_whatever_is_not_ours_passes_byte_for_byte_in_order(
    up: list[bytes], down: list[bytes]
) -> None:
    @asynchronous
    async def go() -> None:
        between = Between()
        between.initialize()
        sent, heard = len(between.server), len(between.client)
        between.relay.from_client(up)
        between.relay.from_neighbour(down)
        assert between.server[sent:] == up
        assert between.client[heard:] == down
        await between.relay.aclose()

    go()


@asynchronous
async def test_a_request_of_ours_is_answered_here_and_not_asked_of_the_neighbour() -> None:
    between = Between()
    between.initialize({"inlineCompletionProvider": {}})
    assert between.from_client(request(1, "textDocument/inlineCompletion", at())) == []
    assert between.to_client()[-1] == response(1, "ours")


@pytest.mark.parametrize(
    ("command", "theirs"), [("zeta.accept", False), ("other.command", True), (None, True)]
)
@asynchronous
async def test_a_command_goes_to_whom_it_belongs(command: str | None, theirs: bool) -> None:
    between = Between()
    between.initialize({"executeCommandProvider": {"commands": ["other.command"]}})
    message = request(1, "workspace/executeCommand", {"command": command})
    assert between.from_client(message) == ([message] if theirs else [])


@asynchronous
async def test_what_is_told_about_documents_reaches_both() -> None:
    between = Between()
    between.initialize({"textDocumentSync": 1})
    assert between.from_client(opened(), changed()) == [opened(), changed()]
    assert between.session is not None
    assert [name for name, _ in between.session.got] == [
        "textDocument/didOpen",
        "textDocument/didChange",
    ]


@asynchronous
async def test_a_neighbour_that_wants_no_documents_gets_none_until_it_registers() -> None:
    between = Between()
    between.initialize({})
    assert between.from_client(opened(), changed()) == []
    registration = {"registrations": [{"id": "r", "method": "textDocument/didChange"}]}
    message = request(1, "client/registerCapability", registration)
    assert between.from_server(message) == [message]
    assert between.from_client(changed(version=3)) == [changed(version=3)]


@asynchronous
async def test_the_session_counts_as_the_neighbour_does_and_gets_its_own_options() -> None:
    between = Between()
    options = {"python": {"analysis": {}}, "zeta": {"predict": {"mode": "off"}}}
    result = between.initialize({"positionEncoding": "utf-8"}, initializationOptions=options)
    assert result["capabilities"]["positionEncoding"] == "utf-8"
    assert json.loads(between.server[0])["params"]["initializationOptions"] == options
    assert between.session is not None
    begun = between.session.initialized_with
    assert begun["capabilities"]["general"]["positionEncodings"] == ["utf-8"]
    assert begun["initializationOptions"] == {"zeta": options["zeta"]}


@asynchronous
async def test_a_refused_initialize_passes_and_may_be_tried_again() -> None:
    between = Between()
    error = {"jsonrpc": "2.0", "id": 0, "error": {"code": 1, "message": "not yet"}}
    between.from_client(request(0, "initialize", {"capabilities": {}}))
    assert between.from_server(error) == [error]
    assert "inlineCompletionProvider" in between.initialize()["capabilities"]


@asynchronous
async def test_cancelling_reaches_the_one_who_works() -> None:
    between = Between()
    between.initialize()
    between.from_client(request(1, "zeta/never"), request(2, "test/never"))
    ours = notification("$/cancelRequest", {"id": 1})
    theirs = notification("$/cancelRequest", {"id": 2})
    unknown = notification("$/cancelRequest", {"id": 3})
    assert between.from_client(ours) == []
    assert between.to_client()[-1]["error"]["code"] == -32800
    assert between.from_client(theirs, unknown) == [theirs, unknown]
    assert between.from_client(ours) == []  # too late, and still not the neighbour's


@asynchronous
async def test_replies_find_whoever_asked_though_both_ask_the_client() -> None:
    between = Between()
    between.initialize()
    between.from_client(request(1, "zeta/ask", {"from": "ours"}))
    await asyncio.sleep(0)
    ours = between.to_client()[-1]
    assert ours["method"] == "test/question"
    theirs = request(ours["id"] + 1, "workspace/configuration", {})
    assert between.from_server(theirs) == [theirs]
    between.from_client(request(2, "zeta/ask", {"from": "ours, too"}))
    await asyncio.sleep(0)
    second = between.to_client()[-1]
    assert second["id"] not in (ours["id"], theirs["id"])
    assert between.from_client(response(theirs["id"], "for them")) == [
        response(theirs["id"], "for them")
    ]
    assert between.from_client(response(second["id"], "B"), response(ours["id"], "A")) == []
    for _ in range(5):
        await asyncio.sleep(0)
    replies = {m["id"]: m["result"] for m in between.to_client()[-2:]}
    assert replies == {1: "A", 2: "B"}


@asynchronous
async def test_our_questions_to_the_neighbour_are_never_seen_by_the_client() -> None:
    between = Between()
    between.initialize({"textDocumentSync": 2, "definitionProvider": True})
    between.from_client(opened())
    answer = between.relay.neighbour.questions.ask("textDocument/definition", at())
    asked = json.loads(between.server[-1])
    assert asked["method"] == "textDocument/definition"
    assert between.from_server(response(asked["id"], [])) == []
    await answer
    late = response(asked["id"], [])
    assert between.from_server(late) == []


@asynchronous
async def test_noise_of_the_neighbour_is_left_out_and_the_rest_passes() -> None:
    between = Between()
    between.initialize()
    message = notification("window/logMessage", {"type": 3, "message": "hello"})
    assert between.from_server(Fault.NO_LENGTH, message) == [message]


@asynchronous
async def test_a_change_that_we_cannot_read_puts_our_documents_in_doubt_and_passes() -> None:
    between = Between()
    between.initialize({"textDocumentSync": 2})
    broken = b'{"method": "textDocument/didChange", "params": '
    between.relay.from_client([broken])
    assert between.server[-1] == broken
    assert between.session is not None
    assert between.session.lost == [None]


@asynchronous
async def test_progress_of_ours_is_cancelled_here() -> None:
    between = Between()
    between.initialize()
    assert between.session is not None
    asking = asyncio.ensure_future(
        between.session.editor.request(
            "window/workDoneProgress/create", {"token": "t"}, timeout_s=20
        )
    )
    await asyncio.sleep(0)
    ours = notification("window/workDoneProgress/cancel", {"token": "t"})
    theirs = notification("window/workDoneProgress/cancel", {"token": "u"})
    assert between.from_client(ours, theirs) == [theirs]
    between.from_client(response(between.to_client()[-1]["id"], None))
    await asking


@asynchronous
async def test_shutdown_and_exit_pass_in_order_and_the_reply_is_the_neighbours() -> None:
    between = Between()
    between.initialize()
    shutdown, end = request(9, "shutdown"), notification("exit")
    heard = len(between.client)
    assert between.from_client(shutdown, end) == [shutdown, end]
    assert len(between.client) == heard
    assert between.exiting == 1
    assert between.from_server(response(9, None)) == [response(9, None)]


@asynchronous
async def test_after_shutdown_nothing_of_ours_is_worked_on() -> None:
    between = Between()
    between.initialize()
    between.from_client(request(1, "zeta/never"))
    between.from_client(request(9, "shutdown"))
    assert between.to_client()[-1]["error"]["code"] == -32800
    assert between.from_client(request(2, "zeta/nextEdit", at())) == []
    assert "shut down" in between.to_client()[-1]["error"]["message"]


@asynchronous
async def test_before_the_handshake_everything_is_the_neighbours() -> None:
    between = Between()
    message = request(1, "textDocument/inlineCompletion", at())
    assert between.from_client(message) == [message]


class TestFuse:
    """What happens when something of ours breaks."""

    @asynchronous
    async def test_a_session_that_cannot_start_changes_nothing(self) -> None:
        between = Between(fails_to_start=True)
        given: dict[str, Any] = {"hoverProvider": True}
        assert between.initialize(given) == {"capabilities": given}
        await asyncio.sleep(0)
        assert "switched off" in between.to_client()[-1]["params"]["message"]
        message = request(1, "textDocument/inlineCompletion", at())
        assert between.from_client(message) == [message]

    @asynchronous
    async def test_a_session_that_cannot_be_made_changes_nothing(self) -> None:
        class Broken(Between):
            def _make(self, *_: object) -> Any:
                raise RuntimeError("made to fail")

        between = Broken()
        assert between.initialize({"hoverProvider": True}) == {
            "capabilities": {"hoverProvider": True}
        }

    @asynchronous
    async def test_a_blown_fuse_answers_what_is_open_tells_once_and_lets_all_pass(self) -> None:
        between = Between()
        between.initialize({"textDocumentSync": 2})
        between.from_client(opened(), request(1, "zeta/never"))
        heard = len(between.client)
        between.relay.ours.guarded(lambda: 1 // 0)
        between.relay.ours.guarded(lambda: 1 // 0)
        failed, told = between.to_client()[heard:]
        assert failed["id"] == 1
        assert "switched off" in failed["error"]["message"]
        assert told["method"] == "window/showMessage"
        assert between.from_client(changed()) == [changed()]
        assert between.from_client(request(2, "textDocument/inlineCompletion", at())) == []
        assert between.to_client()[-1] == response(2, None)
        assert between.from_client(request(3, "zeta/nextEdit", at())) == []
        assert "error" in between.to_client()[-1]
        await between.relay.aclose()
        assert between.session is not None
        assert between.session.closed

    @asynchronous
    async def test_then_the_neighbours_own_inline_completions_are_asked_again(self) -> None:
        between = Between()
        between.initialize({"inlineCompletionProvider": True})
        between.relay.ours.blow("for the test")
        message = request(2, "textDocument/inlineCompletion", at())
        assert between.from_client(message) == [message]

    @asynchronous
    async def test_a_fault_while_learning_lets_the_message_pass(self) -> None:
        between = Between()
        between.initialize({"textDocumentSync": 2})
        del between.relay.neighbour._open  # something of ours is broken
        assert between.from_client(opened()) == [opened()]
        assert between.relay.ours.off

    @asynchronous
    async def test_a_fault_while_listening_to_the_neighbour_lets_the_message_pass(self) -> None:
        between = Between()
        between.initialize({"textDocumentSync": 2})
        del between.relay.neighbour.known
        params = {"uri": DOCUMENT, "diagnostics": []}
        published = notification("textDocument/publishDiagnostics", params)
        assert between.from_server(published)[-1] == published
        assert between.relay.ours.off
