"""The next edit as a hint, in editors that draw nothing else."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.server.fakes import Desk, Json, rewriting, silent
from zeta_lsp.server.hints import without_ours

TEXT = "x = 1\ny = \n\n\n\n\n\nprint(x)\n"
ON = {"predict": {"hints": True, "debounce_ms": 0, "throttle_ms": 0}}


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scenario())  # type: ignore[arg-type]


def desk_with(*rules: tuple[str, str], text: str = TEXT) -> Desk:
    desk = Desk(text, ON)
    desk.predictor.answers = [rewriting(*rules)] if rules else [silent]
    return desk


def drawn(desk: Desk) -> list[tuple[int, str]]:
    """Row and words of the hints that the editor knows now."""
    told = [params for method, params in desk.editor.notified if method.endswith("Diagnostics")]
    if not told:
        return []
    hints: list[Json] = told[-1]["diagnostics"]
    return [(one["range"]["start"]["line"], one["message"]) for one in hints]


async def settle(desk: Desk) -> None:
    """Let everything happen that is about to."""
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("rule", "hints"),
    [
        (("y = x", "y = x + 1"), [(1, " + 1")]),
        (("x = 1", "x = 2"), [(0, "→ x = 2")]),
        (("x = 1\n", ""), [(0, "→ delete")]),
        (("print(x)", "print(y)"), [(7, "→ print(y)"), (1, "next edit: line 8")]),
    ],
    ids=["at the cursor", "beside it", "deletion", "far"],
)
def test_a_change_brings_a_hint(rule: tuple[str, str], hints: list[tuple[int, str]]) -> None:
    async def scenario() -> None:
        desk = desk_with(rule)
        desk.type(1, 4, "x")
        await settle(desk)
        assert drawn(desk) == hints
        assert ("shown", "") in desk.endings()

    run(scenario)


def test_typing_along_leaves_less_of_it_and_anything_else_takes_it_away() -> None:
    async def scenario() -> None:
        desk = desk_with(("y = x", "y = x + 1"))
        desk.type(1, 4, "x")
        await settle(desk)
        desk.type(1, 5, " +")
        await settle(desk)
        assert drawn(desk) == [(1, " 1")]
        desk.predictor.answers = [silent]
        desk.type(1, 7, "7")
        await settle(desk)
        assert drawn(desk) == []

    run(scenario)


def test_an_edit_elsewhere_moves_the_hint_at_once_though_the_model_is_asked_later() -> None:
    async def scenario() -> None:
        slow = {"hints": True, "debounce_ms": 60_000, "throttle_ms": 60_000}
        desk = Desk(TEXT, {"predict": slow})
        desk.predictor.answers = [rewriting(("y = x", "y = x + 1"))]
        desk.type(1, 4, "x")
        await settle(desk)
        desk.change(((0, 0), (0, 0), "import os\n"))
        await settle(desk)
        assert [row for row, _ in drawn(desk)] == [2]
        assert len(desk.predictor.asked) == 1
        await desk.session.aclose()

    run(scenario)


def test_a_hint_says_of_which_text_it_is_and_taking_it_away_holds_for_any() -> None:
    async def scenario() -> None:
        desk = desk_with(("y = x", "y = x + 1"))
        desk.type(1, 4, "x")
        await settle(desk)
        await desk.command("zeta.reject")
        await settle(desk)
        (_, there), (_, gone) = desk.editor.notified
        assert there["version"] == desk.version
        assert gone == {"uri": desk.uri, "diagnostics": []}

    run(scenario)


def test_without_the_setting_and_with_ghost_text_nothing_is_asked_or_drawn() -> None:
    async def scenario() -> None:
        for desk in (Desk(TEXT), desk_with(("y = x", "y = x + 1"))):
            desk.editor.has_ghost_text = bool(desk.predictor.answers)
            desk.type(1, 4, "x")
            await settle(desk)
            assert desk.predictor.asked == []
            assert desk.editor.notified == []

    run(scenario)


def test_a_hint_in_the_middle_of_a_line_shows_the_whole_line() -> None:
    async def scenario() -> None:
        desk = desk_with(("f(x)", "f(x, 1)"), text="y = f()\n")
        desk.type(0, 6, "x")
        await settle(desk)
        assert drawn(desk) == [(0, "→ y = f(x, 1)")]

    run(scenario)


def test_the_menu_does_not_ask_again_where_nothing_was_found() -> None:
    async def scenario() -> None:
        desk = desk_with()
        desk.type(1, 4, "x")
        await settle(desk)
        assert await desk.ask("textDocument/completion", 1, 5) is None
        assert len(desk.predictor.asked) == 1

    run(scenario)


def test_the_menu_does_not_lie_over_what_is_drawn_elsewhere() -> None:
    async def scenario() -> None:
        desk = desk_with(("x = 1", "x = 2"))
        desk.editor.name = "helix"  # type: ignore[misc]
        desk.type(1, 4, "x")
        await settle(desk)
        assert drawn(desk) == [(0, "→ x = 2")]
        assert await desk.ask("textDocument/completion", 1, 5) is None

    run(scenario)


def test_asking_for_what_is_out_of_sight_shows_where_it_is_and_asking_again_goes_there() -> None:
    async def scenario() -> None:
        desk = desk_with(("print(x)", "print(y)"))
        await desk.command("zeta.nextEdit", {"buffer": "a.py", "line": 1})
        await settle(desk)
        assert drawn(desk) == [(7, "→ print(y)"), (0, "next edit: line 8")]
        assert desk.editor.visited == []
        await desk.command("zeta.nextEdit", {"buffer": "a.py", "line": 1})
        await settle(desk)
        assert len(desk.editor.visited) == 1
        assert drawn(desk) == [(7, "→ print(y)")]

    run(scenario)


def test_no_prompt_shows_our_own_hints() -> None:
    ours, other = {"source": "zeta-lsp", "message": "→ x"}, {"source": "ruff", "message": "E1"}
    assert without_ours([ours, other, 7]) == [other, 7]
    assert without_ours(None) is None


def test_a_closed_document_has_no_hints() -> None:
    async def scenario() -> None:
        desk = desk_with(("y = x", "y = x + 1"))
        desk.type(1, 4, "x")
        await settle(desk)
        desk.session.sync.close_all()
        await settle(desk)
        assert drawn(desk) == []
        await desk.session.aclose()

    run(scenario)
