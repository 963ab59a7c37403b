"""What is around the cursor: gathered when it rests, by the best door, and in the next prompt."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.server.fakes import Desk, FakeGatherer, silent
from zeta_lsp.core.recording import Level
from zeta_lsp.core.related import Place
from zeta_lsp.server.around import AGAIN_S, OVERLAY_BYTES, REST_S

TEXT = "import shop\n\ntotal = price * pieces\n"
BRIDGED = {"experimental": {"zetaBridge": True}}
ENDPOINT = {"endpoint": {"kind": "openai", "url": "http://127.0.0.1:1/v1/completions"}}


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 10))


def location(path: str, row: int) -> dict[str, Any]:
    place = {"line": row, "character": 4}
    return {"uri": f"file://{path}", "range": {"start": place, "end": place}}


async def rested(desk: Desk) -> FakeGatherer:
    """Let the cursor rest until everything around it was gathered."""
    while desk.session.around.is_busy:  # noqa: ASYNC110 - that nothing comes is no event
        await asyncio.sleep(REST_S / 20)
    return desk.gatherers[-1]


def test_nothing_is_gathered_for_the_embedded_model() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.type(2, 8, "x")
        await asyncio.sleep(2 * REST_S)
        assert desk.gatherers == []

    run(scenario)


def test_a_buffer_that_grew_too_large_is_known_as_it_is_on_disk() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, ENDPOINT)
        desk.type(2, 8, "x")
        gatherer = await rested(desk)
        [(path, text)] = gatherer.overlays.items()
        assert text is not None
        desk.change(((2, 8), (2, 8), "# a row\n" * (OVERLAY_BYTES // 8)))
        await rested(desk)
        assert gatherer.overlays == {path: None}

    run(scenario)


def test_who_consents_to_capture_later_gets_context_for_the_embedded_model_too() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.consents.grant(Path("/project"), Level.SNAPSHOTS)
        while desk.session.tape.recorder is None:  # noqa: ASYNC110 - the session looks by itself
            await asyncio.sleep(REST_S)
        desk.type(2, 8, "x")
        assert (await rested(desk)).asked

    run(scenario)


def test_what_is_not_known_yet_is_looked_up_again_while_nothing_moves() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, ENDPOINT)
        desk.type(2, 8, "x")
        gatherer = await rested(desk)  # it is only starting: it knows nothing
        file = desk.session.sync.files[desk.uri]
        assert file.surroundings.files == ()
        gatherer.known["pieces"] = (Place("/project/shop.py", 3, 4, 3, 9),)
        while not file.surroundings.files:  # noqa: ASYNC110 - the session looks by itself
            await asyncio.sleep(REST_S / 20)

    run(scenario)


def test_who_goes_on_is_not_looked_at_for_where_they_were() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, ENDPOINT)
        desk.type(2, 8, "x")
        gatherer = await rested(desk)
        desk.session.around.closed(desk.session.sync.files[desk.uri])
        asked = len(gatherer.asked)
        await asyncio.sleep(2 * AGAIN_S[0])
        assert len(gatherer.asked) == asked

    run(scenario)


def test_names_near_the_cursor_are_looked_up_once_it_rests_and_stand_in_the_next_prompt() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, ENDPOINT)
        desk.predictor.answers = [silent]
        desk.places["price"] = (Place("/project/shop.py", 3, 4, 3, 9),)
        desk.type(2, 22, "_sold")
        await desk.next_edit(2, 27, context={"triggerKind": 1})
        assert desk.predictor.asked[-1].related_files is None
        gatherer = await rested(desk)
        assert gatherer.asked == ["total", "price", "pieces_sold"]
        await desk.next_edit(2, 27, context={"triggerKind": 1})
        (file,) = desk.predictor.asked[-1].related_files or ()
        assert file.excerpts[0].text == "index:price\n"

    run(scenario)


def test_a_client_with_the_bridge_is_asked_before_the_index() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, ENDPOINT, capabilities=BRIDGED)
        desk.predictor.answers = [silent]
        desk.places["price"] = desk.places["pieces"] = (Place("/project/guess.py", 1, 0, 1, 1),)

        async def definitions(params: dict[str, Any]) -> dict[str, Any]:
            places = [item["position"]["character"] for item in params["items"]]
            assert places == [0, 8, 16]
            found = [location("/project/shop.py", 3)]
            return {"items": [{"locations": []}, {"locations": found}, {"locations": []}]}

        desk.editor.answers["zeta/definitions"] = definitions
        desk.type(2, 22, " ")
        gatherer = await rested(desk)
        doors = [(one.identifier.text, one.door) for one in gatherer.found]
        assert doors == [("price", "bridge"), ("pieces", "index")]
        assert "price" not in gatherer.asked
        assert {method for method, _ in desk.editor.requests} == {
            "zeta/definitions",
            "zeta/typeDefinitions",
            "zeta/diagnostics",
        }

    run(scenario)


def test_a_bridge_that_falls_silent_is_taken_at_its_last_word_about_a_line() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, ENDPOINT, capabilities=BRIDGED)

        async def definitions(params: dict[str, Any]) -> dict[str, Any]:
            return {"items": [{"locations": [location("/project/shop.py", 3)]}] * 3}

        desk.editor.answers["zeta/definitions"] = definitions
        desk.type(2, 22, " ")
        await rested(desk)
        del desk.editor.answers["zeta/definitions"]
        await desk.next_edit(2, 4)
        gatherer = await rested(desk)
        assert {one.door for one in gatherer.found} == {"bridge"}

    run(scenario)


def test_diagnostics_of_the_bridge_stand_in_the_next_prompt_until_rows_move() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, ENDPOINT, capabilities=BRIDGED)
        desk.predictor.answers = [silent]

        async def diagnostics(_: dict[str, Any]) -> dict[str, Any]:
            wrong = {"start": {"line": 2, "character": 8}, "end": {"line": 2, "character": 13}}
            return {"items": [{"range": wrong, "message": "price is not known", "severity": 1}]}

        desk.editor.answers["zeta/diagnostics"] = diagnostics
        desk.type(2, 22, " ")
        await rested(desk)
        await desk.next_edit(2, 23, context={"triggerKind": 1})
        (diagnostic,) = desk.predictor.asked[-1].active_buffer_diagnostics
        assert (diagnostic.message, diagnostic.severity) == ("price is not known", 1)
        desk.type(0, 0, "\n")
        await desk.next_edit(3, 0, context={"triggerKind": 1})
        assert desk.predictor.asked[-1].active_buffer_diagnostics == ()

    run(scenario)


def test_a_bridge_that_answers_nonsense_is_as_good_as_none() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, ENDPOINT, capabilities=BRIDGED)
        replies: list[Any] = [None, [], {"items": 3}, {"items": [None, 7, {"locations": "x"}]}]
        for reply in replies:

            async def nonsense(_: dict[str, Any], reply: Any = reply) -> Any:
                return reply

            for method in ("zeta/definitions", "zeta/typeDefinitions", "zeta/diagnostics"):
                desk.editor.answers[method] = nonsense
            desk.type(2, 22, " ")
            gatherer = await rested(desk)
            assert gatherer.found == []

    run(scenario)


def test_what_is_gathered_is_recorded_with_where_it_came_from() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, ENDPOINT)
        desk.predictor.answers = [silent]
        desk.places["price"] = (Place("/project/shop.py", 3, 4, 3, 9),)
        desk.type(2, 22, " ")
        await rested(desk)
        file = desk.session.sync.files[desk.uri]
        assert [receipt.door for receipt in file.surroundings.receipts] == ["index"]

    run(scenario)


def test_settings_can_forbid_definitions_and_diagnostics() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, ENDPOINT, capabilities=BRIDGED)
        nothing = {"context": {"definitions": False, "diagnostics": False}}
        desk.session.configure({"zeta": nothing})
        desk.type(2, 22, " ")
        await asyncio.sleep(2 * REST_S)
        assert desk.gatherers == []
        assert desk.editor.requests == []

    run(scenario)


def test_closing_the_session_ends_what_gathers() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, ENDPOINT)
        desk.type(2, 22, " ")
        gatherer = await rested(desk)
        await desk.session.aclose()
        assert gatherer.closed

    run(scenario)
