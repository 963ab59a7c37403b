"""When a server is ready, and when what it reports about a document is complete.

LSP has no word for either. A server counts as ready once it has answered something about an open
document, all work that it announced has ended (rust-analyzer says so itself), and nothing new began
for `QUIET_S`. Diagnostics count as complete once some came for the latest text and no newer ones
within `SETTLE_S`: many servers publish those of the syntax first and those of the types later.
"""

import asyncio
from collections.abc import Callable
from typing import Any

QUIET_S = 0.5
SETTLE_S = 0.4
MAX_WORK = 4096
"""More work at a time than that is a flood's."""
_STATUS = "experimental/serverStatus"


class Waiting:
    """What a server reported so far (`client.Reports`), and what can be waited for.

    `later` are the methods that it announced after ``initialize``.
    """

    def __init__(self) -> None:
        self._moved = asyncio.Event()
        self._work: set[str] = set()
        self._is_quiescent = True
        self._is_over = False
        self._versions: dict[str, int] = {}
        self._published: dict[str, list[Any]] = {}
        self.later: set[str] = set()

    def reported(self, method: str, params: Any) -> None:
        """See `Reports`."""
        if not isinstance(params, dict):
            return
        if method == "textDocument/publishDiagnostics":
            self._publish(params)
        elif method == "$/progress":
            self._progress(params)
        elif method == _STATUS:
            self._is_quiescent = params.get("quiescent") is not False
        else:
            return
        self._wake()

    def registered(self, methods: list[str]) -> None:
        """See `Reports`."""
        self.later.update(method for method in methods if isinstance(method, str))

    def ended(self) -> None:
        """See `Reports`."""
        self._is_over = True
        self._wake()

    def opened(self, uri: str, version: int) -> None:
        """A document has a new text: what was published is of an older one."""
        self._published.pop(uri, None)
        self._versions[uri] = version

    def closed(self, uri: str) -> None:
        """A document was closed."""
        self._published.pop(uri, None)
        self._versions.pop(uri, None)

    async def until_idle(self) -> None:
        """Until no work goes on and none begins for a while."""
        await self._until_still(lambda: not self._work and self._is_quiescent, QUIET_S)

    async def published(self, uri: str) -> list[Any] | None:
        """The diagnostics for the latest text of a document, once they are complete.

        None: the server ended before.
        """
        await self._until_still(lambda: uri in self._published, SETTLE_S)
        return self._published.get(uri)

    async def _until_still(self, holds: Callable[[], bool], still_s: float) -> None:
        """Until something holds and nothing was reported for a while."""
        while not self._is_over:
            moved = self._moved
            try:
                async with asyncio.timeout(still_s if holds() else None):
                    await moved.wait()
            except TimeoutError:
                return

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    def _publish(self, params: dict[str, Any]) -> None:
        uri, found, version = params.get("uri"), params.get("diagnostics"), params.get("version")
        if not isinstance(uri, str) or not isinstance(found, list) or uri not in self._versions:
            return
        if not isinstance(version, int) or version >= self._versions[uri]:
            self._published[uri] = found

    def _progress(self, params: dict[str, Any]) -> None:
        value, token = params.get("value"), str(params.get("token"))
        kind = value.get("kind") if isinstance(value, dict) else None
        if kind == "begin" and len(self._work) < MAX_WORK:
            self._work.add(token)
        elif kind == "end":
            self._work.discard(token)
