"""What a client gets, from its first request to the last cluster."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import pytest

from tests.server.fakes import Desk, rewriting, silent
from zeta_lsp.core.errors import ModelTimeout
from zeta_lsp.core.ports import Finish, Reply
from zeta_lsp.core.prompt import Answer, PromptInput, Replacement

TEXT = "def area(w, h):\n    return w * h\n\n\n\n\n\nprint(area(1, 2))\n"
GHOST = "textDocument/inlineCompletion"
NEXT = "textDocument/copilotInlineEdit"


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scenario())  # type: ignore[arg-type]


def test_ghost_text_is_one_item_on_the_cursors_line() -> None:
    async def scenario() -> None:
        desk = Desk("x = 1\ny = \n")
        desk.predictor.answers = [rewriting(("y = ", "y = x + 1"))]
        reply = await desk.ask(GHOST, 1, 4)
        (item,) = reply["items"]
        assert item["insertText"] == "x + 1"
        place = {"line": 1, "character": 4}
        assert item["range"] == {"start": place, "end": place}
        assert item["command"]["command"] == "zeta.accept"

    run(scenario)


def test_a_next_edit_is_whole_lines_with_the_clients_own_version() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.type(0, 9, "idth")
        desk.predictor.answers = [rewriting(("return w", "return width"))]
        (edit,) = (await desk.ask(NEXT, 0, 13))["edits"]
        assert edit["text"] == "    return width * h\n"
        assert edit["textDocument"] == {"uri": desk.uri, "version": desk.version}
        assert edit["range"]["start"] == {"line": 1, "character": 0}
        assert edit["range"]["end"] == {"line": 2, "character": 0}

    run(scenario)


def test_without_a_prediction_inline_is_null_and_next_edit_is_an_empty_list() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [silent]
        assert await desk.ask(GHOST, 0, 0) is None
        assert await desk.ask(NEXT, 0, 0) == {"edits": []}
        assert (await desk.next_edit(0, 0))["reason"] == "no_change"

    run(scenario)


def test_typing_along_a_prediction_keeps_it_without_asking_again() -> None:
    async def scenario() -> None:
        desk = Desk("x = 1\ny = \n")
        desk.predictor.answers = [rewriting(("y = ", "y = x + 1"))]
        await desk.ask(GHOST, 1, 4)
        desk.type(1, 4, "x +")
        reply = await desk.ask(GHOST, 1, 7)
        assert reply["items"][0]["insertText"] == " 1"
        assert len(desk.predictor.asked) == 1

    run(scenario)


def test_typing_something_else_drops_the_prediction_as_rejected() -> None:
    async def scenario() -> None:
        desk = Desk("x = 1\ny = \n")
        desk.predictor.answers = [rewriting(("y = ", "y = x + 1")), silent]
        await desk.ask(GHOST, 1, 4)
        desk.type(1, 4, "7")
        assert await desk.ask(GHOST, 1, 5) is None
        assert ("rejected", "contradicted") in desk.endings()

    run(scenario)


def test_typing_all_of_it_ends_as_typed_through() -> None:
    async def scenario() -> None:
        desk = Desk("x = 1\ny = \n")
        desk.predictor.answers = [rewriting(("y = ", "y = x")), silent]
        await desk.ask(GHOST, 1, 4)
        desk.type(1, 4, "x")
        assert desk.endings()[-1][0] == "typed_through"

    run(scenario)


def test_after_an_accept_the_next_cluster_comes_without_asking_the_model() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [rewriting(("return w", "return q"), ("area(1", "area(q=1"))]
        first = await desk.next_edit(0, 9)
        assert [edit["newText"] for edit in first["edits"]] == ["q"]
        desk.change(((1, 11), (1, 12), "q"))
        second = await desk.next_edit(1, 12)
        assert second["edits"][0]["newText"] == "q="
        assert second["jump"]["position"] == {"line": 7, "character": 11}
        assert len(desk.predictor.asked) == 1
        assert desk.endings()[-1][0] in ("accepted", "shown")

    run(scenario)


def test_after_the_last_cluster_the_next_request_is_already_on_its_way() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [
            rewriting(("return w", "return width")),
            rewriting(("area(1", "area(3")),
        ]
        await desk.next_edit(0, 9)
        desk.change(((1, 11), (1, 12), "width"))
        await asyncio.sleep(0)
        assert len(desk.predictor.asked) == 2
        reply = await desk.next_edit(1, 16)
        assert reply["edits"][0]["newText"] == "3"
        assert len(desk.predictor.asked) == 2

    run(scenario)


def test_an_edit_elsewhere_moves_the_prediction_and_asks_anew() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [rewriting(("area(1", "area(9"))]
        await desk.next_edit(0, 0)
        desk.change(((0, 0), (0, 0), "import os\n"))
        reply = await desk.next_edit(1, 0)
        assert len(desk.predictor.asked) == 2
        assert reply["edits"][0]["range"]["start"]["line"] == 8

    run(scenario)


def test_a_newer_request_answers_the_older_one_with_nothing() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [rewriting(("return w", "return width"))]
        desk.predictor.gate.clear()
        older = asyncio.ensure_future(desk.next_edit(0, 9))
        await desk.predictor.started.wait()
        desk.type(0, 9, "i")
        newer = asyncio.ensure_future(desk.next_edit(0, 10))
        assert (await older)["reason"] == "superseded_by_newer"
        desk.predictor.gate.set()
        assert (await newer)["edits"]

    run(scenario)


def test_an_older_answer_that_still_fits_serves_the_newer_request() -> None:
    async def scenario() -> None:
        desk = Desk("x = 1\ny = \n")
        desk.predictor.answers = [rewriting(("y = ", "y = x + 1")), silent]
        desk.predictor.gate.clear()
        older = asyncio.ensure_future(desk.ask(GHOST, 1, 4))
        await desk.predictor.started.wait()
        desk.type(1, 4, "x")
        newer = asyncio.ensure_future(desk.ask(GHOST, 1, 5))
        await older
        desk.predictor.gate.set()
        assert (await newer)["items"][0]["insertText"] == " + 1"

    run(scenario)


def test_cancelling_a_request_closes_the_question_to_the_model() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [silent]
        desk.predictor.gate.clear()
        asking = asyncio.ensure_future(desk.next_edit(0, 0))
        await desk.predictor.started.wait()
        asking.cancel()
        await asyncio.wait([asking])
        await asyncio.sleep(0)
        assert desk.predictor.closed == [0]
        assert desk.endings()[-1] == ("not_shown", "cancelled")

    run(scenario)


def test_a_fault_of_the_endpoint_is_a_reason_and_not_an_error() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [lambda given: ModelTimeout("too slow")]
        assert (await desk.next_edit(0, 0))["reason"] == "timeout"

    run(scenario)


def test_a_file_that_is_not_open_has_a_reason() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        request = desk.position(0, 0)
        desk.session.sync.files.clear()
        reply = await desk.routes["zeta/nextEdit"].handle(request)
        assert reply["reason"] == "unopened"

    run(scenario)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"predict": {"mode": "off"}}, "mode_off"),
        ({"predict": {"mode": "manual"}}, "mode_manual"),
        ({"predict": {"max_file_bytes": 10}}, "too_large"),
        ({"predict": {"disabled_globs": ["**/a.py"]}}, "excluded_path"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_refusal_has_its_reason(settings: dict[str, object], reason: str) -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, settings)
        desk.predictor.answers = [silent]
        assert (await desk.next_edit(0, 0))["reason"] == reason
        assert desk.predictor.asked == []

    run(scenario)


def test_manual_mode_predicts_when_the_person_asks() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, {"predict": {"mode": "manual"}})
        desk.predictor.answers = [rewriting(("return w", "return width"))]
        reply = await desk.next_edit(0, 0, context={"triggerKind": 1})
        assert reply["edits"]

    run(scenario)


def test_a_document_in_doubt_gets_no_predictions_until_its_text_arrives_whole() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [rewriting(("return w", "return width"))]
        desk.change(((90, 0), (90, 0), "x"))
        assert (await desk.next_edit(0, 0))["reason"] == "unsynced:range_past_end"
        desk.version += 1
        whole = {
            "textDocument": {"uri": desk.uri, "version": desk.version},
            "contentChanges": [{"text": TEXT}],
        }
        route = desk.routes["textDocument/didChange"]
        route.handle(msgspec.convert(whole, route.decoder.type))
        assert (await desk.next_edit(0, 0))["edits"]

    run(scenario)


def test_a_rejected_prediction_is_not_proposed_again() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [rewriting(("return w", "return width"))]
        await desk.next_edit(0, 0)
        assert await desk.command("zeta.reject")
        assert (await desk.next_edit(0, 0))["reason"] == "same_as_rejected"
        assert ("rejected", "") in desk.endings()

    run(scenario)


def test_the_accept_command_applies_what_is_at_hand() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [rewriting(("return w", "return width"))]
        await desk.next_edit(0, 0)
        assert await desk.command("zeta.accept")
        (edit,) = desk.editor.applied[0]["changes"][desk.uri]
        assert edit["newText"] == "idth"

    run(scenario)


def test_accepting_a_word_leaves_the_rest_and_ends_as_partly() -> None:
    async def scenario() -> None:
        desk = Desk("x = 1\ny = \n")
        desk.predictor.answers = [rewriting(("y = ", "y = total + extra"))]
        await desk.ask(GHOST, 1, 4)
        await desk.command("zeta.acceptWord")
        (edit,) = desk.editor.applied[0]["changes"][desk.uri]
        assert edit["newText"] == "total"
        desk.change(((1, 4), (1, 4), "total"))
        reply = await desk.ask(GHOST, 1, 9)
        assert reply["items"][0]["insertText"] == " + extra"
        assert desk.endings()[-1][0] == "partly"

    run(scenario)


def test_a_far_prediction_is_visited_by_the_next_edit_command() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [rewriting(("area(1", "area(9"))]
        await desk.next_edit(0, 0)
        await desk.command("zeta.nextEdit")
        uri, selection = desk.editor.visited[0]
        assert (uri, selection["start"]) == (desk.uri, {"line": 7, "character": 11})

    run(scenario)


def test_an_editor_that_edits_nothing_sees_no_journal_text() -> None:
    async def scenario() -> None:
        desk = Desk("secret_value = 1\n")
        desk.predictor.answers = [rewriting(("secret_value", "other_secret"))]
        await desk.next_edit(0, 0)
        await desk.session.aclose()
        assert desk.entries
        assert "secret" not in repr(desk.entries)

    run(scenario)


def test_a_next_edit_says_where_the_cursor_goes_in_the_clients_own_units() -> None:
    async def scenario() -> None:
        desk = Desk("a = 1\nb = f(a)\n")
        desk.predictor.answers = [rewriting(("f(a)", "f('😀', c)"))]
        reply = await desk.next_edit(1, 0)
        assert reply["cursor"] == {"line": 1, "character": len("b = f('xx', c")}

    run(scenario)


def test_a_cursor_that_the_model_placed_is_where_the_client_is_sent() -> None:
    async def scenario() -> None:
        desk = Desk("a = 1\nb = f(x)\n")
        old, new = "b = f(x)\n", "b = f('😀', y)\n"

        def answer(given: PromptInput) -> list[Reply]:
            at = given.cursor_excerpt.index(old)
            replacement = Replacement(at, at + len(old), new)
            cursor = len("b = f('😀".encode())
            return [Reply(Answer((replacement,), cursor), None, Finish.STOP, "scripted")]

        desk.predictor.answers = [answer]
        reply = await desk.next_edit(0, 0)
        assert reply["cursor"] == {"line": 1, "character": len("b = f('") + 2}

    run(scenario)
