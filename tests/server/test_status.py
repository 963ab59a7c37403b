"""Editors that show a status line hear what is going on, once for each change."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.server.fakes import Desk, rewriting
from zeta_lsp.core.journal import JournalEntry
from zeta_lsp.core.lifecycle import State
from zeta_lsp.server.status import Now, as_copilots, wants_status, why_nothing

SHOWING = {"experimental": {"zetaStatus": True}}


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 10))


async def told(desk: Desk, method: str = "zeta/didChangeStatus", count: int = 1) -> list[Any]:
    """What the client heard, once it heard so much."""
    while True:
        heard = [params for name, params in desk.editor.notified if name == method]
        if len(heard) >= count:
            return heard
        await asyncio.sleep(0.01)


def entry(ending: State, reason: str = "") -> JournalEntry:
    return JournalEntry("s-p1", 0.0, "a.py", ending, reason)


def test_a_client_says_that_it_shows_the_status() -> None:
    assert wants_status(SHOWING)
    for nothing in ({}, None, {"experimental": True}, {"experimental": {"zetaStatus": 1.5}}):
        assert not wants_status(nothing)


def test_the_reason_is_that_of_the_latest_silence_unless_something_was_shown_since() -> None:
    silent, shown = entry(State.SILENT, "no_change"), entry(State.SHOWN)
    assert why_nothing([silent, shown]) == "no_change"
    assert why_nothing([shown, silent]) is None
    assert why_nothing([]) is None


def test_a_request_that_a_newer_one_replaced_is_no_reason() -> None:
    replaced = entry(State.SILENT, "superseded_by_newer")
    assert why_nothing([replaced, entry(State.SHOWN)]) is None
    assert why_nothing([replaced, entry(State.SILENT, "timeout")]) == "timeout"


def test_a_prediction_is_told_with_its_model_and_latency() -> None:
    async def scenario() -> None:
        desk = Desk("a = 1\n", capabilities=SHOWING)
        desk.predictor.answers = [rewriting(("1", "10"))]
        desk.predictor.gate.clear()
        asking = asyncio.ensure_future(desk.next_edit(0, 5))
        (busy,) = await told(desk)
        assert (busy["model"], busy["busy"], busy["reason"]) == ("scripted", True, None)
        desk.now_s += 0.25
        desk.predictor.gate.set()
        await asking
        latest = (await told(desk, count=2))[-1]
        assert (latest["busy"], latest["latencyMs"]) == (False, 250.0)

    run(scenario)


def test_a_silence_is_told_with_its_explanation() -> None:
    async def scenario() -> None:
        desk = Desk("a = 1\n", uri="file:///project/.env", capabilities=SHOWING)
        await desk.next_edit(0, 0)
        (state,) = await told(desk)
        assert state["reason"] == "excluded_path"
        assert "disabled_globs" in state["explanation"]

    run(scenario)


def test_pausing_is_told() -> None:
    async def scenario() -> None:
        desk = Desk("a = 1\n", capabilities=SHOWING)
        await desk.session.commands.run("zeta.pause", [])
        (state,) = await told(desk)
        assert state["paused"]

    run(scenario)


def test_who_did_not_ask_for_it_hears_nothing_and_may_still_ask() -> None:
    async def scenario() -> None:
        desk = Desk("a = 1\n")
        await desk.next_edit(0, 0)
        await asyncio.sleep(0.1)  # longer than it takes to tell
        assert desk.editor.notified == []
        state = desk.routes["zeta/status"].handle(None)
        assert state["model"] == "scripted"

    run(scenario)


def test_a_client_that_speaks_copilots_protocol_is_told_in_its_words() -> None:
    async def scenario() -> None:
        desk = Desk("a = 1\n")
        desk.routes["checkStatus"].handle(None)
        (state,) = await told(desk, "didChangeStatus")
        assert state == {"busy": False, "kind": "Normal", "message": ""}

    run(scenario)


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (Now("m"), "Normal"),
        (Now("m", reason="no_change"), "Normal"),
        (Now("m", reason="endpoint_unreachable"), "Error"),
        (Now("m", reason="unsynced:message_lost"), "Normal"),
        (Now("m", reason="excluded_path"), "Inactive"),
        (Now("m", paused=True), "Inactive"),
    ],
)
def test_copilots_kind_says_whether_something_is_wrong_or_resting(state: Now, kind: str) -> None:
    said = as_copilots(state)
    assert said["kind"] == kind
    assert bool(said["message"]) == (kind != "Normal")
