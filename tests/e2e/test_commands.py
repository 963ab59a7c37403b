"""The commands, by which editors without any prediction interface use a server."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.asynchronous import asynchronous
from tests.e2e.editing import Editor, editor
from tests.e2e.model import Model, rewriting
from tests.lsp_client import NO_ANSWER, Json, ServerError

ROWS = "".join(f"row {number}\n" for number in range(24))
NEAR = ("row 2\n", "row two\n")
FAR = ("row 12\n", "row twelve\n")
VERSIONED = {"workspace": {"workspaceEdit": {"documentChanges": True}}}


class Applying:
    """The client's side of `workspace/applyEdit`: applies, and answers if it is one that does."""

    def __init__(self, ed: Editor, *, answers: bool = True) -> None:
        self.ed = ed
        self.answers = answers
        self.applied = asyncio.Event()
        self.visited: list[Json] = []
        ed.client.answers = self

    def __call__(self, message: Json) -> Any:
        params = message["params"]
        if message["method"] == "window/showDocument":
            self.visited.append(params)
            return {"success": True}
        assert message["method"] == "workspace/applyEdit"
        for uri, edits in _edits_by_document(params["edit"]):
            self.ed.apply(uri, edits)
        self.applied.set()
        return {"applied": True} if self.answers else NO_ANSWER


def _edits_by_document(edit: Json) -> list[tuple[str, list[Json]]]:
    if "changes" in edit:
        return list(edit["changes"].items())
    return [(one["textDocument"]["uri"], one["edits"]) for one in edit["documentChanges"]]


@pytest.mark.parametrize("capabilities", [{}, VERSIONED], ids=["changes", "documentChanges"])
@asynchronous
async def test_accept_lets_the_client_apply_the_edit(capabilities: Json, tmp_path: Path) -> None:
    async with Model(rewriting(NEAR)) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize(capabilities=capabilities)
        uri = ed.open("a.py", ROWS)
        Applying(ed)
        assert await ed.command("zeta.accept") is False  # nothing is at hand
        await ed.next_edit(uri, "row 1")
        assert await ed.command("zeta.accept") is True
        assert ed.texts[uri] == ROWS.replace(*NEAR)
        assert ("accepted", "") in await ed.reasons()
        (request,) = ed.client.requests
        assert ("documentChanges" in request["params"]["edit"]) is bool(capabilities)


@asynchronous
async def test_a_client_that_never_answers_stops_nothing(tmp_path: Path) -> None:
    async with Model(rewriting(NEAR)) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        client = Applying(ed, answers=False)
        await ed.next_edit(uri, "row 1")
        params = {"command": "zeta.accept", "arguments": []}
        accepting = ed.client.ask("workspace/executeCommand", params)
        await client.applied.wait()
        model.behave = rewriting(FAR)
        assert (await ed.next_edit(uri, "row 1"))["edits"][0]["newText"] == "twelve"
        assert ("accepted", "") in await ed.reasons()
        assert await ed.client.shut_down() == 0
        assert "error" in await ed.client.reply_to(accepting)


@asynchronous
async def test_a_word_and_a_line_can_be_accepted_alone(tmp_path: Path) -> None:
    text = "x = 1\ny = \n"
    async with (
        Model(rewriting(("y = \n", "y = x + 1\nz = 2\n"))) as model,
        editor(tmp_path, model.url) as ed,
    ):
        await ed.initialize()
        uri = ed.open("a.py", text)
        Applying(ed)
        await ed.next_edit(uri, "y = ")
        for expected in ("y = x\n", "y = x \n", "y = x +\n"):
            assert await ed.command("zeta.acceptWord", ed.params(uri))
            assert ed.texts[uri] == "x = 1\n" + expected
        for expected in ("y = x + 1\n\n", "y = x + 1\nz = 2\n"):
            assert await ed.command("zeta.acceptLine")
            assert ed.texts[uri] == "x = 1\n" + expected
        assert [ending for ending, _ in await ed.reasons()][:2] == ["shown", "partly"]


@asynchronous
async def test_a_far_prediction_is_visited(tmp_path: Path) -> None:
    async with Model(rewriting(FAR)) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        client = Applying(ed)
        reply = await ed.command("zeta.nextEdit", ed.params(uri, "row 1"))
        place = {"line": 12, "character": 4}
        assert reply["jump"]["position"] == place
        assert await ed.command("zeta.jump")
        assert [one["uri"] for one in client.visited] == [uri, uri]
        assert [one["selection"]["start"] for one in client.visited] == [place, place]
        assert all(one["takeFocus"] for one in client.visited)
        assert await ed.command("zeta.accept")
        assert ed.texts[uri] == ROWS.replace(*FAR)


@asynchronous
async def test_a_code_action_is_the_prediction_at_hand(tmp_path: Path) -> None:
    async with Model(rewriting(NEAR)) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        assert (await actions(ed, uri))[0]["title"] == "Predict the next edit"
        assert model.asked == []
        await ed.next_edit(uri, "row 1")
        action, reject = await actions(ed, uri)
        assert reject["command"]["command"] == "zeta.reject"
        assert (action["kind"], action["isPreferred"]) == ("quickfix", True)
        assert await actions(ed, uri, only=["source.organizeImports"]) == []
        assert await actions(ed, uri, only=["quickfix"], triggerKind=2) == [action]
        await ed.command("zeta.pause")
        assert action not in await actions(ed, uri)
        await ed.command("zeta.pause")
        ed.apply(uri, action["edit"]["changes"][uri])
        await ed.command(action["command"]["command"], *action["command"]["arguments"])
        assert ed.texts[uri] == ROWS.replace(*NEAR)
        assert ("accepted", "") in await ed.reasons()


@asynchronous
async def test_rejecting_pausing_rating_and_explaining(tmp_path: Path) -> None:
    async with Model(rewriting(NEAR)) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        shown = await ed.next_edit(uri, "row 1")
        assert await ed.command("zeta.rate", shown["id"], "bad")
        assert await ed.command("zeta.reject", {"id": shown["id"]})
        assert (await ed.next_edit(uri, "row 1"))["reason"] == "same_as_rejected"
        assert await ed.command("zeta.pause") == {"paused": True}
        assert (await ed.next_edit(uri, "row 1"))["reason"] == "paused"
        assert await ed.command("zeta.pause") == {"paused": False}
        entries = await ed.command("zeta.explain")
        assert [entry["reason"] for entry in entries[:2]] == ["paused", "same_as_rejected"]
        assert all(entry["explanation"] for entry in entries)
        assert "paused" in (await ed.client.notification("window/showMessage"))["message"]
        rated = next(entry for entry in entries if entry["id"] == shown["id"])
        assert (rated["ending"], rated["detail"]) == ("rejected", "rated bad")


@asynchronous
async def test_commands_without_a_document_mean_the_one_in_focus(tmp_path: Path) -> None:
    async with Model(rewriting(NEAR)) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        one, other = ed.open("one.py", ROWS), ed.open("other.py", ROWS)
        Applying(ed)
        for uri in (one, other):
            await ed.next_edit(uri, "row 1")
        for uri, focus in ((one, {"textDocument": {"uri": one}}), (other, {"uri": other})):
            ed.client.notify("textDocument/didFocus", focus)
            ed.client.notify("textDocument/didFocus", {})  # the window, not a document
            assert await ed.command("zeta.accept")
            assert ed.texts[uri] == ROWS.replace(*NEAR)


@asynchronous
async def test_commands_of_the_wrong_shape_are_refused_and_no_harm_is_done(tmp_path: Path) -> None:
    async with editor(tmp_path) as ed:
        await ed.initialize()
        wrong: list[Json] = [
            {"command": "zeta.unknown"},
            {"command": 7},
            {},
            {"command": "zeta.rate", "arguments": ["p1", "so-so"]},
        ]
        for params in wrong:
            with pytest.raises(ServerError):
                await ed.client.request("workspace/executeCommand", params)
        oddities: list[Any] = [
            None,
            7,
            {},
            [{"id": 7}],
            ["x"],
            [{"textDocument": {"uri": 1}}],
            [[[]]],
        ]
        for strange in oddities:
            for command in ("zeta.accept", "zeta.reject", "zeta.jump", "zeta.acceptWord"):
                params = {"command": command, "arguments": strange}
                assert await ed.client.request("workspace/executeCommand", params) is False
        assert (await ed.command("zeta.nextEdit"))["reason"] == "unopened"


async def actions(ed: Editor, uri: str, **context: Any) -> list[Json]:
    place = ed.params(uri, "row 1")["position"]
    params = {"textDocument": {"uri": uri}, "range": {"start": place, "end": place}}
    context = {"diagnostics": [], **context}
    found: list[Json] = await ed.client.request(
        "textDocument/codeAction", {**params, "context": context}
    )
    return found
