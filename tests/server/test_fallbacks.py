"""What editors without ghost text get: menu entries and code actions."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from tests.server.fakes import Desk, Json, rewriting, silent

MENU = "textDocument/completion"
TEXT = "x = 1\ny = \n\n\n\n\n\nprint(x)\n"
HERE = ("y = ", "y = x + 1")
NEXT_ROW = ("x = 1", "x = 2")
FAR = ("print(x)", "print(x, y)")


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scenario())  # type: ignore[arg-type]


def desk_of(client: str, text: str = TEXT, *rules: tuple[str, str]) -> Desk:
    desk = Desk(text)
    desk.editor.name = client  # type: ignore[misc]
    desk.predictor.answers = [rewriting(*rules)] if rules else [silent]
    return desk


async def entry(desk: Desk, row: int, col: int) -> Json | None:
    reply = await desk.ask(MENU, row, col)
    return None if reply is None else reply["items"][0]


def actions(desk: Desk, row: int, col: int = 0, **context: Any) -> list[Json]:
    place = {"line": row, "character": col}
    params = {
        "textDocument": {"uri": desk.uri},
        "range": {"start": place, "end": place},
        "context": {"diagnostics": [], **context},
    }
    found: list[Json] = desk.routes["textDocument/codeAction"].handle(params)
    return found


def applied(text: str, *edits: Json) -> str:
    lines = text.split("\n")

    def offset(place: Json) -> int:
        return sum(len(line) + 1 for line in lines[: place["line"]]) + place["character"]

    for edit in sorted(edits, key=lambda one: offset(one["range"]["start"]), reverse=True):
        start, end = offset(edit["range"]["start"]), offset(edit["range"]["end"])
        text = text[:start] + edit["newText"] + text[end:]
    return text


def test_an_entry_begins_with_the_word_that_menus_filter_by() -> None:
    async def scenario() -> None:
        text = "def check(net, rate): ...\ncheck\n"
        desk = desk_of("helix", text, ("check\n", "check(net, rate)\n"))
        item = await entry(desk, 1, 5)
        assert item is not None
        assert item["label"] == item["filterText"] == "check(net, rate)"
        assert item["textEdit"]["range"]["start"] == {"line": 1, "character": 0}
        assert applied(text, item["textEdit"]) == text.replace("\ncheck\n", "\ncheck(net, rate)\n")

    run(scenario)


def test_an_entry_of_several_lines_is_shown_in_one() -> None:
    async def scenario() -> None:
        desk = desk_of("helix", TEXT, ("y = ", "y = [\n    x,\n]"))
        item = await entry(desk, 1, 4)
        assert item is not None
        assert item["label"] == "[ ⏎ x, ⏎ ]"
        assert "+    x," in item["documentation"]["value"]

    run(scenario)


def test_a_quiet_menu_offers_edits_elsewhere_and_leaves_the_cursor_alone() -> None:
    async def scenario() -> None:
        for client, offered in (("helix", True), ("Sublime Text LSP", False), ("", False)):
            desk = desk_of(client, TEXT, FAR)
            item = await entry(desk, 1, 4)
            assert (item is not None) is offered, client
            if item is not None:
                assert item["label"] == "line 8: print(x, y)"
                edits = [item["textEdit"], *item["additionalTextEdits"]]
                assert applied(TEXT, *edits) == TEXT.replace(*FAR)

    run(scenario)


def test_only_a_menu_that_selects_nothing_by_itself_has_ours_preselected() -> None:
    async def scenario() -> None:
        for client, first in (("helix", True), ("Sublime Text LSP", False), ("", False)):
            item = await entry(desk_of(client, TEXT, HERE), 1, 4)
            assert item is not None
            assert item["preselect"] is first, client

    run(scenario)


def test_an_entry_takes_the_rows_around_along() -> None:
    async def scenario() -> None:
        desk = desk_of("Sublime Text LSP", TEXT, NEXT_ROW, HERE)
        item = await entry(desk, 1, 4)
        assert item is not None
        edits = [item["textEdit"], *item["additionalTextEdits"]]
        assert applied(TEXT, *edits) == TEXT.replace(*NEXT_ROW).replace(*HERE)

    run(scenario)


@pytest.mark.parametrize(
    ("old", "new"), [("y = \n", "y = `${x}`\n"), ("y = ;\n", "y = x\n")], ids=["snippet", "range"]
)
def test_a_client_without_a_name_gets_no_entry_that_it_would_get_wrong(old: str, new: str) -> None:
    async def scenario() -> None:
        text = f"x = 1\n{old}"
        assert await entry(desk_of("", text, (old, new)), 1, 4) is None
        assert await entry(desk_of("Sublime Text LSP", text, (old, new)), 1, 4) is not None

    run(scenario)


def test_a_preview_is_markdown_only_for_who_draws_it() -> None:
    async def scenario() -> None:
        desk = desk_of("x", TEXT, HERE)
        item = await entry(desk, 1, 4)
        assert item is not None
        assert item["documentation"]["value"].startswith("```diff\n@@")
        desk.editor.renders_markdown = False
        item = await entry(desk, 1, 4)
        assert item is not None
        assert item["documentation"]["kind"] == "plaintext"
        assert item["documentation"]["value"].startswith("@@")

    run(scenario)


def test_actions_say_what_the_line_will_be_and_can_turn_it_down() -> None:
    async def scenario() -> None:
        desk = desk_of("helix", TEXT, HERE)
        await desk.next_edit(1, 4)
        apply, reject = actions(desk, 1)
        assert apply["title"] == "Predicted edit, line 2: `y = x + 1`"
        assert apply["isPreferred"]
        assert reject["title"] == "Reject predicted edit"
        assert await desk.command(reject["command"]["command"], *reject["command"]["arguments"])
        assert ("rejected", "") in desk.endings()

    run(scenario)


def test_an_edit_out_of_sight_can_be_gone_to_where_the_editor_can() -> None:
    async def scenario() -> None:
        desk = desk_of("helix", TEXT, FAR)
        await desk.next_edit(0, 0)
        titles = [action["title"] for action in actions(desk, 0)]
        assert titles[1] == "Go to predicted edit, line 8: `print(x, y)`"
        desk.editor.shows_documents = False
        assert len(actions(desk, 0)) == 2

    run(scenario)


def test_who_has_no_ghost_text_can_ask_from_the_menu() -> None:
    async def scenario() -> None:
        desk = desk_of("helix", TEXT, HERE)
        (ask,) = actions(desk, 1, 4)
        assert ask["title"] == "Predict the next edit"
        reply = await desk.command(ask["command"]["command"], *ask["command"]["arguments"])
        assert reply["edits"]
        desk.editor.has_ghost_text = True
        await desk.command("zeta.reject")
        assert actions(desk, 1, 4) == []

    run(scenario)


def test_who_cannot_run_commands_can_ask_why_from_the_menu() -> None:
    async def scenario() -> None:
        desk = desk_of("")
        desk.editor.maps_commands = False
        _, why = actions(desk, 0)
        await desk.next_edit(0, 0)
        await desk.command(why["command"]["command"])
        assert "a.py: not shown" in desk.editor.messages[0]

    run(scenario)


def test_code_actions_tell_where_the_person_is() -> None:
    async def scenario() -> None:
        desk = desk_of("helix", TEXT, HERE)
        actions(desk, 1, 4)
        await desk.command("zeta.nextEdit")
        assert desk.predictor.asked[-1].cursor_offset_in_excerpt == TEXT.index("y = ") + 4
        line = {"start": {"line": 1, "character": 0}, "end": {"line": 2, "character": 0}}
        params = {"textDocument": {"uri": desk.uri}, "range": line, "context": {}}
        desk.routes["textDocument/codeAction"].handle(params)
        assert desk.session.sync.files[desk.uri].cursor == (1, 4)  # it is in there somewhere

    run(scenario)


def test_a_light_bulb_shows_nobody_anything() -> None:
    async def scenario() -> None:
        desk = desk_of("kakoune-lsp", TEXT, HERE)
        assert actions(desk, 5, triggerKind=2) == []
        await entry(desk, 1, 4)
        (only,) = actions(desk, 5, triggerKind=2)
        assert only["title"].startswith("Predicted edit")
        file = desk.session.sync.files[desk.uri]
        assert file.cursor == (5, 0)  # but it says where the person is
        desk.editor.has_ghost_text = True
        actions(desk, 3, triggerKind=2)
        assert file.cursor == (5, 0)

    run(scenario)


def test_accepting_what_is_out_of_sight_goes_there_first() -> None:
    async def scenario() -> None:
        desk = desk_of("helix", TEXT, FAR)
        await desk.next_edit(0, 0)
        assert await desk.command("zeta.accept")
        assert desk.editor.visited[0][1]["start"] == {"line": 7, "character": 7}
        assert desk.editor.applied == []
        assert await desk.command("zeta.accept")
        assert len(desk.editor.applied) == 1

    run(scenario)


def test_a_key_may_name_the_place_as_the_editor_shows_it() -> None:
    async def scenario() -> None:
        desk = desk_of("helix", TEXT, HERE)
        place = {"buffer": "a.py", "line": 2, "column": 5}
        reply = await desk.command("zeta.nextEdit", place)
        assert reply["edits"][0]["range"]["start"] == {"line": 1, "character": 4}
        for wrong in ({"buffer": "b.py", "line": 2}, {"buffer": "", "line": 1}, {"line": 1}, 7):
            assert (await desk.command("zeta.nextEdit", wrong))["edits"]  # where it was last
        far = {"buffer": "../project/a.py", "line": 900, "column": -3}
        assert await desk.command("zeta.jump", far)

    run(scenario)


def opened(desk: Desk, uri: str) -> None:
    item = {"uri": uri, "languageId": "python", "version": 0, "text": TEXT}
    route = desk.routes["textDocument/didOpen"]
    route.handle(msgspec.convert({"textDocument": item}, route.decoder.type))


def test_a_document_that_is_opened_is_the_one_that_commands_mean() -> None:
    async def scenario() -> None:
        desk = desk_of("helix", TEXT, HERE)
        assert (await desk.command("zeta.nextEdit"))["reason"] == "unopened"
        opened(desk, "file:///project/b.py")
        await desk.command("zeta.nextEdit")
        assert desk.session.ledger.recent[-1].path == "project/b.py"

    run(scenario)


def test_a_place_by_name_is_in_the_file_of_that_name() -> None:
    async def scenario() -> None:
        desk = desk_of("helix", TEXT, HERE)
        opened(desk, "file:///project/sub/b.py")
        for name in ("sub/b.py", "~/project/sub/b.py", "../project/sub/b.py"):
            await desk.command("zeta.nextEdit", {"buffer": name, "line": 2, "column": 5})
            assert desk.session.ledger.recent[-1].path == "project/sub/b.py"

    run(scenario)
