"""Requests to a server that we started, each within a deadline, and what the server asks back.

Nothing here raises because of the server: a request that is late, refused or without a server is
`NOTHING`, and `told` hears why. Of what it reports, progress and diagnostics go to `Reports`; the
rest is dropped.
"""

import asyncio
import contextlib
import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from zeta_lsp.context.headless.process import Process
from zeta_lsp.context.headless.trouble import Told, Trouble
from zeta_lsp.context.headless.wire import BadStream, Message, Reader, TooLarge, framed

FLOOD_BYTES = 128 << 20
"""A server that says so much between two of our messages says it to nobody."""
_UNKNOWN_METHOD = -32601


class _Nothing:
    """No answer; not null, which is one."""


NOTHING = _Nothing()


class Reports(Protocol):
    """Hears what a server reports."""

    def reported(self, method: str, params: Any) -> None:
        """A notification."""

    def registered(self, methods: list[str]) -> None:
        """Capabilities that the server announced later."""

    def ended(self) -> None:
        """There will be no more."""


class Client:
    """One conversation. `settings` answer the server's questions, `folder` is its workspace's."""

    def __init__(
        self,
        process: Process,
        reports: Reports,
        told: Told,
        *,
        settings: Mapping[str, Any],
        folder: Path,
    ) -> None:
        self._process = process
        self._reports = reports
        self._told = told
        self._settings = settings
        self._folder = folder
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._unasked_bytes = 0
        self._is_over = False
        self._ending = False
        self._task = asyncio.get_running_loop().create_task(self._listen())

    @property
    def is_over(self) -> bool:
        """Whether there is nobody left to ask."""
        return self._is_over

    async def request(self, method: str, params: Any, deadline_s: float) -> Any:
        """The result of a request, which may be None; `NOTHING` if there is none in time."""
        number = next(self._ids)
        if self._is_over or not self._say({"id": number, "method": method, "params": params}):
            return NOTHING
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(deadline_s):
                return await answer
        except TimeoutError:
            if not self._ending:
                self._told(Trouble.LATE)
            self._say({"method": "$/cancelRequest", "params": {"id": number}})
            return NOTHING
        finally:
            del self._waiting[number]

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification."""
        self._say({"method": method, **({} if params is None else {"params": params})})

    async def aclose(self, deadline_s: float = 1.0) -> None:
        """End the server, politely first."""
        self._ending = True
        if not self._is_over:
            await self.request("shutdown", None, deadline_s)
            self.notify("exit")
        await self._process.end()
        await self._task

    def _say(self, message: Message) -> bool:
        self._unasked_bytes = 0
        if self._process.send(framed(message)):
            return True
        if not self._is_over and not self._ending:
            self._told(Trouble.DEAF)
        return False

    async def _listen(self) -> None:
        trouble = Trouble.ENDED
        try:
            await self._hear_all()
        except TooLarge:
            trouble = Trouble.TOO_LARGE
        except BadStream:
            trouble = Trouble.NONSENSE
        except _Flood:
            trouble = Trouble.FLOODS
        except OSError:
            pass
        self._is_over = True
        if not self._ending:
            self._process.kill()
            self._told(trouble)
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_result(NOTHING)
        self._reports.ended()

    async def _hear_all(self) -> None:
        reader = Reader()
        while data := await self._process.read():
            self._unasked_bytes += len(data)
            if self._unasked_bytes > FLOOD_BYTES:
                raise _Flood
            for message in reader.feed(data):
                self._hear(message)
            await asyncio.sleep(0)  # a server that never stops must not hold the loop

    def _hear(self, message: Message) -> None:
        method, number = message.get("method"), message.get("id")
        if isinstance(method, str):
            if "id" in message:
                self._answer(number, method, message.get("params"))
            else:
                self._reports.reported(method, message.get("params"))
        elif isinstance(number, int) and (waiting := self._waiting.get(number)) is not None:
            self._unasked_bytes = 0
            if not waiting.done():
                waiting.set_result(self._result(message))

    def _result(self, message: Message) -> Any:
        if "result" in message and message.get("error") is None:
            return message["result"]
        self._told(Trouble.REFUSED)
        return NOTHING

    def _answer(self, number: Any, method: str, params: Any) -> None:
        """What the server asks of its client is answered at once."""
        unasked_bytes = self._unasked_bytes
        asked = params if isinstance(params, dict) else {}
        reply: Message = {"result": None}
        if method == "workspace/configuration":
            reply = {"result": [self._setting(item) for item in _list(asked.get("items"))]}
        elif method == "workspace/workspaceFolders":
            reply = {"result": [{"uri": self._folder.as_uri(), "name": self._folder.name}]}
        elif method == "client/registerCapability":
            with contextlib.suppress(KeyError, TypeError):
                self._reports.registered([one["method"] for one in asked["registrations"]])
        elif method == "workspace/applyEdit":
            reply = {"result": {"applied": False}}
        elif method not in _NOTED:
            reply = {"error": {"code": _UNKNOWN_METHOD, "message": "not offered"}}
        self._say({"id": number, **reply})
        self._unasked_bytes = unasked_bytes  # a reply asks for nothing

    def _setting(self, item: Any) -> Any:
        section = item.get("section") if isinstance(item, dict) else None
        if not isinstance(section, str):
            return dict(self._settings)
        found: Any = self._settings
        for part in section.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return found


_NOTED = frozenset(
    (
        "client/unregisterCapability",
        "window/workDoneProgress/create",
        "window/showMessageRequest",
        "workspace/diagnostic/refresh",
        "workspace/semanticTokens/refresh",
        "workspace/inlayHint/refresh",
        "workspace/codeLens/refresh",
    )
)
"""Requests that null answers."""


class _Flood(Exception):
    """See `Trouble.FLOODS`."""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
