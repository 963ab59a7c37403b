"""Dispatch without a process: order, batches, and our own requests."""

import asyncio
import json
from typing import Any

import pytest

from tests.asynchronous import asynchronous
from zeta_lsp.server.faults import ClientRefused, Code, RpcError
from zeta_lsp.server.framing import Fault
from zeta_lsp.server.messages import Part
from zeta_lsp.server.rpc import Route, Rpc

Json = dict[str, Any]


class Wire:
    """An `Rpc` whose messages are looked at."""

    def __init__(self) -> None:
        self.sent: list[Json] = []
        self.seen: list[Any] = []
        self.lost_ones: list[tuple[str | None, str | None]] = []
        self.exits: list[int] = []
        self.rpc = Rpc(
            peer=self,
            routes={
                "see": Route(Any, self.seen.append),
                "wait": Route(Any, self.wait),
                "refuse": Route(Any, self.refuse),
                "waitForNotification": Route(Any, self.wait),
            },
            rare=self,
            send=lambda body: self.sent.append(json.loads(body)),
            exited=self.exits.append,
        )
        self.give({"id": 0, "method": "initialize", "params": {}})
        self.sent.clear()

    def initialize(self, params: Json) -> Json:
        return {}

    def lost(self, method: str | None, uri: str | None) -> None:
        self.lost_ones.append((method, uri))
        raise ValueError("a session in trouble")

    async def answer(self, method: str, params: Part) -> Any:
        if method == "rare":
            return "rare"
        raise RpcError(Code.METHOD_NOT_FOUND, "there is no such method")

    async def wait(self, params: Any) -> None:
        self.seen.append(params)
        await asyncio.Event().wait()

    def refuse(self, params: Any) -> None:
        raise RpcError(-1, "a reason of its own")

    def give(self, *messages: Json | Fault | bytes) -> None:
        """What one read brought."""
        self.rpc.receive(
            [json.dumps(one).encode() if isinstance(one, dict) else one for one in messages]
        )

    def replies(self) -> dict[Any, Any]:
        """Result, or code of the error, by id."""
        return {
            one["id"]: one["error"]["code"] if "error" in one else one["result"]
            for one in self.sent
            if "method" not in one
        }


async def settled() -> None:
    """Everything that can go on without the world outside has gone on."""
    for _ in range(20):
        await asyncio.sleep(0)


@asynchronous
async def test_messages_of_one_read_are_handled_in_order() -> None:
    wire = Wire()
    wire.give(*({"method": "see", "params": number} for number in range(5)))
    assert wire.seen == [0, 1, 2, 3, 4]


@asynchronous
async def test_a_request_that_is_cancelled_in_the_same_read_is_never_started() -> None:
    wire = Wire()
    wire.give(
        {"id": 1, "method": "wait", "params": "first"},
        {"id": 2, "method": "wait", "params": "second"},
        {"id": 3, "method": "see", "params": "third"},
        {"method": "$/cancelRequest", "params": {"id": 1}},
        {"method": "$/cancelRequest", "params": {"id": 3}},
        {"method": "see", "params": "behind"},
    )
    await asyncio.sleep(0)
    assert wire.seen == ["behind", "second"]
    assert wire.replies() == {1: Code.REQUEST_CANCELLED, 3: Code.REQUEST_CANCELLED}


@asynchronous
async def test_a_cancellation_does_not_reach_a_later_request_of_the_same_id() -> None:
    wire = Wire()
    wire.give(
        {"method": "$/cancelRequest", "params": {"id": 1}}, {"id": 1, "method": "see", "params": 1}
    )
    assert wire.replies() == {1: None}


@asynchronous
async def test_an_error_of_the_handlers_own_reaches_the_client_as_it_is() -> None:
    wire = Wire()
    wire.give({"id": 1, "method": "refuse"})
    assert wire.sent == [
        {"jsonrpc": "2.0", "id": 1, "error": {"code": -1, "message": "a reason of its own"}}
    ]


@asynchronous
async def test_faults_are_answered_in_their_place_and_trouble_with_them_stops_nothing() -> None:
    wire = Wire()
    wire.give(
        {"id": 1, "method": "see"}, Fault.TOO_LARGE, Fault.DOCUMENT_LOST, {"id": 2, "method": "see"}
    )
    assert [one["id"] for one in wire.sent] == [1, None, 2]
    assert wire.lost_ones == [(None, None)]


@asynchronous
async def test_the_rare_lane_answers_what_has_no_route() -> None:
    wire = Wire()
    wire.give({"id": 1, "method": "rare"}, {"id": 2, "method": "none"}, {"method": "none"})
    await settled()
    assert wire.replies() == {1: "rare", 2: Code.METHOD_NOT_FOUND}
    assert wire.lost_ones == []


@asynchronous
async def test_shutdown_ends_everything_that_is_open() -> None:
    wire = Wire()
    wire.give({"id": 1, "method": "wait"}, {"method": "waitForNotification"})
    await asyncio.sleep(0)
    wire.give({"id": 2, "method": "shutdown"})
    assert wire.replies() == {1: Code.REQUEST_CANCELLED, 2: None}
    await settled()
    assert len(asyncio.all_tasks()) == 1
    assert wire.lost_ones == []
    wire.give({"method": "exit"})
    assert wire.exits == [0]


@asynchronous
async def test_the_clients_answer_is_the_result_of_our_request() -> None:
    wire = Wire()
    asked = asyncio.ensure_future(wire.rpc.request("ask", {"x": 1}, timeout_s=20))
    await asyncio.sleep(0)
    [message] = wire.sent
    assert (message["method"], message["params"]) == ("ask", {"x": 1})
    wire.give({"id": message["id"], "result": {"y": "\ud800"}})
    assert await asked == {"y": "\ud800"}


@asynchronous
async def test_a_refusal_of_our_request_is_raised() -> None:
    wire = Wire()
    asked = asyncio.ensure_future(wire.rpc.request("ask", timeout_s=20))
    await asyncio.sleep(0)
    wire.give({"id": wire.sent[0]["id"], "error": {"code": 7, "message": "no"}})
    with pytest.raises(ClientRefused) as caught:
        await asked
    assert (caught.value.code, caught.value.message) == (7, "no")


@asynchronous
async def test_an_answer_that_comes_too_late_or_that_nobody_asked_for_is_dropped() -> None:
    wire = Wire()
    with pytest.raises(TimeoutError):
        await wire.rpc.request("ask", timeout_s=0.001)
    for ident in (wire.sent[0]["id"], "never", 5):
        wire.give({"id": ident, "result": 1}, {"id": ident, "error": "no object"})
    wire.give({"id": 1, "method": "see"})
    assert wire.replies()[1] is None


@asynchronous
async def test_who_waits_for_an_answer_learns_that_the_client_is_gone() -> None:
    wire = Wire()
    asked = asyncio.ensure_future(wire.rpc.request("ask", timeout_s=20))
    await asyncio.sleep(0)
    wire.rpc.close()
    with pytest.raises(ConnectionError):
        await asked
