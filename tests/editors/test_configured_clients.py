"""The round trip that each configured editor makes, with what its client says it can.

The command is the one that its shipped configuration starts; the capabilities are recorded from the
editor where it can be run, and written down from its source elsewhere (`tests/golden/clients`).
"""

from pathlib import Path
from typing import Any

import pytest

from tests.asynchronous import asynchronous
from tests.e2e.editing import PROGRAM, Editor, editor
from tests.e2e.model import Model, rewriting
from tests.editors.shipped import command_of, initialize_of
from tests.lsp_client import Json

FALLBACK = ("helix", "kate", "kakoune", "sublime")
GOES = {"helix": True, "kate": False, "kakoune": False, "sublime": True}
"""Whether a client goes to a place that it is told."""
SHOP = "def gross(net, rate):\n    check\n    return net\n" + "\n" * 20 + "print(gross(1, 2))\n"
HERE = ("    check\n", "    check(net, rate)\n")
FAR = ("gross(1, 2)", "gross(1, 2, 3)")


class Person:
    """Who sits at the editor: it applies, goes and answers as its capabilities promise."""

    def __init__(self, ed: Editor, name: str) -> None:
        self.ed, self.name = ed, name
        self.visited: list[str] = []
        ed.client.answers = self

    def __call__(self, message: Json) -> Any:
        params = message["params"]
        match message["method"]:
            case "workspace/applyEdit":
                self.apply(params["edit"])
                return {"applied": True}
            case "window/showDocument":
                assert GOES[self.name], "it did not say that it can"
                self.visited.append(params["uri"])
                return {"success": True}
        return None

    def apply(self, edit: Json) -> None:
        """Apply a `WorkspaceEdit` of the form that the client asked for."""
        workspace = initialize_of(self.name)["capabilities"].get("workspace", {})
        versioned = workspace.get("workspaceEdit", {}).get("documentChanges") is True
        assert ("documentChanges" in edit) is versioned
        if versioned:
            for one in edit["documentChanges"]:
                self.ed.apply(one["textDocument"]["uri"], one["edits"])
        else:
            for uri, edits in edit["changes"].items():
                self.ed.apply(uri, edits)


def argv_of(name: str) -> list[str]:
    command, *arguments = command_of(name)
    assert command == "zeta-lsp"
    return [str(PROGRAM), *arguments]


async def actions(ed: Editor, uri: str, behind: str) -> list[Json]:
    place = ed.params(uri, behind)["position"]
    context = {"diagnostics": [], "triggerKind": 1}
    range_ = {"start": place, "end": place}
    params = {"textDocument": {"uri": uri}, "range": range_, "context": context}
    found: list[Json] = await ed.client.request("textDocument/codeAction", params)
    return found


@pytest.mark.parametrize("name", FALLBACK)
@asynchronous
async def test_a_prediction_is_an_entry_and_an_action_and_a_command(
    name: str, tmp_path: Path
) -> None:
    async with (
        Model(rewriting(HERE)) as model,
        editor(tmp_path, model.url, argv=argv_of(name)) as ed,
    ):
        result = await ed.initialize(**initialize_of(name))
        assert result["capabilities"]["completionProvider"] == {"resolveProvider": False}
        person = Person(ed, name)
        uri = ed.open("shop.py", SHOP)
        (item,) = (await ed.ask("textDocument/completion", uri, "check"))["items"]
        assert (item["label"], item["detail"]) == ("check(net, rate)", "predicted edit")
        assert "+    check(net, rate)" in item["documentation"]["value"]
        apply, reject = await actions(ed, uri, "check")
        assert apply["title"] == "Predicted edit, line 2: `check(net, rate)`"
        assert reject["title"] == "Reject predicted edit"
        person.apply(apply["edit"])
        await ed.command(apply["command"]["command"], *apply["command"]["arguments"])
        assert ed.texts[uri] == SHOP.replace(*HERE)
        assert ("accepted", "") in await ed.reasons()


@pytest.mark.parametrize("name", FALLBACK)
@asynchronous
async def test_an_edit_out_of_sight_is_gone_to_or_taken_where_it_is(
    name: str, tmp_path: Path
) -> None:
    async with (
        Model(rewriting(FAR)) as model,
        editor(tmp_path, model.url, argv=argv_of(name)) as ed,
    ):
        await ed.initialize(**initialize_of(name))
        person = Person(ed, name)
        uri = ed.open("shop.py", SHOP)
        ask = (await actions(ed, uri, "check"))[0]
        assert ask["title"] == "Predict the next edit"
        await ed.command(ask["command"]["command"], *ask["command"]["arguments"])
        if GOES[name]:  # the hint says where; the next key goes there
            assert await ed.command("zeta.accept", ed.params(uri, "check"))
            assert person.visited == [uri]
            assert await ed.command("zeta.accept")
        else:
            (apply, _) = await actions(ed, uri, "check")
            person.apply(apply["edit"])
        assert ed.texts[uri] == SHOP.replace(*FAR)


@pytest.mark.parametrize("name", FALLBACK)
@asynchronous
async def test_what_is_typed_brings_a_hint_beside_the_line(name: str, tmp_path: Path) -> None:
    async with (
        Model(rewriting(("checks\n", "checks(net)\n"))) as model,
        editor(tmp_path, model.url, argv=argv_of(name)) as ed,
    ):
        await ed.initialize(**initialize_of(name))
        uri = ed.open("shop.py", SHOP)
        ed.type(uri, "check", "s")
        told = await ed.client.notification("textDocument/publishDiagnostics")
        (hint,) = told["diagnostics"]
        assert (hint["message"], hint["severity"], hint["source"]) == ("(net)", 4, "zeta-lsp")


@asynchronous
async def test_an_ide_with_ghost_text_gets_that_and_no_menu_entry(tmp_path: Path) -> None:
    async with (
        Model(rewriting(HERE)) as model,
        editor(tmp_path, model.url, argv=argv_of("jetbrains")) as ed,
    ):
        result = await ed.initialize(**initialize_of("lsp4ij"))
        assert "completionProvider" not in result["capabilities"]
        assert result["capabilities"]["inlineCompletionProvider"]
        uri = ed.open("shop.py", SHOP)
        context = {"context": {"triggerKind": 2}}
        (item,) = (await ed.ask("textDocument/inlineCompletion", uri, "check", **context))["items"]
        ed.apply(uri, [item])
        assert ed.texts[uri] == SHOP.replace(*HERE)
