"""What a prediction would break is found before it is shown, in whole sessions."""

import asyncio
from pathlib import Path

import pytest

from tests.asynchronous import asynchronous
from tests.e2e.editing import PROGRAM, editor
from tests.e2e.model import Model, rewriting
from tests.e2e.servers.real import SERVERS
from tests.lsp_client import NO_ANSWER, Json

TEXT = "def double(number):\n    return 2 * number\n\n\nvalue = double(4)\nprint(value)\n"
SOUND = ("print(value)", "print(double(value))")
BROKEN = ("print(value)", "print(double(value)")
MISTAKEN = ("print(value)", "print(valve)")
CHECK = "check_ms = 1000\ndebounce_ms = 0\nthrottle_ms = 0\n"
CHECKED = {"experimental": {"zetaBridge": True, "zetaCheck": True}}


@asynchronous
async def test_a_prediction_that_breaks_the_syntax_is_hidden(tmp_path: Path) -> None:
    async with Model(rewriting(BROKEN)) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", TEXT)
        assert (await ed.next_edit(uri, "double"))["reason"] == "adds_syntax_errors"
        model.behave = rewriting(SOUND)
        assert (await ed.next_edit(uri, "double"))["reason"] is None
        assert await ed.client.shut_down() == 0


@asynchronous
async def test_the_client_counts_errors_within_the_time_that_the_settings_give(
    tmp_path: Path,
) -> None:
    checks: list[Json] = []

    def answer(request: Json) -> object:
        if request["method"] != "zeta/check":
            return None
        checks.append(request["params"])
        return {"errors": len(request["params"]["edits"])} if len(checks) <= 2 else NO_ANSWER

    async with (
        Model(rewriting(SOUND)) as model,
        editor(tmp_path, model.url, predict=CHECK.replace("1000", "300")) as ed,
    ):
        ed.client.answers = answer
        await ed.initialize(capabilities=CHECKED)
        uri = ed.open("a.py", TEXT)
        assert (await ed.next_edit(uri, "double"))["reason"] == "adds_errors"
        assert sorted(len(check["edits"]) for check in checks) == [0, 2]
        ed.insert(uri, "def", "# new\n")
        assert (await ed.next_edit(uri, "double"))["reason"] is None
        assert len(checks) == 4


@pytest.mark.parametrize("name", ["ruff", "basedpyright-langserver"])
@asynchronous
async def test_the_server_behind_us_finds_a_wrong_name_and_the_client_hears_of_no_copy(
    tmp_path: Path, name: str
) -> None:
    server = next(one for one in SERVERS if one.name == name).argv()
    proxy: Json = {"argv": [str(PROGRAM), "proxy", "--", *server], "predict": CHECK}
    async with Model(rewriting(MISTAKEN)) as model, editor(tmp_path, model.url, **proxy) as ed:
        diagnostic = {"diagnostic": {"dynamicRegistration": True}, "publishDiagnostics": {}}
        ed.encoding = "utf-16"
        folders = [{"uri": ed.root.as_uri(), "name": "project"}]
        result = await ed.client.initialize(
            workspaceFolders=folders, capabilities={"textDocument": diagnostic}
        )
        ed.encoding = result["capabilities"].get("positionEncoding", "utf-16")
        uri = ed.open("a.py", TEXT)
        async with asyncio.timeout(40):
            while (await ed.next_edit(uri, "double"))["reason"] != "adds_errors":
                ed.insert(uri, "def", "# the server was still starting\n")
        model.behave = rewriting(SOUND)
        assert (await ed.next_edit(uri, "double"))["reason"] is None
        assert "zeta-shadow" not in str(ed.client.notifications + ed.client.requests)
