"""A language client for tests: starts a server, speaks well or badly, and hears everything.

``async with Client.start(argv) as client`` runs a server over pipes. `request` and `notify` speak
the protocol; `send_bytes` puts anything on the wire. What the server sends on its own is kept in
`notifications` and `requests`; requests are answered by `answers`, with null where it is silent.
"""

import asyncio
import itertools
import json
import os
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

REPLY_S = 20.0
_LENGTH = re.compile(rb"(?i)content-length: *(\d+)")
Json = dict[str, Any]


class ServerError(Exception):
    """The server replied with an error."""

    def __init__(self, error: Json) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code: int = error["code"]
        self.message: str = error["message"]


class Client:
    """The client's end of a connection. `process` is the server's, where we started one."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.process: asyncio.subprocess.Process | None = None
        self.notifications: list[Json] = []
        self.requests: list[Json] = []
        self.strays: list[Json] = []
        self.answers: Callable[[Json], Any] = lambda _: None
        self._reader = reader
        self._writer = writer
        self._numbers = itertools.count(1)
        self._waiting: dict[object, asyncio.Future[Json]] = {}
        self._changed = asyncio.Condition()
        self._listening = asyncio.ensure_future(self._listen())

    @classmethod
    @asynccontextmanager
    async def start(
        cls, argv: Sequence[str], env: Mapping[str, str] | None = None, **options: Any
    ) -> AsyncIterator["Client"]:
        """Run a server over pipes; it is killed at the end if it still runs."""
        process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **(env or {})},
            limit=1 << 26,
            **options,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        client = cls(process.stdout, process.stdin)
        client.process = process
        try:
            yield client
        finally:
            await client.close()

    @classmethod
    @asynccontextmanager
    async def connect(cls, host: str, port: int) -> AsyncIterator["Client"]:
        """Speak to a server on a TCP port."""
        client = cls(*await asyncio.open_connection(host, port, limit=1 << 26))
        try:
            yield client
        finally:
            await client.close()

    async def close(self) -> None:
        """End the connection, and the server if it is ours."""
        self._listening.cancel()
        self._writer.close()
        if self.process is not None:
            if self.process.returncode is None:
                self.process.kill()
            await self.process.wait()
        await asyncio.gather(self._listening, return_exceptions=True)

    async def initialize(self, **params: Any) -> Any:
        """Shake hands; the `InitializeResult`."""
        result = await self.request(
            "initialize", {"processId": None, "rootUri": None, "capabilities": {}, **params}
        )
        self.notify("initialized", {})
        return result

    async def shut_down(self) -> int:
        """End the session as the protocol asks; the server's exit code."""
        await self.request("shutdown")
        self.notify("exit")
        return await self.exit_code()

    async def exit_code(self, within_s: float = REPLY_S) -> int:
        """Wait for the server to end."""
        assert self.process is not None
        return await asyncio.wait_for(self.process.wait(), within_s)

    async def ended(self) -> None:
        """Wait until the server closed the connection."""
        await self._listening

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification."""
        self.send({"method": method, "params": params})

    async def request(self, method: str, params: Any = None) -> Any:
        """Send a request; its result.

        Raises:
            ServerError: the reply is an error.
        """
        reply = await self.reply_to(self.ask(method, params))
        if "error" in reply:
            raise ServerError(reply["error"])
        return reply["result"]

    def ask(self, method: str, params: Any = None) -> int:
        """Send a request without waiting; its id."""
        request_id = next(self._numbers)
        self.expect(request_id)
        self.send({"id": request_id, "method": method, "params": params})
        return request_id

    def expect(self, request_id: object) -> None:
        """A reply to this id will be waited for; for requests that are sent by hand."""
        self._waiting[request_id] = asyncio.get_running_loop().create_future()

    async def reply_to(self, request_id: object) -> Json:
        """The whole reply to an id."""
        return await asyncio.wait_for(self._waiting[request_id], REPLY_S)

    def send(self, message: Json) -> None:
        """Send a message; ``jsonrpc`` is added."""
        self.send_bytes(frame({"jsonrpc": "2.0", **message}))

    def send_bytes(self, data: bytes) -> None:
        """Put bytes on the wire as they are."""
        self._writer.write(data)

    async def drain(self) -> None:
        """Wait until the pipe took what was sent."""
        await self._writer.drain()

    def close_input(self) -> None:
        """Close the server's standard input."""
        self._writer.close()

    async def notification(self, method: str) -> Any:
        """The parameters of the first notification of a method, waiting for it if need be."""
        found = await self._until(
            lambda: [one for one in self.notifications if one["method"] == method]
        )
        return found[0].get("params")

    async def stray(self) -> Json:
        """Take the oldest reply that nobody asked for, waiting for it if need be."""
        await self._until(lambda: self.strays)
        return self.strays.pop(0)

    async def _until(self, look: Callable[[], list[Json]]) -> list[Json]:
        async with asyncio.timeout(REPLY_S), self._changed:
            await self._changed.wait_for(look)
            return look()

    async def _listen(self) -> None:
        try:
            while True:
                await self._hear(await self._read())
        except (asyncio.IncompleteReadError, ConnectionError):
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(EOFError("the server ended"))
                    waiting.exception()

    async def _read(self) -> Json:
        head = await self._reader.readuntil(b"\r\n\r\n")
        match = _LENGTH.fullmatch(head[:-4])
        assert match is not None, f"bytes on the wire that are no header: {head[:200]!r}"
        decoded: Json = json.loads(await self._reader.readexactly(int(match[1])))
        return decoded

    async def _hear(self, message: Json) -> None:
        if "method" in message:
            self._asked(message)
        elif (waiting := self._waiting.get(message["id"])) is not None and not waiting.done():
            waiting.set_result(message)
        else:
            self.strays.append(message)
        async with self._changed:
            self._changed.notify_all()

    def _asked(self, message: Json) -> None:
        if "id" not in message:
            self.notifications.append(message)
            return
        self.requests.append(message)
        answer = self.answers(message)
        if answer is not NO_ANSWER:
            self.send({"id": message["id"], "result": answer})


NO_ANSWER = object()
"""What `answers` returns for a request that is never answered."""


def frame(message: Any) -> bytes:
    """A message as it goes over the wire."""
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
