"""How the process ends, and that it does."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.asynchronous import asynchronous
from tests.lsp_client import Client
from zeta_lsp.server.lifetime import ParentWatch, birth_of

ECHO = [sys.executable, "-m", "tests.server.echo"]

EDITOR = textwrap.dedent("""\
    import json, os, subprocess, sys, time

    read, write = os.pipe()
    server = subprocess.Popen(sys.argv[2:], stdin=read, stdout=subprocess.PIPE)
    holder = subprocess.Popen(["sleep", "60"], pass_fds=[write])
    params = {"processId": os.getpid(), "capabilities": {}}
    body = json.dumps({"id": 1, "method": "initialize", "params": params}).encode()
    os.write(write, b"Content-Length: %d\\r\\n\\r\\n%b" % (len(body), body))
    server.stdout.readline()
    time.sleep(float(sys.argv[1]))
    print(server.pid, holder.pid, flush=True)
    time.sleep(60)
""")


async def ended(pid: int, within_s: float) -> bool:
    """Whether a process that is not our child ends in time."""
    for _ in range(int(within_s / 0.05)):
        if birth_of(pid) is None:
            return True
        await asyncio.sleep(0.05)
    return False


@asynchronous
async def test_exit_after_shutdown_is_0() -> None:
    async with Client.start(ECHO) as client:
        await client.initialize()
        assert await client.shut_down() == 0


@asynchronous
async def test_exit_without_shutdown_is_1() -> None:
    async with Client.start(ECHO) as client:
        await client.initialize()
        client.notify("exit")
        assert await client.exit_code() == 1


@asynchronous
async def test_exit_before_initialize_is_1() -> None:
    async with Client.start(ECHO) as client:
        client.notify("exit")
        assert await client.exit_code() == 1


@asynchronous
async def test_the_end_of_input_is_the_end_of_the_session() -> None:
    async with Client.start(ECHO, stderr=-1) as client:
        await client.initialize()
        client.ask("echo/never")
        client.close_input()
        assert await client.exit_code() == 1
        assert client.process is not None
        assert client.process.stderr is not None
        assert await client.process.stderr.read() == b"closed\n"


@asynchronous
async def test_the_end_of_input_after_shutdown_is_no_failure() -> None:
    async with Client.start(ECHO) as client:
        await client.initialize()
        await client.request("shutdown")
        client.close_input()
        assert await client.exit_code() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@asynchronous
async def test_a_signal_ends_the_session_in_order(number: signal.Signals) -> None:
    async with Client.start(ECHO, stderr=-1) as client:
        await client.initialize()
        assert client.process is not None
        assert client.process.stderr is not None
        client.process.send_signal(number)
        assert await client.exit_code() == 128 + number
        assert await client.process.stderr.read() == b"closed\n"


def test_it_works_with_files_in_place_of_pipes(tmp_path: Path) -> None:
    given, taken = tmp_path / "given", tmp_path / "taken"
    body = b'{"id":1,"method":"initialize","params":{}}'
    given.write_bytes(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    with given.open("rb") as source, taken.open("wb") as target:
        done = subprocess.run(
            ECHO, stdin=source, stdout=target, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert b'"serverInfo"' in taken.read_bytes()


def test_without_any_input_it_ends_at_once() -> None:
    done = subprocess.run(ECHO, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")


@pytest.mark.parametrize("wait_s", ["0", "0.5"])
@asynchronous
async def test_it_ends_with_the_editor_though_somebody_else_holds_the_pipe(wait_s: str) -> None:
    argv = [sys.executable, "-c", EDITOR, wait_s, *ECHO]
    editor = await asyncio.create_subprocess_exec(*argv, stdout=asyncio.subprocess.PIPE)
    assert editor.stdout is not None
    server, holder = map(int, (await editor.stdout.readline()).split())
    try:
        editor.kill()
        assert await ended(server, within_s=5)
        assert birth_of(holder) is not None
    finally:
        os.kill(holder, signal.SIGKILL)
        await editor.communicate()


@asynchronous
async def test_the_end_of_a_watched_process_is_told_once() -> None:
    told: list[str] = []
    gone = asyncio.Event()
    child = await asyncio.create_subprocess_exec("sleep", "60")
    watch = ParentWatch(
        child.pid,
        parent_pid=0,
        gone=gone.set,
        force=lambda: told.append("force"),
        period_s=0.01,
    )
    assert watch.start()
    assert told == []
    child.kill()
    await asyncio.wait_for(gone.wait(), 20)
    await child.wait()
    assert told == ["force"]


@asynchronous
async def test_a_process_that_ended_and_was_not_waited_for_is_gone() -> None:
    program = (
        "import os, time; pid = os.fork() or os._exit(0); print(pid, flush=True); time.sleep(60)"
    )
    argv = [sys.executable, "-c", program]
    careless = await asyncio.create_subprocess_exec(*argv, stdout=asyncio.subprocess.PIPE)
    assert careless.stdout is not None
    pid = int(await careless.stdout.readline())
    try:
        assert await ended(pid, within_s=5)
        os.kill(pid, 0)  # it still has its id
    finally:
        careless.kill()
        await careless.communicate()


@asynchronous
async def test_a_process_that_was_never_seen_is_not_watched() -> None:
    child = await asyncio.create_subprocess_exec("true")
    await child.wait()
    async with Client.start(ECHO) as client:
        await client.initialize(processId=child.pid)
        assert await client.request("echo/now", 1) == 1
        assert await client.shut_down() == 0


@asynchronous
async def test_it_ends_with_the_editor_even_if_a_handler_hangs() -> None:
    editor = await asyncio.create_subprocess_exec("sleep", "60")
    async with Client.start(ECHO) as client:
        await client.initialize(processId=editor.pid)
        await client.request("echo/now")
        client.ask("echo/hang")
        editor.kill()
        await editor.wait()
        assert await client.exit_code(within_s=5) == 1
