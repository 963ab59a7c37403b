"""From message to handler: the order of things, and one answer to everything.

Messages are handled in the order in which they came, on the event loop. A handler that answers at
once runs right here; one that returns an awaitable goes on as a task while the next message is
read. What the table of routes does not know goes to the rare lane (`rare`), where pygls lives.

Promises: every request gets exactly one reply. A handler that raises, parameters of the wrong
shape and bytes that are no message never stop what comes after them; where a notification got lost
that way, `lost` is told, because a change that was not followed makes a mirror wrong. A request
whose cancellation is already in the pipe is not started at all. Before ``initialize`` nothing but
it is answered, after ``shutdown`` nothing but ``exit``.
"""

import enum
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from zeta_lsp.server.asking import Asking, outgoing
from zeta_lsp.server.calls import Call, Calls, error_reply
from zeta_lsp.server.faults import BadMessage, Code, RpcError, where
from zeta_lsp.server.framing import Fault
from zeta_lsp.server.intake import LOST, cancellations, cancelled_id, messages_of
from zeta_lsp.server.messages import Message, Notification, Part, Request, Response, read
from zeta_lsp.server.params import AboutDocument

log = logging.getLogger(__name__)

T = TypeVar("T")


class Route(Generic[T]):
    """What takes a method's parameters, and as which type.

    `handle` runs on the loop, in order. It returns the result of a request, or an awaitable of it;
    what a notification's handler returns is ignored, or awaited. It may raise `RpcError` to answer
    with an error of its own.
    """

    __slots__ = ("decoder", "handle")

    def __init__(self, params: type[T], handle: Callable[[T], Any]) -> None:
        self.decoder = msgspec.json.Decoder(params)
        self.handle = handle


class Peer(Protocol):
    """What a session is to the wire."""

    def initialize(self, params: dict[str, Any]) -> Any:
        """The `InitializeResult`, from plain JSON values; asked once per connection."""

    def lost(self, method: str | None, uri: str | None) -> None:
        """A notification did not arrive or failed: None means that it is not known which."""


class Rare(Protocol):
    """The lane for messages without a route."""

    async def answer(self, method: str, params: Part) -> Any:
        """The result of a request; what comes of a notification is ignored.

        Raises:
            RpcError: the request ends in this error; for an unknown method, `METHOD_NOT_FOUND`.
        """


class _Phase(enum.Enum):
    NEW = enum.auto()
    RUNNING = enum.auto()
    SHUT_DOWN = enum.auto()


_dict_decoder = msgspec.json.Decoder(dict[str, Any])
_about_decoder = msgspec.json.Decoder(AboutDocument)


class Rpc:
    """One client's messages. `send` takes bodies; `exited` is told the exit code."""

    def __init__(
        self,
        *,
        peer: Peer,
        routes: Mapping[str, Route[Any]],
        rare: Rare,
        send: Callable[[bytes], None],
        exited: Callable[[int], None],
    ) -> None:
        self._peer = peer
        self._routes = routes
        self._rare = rare
        self._send = send
        self._exited = exited
        self._phase = _Phase.NEW
        self.calls = Calls()
        self._asking = Asking(send)

    @property
    def shut_down(self) -> bool:
        """Whether the client asked for the end."""
        return self._phase is _Phase.SHUT_DOWN

    def receive(self, items: Sequence[bytes | Fault]) -> None:
        """Handle what one read brought."""
        messages = messages_of(items)
        if len(messages) == 1:
            self._take(messages[0])
            return
        cancelled = cancellations(messages)
        for index, message in enumerate(messages):
            if isinstance(message, Request) and cancelled.get(message.id, -1) > index:
                self._send(error_reply(message.id, Code.REQUEST_CANCELLED, "cancelled"))
            else:
                self._take(message)

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification."""
        self._send(outgoing(method, params))

    async def request(self, method: str, params: Any = None, *, timeout_s: float) -> Any:
        """Ask the client; see `Asking.request`."""
        return await self._asking.request(method, params, timeout_s)

    def close(self) -> None:
        """The connection ended: nothing is worked on or waited for any more."""
        self.calls.close()
        self._asking.close()

    def _take(self, message: Message | BadMessage) -> None:
        if isinstance(message, Notification):
            self._notified(message)
        elif isinstance(message, Request):
            self._requested(message, Call(message.id, message.method, self._send))
        elif isinstance(message, Response):
            self._asking.answered(message)
        elif message is LOST:
            self._lost(None, None)
        else:
            self._send(error_reply(message.id, message.code, message.message))

    def _notified(self, message: Notification) -> None:
        method = message.method
        if method == "exit":
            self._exited(0 if self.shut_down else 1)
        elif self._phase is not _Phase.RUNNING:
            return
        elif (route := self._routes.get(method)) is not None:
            self._follow(route, message)
        elif method == "$/cancelRequest":
            self._cancel(message.params)
        elif not method.startswith("$/"):
            self.calls.run(self._rare.answer(method, message.params), self._failed(message))

    def _follow(self, route: Route[Any], message: Notification) -> None:
        try:
            result = route.handle(read(message.params, route.decoder))
        except Exception as error:  # noqa: BLE001 - the edge: the next message is read
            self._failed(message)(error)
        else:
            if hasattr(result, "__await__"):
                self.calls.run(result, self._failed(message))

    def _failed(self, message: Notification) -> Callable[[BaseException], None]:
        """What to do when a notification's handler fails: nobody is owed a reply."""

        def failed(error: BaseException) -> None:
            if isinstance(error, RpcError) and error.code == Code.METHOD_NOT_FOUND:
                return
            log.error("%s failed: %s", message.method, where(error))
            self._lost(message.method, _uri_of(message.params))

        return failed

    def _requested(self, message: Request, call: Call) -> None:
        method = message.method
        if message.id in self.calls:
            call.fail(Code.INVALID_REQUEST, "this id belongs to a request that is still open")
        elif method == "initialize":
            self._initialize(message, call)
        elif self._phase is _Phase.NEW:
            call.fail(Code.NOT_INITIALIZED, "the first request is initialize")
        elif self._phase is _Phase.SHUT_DOWN:
            call.fail(Code.INVALID_REQUEST, "the server was shut down")
        elif method == "shutdown":
            self._phase = _Phase.SHUT_DOWN
            self.calls.close()
            call.answer(None)
        elif (route := self._routes.get(method)) is not None:
            self._answer(route, message, call)
        else:
            self.calls.work(call, self._rare.answer(method, message.params))

    def _answer(self, route: Route[Any], message: Request, call: Call) -> None:
        try:
            result = route.handle(read(message.params, route.decoder))
        except Exception as error:  # noqa: BLE001 - the edge: the request is answered
            call.fail_with(error)
        else:
            if hasattr(result, "__await__"):
                self.calls.work(call, result)
            else:
                call.answer(result)

    def _initialize(self, message: Request, call: Call) -> None:
        if self._phase is not _Phase.NEW:
            call.fail(Code.INVALID_REQUEST, "initialize is asked once")
            return
        try:
            result = self._peer.initialize(read(message.params, _dict_decoder))
        except Exception as error:  # noqa: BLE001 - the edge: the client may try once more
            call.fail_with(error)
        else:
            self._phase = _Phase.RUNNING
            call.answer(result)

    def _cancel(self, params: Part) -> None:
        request_id = cancelled_id(params)
        if request_id is not None:
            self.calls.cancel(request_id)

    def _lost(self, method: str | None, uri: str | None) -> None:
        try:
            self._peer.lost(method, uri)
        except Exception as error:  # noqa: BLE001 - the edge: what was read goes on
            log.error("a lost message was not followed up: %s", where(error))


def _uri_of(params: Part) -> str | None:
    try:
        return read(params, _about_decoder).text_document.uri
    except BadMessage:
        return None
