"""What a prediction would break keeps it from being shown; what is being typed may be broken."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from tests.server.fakes import Desk, reply_of, rewriting
from zeta_lsp.context.syntax import syntax_for
from zeta_lsp.core.edits import Cluster
from zeta_lsp.core.ports import Reply
from zeta_lsp.core.prompt import PromptInput

TEXT = "def f(a):\n    return a + 1\n\n\ndef g(b):\n    return f(b)\n"
BROKEN = ("return f(b)", "return f(b")
SOUND = ("return f(b)", "return f(b, 2)")
CHECKED = {"experimental": {"zetaBridge": True, "zetaCheck": True}}
ASKED = {"triggerKind": 1}
SLOW = {"predict": {"check_ms": 1000, "debounce_ms": 0, "throttle_ms": 0}}


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 10))


def desk_with_syntax() -> Desk:
    desk = Desk(TEXT)
    desk.session.sync.files[desk.uri].syntax = syntax_for("python", "a.py")
    return desk


def test_a_prediction_that_breaks_the_syntax_elsewhere_is_hidden() -> None:
    async def scenario() -> None:
        desk = desk_with_syntax()
        desk.predictor.answers = [rewriting(BROKEN)]
        reply = await desk.next_edit(0, 3)
        assert (reply["edits"], reply["reason"]) == ([], "adds_syntax_errors")
        (entry,) = desk.session.ledger.recent
        assert (entry.ending, entry.reason, entry.detail) == (
            "not_shown", "adds_syntax_errors", "1",
        )  # fmt: skip

    run(scenario)


def test_a_sound_prediction_is_shown() -> None:
    async def scenario() -> None:
        desk = desk_with_syntax()
        desk.predictor.answers = [rewriting(SOUND)]
        assert len((await desk.next_edit(0, 3))["edits"]) == 1

    run(scenario)


def test_the_row_that_is_being_typed_may_be_left_broken() -> None:
    async def scenario() -> None:
        desk = desk_with_syntax()
        desk.predictor.answers = [rewriting(BROKEN)]
        assert len((await desk.next_edit(5, 4))["edits"]) == 1
        desk = desk_with_syntax()
        desk.predictor.answers = [rewriting(BROKEN)]
        reply = await desk.next_edit(5, 4, context=ASKED)  # nobody types who asks
        assert reply["reason"] == "adds_syntax_errors"

    run(scenario)


def test_what_comes_early_waits_for_the_rest_if_it_breaks_something_alone() -> None:
    opened, closed = ("return a + 1\n", "return (a +\n"), ("\ndef g", "        1)\n\n\ndef g")

    def answer(given: PromptInput) -> Sequence[Reply]:
        return [reply_of(given, [opened], partial=True), reply_of(given, [opened, closed])]

    async def scenario() -> None:
        desk = desk_with_syntax()
        desk.predictor.answers = [answer]
        reply = await desk.next_edit(5, 4)
        assert reply["reason"] is None
        held = desk.session.sync.files[desk.uri].suggestion
        assert held is not None
        assert sum(map(len, held.clusters)) >= 2

    run(scenario)


class FakeShadow:
    """Says what it is told to, about the edits that it keeps."""

    name = "fake"

    def __init__(self, *says: int | Exception | None) -> None:
        self.says = list(says)
        self.asked: list[Cluster] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.waiting = asyncio.Event()

    async def errors_added(self, uri: str, edits: Cluster, deadline_s: float) -> int | None:
        """See `core.shadow.Shadow`."""
        self.asked.append(edits)
        self.waiting.set()
        await self.gate.wait()
        said = self.says.pop(0) if len(self.says) > 1 else self.says[0]
        if isinstance(said, Exception):
            raise said
        return said


def desk_with(*shadows: FakeShadow, settings: dict[str, Any] | None = None) -> Desk:
    desk = Desk(TEXT, SLOW if settings is None else settings)
    desk.session.shadows += shadows
    desk.predictor.answers = [rewriting(SOUND)]
    return desk


@pytest.mark.parametrize(
    ("says", "hidden"), [([2], True), ([0], False), ([-1], False), ([None], False)]
)
def test_a_prediction_that_adds_errors_is_hidden(says: list[int | None], hidden: bool) -> None:
    async def scenario() -> None:
        shadow = FakeShadow(*says)
        desk = desk_with(shadow)
        reply = await desk.next_edit(5, 4, context=ASKED)
        assert reply["reason"] == ("adds_errors" if hidden else None)
        assert len(shadow.asked) == 1

    run(scenario)


def test_nobody_is_asked_unless_the_settings_wish_it() -> None:
    async def scenario() -> None:
        shadow = FakeShadow(2)
        desk = desk_with(shadow, settings={})
        assert (await desk.next_edit(5, 4))["reason"] is None
        assert shadow.asked == []

    run(scenario)


def test_the_next_is_asked_if_one_does_not_know_or_fails() -> None:
    async def scenario() -> None:
        desk = desk_with(FakeShadow(None), FakeShadow(OSError("gone")), FakeShadow(1))
        assert (await desk.next_edit(5, 4))["reason"] == "adds_errors"

    run(scenario)


def test_what_is_typed_during_the_check_counts() -> None:
    async def scenario() -> None:
        shadow = FakeShadow(0)
        shadow.gate.clear()
        desk = desk_with(shadow)
        asking = asyncio.create_task(desk.next_edit(5, 4))
        await shadow.waiting.wait()
        desk.change(((0, 0), (0, 0), "# new\n"))
        shadow.gate.set()
        (edit,) = (await asking)["edits"]
        assert edit["range"]["start"]["line"] == 6

    run(scenario)


def test_a_file_that_is_closed_during_the_check_gets_nothing() -> None:
    async def scenario() -> None:
        shadow = FakeShadow(0)
        shadow.gate.clear()
        desk = desk_with(shadow)
        asking = asyncio.create_task(desk.next_edit(5, 4))
        await shadow.waiting.wait()
        desk.session.sync.close_all()
        assert (await asking)["reason"] == "closed"

    run(scenario)


async def bridged(
    *counts: int | None, settings: dict[str, Any] = SLOW
) -> tuple[Desk, list[dict[str, Any]]]:
    """A client that counts errors without edits, then with them; and what it is asked."""
    asked: list[dict[str, Any]] = []

    async def check(params: dict[str, Any]) -> dict[str, Any] | None:
        asked.append(params)
        count = counts[bool(params["edits"])]
        return None if count is None else {"errors": count}

    desk = Desk(TEXT, settings, capabilities=CHECKED)
    desk.editor.answers["zeta/check"] = check
    desk.predictor.answers = [rewriting(SOUND)]
    return desk, asked


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [((1, 2), True), ((0, 1), True), ((1, 1), False), ((2, 1), False)],
)
@pytest.mark.parametrize("ask", [True, False])
def test_a_client_with_the_bridge_counts_errors(
    counts: tuple[int, int], hidden: bool, ask: bool
) -> None:
    async def scenario() -> None:
        desk, asked = await bridged(*counts)
        context = {"context": ASKED} if ask else {}
        reply = await desk.next_edit(5, 4, **context)
        assert reply["reason"] == ("adds_errors" if hidden else None)
        target = {"uri": desk.uri, "version": 0}
        assert [one["textDocument"] for one in asked] == [target] * 2
        change = next(one["edits"] for one in asked if one["edits"])
        (edit,) = change
        assert edit["newText"] == ", 2"
        assert edit["range"]["start"] == {"line": 5, "character": 14}

    run(scenario)


@pytest.mark.parametrize("counts", [(None, 5), (0, None), (None, None)])
def test_a_client_that_does_not_say_hides_nothing(counts: tuple[int | None, int | None]) -> None:
    async def scenario() -> None:
        desk, asked = await bridged(*counts)
        assert (await desk.next_edit(5, 4))["reason"] is None
        assert len(asked) == 2

    run(scenario)


@pytest.mark.parametrize("reply", [{}, [], {"errors": "3"}, {"errors": True}, {"errors": 1.5}])
def test_a_reply_of_another_shape_hides_nothing(reply: Any) -> None:
    async def scenario() -> None:
        desk, _ = await bridged(0, 0)

        async def check(params: dict[str, Any]) -> Any:
            return reply if params["edits"] else {"errors": 0}

        desk.editor.answers["zeta/check"] = check
        assert (await desk.next_edit(5, 4))["reason"] is None

    run(scenario)


def test_the_errors_of_a_text_are_asked_for_once() -> None:
    async def scenario() -> None:
        desk, asked = await bridged(0, 3)
        await desk.next_edit(5, 4, context=ASKED)
        await desk.next_edit(1, 4, context=ASKED)
        assert [bool(one["edits"]) for one in asked] == [False, True, True]
        desk.type(3, 0, "#")
        await desk.next_edit(3, 1, context=ASKED)
        assert [bool(one["edits"]) for one in asked[3:]] == [False, True]

    run(scenario)


@pytest.mark.parametrize("capabilities", [{"zetaBridge": True}, {"zetaCheck": True}, {}])
def test_a_client_that_does_not_offer_it_is_not_asked(capabilities: dict[str, bool]) -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, SLOW, capabilities={"experimental": capabilities})
        desk.predictor.answers = [rewriting(SOUND)]
        assert (await desk.next_edit(5, 4))["reason"] is None
        assert "zeta/check" not in {method for method, _ in desk.editor.requests}

    run(scenario)
