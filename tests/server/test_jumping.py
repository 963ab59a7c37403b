"""Who has nothing proposed and wants to go on is sent to what is wrong elsewhere in the file."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from tests.server.fakes import Desk, rewriting, silent
from zeta_lsp.core.errors import ModelTimeout
from zeta_lsp.core.jumps import AGAIN_S, TAKEN_S
from zeta_lsp.server.around import REST_S
from zeta_lsp.server.params import DidOpen

TEXT = "".join(f"row {number}\n" for number in range(100))
BRIDGED = {"experimental": {"zetaBridge": True}}
ASKED = {"triggerKind": 1}


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 10))


def wrong(row: int, severity: int = 1) -> dict[str, Any]:
    places = {"start": {"line": row, "character": 2}, "end": {"line": row, "character": 5}}
    return {"range": places, "message": f"{row} is wrong", "severity": severity}


async def desk_with(*problems: dict[str, Any], settings: dict[str, Any] | None = None) -> Desk:
    """A document with problems, whose cursor has rested in row 50."""
    desk = Desk(TEXT, settings, capabilities=BRIDGED)
    desk.predictor.answers = [silent]

    async def diagnostics(_: dict[str, Any]) -> dict[str, Any]:
        return {"items": list(problems)}

    desk.editor.answers["zeta/diagnostics"] = diagnostics
    desk.type(50, 0, "x")
    while desk.session.around.is_busy:  # noqa: ASYNC110 - it rests, which is no event
        await asyncio.sleep(REST_S / 20)
    return desk


def jumps_in(desk: Desk) -> list[tuple[str, str]]:
    entries = desk.session.ledger.recent
    return [(one.id, one.ending) for one in entries if one.model == "diagnostics"]


def test_the_nearest_error_is_where_to_go() -> None:
    async def scenario() -> None:
        desk = await desk_with(wrong(10), wrong(70), wrong(60, 2), wrong(51))
        reply = await desk.next_edit(50, 1, context=ASKED)
        target = {"uri": desk.uri, "version": desk.version}
        assert reply["jump"] == {
            "textDocument": target,
            "position": {"line": 70, "character": 2},
        }
        assert (reply["edits"], reply["reason"], reply["model"]) == ([], None, "diagnostics")
        assert jumps_in(desk) == [(reply["id"], "shown")]

    run(scenario)


def test_asking_again_leads_to_the_next_one_and_not_twice_to_the_same() -> None:
    async def scenario() -> None:
        desk = await desk_with(wrong(70), wrong(10, 2))
        rows = []
        for _ in range(3):
            reply = await desk.next_edit(50, 1, context=ASKED)
            rows.append(reply["jump"] and reply["jump"]["position"]["line"])
        assert rows == [70, 10, None]
        assert reply["reason"] == "no_change"
        desk.now_s += AGAIN_S
        again = await desk.next_edit(50, 1, context=ASKED)
        assert again["jump"]["position"]["line"] == 70
        assert [ending for _, ending in jumps_in(desk)] == [
            "shown", "superseded", "shown", "ignored", "shown",
        ]  # fmt: skip

    run(scenario)


def test_a_jump_is_accepted_when_the_cursor_gets_there() -> None:
    async def scenario() -> None:
        desk = await desk_with(wrong(70))
        await desk.next_edit(50, 1, context=ASKED)
        desk.session.sync.expire()
        assert [ending for _, ending in jumps_in(desk)] == ["shown"]
        await desk.ask("textDocument/inlineCompletion", 70, 0)
        assert [ending for _, ending in jumps_in(desk)] == ["shown", "accepted"]
        desk.now_s += TAKEN_S + 1
        desk.session.sync.expire()
        assert len(jumps_in(desk)) == 2

    run(scenario)


def test_a_jump_is_accepted_when_something_is_typed_there() -> None:
    async def scenario() -> None:
        desk = await desk_with(wrong(70))
        await desk.next_edit(50, 1, context=ASKED)
        desk.type(70, 2, "y")
        desk.session.sync.expire()
        assert [ending for _, ending in jumps_in(desk)] == ["shown", "accepted"]

    run(scenario)


@pytest.mark.parametrize("close", [True, False])
def test_a_jump_that_nobody_takes_up_is_ignored(close: bool) -> None:
    async def scenario() -> None:
        desk = await desk_with(wrong(70))
        await desk.next_edit(50, 1, context=ASKED)
        if close:
            desk.session.sync.close_all()
        else:
            desk.now_s += TAKEN_S + 1
            desk.session.sync.expire()
        assert [ending for _, ending in jumps_in(desk)] == ["shown", "ignored"]

    run(scenario)


def test_who_did_not_ask_stays_where_they_are() -> None:
    async def scenario() -> None:
        desk = await desk_with(wrong(70))
        for context in ({"context": {"triggerKind": 2}}, {}):
            reply = await desk.next_edit(50, 1, **context)
            assert (reply["jump"], reply["reason"]) == (None, "no_change")
        inline = await desk.ask("textDocument/copilotInlineEdit", 50, 1, context=ASKED)
        assert inline == {"edits": []}
        assert await desk.ask("textDocument/inlineCompletion", 50, 1, context=ASKED) is None
        assert jumps_in(desk) == []

    run(scenario)


def test_after_an_acceptance_nobody_needs_to_ask() -> None:
    async def scenario() -> None:
        desk = await desk_with(wrong(70))
        desk.predictor.answers = [rewriting(("row 52", "row fifty-two")), silent]
        await desk.next_edit(50, 1, context=ASKED)
        desk.change(((52, 4), (52, 6), "fifty-two"))
        reply = await desk.next_edit(52, 13, context={"triggerKind": 2})
        assert reply["jump"]["position"]["line"] == 70
        desk.type(52, 13, "!")
        reply = await desk.next_edit(52, 14, context={"triggerKind": 2})
        assert reply["jump"] is None

    run(scenario)


def test_a_failure_of_the_model_is_told_and_leads_nowhere() -> None:
    async def scenario() -> None:
        desk = await desk_with(wrong(70))
        desk.predictor.answers = [lambda _: ModelTimeout("late")]
        reply = await desk.next_edit(50, 1, context=ASKED)
        assert (reply["jump"], reply["reason"]) == (None, "timeout")

    run(scenario)


def test_without_diagnostics_in_the_settings_there_is_nowhere_to_go() -> None:
    async def scenario() -> None:
        desk = await desk_with(wrong(70), settings={"context": {"diagnostics": False}})
        assert (await desk.next_edit(50, 1, context=ASKED))["jump"] is None
        assert desk.editor.requests == []

    run(scenario)


def test_the_place_follows_what_was_typed_since_the_cursor_rested() -> None:
    async def scenario() -> None:
        desk = await desk_with(wrong(70), wrong(60))
        desk.change(((0, 0), (0, 0), "new\n"))
        desk.change(((61, 0), (61, 0), "mended"))
        reply = await desk.next_edit(50, 1, context=ASKED)
        assert reply["jump"]["position"] == {"line": 71, "character": 2}

    run(scenario)


def test_a_problem_of_a_text_that_is_gone_is_clipped_or_left_out() -> None:
    async def scenario() -> None:
        far = wrong(70)
        far["range"]["start"]["character"] = far["range"]["end"]["character"] = 500
        desk = await desk_with(wrong(5_000), far)
        reply = await desk.next_edit(50, 1, context=ASKED)
        assert reply["jump"]["position"] == {"line": 70, "character": 6}
        assert (await desk.next_edit(50, 1, context=ASKED))["jump"] is None

    run(scenario)


def test_the_commands_go_there() -> None:
    async def scenario() -> None:
        desk = await desk_with(wrong(70))
        assert await desk.command("zeta.jump") is False
        reply = await desk.command("zeta.nextEdit", desk_params(desk))
        assert reply["id"] == jumps_in(desk)[0][0]
        place = {"line": 70, "character": 2}
        assert desk.editor.visited == [(desk.uri, {"start": place, "end": place})]
        assert await desk.command("zeta.jump") is False  # the person is there
        assert desk.editor.messages == []

    run(scenario)


OTHER = "file:///project/b.py"


async def desk_beside(*problems: dict[str, Any]) -> Desk:
    """As `desk_with`, with problems in another open file alone."""
    desk = Desk(TEXT, capabilities=BRIDGED)
    desk.predictor.answers = [silent]

    async def diagnostics(params: dict[str, Any]) -> dict[str, Any]:
        is_other = params["textDocument"]["uri"] == OTHER
        return {"items": list(problems) if is_other else []}

    desk.editor.answers["zeta/diagnostics"] = diagnostics
    item = {"uri": OTHER, "languageId": "python", "version": 7, "text": TEXT}
    desk.session.did_open(msgspec.convert({"textDocument": item}, DidOpen))
    desk.type(50, 0, "x")
    while desk.session.around.is_busy:  # noqa: ASYNC110 - it rests, which is no event
        await asyncio.sleep(REST_S / 20)
    return desk


def test_an_error_in_another_open_file_is_where_to_go_once_this_one_is_in_order() -> None:
    async def scenario() -> None:
        desk = await desk_beside(wrong(0, 2), wrong(1))
        reply = await desk.next_edit(50, 1, context=ASKED)
        place = {"line": 1, "character": 2}
        assert reply["jump"] == {"textDocument": {"uri": OTHER, "version": 7}, "position": place}
        desk.session.sync.expire()
        assert jumps_in(desk) == [(reply["id"], "shown")]  # its cursor was there before

    run(scenario)


def test_such_a_jump_is_accepted_when_the_person_is_there() -> None:
    async def scenario() -> None:
        desk = await desk_beside(wrong(0))
        await desk.next_edit(50, 1, context=ASKED)
        desk.uri = OTHER
        await desk.next_edit(0, 0)
        assert [ending for _, ending in jumps_in(desk)] == ["shown", "accepted"]

    run(scenario)


def test_a_warning_in_another_file_is_no_reason_to_leave() -> None:
    async def scenario() -> None:
        desk = await desk_beside(wrong(10, 2))
        assert (await desk.next_edit(50, 1, context=ASKED))["jump"] is None

    run(scenario)


def desk_params(desk: Desk) -> dict[str, Any]:
    return {"textDocument": {"uri": desk.uri}, "position": {"line": 50, "character": 1}}
