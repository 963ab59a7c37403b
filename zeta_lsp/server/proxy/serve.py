"""Run a language server behind us, for one client on standard input and output.

The client sees what it would see without us: the same bodies in the same order, standard error as
it is written, and the end of its server when that ends, with the same exit code. A crash is
therefore a crash, and how the client restarts its servers restarts both of us. When the client
goes, its server is told by the end of its input, then asked, then killed; nothing of it is left
after 5 seconds.

A side that does not read stops the reading from the other side, as a pipe would.
"""

import asyncio
import os
import subprocess
import threading
from collections.abc import Sequence
from functools import partial
from typing import Any

from zeta_lsp.server.app import guarded
from zeta_lsp.server.framing import Fault
from zeta_lsp.server.garbage import prepare
from zeta_lsp.server.input import Inbound, open_input
from zeta_lsp.server.lifetime import GRACE_S, ParentWatch, end_on_signals, end_within
from zeta_lsp.server.output import FLUSH_S, open_output
from zeta_lsp.server.proxy.process import LEAVE_S, OBEY_S, Process
from zeta_lsp.server.proxy.relay import MakeBeside, Relay

MAX_BODY_BYTES = 1 << 30
"""What passes is not ours to judge; this only keeps a wrong header from being believed."""
DRAIN_S = 0.5
"""How long output may still come after the server ended: somebody else may hold the pipe."""
MARGIN_S = 0.2
"""The server is killed this much before we end by force."""
EXIT_S = 4.0
"""How long the server may take to end after ``exit``."""


def serve(make: MakeBeside, server: "subprocess.Popen[bytes]", given: int, taken: int) -> int:
    """Serve until the end; the exit code. Owns the descriptors, which are the client's pipes."""
    prepare()
    return asyncio.run(guarded(lambda: _serve(make, server, given, taken)))


async def _serve(
    make: MakeBeside, server: "subprocess.Popen[bytes]", given: int, taken: int
) -> int:
    pipes = _Pipes(make, Process(server), taken)
    await pipes.open(given)
    return await pipes.run()


class _Pipes:
    """The client's pipes and the server's, with the relay between them."""

    def __init__(self, make: MakeBeside, process: Process, taken: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._process = process
        self._gone: asyncio.Future[bool] = self._loop.create_future()
        self._silent = asyncio.Event()
        gone = partial(self._leave, politely=True)
        self._client = Inbound(self._from_client, gone, MAX_BODY_BYTES)
        self._server = Inbound(self._from_server, self._silent.set, MAX_BODY_BYTES)
        self._to_client = open_output(taken, self._server.hold, gone)
        resume = partial(self._client.hold, False)
        self._to_server = open_output(process.given, self._client.hold, resume)
        self._relay = Relay(
            make,
            self._to_client.write,
            self._to_server.write,
            exiting=self._exiting,
            introduced=self._introduced,
        )
        self._parent_pid = os.getppid()
        self._watch: ParentWatch | None = None

    async def open(self, given: int) -> None:
        """Begin to read."""
        await open_input(self._process.taken, self._server)
        await open_input(given, self._client)

    async def run(self) -> int:
        """Serve until either side is gone; the exit code."""
        end_on_signals(lambda _: self._leave(politely=False))
        silent = asyncio.ensure_future(self._silent.wait())
        ends = (self._process.ended, self._gone, silent)
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        self._force()
        _, code = await asyncio.gather(self._relay.aclose(), self._server_ended(silent))
        self._client.close()
        if self._watch is not None:
            self._watch.close()
        await self._to_client.close(FLUSH_S)
        return code

    async def _server_ended(self, silent: "asyncio.Future[Any]") -> int:
        """See to it that the server ends, and that all it said is passed on; its exit code."""
        politely = not self._gone.done() or self._gone.result()
        if not politely:
            self._process.terminate()
        closing = asyncio.ensure_future(self._to_server.close(FLUSH_S))
        await asyncio.wait((closing, self._process.ended), return_when=asyncio.FIRST_COMPLETED)
        code = await self._process.stop(LEAVE_S if politely else OBEY_S)
        await asyncio.wait((silent,), timeout=DRAIN_S)
        self._server.close()
        await closing
        return code

    def _from_client(self, items: Sequence[bytes | Fault]) -> None:
        self._relay.from_client(items)

    def _from_server(self, items: Sequence[bytes | Fault]) -> None:
        self._relay.from_neighbour(items)

    def _leave(self, *, politely: bool) -> None:
        if not self._gone.done():
            self._gone.set_result(politely)

    def _exiting(self) -> None:
        """The client sent ``exit``: its server will end by itself."""
        self._loop.call_later(EXIT_S, lambda: self._leave(politely=False))

    def _introduced(self, params: dict[str, Any]) -> None:
        """Watch the process that the client names as its own."""
        pid = params.get("processId")
        if isinstance(pid, int) and 0 < pid < 2**31 and self._watch is None:
            self._watch = ParentWatch(
                pid,
                parent_pid=self._parent_pid,
                gone=lambda: self._leave(politely=False),
                force=self._force,
            )
            self._watch.start()

    def _force(self) -> None:
        """End both processes soon, even if the event loop hangs; from any thread."""
        kill = threading.Timer(GRACE_S - MARGIN_S, self._process.kill)
        kill.daemon = True
        kill.start()
        end_within(GRACE_S, 1)
