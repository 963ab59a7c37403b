"""Files that the person looked at lately stand behind the definitions of the next look."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from tests.server.fakes import Desk, FakeGatherer
from zeta_lsp.server.around import REST_S
from zeta_lsp.server.params import DidClose, DidOpen
from zeta_lsp.server.recent import REMEMBERED

TEXT = "import shop\n\ntotal = price\n"
ENDPOINT = {"endpoint": {"kind": "openai", "url": "http://127.0.0.1:1/v1/completions"}}


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 10))


def open_file(desk: Desk, name: str) -> str:
    uri = f"file:///project/{name}"
    item = {"uri": uri, "languageId": "python", "version": 0, "text": "x\n" * 50}
    desk.session.did_open(msgspec.convert({"textDocument": item}, DidOpen))
    return uri


def close(desk: Desk, uri: str) -> None:
    params = msgspec.convert({"textDocument": {"uri": uri}}, DidClose)
    desk.routes["textDocument/didClose"].handle(params)


async def rested(desk: Desk) -> FakeGatherer:
    while desk.session.around.is_busy:  # noqa: ASYNC110 - that nothing comes is no event
        await asyncio.sleep(REST_S / 20)
    return desk.gatherers[-1]


async def visited(desk: Desk) -> list[tuple[str, int]]:
    """What the next look is told: names and rows, the latest first."""
    desk.type(2, 13, " ")
    gatherer = await rested(desk)
    return [(visit.path.removeprefix("/project/"), visit.row) for visit in gatherer.visits]


def test_files_that_were_opened_and_turned_to_are_told_the_latest_first() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, ENDPOINT)
        first = open_file(desk, "b.py")
        open_file(desk, "c.py")
        assert await visited(desk) == [("a.py", 2), ("c.py", 0), ("b.py", 0)]
        desk.routes["textDocument/didFocus"].handle({"textDocument": {"uri": first}})
        assert await visited(desk) == [("a.py", 2), ("b.py", 0), ("c.py", 0)]

    run(scenario)


def test_a_closed_file_is_remembered_where_the_cursor_was() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, ENDPOINT)
        uri = open_file(desk, "b.py")
        desk.session.sync.files[uri].cursor = (33, 1)
        close(desk, uri)
        desk.now_s += 9.0
        assert (await visited(desk))[1] == ("b.py", 33)
        (_, visit) = desk.gatherers[-1].visits
        assert visit.age_s == 9.0
        open_file(desk, "b.py")
        assert ("b.py", 33) in await visited(desk)

    run(scenario)


def test_only_the_latest_are_remembered() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, ENDPOINT)
        for number in range(REMEMBERED + 3):
            open_file(desk, f"f{number}.py")
        names = [name for name, _ in await visited(desk)]
        assert len(names) == REMEMBERED
        assert names[:2] == ["a.py", f"f{REMEMBERED + 2}.py"]

    run(scenario)


def test_excluded_files_and_files_of_no_folder_are_not_remembered() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, ENDPOINT)
        close(desk, open_file(desk, "secrets/b.py"))
        close(desk, open_file(desk, "../elsewhere/b.py"))
        close(desk, open_file(desk, ".env.py"))
        assert await visited(desk) == [("a.py", 2)]

    run(scenario)


def test_a_key_costs_no_look_at_what_was_visited() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT, ENDPOINT)
        open_file(desk, "b.py")
        desk.type(2, 13, " ")
        latest, *_ = desk.session.around.recent.visits()
        assert latest.path == "/project/b.py"
        await rested(desk)
        latest, *_ = desk.session.around.recent.visits()
        assert latest.path == "/project/a.py"

    run(scenario)
