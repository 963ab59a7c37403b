"""Both ends of the wire, on the event loop and in threads, and clients that stop reading."""

import asyncio
import os
import select
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.asynchronous import asynchronous
from tests.lsp_client import frame
from zeta_lsp.server.framing import Fault, Framer
from zeta_lsp.server.input import Inbound, ThreadInput, open_input
from zeta_lsp.server.output import HIGH_WATER_BYTES, PipeOutput, ThreadOutput

ECHO = [sys.executable, "-m", "tests.server.echo"]
OUTPUTS = pytest.mark.parametrize("kind", [PipeOutput, ThreadOutput])


class Listener:
    """Remembers what an output says, and lets a test wait for it."""

    def __init__(self) -> None:
        self.pressure: list[bool] = []
        self.changed = asyncio.Event()
        self.broken = asyncio.Event()

    def pressed(self, full: bool) -> None:
        self.pressure.append(full)
        self.changed.set()


def read_exactly(fd: int, size: int) -> bytes:
    parts = []
    while size and (data := os.read(fd, min(size, 1 << 20))):
        parts.append(data)
        size -= len(data)
    return b"".join(parts)


@OUTPUTS
@asynchronous
async def test_messages_go_out_in_order(kind: Any) -> None:
    listener = Listener()
    reading, writing = os.pipe()
    output = kind(writing, listener.pressed, listener.broken.set)
    messages = [b"%09d" % number for number in range(50_000)]  # more than a pipe takes
    for message in messages:
        output.write(message)
    expected = b"".join(messages)
    assert await asyncio.to_thread(read_exactly, reading, len(expected)) == expected
    assert listener.pressure == []
    await output.close(5)
    os.close(reading)


@OUTPUTS
@asynchronous
async def test_a_client_that_stops_reading_stops_the_input_and_loses_nothing(kind: Any) -> None:
    listener = Listener()
    reading, writing = os.pipe()
    output = kind(writing, listener.pressed, listener.broken.set)
    piece = os.urandom(1 << 20)
    count = HIGH_WATER_BYTES // len(piece) + 3
    for _ in range(count):
        output.write(piece)  # returns though nobody reads
    assert listener.pressure == [True]
    listener.changed.clear()
    assert await asyncio.to_thread(read_exactly, reading, count * len(piece)) == piece * count
    await asyncio.wait_for(listener.changed.wait(), 20)
    assert listener.pressure == [True, False]
    output.write(b"more")
    assert await asyncio.to_thread(read_exactly, reading, 4) == b"more"
    await output.close(5)
    os.close(reading)


@OUTPUTS
@asynchronous
async def test_a_client_that_is_gone_is_told_and_writing_goes_on_without_effect(kind: Any) -> None:
    listener = Listener()
    reading, writing = os.pipe()
    output = kind(writing, listener.pressed, listener.broken.set)
    os.close(reading)
    output.write(b"to nobody")
    await asyncio.wait_for(listener.broken.wait(), 20)
    output.write(b"to nobody")
    await output.close(5)
    output.write(b"to nobody")


@OUTPUTS
@asynchronous
async def test_closing_sends_what_is_kept_but_waits_for_nobody_for_ever(kind: Any) -> None:
    listener = Listener()
    reading, writing = os.pipe()
    output = kind(writing, listener.pressed, listener.broken.set)
    output.write(b"x" * 1_000_000)
    closing = asyncio.ensure_future(output.close(20))
    assert await asyncio.to_thread(read_exactly, reading, 1_000_000) == b"x" * 1_000_000
    await closing
    stuck_reading, stuck_writing = os.pipe()
    stuck = kind(stuck_writing, listener.pressed, listener.broken.set)
    stuck.write(b"x" * 1_000_000)
    await stuck.close(0.01)
    os.close(reading)
    os.close(stuck_reading)


class Inbox(Inbound):
    """Collects what arrives."""

    def __init__(self) -> None:
        self.items: list[bytes | Fault] = []
        self.ended = asyncio.Event()
        super().__init__(self.items.extend, self.ended.set)


@pytest.mark.parametrize("threaded", [False, True])
@asynchronous
async def test_everything_is_read_to_the_end(threaded: bool) -> None:
    reading, writing = os.pipe()
    inbox = Inbox()
    if threaded:
        ThreadInput(reading, inbox)
    else:
        await open_input(reading, inbox)
    bodies = [b"%d" % number * 1000 for number in range(2000)]
    stream = b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(body), body) for body in bodies)
    with os.fdopen(writing, "wb") as pipe:
        await asyncio.to_thread(pipe.write, stream)
    await asyncio.wait_for(inbox.ended.wait(), 20)
    assert inbox.items == bodies


@pytest.mark.parametrize("threaded", [False, True])
@asynchronous
async def test_a_held_input_leaves_the_bytes_to_the_pipe(threaded: bool) -> None:
    reading, writing = os.pipe()
    inbox = Inbox()
    if threaded:
        ThreadInput(reading, inbox)
    else:
        await open_input(reading, inbox)
    inbox.hold(True)
    os.set_blocking(writing, False)
    with pytest.raises(BlockingIOError):
        await fill(writing)
    inbox.hold(False)
    os.close(writing)
    await asyncio.wait_for(inbox.ended.wait(), 20)
    assert len(inbox.items) > 10


async def fill(fd: int) -> None:
    while True:  # a reader would make room for ever
        os.write(fd, frame("x" * 1000))
        await asyncio.sleep(0)


def test_a_server_whose_client_stops_reading_waits_within_bounds_and_recovers() -> None:
    with subprocess.Popen(ECHO, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        write, read = server.stdin.fileno(), server.stdout.fileno()
        os.write(write, frame({"id": 0, "method": "initialize", "params": {}}))
        os.set_blocking(write, False)
        sent = stuff(write, "x" * 50_000)
        assert sent * 50_000 > HIGH_WATER_BYTES
        assert resident_bytes(server.pid) < 200 * 2**20
        framer, received = Framer(), 0
        while received < sent:
            assert select.select([read], [], [], 20)[0]
            received += len(framer.feed(os.read(read, 1 << 20)))
        server.kill()


def test_one_socket_may_serve_both_directions() -> None:
    ours, theirs = socket.socketpair()
    with ours, subprocess.Popen(ECHO, stdin=theirs, stdout=theirs) as server:
        theirs.close()
        ours.settimeout(20)
        framer, replies = Framer(), 0
        ours.sendall(frame({"id": 0, "method": "initialize", "params": {}}))
        for number in range(1, 20):
            replies += len(framer.feed(ours.recv(1 << 20)))
            ours.sendall(frame({"id": number, "method": "echo/now", "params": number}))
        assert replies == 19
        ours.shutdown(socket.SHUT_WR)
        assert server.wait(20) == 1


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def stuff(write: int, text: str) -> int:
    """Send requests until the server takes no more; how many replies it owes for whole ones."""
    sent, rest = 1, b""
    while select.select([], [write], [], 1.0)[1]:
        rest = rest or frame({"id": sent, "method": "echo/now", "params": text})
        rest = rest[os.write(write, rest) :]
        sent += not rest
    return sent
