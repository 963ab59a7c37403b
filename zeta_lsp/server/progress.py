"""Shows the person that many files are being read: work-done progress, as LSP has it.

Only for clients that say that they show it, only for more than `FILES_MIN` files, and at most once
in `PAUSE_S`. A client that refuses is not asked again.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Protocol

from zeta_lsp.server.faults import RpcError

log = logging.getLogger(__name__)

FILES_MIN = 1000
PAUSE_S = 0.25
ANSWER_S = 10.0
TITLE = "zeta-lsp: reading the workspace"


class Listener(Protocol):
    """The client, as far as it is told."""

    async def request(self, method: str, params: Any = None, *, timeout_s: float) -> Any:
        """Send a request; its result."""

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification."""


def shows_progress(capabilities: Any) -> bool:
    """Whether a client shows work-done progress."""
    window = capabilities.get("window") if isinstance(capabilities, dict) else None
    return isinstance(window, dict) and window.get("workDoneProgress") is True


class Progress:
    """Tells a client how far reading is. `clock` counts monotonic seconds.

    Nothing is told until `is_wanted`.
    """

    def __init__(self, client: Listener, clock: Callable[[], float]) -> None:
        self.is_wanted = False
        self._client = client
        self._clock = clock
        self._number = 0
        self._token: str | None = None
        self._told_s = float("-inf")
        self._latest = (0, 0)
        self._beginning: asyncio.Task[None] | None = None

    def moved(self, done: int, total: int) -> None:
        """Of `total` files `done` were read."""
        self._latest = (done, total)
        if done >= total:
            self.end()
        elif self._token is not None:
            if self._clock() - self._told_s >= PAUSE_S:
                self._tell({"kind": "report", **self._state()})
        elif self.is_wanted and total > FILES_MIN and self._beginning is None:
            self._beginning = asyncio.get_running_loop().create_task(self._begin())

    def end(self) -> None:
        """Nothing is being read any more."""
        if self._beginning is not None:
            self._beginning.cancel()
            self._beginning = None
        if self._token is not None:
            self._tell({"kind": "end"})
            self._token = None

    async def _begin(self) -> None:
        self._number += 1
        token = f"zeta-lsp/reading/{self._number}"
        try:
            await self._client.request(
                "window/workDoneProgress/create", {"token": token}, timeout_s=ANSWER_S
            )
        except (RpcError, TimeoutError, ConnectionError) as fault:
            log.info("no progress is shown: %s", type(fault).__name__)
            self.is_wanted = False
        else:
            self._token = token
            self._tell({"kind": "begin", "title": TITLE, "cancellable": False, **self._state()})
        self._beginning = None

    def _state(self) -> dict[str, Any]:
        done, total = self._latest
        return {"message": f"{done} of {total} files", "percentage": 100 * done // total}

    def _tell(self, value: dict[str, Any]) -> None:
        self._told_s = self._clock()
        self._client.notify("$/progress", {"token": self._token, "value": value})
