"""Serving one client on a pair of pipes, as editors start language servers.

The process ends with the client: when it says so, when its end of a pipe closes, when its process
is gone though somebody still holds the pipe, or on a signal.
"""

import os
from collections.abc import Sequence
from typing import Any

from zeta_lsp.server.connection import Connection, MakeApplication
from zeta_lsp.server.framing import Fault, frame
from zeta_lsp.server.input import Inbound, open_input
from zeta_lsp.server.lifetime import GRACE_S, ParentWatch, end_on_signals, end_within
from zeta_lsp.server.output import FLUSH_S, open_output


async def serve_pipes(make: MakeApplication, given: int, taken: int) -> int:
    """Serve one client on two file descriptors, which are owned from here on; the exit code."""
    client = _PipeClient(make, taken)
    await open_input(given, client.inbound)
    return await client.run()


class _PipeClient:
    """The client at the other end of the pipes."""

    def __init__(self, make: MakeApplication, taken: int) -> None:
        self.inbound = Inbound(self._received, self._gone)
        self._output = open_output(taken, self.inbound.hold, self._gone)
        self._connection = Connection(make, self._send, self._initialized)
        self._parent_pid = os.getppid()
        self._watch: ParentWatch | None = None

    async def run(self) -> int:
        end_on_signals(self._connection.end)
        code = await self._connection.until_end()
        end_within(GRACE_S, code)
        await self._connection.close()
        if self._watch is not None:
            self._watch.close()
        self.inbound.close()
        await self._output.close(FLUSH_S)
        return code

    def _initialized(self, params: dict[str, Any]) -> None:
        """Watch the process that the client names as its own."""
        pid = params.get("processId")
        if isinstance(pid, int) and 0 < pid < 2**31:
            self._watch = ParentWatch(
                pid,
                parent_pid=self._parent_pid,
                gone=lambda: self._connection.end(1),
                force=lambda: end_within(GRACE_S, 1),
            )
            self._watch.start()

    def _send(self, body: bytes) -> None:
        self._output.write(frame(body))

    def _received(self, items: Sequence[bytes | Fault]) -> None:
        self._connection.receive(items)

    def _gone(self) -> None:
        self._connection.disconnected()
