"""A language server of our own as a door: what it answers, and what it costs when it fails."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from tests.asynchronous import asynchronous
from zeta_lsp.context.headless import Command, Headless, Limits, Trouble, opened
from zeta_lsp.core.related import Identifier, Place
from zeta_lsp.core.surroundings import Door

SCRIPT = str(Path(__file__).with_name("scripted.py"))
SHORT = Limits(start_s=20.0, ready_s=20.0, answer_s=0.3, problems_s=1.5)
PATIENT = Limits(start_s=20.0, ready_s=20.0, answer_s=20.0, problems_s=20.0)
TEXT = "put 1\n🙂🙂 put 2\nwrong\n"
FIRST, SECOND = Identifier("put", 0, 0, 0), Identifier("put", 1, 3, 1)
SETTINGS = {"python": {"analysis": {"mode": "open"}}}


class Running:
    """A scripted server with a document open, and what was told of it."""

    def __init__(self, door: Headless, root: Path, told: list[Trouble]) -> None:
        self.door, self.root, self.told = door, root, told
        self.uri = (root / "main.py").as_uri()
        self.put = (Place(str(root / "other.py"), 1, 4, 1, 7),)
        door.open(self.uri, "python", TEXT)


@asynccontextmanager
async def running(behaviour: str, root: Path, limits: Limits) -> AsyncIterator[Running]:
    (root / "other.py").write_text("# nothing\ndef put():\n    pass\n")
    told: list[Trouble] = []
    command = Command((sys.executable, SCRIPT, behaviour), frozenset(("python",)), {}, SETTINGS)
    door = await opened(command, root, limits=limits, told=told.append)
    assert door is not None
    try:
        yield Running(door, root, told)
    finally:
        await door.aclose()


@asynchronous
async def test_names_are_found_where_the_server_says(tmp_path: Path) -> None:
    async with running("works", tmp_path, PATIENT) as one:
        door: Door = one.door
        assert await one.door.until_ready()
        unknown = Identifier("1", 0, 4, 2)
        found = await door.definitions(one.uri, [FIRST, SECOND, unknown], "definition")
        assert list(found) == [one.put, one.put, ()]
        assert one.told == []


@asynchronous
async def test_columns_are_counted_as_the_server_counts(tmp_path: Path) -> None:
    async with running("utf8", tmp_path, PATIENT) as one:
        assert await one.door.definitions(one.uri, [SECOND], "definition") == [one.put]


@asynchronous
async def test_a_kind_that_the_server_does_not_offer_is_not_asked(tmp_path: Path) -> None:
    async with running("works", tmp_path, PATIENT) as one:
        assert await one.door.definitions(one.uri, [FIRST], "typeDefinition") == [None]
        assert one.told == [Trouble.NOT_OFFERED]


@asynchronous
async def test_a_document_that_is_not_open_has_no_answers(tmp_path: Path) -> None:
    async with running("works", tmp_path, PATIENT) as one:
        one.door.close(one.uri)
        assert await one.door.definitions(one.uri, [FIRST], "definition") == [None]
        assert await one.door.problems(one.uri) is None


@asynchronous
async def test_places_that_the_text_does_not_have_are_not_asked(tmp_path: Path) -> None:
    async with running("works", tmp_path, PATIENT) as one:
        odd = [Identifier("put", 99, 0, 0), Identifier("put", 0, 99, 0)]
        assert await one.door.definitions(one.uri, odd, "definition") == [None, None]


@pytest.mark.parametrize("behaviour", ["works", "pulled", "in two steps", "stale"])
def test_problems_are_those_of_the_latest_text(behaviour: str, tmp_path: Path) -> None:
    @asynchronous
    async def check() -> None:
        async with running(behaviour, tmp_path, PATIENT) as one:
            problems = await one.door.problems(one.uri)
            assert problems is not None
            assert [(p.message, p.start_row, p.severity) for p in problems] == [("wrong", 2, 1)]
            one.door.open(one.uri, "python", "right\n")
            assert await one.door.problems(one.uri) == ()

    check()


@asynchronous
async def test_problems_that_never_come_are_unknown_not_none(tmp_path: Path) -> None:
    async with running("publishes nothing", tmp_path, SHORT) as one:
        assert await one.door.problems(one.uri) is None
        assert one.told == [Trouble.LATE]


@asynchronous
async def test_ready_waits_for_all_announced_work(tmp_path: Path) -> None:
    async with running("busy", tmp_path, PATIENT) as one:
        assert await one.door.until_ready()
        assert (tmp_path / "idle").exists()


@asynchronous
async def test_work_without_end_costs_no_more_than_its_limit(tmp_path: Path) -> None:
    limits = Limits(start_s=20.0, ready_s=0.3, answer_s=20.0)
    async with running("never idle", tmp_path, limits) as one:
        assert not await one.door.until_ready()
        assert one.told == [Trouble.NOT_READY]
        assert await one.door.definitions(one.uri, [FIRST], "definition") == [one.put]


@asynchronous
async def test_what_the_server_asks_is_answered(tmp_path: Path) -> None:
    async with running("asks", tmp_path, PATIENT) as one:
        await one.door.definitions(one.uri, [FIRST], "definition")
        heard = json.loads((tmp_path / "heard.json").read_text())
        settings = [{"mode": "open"}, None, SETTINGS]
        assert heard == [settings, tmp_path.as_uri(), None, {"applied": False}, -32601]


@pytest.mark.parametrize(
    ("behaviour", "limits", "trouble"),
    [
        ("never answers", SHORT, Trouble.LATE),
        ("crashes", PATIENT, Trouble.ENDED),
        ("floods", PATIENT, Trouble.FLOODS),
        ("nonsense", PATIENT, Trouble.NONSENSE),
        ("huge", PATIENT, Trouble.TOO_LARGE),
    ],
)
def test_a_server_that_fails_costs_its_answers_and_has_a_reason(
    behaviour: str, limits: Limits, trouble: Trouble, tmp_path: Path
) -> None:
    @asynchronous
    async def check() -> None:
        async with running(behaviour, tmp_path, limits) as one:
            found = await one.door.definitions(one.uri, [FIRST, SECOND], "definition")
            assert list(found) == [None, None]
            assert set(one.told) == {trouble}
            assert one.door.is_over == (trouble is not Trouble.LATE)
            if one.door.is_over:
                assert await one.door.definitions(one.uri, [FIRST], "definition") == [None]
                assert not await one.door.until_ready()

    check()


@asynchronous
async def test_places_outside_the_workspace_are_left_out(tmp_path: Path) -> None:
    async with running("outside", tmp_path, PATIENT) as one:
        found = await one.door.definitions(one.uri, [FIRST], "definition")
        assert found == [(Place(str(tmp_path / "other.py"), 0, 4, 0, 7),)]
        assert one.told == [Trouble.OUTSIDE]


@asynchronous
async def test_a_server_that_cannot_be_had_is_no_door(tmp_path: Path) -> None:
    told: list[Trouble] = []
    missing = Command((str(tmp_path / "no-such-program"),), frozenset())
    assert await opened(missing, tmp_path, told=told.append) is None
    silent = Command((sys.executable, SCRIPT, "silent"), frozenset())
    assert await opened(silent, tmp_path, limits=Limits(start_s=0.3), told=told.append) is None
    assert told == [Trouble.MISSING, Trouble.LATE, Trouble.UNINITIALIZED]


@asynchronous
async def test_nothing_that_a_server_started_outlives_its_door(tmp_path: Path) -> None:
    async with running("children", tmp_path, PATIENT) as one:
        await one.door.definitions(one.uri, [FIRST], "definition")
        child = psutil.Process(int((tmp_path / "child").read_text()))
        assert child.is_running()
    async with asyncio.timeout(20):
        # nothing tells of a grandchild's end
        while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@asynchronous
async def test_a_daemon_that_holds_the_pipes_keeps_nobody_waiting(tmp_path: Path) -> None:
    async with running("daemon", tmp_path, PATIENT) as one:
        await one.door.definitions(one.uri, [FIRST], "definition")
        daemon = psutil.Process(int((tmp_path / "child").read_text()))
    assert daemon.is_running()
    daemon.kill()
