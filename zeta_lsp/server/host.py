"""pygls, for what is rare: features that are not on the keystroke path, and typed requests to the
client.

`ZetaServer` is a pygls `LanguageServer`; features and commands are registered on it with pygls'
decorators. It has no transport of its own: messages reach it through `Host.answer`, and what it
sends goes through our `Rpc`, which knows time limits and late answers. Left out on purpose are
pygls' reader, its writer, its copy of the open documents (`core.documents` is the mirror), and its
logging, which writes whole messages.

This module takes a quarter of a second to import; see `rare` for how nobody waits for it. Once
joined, everything here runs on the event loop; it is not for other threads.
"""

import asyncio
import inspect
import json
import logging
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

import msgspec
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.feature_manager import is_thread_function
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter

from zeta_lsp import __version__
from zeta_lsp.server.faults import BadMessage, Code, RpcError
from zeta_lsp.server.messages import Part, read
from zeta_lsp.server.rpc import Rpc

REPLY_S = 10.0
"""How long a client may take to answer."""
PERSON_S = 600.0
"""How long a person may."""

_NOT_OURS = frozenset(
    {
        lsp.INITIALIZE,
        lsp.SHUTDOWN,
        lsp.EXIT,
        lsp.TEXT_DOCUMENT_DID_OPEN,
        lsp.TEXT_DOCUMENT_DID_CHANGE,
        lsp.TEXT_DOCUMENT_DID_CLOSE,
        lsp.NOTEBOOK_DOCUMENT_DID_OPEN,
        lsp.NOTEBOOK_DOCUMENT_DID_CHANGE,
        lsp.NOTEBOOK_DOCUMENT_DID_CLOSE,
    }
)
"""What pygls has built in and must not do here."""

Json = dict[str, Any]

_any_decoder = msgspec.json.Decoder[Any]()


class ZetaProtocol(LanguageServerProtocol):
    """pygls' protocol object with our connection in place of its own."""

    rpc: Rpc
    reply_s = REPLY_S

    def _register_builtin_features(self) -> None:
        super()._register_builtin_features()  # type: ignore[no-untyped-call]  # pygls has no types
        for method in _NOT_OURS:
            self.fm.builtin_features.pop(method, None)

    def notify(self, method: str, params: Any | None = None) -> None:
        """Send a notification."""
        self.rpc.notify(method, self.plain(params))

    def send_request(
        self,
        method: str,
        params: Any | None = None,
        callback: Callable[[Any], None] | None = None,
        msg_id: int | str | None = None,
    ) -> Future[Any]:
        """Send a request; the future must not be waited for, only awaited or given callbacks."""
        loop = asyncio.get_running_loop()
        future = asyncio.run_coroutine_threadsafe(self.send_request_async(method, params), loop)
        if callback is not None:
            future.add_done_callback(partial(_call_back, callback))
        return future

    async def send_request_async(
        self, method: str, params: Any | None = None, msg_id: int | str | None = None
    ) -> Any:
        """Send a request and wait for its result, in the type that lsprotocol has for it.

        Raises:
            TimeoutError: no answer came in time.
            RpcError: the client refused, or answered in another shape.
        """
        person = method == lsp.WINDOW_SHOW_MESSAGE_REQUEST
        limit_s = PERSON_S if person else self.reply_s
        result = await self.rpc.request(method, self.plain(params), timeout_s=limit_s)
        result_type = self.get_result_type(method)
        if result_type is None:
            return result
        reply = self.structured({"jsonrpc": "2.0", "id": 0, "result": result}, result_type)
        return reply.result

    def plain(self, value: Any) -> Any:
        """Ready JSON of a value that may hold lsprotocol's types; None stays None."""
        if value is None:
            return None
        return msgspec.Raw(json.dumps(value, default=self._serialize_message).encode())

    def structured(self, value: Any, target: Any) -> Any:
        """Plain JSON values as one of lsprotocol's types.

        Raises:
            BadMessage: they have another shape.
        """
        try:
            return self._converter.structure(value, target)
        except Exception:  # noqa: BLE001 - the edge: hooks raise what they like
            raise BadMessage(Code.INVALID_PARAMS, "the parameters have another shape") from None


class ZetaServer(LanguageServer):
    """What features see: pygls' server, with requests that end even if the client never answers."""

    protocol: ZetaProtocol

    def __init__(self) -> None:
        super().__init__(
            "zeta-lsp",
            __version__,
            protocol_cls=ZetaProtocol,
            converter_factory=default_converter,
        )

    async def apply_edit(
        self, edit: lsp.WorkspaceEdit | Json, label: str | None = None
    ) -> bool | None:
        """Apply an edit in the client; None where the client does not say whether it did."""
        params = {"edit": edit} if label is None else {"edit": edit, "label": label}
        result = await self._asked(lsp.WORKSPACE_APPLY_EDIT, params)
        return None if result is None else bool(result.applied)

    async def show_document(self, uri: str, selection: lsp.Range | Json) -> bool | None:
        """Go to a place; None where the client does not say whether it did."""
        params = {"uri": uri, "takeFocus": True, "selection": selection}
        result = await self._asked(lsp.WINDOW_SHOW_DOCUMENT, params)
        return None if result is None else bool(result.success)

    def show_message(self, text: str, kind: lsp.MessageType = lsp.MessageType.Info) -> None:
        """Tell the person something."""
        self.window_show_message(lsp.ShowMessageParams(type=kind, message=text))

    async def ask(
        self, text: str, answers: list[str], kind: lsp.MessageType = lsp.MessageType.Info
    ) -> str | None:
        """Let the person choose; None for no choice, or none within ten minutes."""
        actions = [lsp.MessageActionItem(title=answer) for answer in answers]
        params = lsp.ShowMessageRequestParams(type=kind, message=text, actions=actions)
        chosen = await self._asked(lsp.WINDOW_SHOW_MESSAGE_REQUEST, params)
        return None if chosen is None else str(chosen.title)

    async def register(self, method: str, options: Any | None = None) -> bool:
        """Register a capability with a client that takes such registrations; whether it did."""
        one = lsp.Registration(id=f"zeta-lsp:{method}", method=method, register_options=options)
        try:
            await self.client_register_capability_async(lsp.RegistrationParams([one]))
        except (TimeoutError, RpcError):
            return False
        return True

    async def _asked(self, method: str, params: Any) -> Any:
        """A request's result; None where none came in time."""
        try:
            return await self.protocol.send_request_async(method, params)
        except TimeoutError:
            return None


class Host:
    """A `ZetaServer` and the way messages reach it."""

    def __init__(self, initialize: dict[str, Any]) -> None:
        """`initialize` are the parameters the client was answered for; nothing is sent."""
        for name in ("pygls", "lsprotocol", "cattrs"):
            # Even its errors quote whole messages. What goes wrong is logged by `calls` and `rpc`.
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.server = ZetaServer()
        self._introduce(initialize)

    def join(self, rpc: Rpc) -> None:
        """Connect the server to the client."""
        self.server.protocol.rpc = rpc

    async def answer(self, method: str, part: Part) -> Any:
        """Handle a message; see `rpc.Rare`."""
        features = self.server.protocol.fm
        handler = features.builtin_features.get(method) or features.features.get(method)
        if handler is None:
            raise RpcError(Code.METHOD_NOT_FOUND, "there is no such method")
        params = self._params(method, read(part, _any_decoder))
        try:
            result = await self._run(handler, (params,), {})
        except JsonRpcException as error:
            raise RpcError(error.code, error.MESSAGE or "the request failed") from None
        return self.server.protocol.plain(result)

    def _params(self, method: str, value: Any) -> Any:
        """Parameters in lsprotocol's type, or as they are where it has none."""
        types = lsp.METHOD_TO_TYPES.get(method)
        target = types[2] if types is not None else None
        if target is None:
            return value
        return self.server.protocol.structured({} if value is None else value, target)

    async def _run(
        self, handler: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Run a handler of any kind that pygls knows."""
        if inspect.isgeneratorfunction(handler):
            return await self._run_builtin(handler(*args, **kwargs))
        if is_thread_function(handler):  # type: ignore[no-untyped-call]  # likewise
            work = partial(handler, *args, **kwargs)
            return await asyncio.get_running_loop().run_in_executor(self.server.thread_pool, work)
        result = handler(*args, **kwargs)
        return await result if inspect.isawaitable(result) else result

    async def _run_builtin(self, steps: Any) -> Any:
        """Built-in handlers yield the registered ones that they want run, and take the results."""
        result = None
        while True:
            try:
                handler, args, kwargs = steps.send(result)
            except StopIteration as end:
                return end.value
            result = await self._run(handler, args, kwargs or {})

    def _introduce(self, initialize: dict[str, Any]) -> None:
        """Let pygls learn about the client as if it had answered `initialize` itself."""
        protocol = self.server.protocol
        try:
            params = protocol.structured(initialize, lsp.InitializeParams)
        except BadMessage:  # a client with capabilities of a shape of its own
            params = lsp.InitializeParams(capabilities=lsp.ClientCapabilities())
        for _ in protocol.lsp_initialize(params):
            pass


def _call_back(callback: Callable[[Any], None], future: Future[Any]) -> None:
    if not future.cancelled() and future.exception() is None:
        callback(future.result())
