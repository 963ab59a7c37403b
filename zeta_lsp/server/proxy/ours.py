"""Our own session in the pipe, behind a fuse.

It sees the client through a `Connection` like any other session, but only the messages that are
for it. What it sends goes out under ids of its own that no request of the neighbour's has. When
anything of ours breaks, the fuse blows: what the client still waits for is answered, the person is
told once, and from then on the pipe is all there is.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from zeta_lsp.server.asking import outgoing
from zeta_lsp.server.calls import error_reply
from zeta_lsp.server.connection import Connection, MakeApplication
from zeta_lsp.server.faults import Code, where
from zeta_lsp.server.framing import MAX_BODY_BYTES, Fault
from zeta_lsp.server.messages import Id, Request, Response, encode, read
from zeta_lsp.server.proxy.books import peek
from zeta_lsp.server.proxy.routes import quiet_result

log = logging.getLogger(__name__)

T = TypeVar("T")

_OFF = "zeta-lsp is switched off after a fault; the language server goes on"
_REMEMBERED = 256
"""Requests that were answered and may still be cancelled; requests that may still be answered."""
_WARNING = 2
"""LSP's `MessageType.Warning`."""

_object = msgspec.json.Decoder(dict[str, Any])
_any = msgspec.json.Decoder[Any]()


class Ours:
    """Our session, as the relay uses it.

    `make` joins it to the client, `send` takes bodies for the client, `is_taken` tells whether the
    neighbour waits for a reply with that id.
    """

    def __init__(
        self,
        make: MakeApplication,
        send: Callable[[bytes], None],
        is_taken: Callable[[Id], bool],
    ) -> None:
        self._make = make
        self._send = send
        self._is_taken = is_taken
        self._open: dict[Id, str] = {}  # the client's requests, with their methods
        self._done: dict[Id, None] = {}  # those of them that were answered lately
        self._tokens: set[Any] = set()
        self._aliases: dict[Id, Id] = {}  # our requests by the ids they go out under
        self._next = random.randrange(1 << 30, 3 << 29)  # noqa: S311 - only unlike others' counting
        self._awaited: Id | None = None
        self._reply: Response | None = None
        self.on = self.off = False
        self._ending: asyncio.Future[None] | None = None
        self._connection: Connection | None = None
        self._serving: asyncio.Future[int] | None = None

    def prepare(self) -> None:
        """Make the session, once: what that imports takes longer than most of what follows."""
        if self._connection is None and not self.off:
            self._connection = self.guarded(lambda: Connection(self._make, self._emit))
        if self._connection is not None and self._serving is None:
            self._serving = asyncio.ensure_future(self._connection.until_end())

    def initialize(self, request_id: Id, params: dict[str, Any]) -> dict[str, Any] | None:
        """Begin; our `InitializeResult`, None if we cannot, which the client is told later."""
        self.prepare()
        reply = self._answer_to(request_id, outgoing("initialize", params, request_id))
        result = None
        if reply is not None and reply.error is None:
            result = self.guarded(lambda: read(reply.result, _object))
        if result is None:
            self.blow("it could not start")
            asyncio.get_running_loop().call_soon(self._tell)
        self.on = not self.off
        return result

    def shut_down(self, request_id: Id, body: bytes) -> None:
        """The client wants the end; the reply is the neighbour's."""
        if self.on:
            self._answer_to(request_id, body)

    def requested(self, message: Request) -> None:
        """The client's request will be handed in."""
        self._open[message.id] = message.method

    def knows(self, request_id: Id) -> bool:
        """Whether a request was ours, answered or not."""
        return request_id in self._open or request_id in self._done

    def knows_token(self, token: Any) -> bool:
        """Whether a progress is ours."""
        return isinstance(token, int | str) and token in self._tokens

    def receive(self, items: Sequence[bytes | Fault]) -> None:
        """Handle what is ours of one read; too large for us is what no session takes."""
        connection = self._connection
        if self.on and connection is not None:
            fit = [_fitting(item) for item in items]
            self.guarded(lambda: connection.receive(fit))

    def noticed(self, count: int) -> None:
        """Messages passed: not the time to tidy up."""
        if self._connection is not None:
            self._connection.received += count

    def answered(self, response: Response, body: bytes) -> bool:
        """Whether the client's reply was for us, in which case it was handed in."""
        inner = self._aliases.pop(response.id, None)
        if inner is None:
            return False
        renamed = self.guarded(lambda: _renamed(body, inner))
        if renamed is not None:
            self.receive([renamed])
        return True

    def refuse(self, message: Request) -> None:
        """Answer a request that is ours after the fuse has blown."""
        self._send(_nothing(message.id, message.method))

    def guarded(self, work: Callable[[], T]) -> T | None:
        """What the work returns; None if it failed, and with it all that is ours."""
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - the edge: whatever it is, the pipe goes on
            self.blow(where(error))
            return None

    def blow(self, reason: str) -> None:
        """Switch ourselves off for good."""
        if self.off:
            return
        was_on, self.on, self.off = self.on, False, True
        log.error("%s: %s", _OFF, reason)
        for request_id, method in self._open.items():
            self._send(_nothing(request_id, method))
        self._open.clear()
        if was_on:
            self._tell()
        self._ending = asyncio.ensure_future(self._close_quietly())

    async def aclose(self) -> None:
        """The connection is over: put things away."""
        self.on, self.off = False, True
        await (self._ending or self._close_quietly())

    async def _close_quietly(self) -> None:
        if self._connection is not None:
            self._connection.end(0)
            await self._connection.close()
        if self._serving is not None:
            await self._serving

    def _tell(self) -> None:
        self._send(outgoing("window/showMessage", {"type": _WARNING, "message": _OFF}))

    def _answer_to(self, request_id: Id, body: bytes) -> Response | None:
        """Hand in a request that is answered at once, to us alone."""
        self._awaited, self._reply = request_id, None
        if self._connection is not None:
            connection = self._connection
            self.guarded(lambda: connection.receive([body]))
        self._awaited = None
        return self._reply

    def _emit(self, body: bytes) -> None:
        """Something of ours for the client."""
        if self.off:
            return
        message = peek(body)  # None for a complaint about bytes that are no message
        if isinstance(message, Response):
            if message.id == self._awaited:
                self._reply = message
                return
            self._remember(message.id)
        elif isinstance(message, Request):
            body = self._aliased(message, body)
        self._send(body)

    def _remember(self, request_id: Id) -> None:
        self._open.pop(request_id, None)
        self._done[request_id] = None
        if len(self._done) > _REMEMBERED:
            del self._done[next(iter(self._done))]

    def _aliased(self, message: Request, body: bytes) -> bytes:
        """Our request under an id that nobody else's has; see `asking` for why it is a number."""
        self._next += 1
        while self._is_taken(self._next):
            self._next += 1
        self._aliases[self._next] = message.id
        if len(self._aliases) > _REMEMBERED:  # some clients never reply
            del self._aliases[next(iter(self._aliases))]
        if message.method == "window/workDoneProgress/create":
            self._tokens.add(read(message.params, _any).get("token"))
        return _renamed(body, self._next)


def _renamed(body: bytes, request_id: Id) -> bytes:
    """The same message under another id."""
    message = read(msgspec.Raw(body), _object)
    return encode({**message, "id": request_id})


def _nothing(request_id: Id, method: str) -> bytes:
    """The reply to a request that cannot be worked on."""
    try:
        result = quiet_result(method)
    except KeyError:
        return error_reply(request_id, Code.INTERNAL_ERROR, _OFF)
    return encode({"jsonrpc": "2.0", "id": request_id, "result": result})


def _fitting(item: bytes | Fault) -> bytes | Fault:
    if isinstance(item, bytes) and len(item) > MAX_BODY_BYTES:
        return Fault.DOCUMENT_LOST
    return item
