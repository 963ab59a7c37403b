"""What requests for code actions say is wrong counts where nobody else says anything."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.server.fakes import Desk, silent
from zeta_lsp.server.around import REST_S

TEXT = "import shop\n\ntotal = price\nrest = 3\nlast = 4\n"
ENDPOINT = {"endpoint": {"kind": "openai", "url": "http://127.0.0.1:1/v1/completions"}}
BRIDGED = {"experimental": {"zetaBridge": True}}


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 10))


def wrong(row: int, message: str) -> dict[str, Any]:
    start, end = {"line": row, "character": 0}, {"line": row, "character": 4}
    return {"range": {"start": start, "end": end}, "message": message, "severity": 2}


def ask(desk: Desk, rows: tuple[int, int], *diagnostics: Any) -> None:
    start, end = ({"line": row, "character": 0} for row in rows)
    context = {"diagnostics": list(diagnostics)}
    params = {"textDocument": {"uri": desk.uri}, "range": {"start": start, "end": end}}
    desk.routes["textDocument/codeAction"].handle({**params, "context": context})


async def messages(desk: Desk, row: int = 2, col: int = 0) -> list[str]:
    """What the next prediction is told, once the cursor rested."""
    while desk.session.around.is_busy:  # noqa: ASYNC110 - that nothing comes is no event
        await asyncio.sleep(REST_S / 20)
    await desk.next_edit(row, col, context={"triggerKind": 1})
    return [one.message for one in desk.predictor.asked[-1].active_buffer_diagnostics]


def desk_of(**more: Any) -> Desk:
    desk = Desk(TEXT, ENDPOINT, **more)
    desk.predictor.answers = [silent]
    return desk


def test_what_a_request_names_stands_in_the_next_prompt() -> None:
    async def scenario() -> None:
        desk = desk_of()
        ask(desk, (2, 2), wrong(2, "price is not known"))
        assert await messages(desk) == ["price is not known"]

    run(scenario)


def test_a_request_speaks_of_its_own_rows_alone() -> None:
    async def scenario() -> None:
        desk = desk_of()
        ask(desk, (2, 2), wrong(2, "first"))
        ask(desk, (3, 4), wrong(3, "second"), wrong(4, "third"))
        assert sorted(await messages(desk)) == ["first", "second", "third"]
        ask(desk, (3, 3))
        assert sorted(await messages(desk)) == ["first", "third"]

    run(scenario)


def test_what_was_said_of_a_row_ends_with_a_change_of_the_row() -> None:
    async def scenario() -> None:
        desk = desk_of()
        ask(desk, (2, 3), wrong(2, "first"), wrong(3, "second"))
        desk.type(2, 0, "x")
        assert await messages(desk) == ["second"]

    run(scenario)


def test_everything_ends_when_rows_come_or_go() -> None:
    async def scenario() -> None:
        desk = desk_of()
        ask(desk, (2, 2), wrong(2, "first"))
        desk.type(4, 8, "\n")
        assert await messages(desk) == []

    run(scenario)


def test_a_door_that_answers_knows_better() -> None:
    async def scenario() -> None:
        desk = desk_of(capabilities=BRIDGED)

        async def diagnostics(_: dict[str, Any]) -> dict[str, Any]:
            return {"items": []}

        desk.editor.answers["zeta/diagnostics"] = diagnostics
        ask(desk, (2, 2), wrong(2, "first"))
        assert await messages(desk) == []

    run(scenario)


def test_settings_that_forbid_diagnostics_forbid_these() -> None:
    async def scenario() -> None:
        desk = desk_of()
        desk.session.configure({"zeta": {"context": {"diagnostics": False}}})
        ask(desk, (2, 2), wrong(2, "first"))
        assert await messages(desk) == []

    run(scenario)


@pytest.mark.parametrize("context", [None, 3, {}, {"diagnostics": 3}, {"diagnostics": [{"a": 1}]}])
def test_nonsense_says_nothing(context: Any) -> None:
    async def scenario() -> None:
        desk = desk_of()
        params = {"textDocument": {"uri": desk.uri}, "context": context}
        place = {"line": 2, "character": 0}
        for where in ({"start": place, "end": place}, None, "x"):
            desk.routes["textDocument/codeAction"].handle({**params, "range": where})
        assert await messages(desk) == []

    run(scenario)


def test_the_same_said_again_is_no_reason_to_look_again() -> None:
    async def scenario() -> None:
        desk = desk_of()
        ask(desk, (2, 2), wrong(2, "first"))
        await messages(desk)
        await messages(desk)
        ask(desk, (2, 2), wrong(2, "first"))
        assert not desk.session.around.is_busy

    run(scenario)
