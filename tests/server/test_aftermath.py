"""What becomes of predictions later: recalled, ignored, undone, proposed again."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.server.fakes import Desk, rewriting, silent

TEXT = "def area(w, h):\n    return w * h\n"
GHOST = "textDocument/inlineCompletion"


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scenario())  # type: ignore[arg-type]


def test_typing_something_else_and_taking_it_back_needs_no_model() -> None:
    async def scenario() -> None:
        desk = Desk("x = 1\ny = \n")
        desk.predictor.answers = [rewriting(("y = ", "y = x + 1")), silent]
        await desk.ask(GHOST, 1, 4)
        desk.type(1, 4, "7")
        desk.change(((1, 4), (1, 5), ""))
        reply = await desk.ask(GHOST, 1, 4)
        assert reply["items"][0]["insertText"] == "x + 1"
        assert len(desk.predictor.asked) == 1

    run(scenario)


def test_what_is_known_of_a_text_is_forgotten_after_a_while() -> None:
    async def scenario() -> None:
        desk = Desk("x = 1\ny = \n")
        desk.predictor.answers = [rewriting(("y = ", "y = x + 1")), silent]
        await desk.ask(GHOST, 1, 4)
        desk.type(1, 4, "7")
        desk.change(((1, 4), (1, 5), ""))
        desk.now_s += 3600
        assert await desk.ask(GHOST, 1, 4) is None
        assert len(desk.predictor.asked) == 2

    run(scenario)


def test_a_prediction_that_nobody_takes_up_ends_as_ignored() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [rewriting(("return w", "return width"))]
        await desk.next_edit(0, 0)
        desk.now_s += 3600
        desk.session.sync.expire()
        assert desk.endings()[-1][0] == "ignored"

    run(scenario)


def test_an_undone_acceptance_is_noted() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [rewriting(("return w", "return width")), silent]
        await desk.next_edit(0, 0)
        desk.change(((1, 12), (1, 12), "idth"))
        desk.change(((1, 12), (1, 16), ""))
        latest = desk.session.ledger.recent
        accepted = [entry for entry in latest if entry.ending == "accepted"]
        assert accepted[-1].detail == "undone"

    run(scenario)


def test_a_rejection_holds_for_a_while_and_no_longer() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [rewriting(("return w", "return width"))]
        await desk.next_edit(0, 0)
        await desk.command("zeta.reject")
        assert (await desk.next_edit(0, 0))["reason"] == "same_as_rejected"
        desk.now_s += 3600
        assert (await desk.next_edit(0, 0))["edits"]

    run(scenario)
