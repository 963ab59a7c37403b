"""What of an answer is shown: guards refuse it, and what was typed meanwhile counts."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from tests.server.fakes import Desk, Json, rewriting
from zeta_lsp.server.openfile import SPLICES_KEPT

TEXT = "a = 1\nb = 2\nend\n"
ADDED = rewriting(("b = 2\n", "b = 2\nc = 3\n"))


def run(scenario: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(scenario())


async def asked_while(desk: Desk, happens: Callable[[], None]) -> Json:
    """The reply to a request during which something happens."""
    desk.predictor.gate.clear()
    asking = asyncio.create_task(desk.next_edit(1, 5))
    await desk.predictor.started.wait()
    happens()
    desk.predictor.gate.set()
    return await asking


def at(row: int, col: int, text: str) -> tuple[tuple[int, int], tuple[int, int], str]:
    return (row, col), (row, col), text


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("b = 2<|user_cursor|>\n", "leaked_marker"),
        ("b = 2\u202e\n", "unsafe_characters"),
        ("b  = 2\n", "whitespace_only"),
        ("b = 2\n" + "x" * 5000, "answer_too_large"),
    ],
)
def test_a_guarded_answer_is_silence_with_the_guards_name(new: str, reason: str) -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [rewriting(("b = 2\n", new))]
        reply = await desk.next_edit(1, 5)
        assert reply["edits"] == []
        assert desk.endings()[-1] == ("not_shown", reason)

    run(scenario)


def test_an_answer_follows_keys_that_were_typed_along_meanwhile() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [ADDED]

        def happens() -> None:
            for change in (at(1, 5, "\n"), at(2, 0, "c"), at(2, 1, " ")):
                desk.change(change)

        reply = await asked_while(desk, happens)
        assert [edit["newText"] for edit in reply["edits"]] == ["= 3"]
        assert reply["edits"][0]["range"]["start"] == {"line": 2, "character": 2}

    run(scenario)


def test_an_answer_that_was_typed_meanwhile_is_no_change() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [ADDED]
        reply = await asked_while(desk, lambda: desk.change(at(1, 5, "\nc = 3")))
        assert reply["edits"] == []
        assert desk.endings()[-1] == ("not_shown", "no_change")

    run(scenario)


def test_an_answer_that_was_contradicted_meanwhile_is_silence() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [ADDED]
        await asked_while(desk, lambda: desk.change(at(2, 0, "x")))
        assert ("not_shown", "contradicted") in desk.endings()

    run(scenario)


def test_an_answer_moves_with_edits_elsewhere() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [ADDED]
        reply = await asked_while(desk, lambda: desk.change(at(0, 0, "import os\n")))
        assert reply["edits"][0]["range"]["start"]["line"] == 3

    run(scenario)


def test_an_answer_that_is_too_many_changes_late_is_stale() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [ADDED]

        def happens() -> None:
            for _ in range(SPLICES_KEPT + 1):
                desk.change(at(0, 0, "x"))

        await asked_while(desk, happens)
        assert ("not_shown", "stale") in desk.endings()

    run(scenario)
