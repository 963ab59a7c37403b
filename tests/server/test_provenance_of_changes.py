"""Where an edit came from, as the history of a session knows it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from tests.server.fakes import Desk, rewriting
from zeta_lsp.core.events import Source

TEXT = "def area(w, h):\n    return w * h\n"
PATH = Path("/project/a.py")


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scenario())  # type: ignore[arg-type]


def latest_sources(desk: Desk) -> tuple[Source, ...]:
    return desk.session.sync.files[desk.uri].history.events()[-1].sources


def test_an_accepted_prediction_enters_the_history_as_predicted() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.predictor.answers = [rewriting(("return w", "return width"))]
        await desk.next_edit(0, 0)
        desk.change(((1, 11), (1, 12), "width"))
        event = desk.session.sync.files[desk.uri].history.events()[-1]
        assert event.sources == (Source.ACCEPTED,)
        assert event.change.predicted

    run(scenario)


def test_keys_are_typed() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.type(0, 9, "idth")
        assert latest_sources(desk) == (Source.TYPED,)

    run(scenario)


def test_what_the_editor_reads_again_came_from_disk() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.session.disk_changed(PATH)
        desk.change(((0, 0), (2, 0), "def volume(a, b, c):\n    return a * b * c\n"))
        assert latest_sources(desk) == (Source.DISK,)

    run(scenario)


def test_a_save_of_the_editor_itself_is_no_change_on_disk() -> None:
    async def scenario() -> None:
        desk = Desk(TEXT)
        desk.session.disk_changed(PATH)
        route = desk.routes["textDocument/didSave"]
        params = msgspec.convert({"textDocument": {"uri": desk.uri}}, route.decoder.type)
        route.handle(params)
        desk.session.disk_changed(PATH)
        desk.change(((0, 0), (0, 0), "import os\nimport sys\n\n\n"))
        assert latest_sources(desk) == (Source.PASTED,)

    run(scenario)
