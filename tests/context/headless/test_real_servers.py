"""Real language servers, started by us: each finds a class of another file, and what is wrong."""

from pathlib import Path

import msgspec
import pytest

from tests.asynchronous import asynchronous
from tests.e2e.servers.real import SERVERS, Server
from zeta_lsp.context.headless import COMMANDS, Limits, Trouble, opened
from zeta_lsp.core.related import Identifier
from zeta_lsp.core.text import split_lines

KNOWN = {command.name: command for command in COMMANDS}
OURS = [server for server in SERVERS if server.name in KNOWN]
LIMITS = Limits(start_s=60.0, ready_s=60.0, answer_s=60.0, problems_s=60.0)
TELLS_NOTHING_WRONG = {"jedi-language-server", "rust-analyzer"}
"""The one looks for errors of syntax alone, and nothing is wrong in what the other is shown."""


def word(server: Server, text: str) -> Identifier:
    """The name that a server is asked about: the type in its `word`."""
    at = text.index(server.word) + server.word.lower().index("circle")
    row = text.count("\n", 0, at)
    return Identifier("Circle", row, at - sum(map(len, split_lines(text)[:row])), 0)


@pytest.mark.parametrize("server", OURS, ids=lambda server: server.name)
def test_a_real_server_answers(server: Server, tmp_path: Path) -> None:
    argv = tuple(server.argv())
    server.write(tmp_path)
    told: list[Trouble] = []

    @asynchronous
    async def check() -> None:
        command = msgspec.structs.replace(KNOWN[server.name], argv=argv)
        door = await opened(command, tmp_path, limits=LIMITS, told=told.append)
        assert door is not None
        shown = tmp_path / server.shown
        text = server.files[server.shown]
        try:
            door.open(shown.as_uri(), server.language, text)
            assert await door.until_ready()
            found = await door.definitions(shown.as_uri(), [word(server, text)], "definition")
            assert found[0] is not None
            assert any(Path(place.path).stem == "shapes" for place in found[0])
            problems = await door.problems(shown.as_uri())
            assert problems or server.name in TELLS_NOTHING_WRONG
        finally:
            await door.aclose()
        assert not told

    check()
