"""Reading many files is shown as work-done progress, to clients that show such a thing."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from tests.server.fakes import Desk, RecordingEditor
from zeta_lsp.server.around import REST_S
from zeta_lsp.server.faults import ClientRefused
from zeta_lsp.server.progress import FILES_MIN, PAUSE_S, Progress, shows_progress

SHOWING = {"window": {"workDoneProgress": True}}
ENDPOINT = {"endpoint": {"kind": "openai", "url": "http://127.0.0.1:1/v1/completions"}}
MANY = FILES_MIN + 1


class Shown:
    """A client with progress, and a clock in hand."""

    def __init__(self, *, is_wanted: bool = True) -> None:
        self.editor = RecordingEditor()
        self.now_s = 0.0
        self.progress = Progress(self.editor, lambda: self.now_s)
        self.progress.is_wanted = is_wanted

    async def move(self, done: int, total: int) -> None:
        self.progress.moved(done, total)
        for _ in range(3):
            await asyncio.sleep(0)

    def told(self) -> list[str]:
        assert {method for method, _ in self.editor.notified} <= {"$/progress"}
        values = [params["value"] for _, params in self.editor.notified]
        return [
            " ".join(str(value.get(key, "")) for key in ("kind", "message")) for value in values
        ]


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 10))


def test_a_client_says_that_it_shows_progress() -> None:
    assert shows_progress(SHOWING)
    for nothing in ({}, None, {"window": None}, {"window": {"workDoneProgress": "yes"}}):
        assert not shows_progress(nothing)


def test_reading_many_files_begins_reports_and_ends() -> None:
    async def scenario() -> None:
        shown = Shown()
        await shown.move(5, MANY)
        ((method, params),) = shown.editor.requests
        assert method == "window/workDoneProgress/create"
        shown.now_s += PAUSE_S
        await shown.move(9, MANY)
        await shown.move(MANY, MANY)
        assert shown.told() == [f"begin 5 of {MANY} files", f"report 9 of {MANY} files", "end "]
        assert {params["token"]} == {told["token"] for _, told in shown.editor.notified}
        await shown.move(1, MANY)
        assert shown.editor.requests[1][1] != params

    run(scenario)


def test_reports_are_at_most_four_a_second() -> None:
    async def scenario() -> None:
        shown = Shown()
        for step in range(100):
            shown.now_s = step / 100
            await shown.move(step, MANY)
        assert len(shown.told()) == 4

    run(scenario)


def test_few_files_and_clients_that_show_nothing_are_told_nothing() -> None:
    async def scenario() -> None:
        few, unwanted = Shown(), Shown(is_wanted=False)
        await few.move(5, FILES_MIN)
        await few.move(FILES_MIN, FILES_MIN)
        await unwanted.move(5, MANY)
        await unwanted.move(MANY, MANY)
        for shown in (few, unwanted):
            assert shown.editor.requests == shown.editor.notified == []

    run(scenario)


def test_a_client_that_refuses_is_not_asked_again() -> None:
    async def scenario() -> None:
        shown = Shown()

        async def refuse(_: Any) -> None:
            raise ClientRefused(-32601, "unknown")

        shown.editor.answers["window/workDoneProgress/create"] = refuse
        await shown.move(5, MANY)
        await shown.move(6, MANY)
        assert len(shown.editor.requests) == 1
        assert shown.told() == []

    run(scenario)


def test_a_client_that_answers_after_the_end_sees_no_progress() -> None:
    async def scenario() -> None:
        shown = Shown()
        gate = asyncio.Event()

        async def later(_: Any) -> None:
            await gate.wait()

        shown.editor.answers["window/workDoneProgress/create"] = later
        await shown.move(5, MANY)
        await shown.move(MANY, MANY)
        gate.set()
        await shown.move(MANY, MANY)
        assert shown.told() == []

    run(scenario)


def test_a_session_shows_what_its_gatherer_tells_and_ends_it_with_itself() -> None:
    async def scenario() -> None:
        desk = Desk("total = price\n", ENDPOINT, capabilities=SHOWING)
        desk.type(0, 0, "x")
        while desk.session.around.is_busy:  # noqa: ASYNC110 - that nothing comes is no event
            await asyncio.sleep(REST_S / 20)
        desk.gatherers[-1].progress(5, MANY)
        for _ in range(3):
            await asyncio.sleep(0)
        await desk.session.aclose()
        kinds = [params["value"]["kind"] for _, params in desk.editor.notified]
        assert kinds == ["begin", "end"]

    run(scenario)
