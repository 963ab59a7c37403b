"""pygls for the rare lane, joined to our wire."""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from lsprotocol import types as lsp

from tests.asynchronous import asynchronous
from tests.lsp_client import NO_ANSWER
from tests.server.echo import SECRET, register
from zeta_lsp.server.faults import ClientRefused, Code, RpcError
from zeta_lsp.server.host import Host, ZetaServer
from zeta_lsp.server.messages import Loose
from zeta_lsp.server.rare import RareLane
from zeta_lsp.server.rpc import Rpc

Json = dict[str, Any]
AT = {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 3, "character": 1}}


class ScriptedClient:
    """A client that answers from a function, joined to a host."""

    def __init__(self, answers: Callable[[str, Json], Any] = lambda *_: None) -> None:
        self.sent: list[Json] = []
        self.answers = answers
        self.rpc = Rpc(peer=self, routes={}, rare=self, send=self.hear, exited=lambda _: None)
        options = {"key": SECRET}
        self.host = Host({"capabilities": {}, "initializationOptions": options})
        self.host.join(self.rpc)
        register(self.host.server)

    @property
    def server(self) -> ZetaServer:
        return self.host.server

    def initialize(self, params: Json) -> None: ...

    def lost(self, method: str | None, uri: str | None) -> None: ...

    async def answer(self, method: str, params: Any) -> None: ...

    def hear(self, body: bytes) -> None:
        message = json.loads(body)
        self.sent.append(message)
        if "id" in message:
            answer = self.answers(message["method"], message.get("params"))
            if answer is not NO_ANSWER:
                reply = {"id": message["id"], "result": answer}
                if isinstance(answer, RpcError):
                    reply = {"id": message["id"], "error": {"code": 1, "message": "no"}}
                given = json.dumps(reply).encode()
                asyncio.get_running_loop().call_soon(self.rpc.receive, [given])


async def answered(client: ScriptedClient, method: str, params: Any = None) -> Any:
    raw = await client.host.answer(method, Loose(params))
    return None if raw is None else json.loads(bytes(raw))


@asynchronous
async def test_features_and_commands_are_registered_in_pygls_own_way() -> None:
    client = ScriptedClient()
    assert await answered(client, lsp.TEXT_DOCUMENT_HOVER, AT) == {"contents": "line 3"}
    add = {"command": "echo.add", "arguments": [1, 2]}
    assert await answered(client, lsp.WORKSPACE_EXECUTE_COMMAND, add) == 3
    assert await answered(client, "echo/rare", {"class": {"a-b": 1}}) == {"class": {"a-b": 1}}
    assert await answered(client, lsp.INITIALIZED) is None
    assert client.sent == []


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("no/such", None, Code.METHOD_NOT_FOUND),
        (lsp.TEXT_DOCUMENT_DID_OPEN, {}, Code.METHOD_NOT_FOUND),
        (lsp.INITIALIZE, {}, Code.METHOD_NOT_FOUND),
        (lsp.TEXT_DOCUMENT_HOVER, {"textDocument": SECRET}, Code.INVALID_PARAMS),
        (lsp.WORKSPACE_EXECUTE_COMMAND, {"command": SECRET}, Code.INVALID_PARAMS),
        (
            lsp.WORKSPACE_EXECUTE_COMMAND,
            {"command": "echo.add", "arguments": [SECRET]},
            Code.INVALID_PARAMS,
        ),
    ],
)
@asynchronous
async def test_what_cannot_be_answered_says_so_without_the_users_text(
    method: str, params: Any, code: Code
) -> None:
    with pytest.raises(RpcError) as caught:
        await answered(ScriptedClient(), method, params)
    assert caught.value.code == code
    assert SECRET not in caught.value.message


def test_pygls_logs_nothing_that_a_client_or_its_person_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scenario() -> None:
        client = ScriptedClient()
        for method in (lsp.TEXT_DOCUMENT_HOVER, lsp.WORKSPACE_EXECUTE_COMMAND):
            with pytest.raises(RpcError):
                await answered(client, method, {"command": SECRET, "textDocument": SECRET})
        client.server.show_message(SECRET)

    caplog.set_level(logging.DEBUG)
    asyncio.run(scenario())
    assert SECRET not in caplog.text


@asynchronous
async def test_a_client_that_applies_edits_without_a_word_does_not_hang_us() -> None:
    client = ScriptedClient(lambda *_: NO_ANSWER)
    client.server.protocol.reply_s = 0.01
    assert await client.server.apply_edit({"changes": {}}) is None


@asynchronous
async def test_requests_carry_lsprotocols_types_or_plain_values() -> None:
    client = ScriptedClient(lambda method, _: {"applied": True, "success": False})
    edit = lsp.WorkspaceEdit(
        changes={"file:///a": [lsp.TextEdit(lsp.Range(lsp.Position(0, 0), lsp.Position(0, 1)), "")]}
    )
    assert await client.server.apply_edit(edit, "label") is True
    sent = client.sent[0]["params"]
    assert sent["label"] == "label"
    assert sent["edit"]["changes"]["file:///a"][0]["newText"] == ""
    here = {"start": AT["position"], "end": AT["position"]}
    assert await client.server.show_document("file:///a", here) is False
    assert client.sent[1]["params"]["selection"] == here


@asynchronous
async def test_a_person_is_asked_and_may_decline() -> None:
    answers: list[Any] = [{"title": "Yes"}, None]
    client = ScriptedClient(lambda *_: answers.pop(0))
    assert await client.server.ask("Really?", ["Yes", "No"]) == "Yes"
    assert await client.server.ask("Really?", ["Yes", "No"]) is None
    assert client.sent[0]["params"]["actions"] == [{"title": "Yes"}, {"title": "No"}]


@asynchronous
async def test_registration_is_true_only_where_the_client_takes_it() -> None:
    assert await ScriptedClient().server.register("a/b", {"x": 1})
    refusing = ScriptedClient(lambda *_: ClientRefused(1, "no"))
    assert not await refusing.server.register("a/b")


@asynchronous
async def test_pygls_own_progress_runs_over_our_wire() -> None:
    client = ScriptedClient()
    progress = client.server.work_done_progress
    await progress.create_async("token")
    progress.begin("token", lsp.WorkDoneProgressBegin(title="indexing"))
    progress.end("token", lsp.WorkDoneProgressEnd())
    assert [one["method"] for one in client.sent] == [
        "window/workDoneProgress/create",
        "$/progress",
        "$/progress",
    ]


@asynchronous
async def test_capabilities_of_a_shape_of_their_own_are_no_reason_to_stop() -> None:
    host = Host({"capabilities": {"workspace": 7}})
    assert host.server.client_capabilities == lsp.ClientCapabilities()


@asynchronous
async def test_without_pygls_the_lane_knows_no_method() -> None:
    def load() -> Host:
        raise ImportError("no module named pygls")

    lane = RareLane(load, lambda _: None)
    for _ in range(2):
        with pytest.raises(RpcError) as caught:
            await lane.answer("rare", Loose(None))
        assert caught.value.code == Code.METHOD_NOT_FOUND
