"""Two processes behind one pipe: how they start, how they end, and what they do not hold up."""

import asyncio
import base64
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.asynchronous import asynchronous
from tests.lsp_client import Client, Json, frame
from tests.server.proxy.between import DOCUMENT, opened

ROOT = Path(__file__).parents[3]
ZETA = [sys.executable, "-m", "zeta_lsp"]
SCRIPTED = [sys.executable, "-m", "tests.server.proxy.scripted"]
END_S = 5.0
"""How soon nothing may be left once the editor is gone."""
INCREMENTAL = {"textDocumentSync": 2, "definitionProvider": True}
ASK = {"textDocument": {"uri": DOCUMENT}, "position": {"line": 0, "character": 0}}


def command(options: Json | None = None) -> list[str]:
    return [*ZETA, "proxy", "--", *SCRIPTED, json.dumps(options or {})]


@asynccontextmanager
async def proxied(folder: Path, options: Json | None = None, **more: Any) -> AsyncIterator[Client]:
    """A client of a proxy whose server is scripted."""
    env = {"ZETA_LSP_CONFIG": str(folder / "none.toml"), "ZETA_LSP_DATA_DIR": str(folder)}
    async with Client.start(command(options), env, cwd=ROOT, **more) as client:
        yield client


def server_of(client: Client) -> psutil.Process:
    """The scripted server's process."""
    assert client.process is not None
    (child,) = psutil.Process(client.process.pid).children()
    return child


async def gone(process: psutil.Process, within_s: float = END_S) -> None:
    await asyncio.to_thread(process.wait, within_s)


@asynchronous
async def test_a_session_through_both(tmp_path: Path) -> None:
    async with proxied(tmp_path, {"capabilities": INCREMENTAL}) as client:
        result = await client.initialize()
        assert result["serverInfo"] == {"name": "scripted"}
        assert "zeta.accept" in result["capabilities"]["executeCommandProvider"]["commands"]
        client.send(opened())
        assert await client.request("test/echo", {"a": [1, None]}) == {"a": [1, None]}
        assert await client.request("textDocument/copilotInlineEdit", ASK) == {"edits": []}
        assert (await client.request("checkStatus"))["status"] == "OK"
        seen = [message["method"] for message in await client.request("test/seen")]
        assert seen == ["initialize", "initialized", "textDocument/didOpen", "test/echo"]
        assert await client.shut_down() == 7  # as the server ended


@pytest.mark.parametrize(
    ("method", "how", "code"),
    [("test/exit", 3, 3), ("test/exit", 0, 0), ("test/die", signal.SIGKILL, 128 + 9)],
)
@asynchronous
async def test_a_server_that_ends_is_seen_to_end_with_its_code(
    method: str, how: int, code: int, tmp_path: Path
) -> None:
    async with proxied(tmp_path) as client:
        await client.initialize()
        waiting = client.ask("test/never")
        last = {"jsonrpc": "2.0", "method": "last/word", "params": "x" * (1 << 20)}
        client.notify("test/say", frame(last).decode())
        client.notify(method, how)
        assert await client.exit_code() == code
        with pytest.raises(EOFError):
            await client.reply_to(waiting)
        await client.notification("last/word")


@asynchronous
async def test_the_server_gets_the_editors_environment_and_writes_to_its_standard_error(
    tmp_path: Path,
) -> None:
    log = tmp_path / "stderr"
    with log.open("wb") as stderr:
        async with proxied(tmp_path, stderr=stderr) as client:
            await client.initialize()
            env = await client.request("test/env")
            client.notify("test/complain", "a complaint\n")
            await client.shut_down()
    assert env.keys() - os.environ.keys() <= {"ZETA_LSP_CONFIG", "ZETA_LSP_DATA_DIR", "LC_CTYPE"}
    assert log.read_text() == "a complaint\n"


@pytest.mark.parametrize("server", ["no-such-server", "/etc"])
@asynchronous
async def test_a_server_that_cannot_be_run_is_one_line_and_a_failure(server: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *ZETA, "proxy", "--", server, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 1
    assert said.decode().startswith(f"zeta-lsp: cannot run '{server}'")
    assert said.count(b"\n") == 1


@asynchronous
async def test_a_large_message_passes_in_both_directions(tmp_path: Path) -> None:
    text = base64.b64encode(os.urandom(3 << 20)).decode()
    async with proxied(tmp_path) as client:
        await client.initialize()
        assert await client.request("test/echo", text) == text


@asynchronous
async def test_predictions_are_answered_while_the_server_hangs_and_floods(tmp_path: Path) -> None:
    async with proxied(tmp_path, {"capabilities": INCREMENTAL}) as client:
        await client.initialize()
        client.send(opened())
        flood = client.ask("test/flood", 20_000)
        assert await client.request("textDocument/copilotInlineEdit", ASK) == {"edits": []}
        assert not client._waiting[flood].done()
        await client.reply_to(flood)
        client.notify("test/deaf")
        assert await client.request("textDocument/copilotInlineEdit", ASK) == {"edits": []}


@asynchronous
async def test_noise_between_messages_does_not_end_the_session(tmp_path: Path) -> None:
    async with proxied(tmp_path) as client:
        await client.initialize()
        await client.request("test/say", "Warning: something was printed\n")
        assert await client.request("test/echo", 1) == 1


@pytest.mark.parametrize("stubborn", [False, True])
@asynchronous
async def test_the_end_of_the_input_ends_both(stubborn: bool, tmp_path: Path) -> None:
    async with proxied(tmp_path, {"stubborn": stubborn}) as client:
        await client.initialize()
        server, began_s = server_of(client), time.monotonic()
        client.close_input()
        assert await client.exit_code() == (128 + 9 if stubborn else 0)
        assert time.monotonic() - began_s < END_S
        assert not server.is_running()


@pytest.mark.parametrize("stubborn", [False, True])
@asynchronous
async def test_a_signal_ends_both(stubborn: bool, tmp_path: Path) -> None:
    async with proxied(tmp_path, {"stubborn": stubborn}) as client:
        await client.initialize()
        server = server_of(client)
        assert client.process is not None
        client.process.terminate()
        assert await client.exit_code() == 128 + (signal.SIGKILL if stubborn else signal.SIGTERM)
        assert not server.is_running()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel is asked for it on Linux only")
@asynchronous
async def test_a_stubborn_server_does_not_outlive_a_proxy_that_is_killed(tmp_path: Path) -> None:
    async with proxied(tmp_path, {"stubborn": True}) as client:
        await client.initialize()
        server = server_of(client)
        assert client.process is not None
        client.process.kill()
        await gone(server)


@asynchronous
async def test_a_server_that_stays_after_exit_is_ended(tmp_path: Path) -> None:
    async with proxied(tmp_path, {"stubborn": True}) as client:
        await client.initialize()
        assert await client.shut_down() == 128 + signal.SIGKILL


@asynchronous
async def test_both_end_with_an_editor_that_dies_while_somebody_holds_the_pipe(
    tmp_path: Path,
) -> None:
    editor = await asyncio.create_subprocess_exec("sleep", "60")
    async with proxied(tmp_path, {"stubborn": True}) as client:
        await client.initialize(processId=editor.pid)
        server = server_of(client)
        editor.kill()
        await editor.wait()
        began_s = time.monotonic()
        await client.exit_code()
        await gone(server)
        assert time.monotonic() - began_s < END_S
