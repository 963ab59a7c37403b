"""Real language servers behind the proxy, against the same servers alone.

Two ways. A recorded session is played again: the real server's part by a player that ends at the
first word that differs from the recording, the client's part here, and every body that the client
gets is compared byte by byte. And where a server is installed, one session is had with it alone
and one through the proxy, and what it answered is compared.
"""

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.asynchronous import asynchronous
from tests.e2e import parts
from tests.e2e.editing import PROGRAM, editor
from tests.e2e.model import Model, rewriting
from tests.e2e.neovim import Neovim
from tests.e2e.servers.conversation import CLIENT, Conversation, Json, Line, load
from tests.e2e.servers.real import SERVERS, Server
from tests.e2e.servers.session import Session
from tests.e2e.test_context import prompt_with

ROOT = Path(__file__).parents[2]
RECORDINGS = sorted((ROOT / "tests" / "golden" / "proxy").glob("*.jsonl.gz"))
PLAYER = [sys.executable, "-m", "tests.e2e.servers.player"]
PROXY = [str(PROGRAM), "proxy", "--"]


def without_ours(reply: Any, alone: Any) -> Any:
    """A value cut down to what the server alone says: members of objects, and our commands."""
    if isinstance(reply, dict) and isinstance(alone, dict):
        return {name: without_ours(reply.get(name), alone[name]) for name in alone}
    if isinstance(reply, list) and isinstance(alone, list):
        return [item for item in reply if not str(item).startswith("zeta.")]
    return reply


def play(argv: Sequence[str], lines: Sequence[Line], folder: Path) -> list[bytes]:
    """Say the client's lines of a transcript, each in its turn; what was heard."""
    env = {
        "PYTHONPATH": str(ROOT),
        "ZETA_LSP_CONFIG": str(folder / "none.toml"),
        "ZETA_LSP_DATA_DIR": str(folder / "data"),
    }
    with Conversation(argv, folder, env) as talk:
        heard = []
        for who, body in lines:
            if who == CLIENT:
                talk.say(body)
            else:
                heard.append(talk.hear())
        assert talk.process.wait(20) == 0
        return heard


def comparable(replies: Json) -> Json:
    """Replies without what differs between two runs of a server alone.

    gopls gives highlights in the order of a Go map, any order; what ty names its reports depends
    on what it had read by then.
    """
    for label, reply in replies.items():
        result = reply.get("result")
        if label.startswith("documentHighlight") and isinstance(result, list):
            result.sort(key=json.dumps)
        elif label.startswith("diagnostic") and isinstance(result, dict):
            result.pop("resultId", None)
    return replies


def results(body: bytes) -> Json:
    found: Json = json.loads(body)["result"]
    return found


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.name.split(".")[0])
def test_a_recorded_session_is_the_same_for_the_client(recording: Path, tmp_path: Path) -> None:
    lines = load(recording)
    player = [*PLAYER, str(recording)]
    alone = play(player, lines, tmp_path)
    through = play([*PROXY, *player], lines, tmp_path)
    assert alone == [body for who, body in lines if who != CLIENT]
    at = next(i for i, body in enumerate(alone) if b'"capabilities"' in body and b'"id"' in body)
    assert through[:at] + through[at + 1 :] == alone[:at] + alone[at + 1 :]
    merged, theirs = results(through[at]), results(alone[at])
    assert without_ours(merged, theirs) == theirs
    assert merged["capabilities"]["inlineCompletionProvider"]


@pytest.mark.parametrize("server", SERVERS, ids=lambda server: server.name)
def test_a_real_server_answers_the_same_through_the_proxy(server: Server, tmp_path: Path) -> None:
    argv, project = server.argv(), tmp_path / "project"
    project.mkdir()
    server.write(project)
    env = {"ZETA_LSP_CONFIG": str(tmp_path / "none"), "ZETA_LSP_DATA_DIR": str(tmp_path / "data")}

    def had(command: Sequence[str]) -> tuple[Session, int]:
        with Conversation(command, project, env) as talk:
            session = Session(talk, server, project)
            return session, session.run()

    with ThreadPoolExecutor() as side_by_side:
        (alone, code), (through, code_through) = side_by_side.map(had, (argv, [*PROXY, *argv]))
    first, second = alone.replies.pop("initialize"), through.replies.pop("initialize")
    assert without_ours(second, first) == first
    assert comparable(through.replies) == comparable(alone.replies)
    assert through.found == alone.found
    assert code_through == code


@asynchronous
async def test_what_the_server_behind_us_knows_reaches_the_prompt(tmp_path: Path) -> None:
    """The server is scripted: it knows a place that no index would find."""
    options = {"capabilities": {"textDocumentSync": 2, "definitionProvider": True}}
    server = [sys.executable, "-m", "tests.server.proxy.scripted", json.dumps(options)]
    proxy = {"argv": [*PROXY, *server], "env": {"PYTHONPATH": str(ROOT)}}
    async with Model(rewriting()) as model, editor(tmp_path, model.url, **proxy) as ed:
        other = ed.root / "elsewhere.py"
        other.write_text("def put_by_the_server(name):\n    return name\n")
        ed.encoding = "utf-16"
        folders = [{"uri": ed.root.as_uri(), "name": "project"}]
        await ed.client.initialize(workspaceFolders=folders)
        place = {"line": 0, "character": 4}
        location = {"uri": other.as_uri(), "range": {"start": place, "end": place}}
        ed.client.notify("test/define", [location])
        uri = ed.open("main.py", "basket.put(\n")
        await prompt_with(ed, model, uri, "def put_by_the_server")
        assert await ed.client.shut_down() == 7


DEFINITION = """
local client = vim.lsp.get_clients({ name = 'zeta' })[1]
local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
return client:request_sync('textDocument/definition', params, 10000, 0).result
"""


@pytest.mark.editor
def test_neovim_has_its_server_and_predictions_with_one_line_of_configuration(
    tmp_path: Path,
) -> None:
    jedi = next(server for server in SERVERS if server.name == "jedi-language-server").argv()
    project = tmp_path / "project"
    project.mkdir()
    (project / "shop.py").write_text(
        "def gross(net, rate):\n    tax = net * rate\n    check(rate)\n"
    )
    env = {"ZETA_LSP_CONFIG": str(tmp_path / "none"), "ZETA_LSP_DATA_DIR": str(tmp_path / "data")}
    with Neovim(parts.neovim(), [*PROXY, *jedi], project, env) as nvim:
        nvim.edit(project / "shop.py")
        nvim.keys("gg/rate<CR>itax_<Esc>j0/rate<CR>itax_<Esc>")
        nvim.wait(lambda: nvim.lines()[1] == "    tax = net * tax_rate")
        assert nvim.lua(DEFINITION)[0]["range"]["start"] == {"line": 0, "character": 15}
        nvim.keys("<C-n>")
        nvim.wait(lambda: nvim.answered("zeta.nextEdit"))
        nvim.keys("<C-a>")
        nvim.wait(lambda: nvim.lines()[2] == "    check(tax_rate)")
