"""A relay in the test's own process, with both its ends in hand.

`Between` has a session that answers in a recognisable way. What it is given by the client's or the
neighbour's end comes out as bodies at the other, or stays.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from zeta_lsp.core.text import Encoding
from zeta_lsp.server.capabilities import initialize_result
from zeta_lsp.server.connection import Application
from zeta_lsp.server.editor import Editor
from zeta_lsp.server.framing import Fault, Framer
from zeta_lsp.server.proxy.neighbour import Neighbour
from zeta_lsp.server.proxy.relay import Relay
from zeta_lsp.server.rpc import Route

Json = dict[str, Any]
DOCUMENT = "file:///project/file.py"


class Session:
    """What stands in for ours: it keeps what it gets, and can be made to fail."""

    def __init__(self, editor: Editor, neighbour: Neighbour, *, fails_to_start: bool) -> None:
        self.editor = editor
        self.neighbour = neighbour
        self.initialized_with: Json = {}
        self.got: list[tuple[str, Any]] = []
        self.lost: list[str | None] = []
        self.closed = False
        self.fails_to_start = fails_to_start

    def application(self) -> Application:
        methods = (
            "textDocument/didOpen",
            "textDocument/didChange",
            "textDocument/didClose",
            "textDocument/didSave",
            "workspace/didChangeWorkspaceFolders",
            "workspace/didRenameFiles",
            "textDocument/didShowInlineEdit",
        )
        routes: dict[str, Route[Any]] = {name: self.route(name) for name in methods}
        for name in ("textDocument/inlineCompletion", "zeta/nextEdit", "workspace/executeCommand"):
            routes[name] = self.route(name, lambda _: "ours")
        routes["zeta/never"] = self.route("zeta/never", lambda _: self.never())
        routes["zeta/ask"] = self.route("zeta/ask", self.ask)
        return Application(
            initialize=self.initialize,
            routes=routes,
            lost=lambda method, _: self.lost.append(method),
            close=self.close,
        )

    def route(self, name: str, answer: Callable[[Any], Any] = lambda _: None) -> Route[Any]:
        def handle(params: Any) -> Any:
            self.got.append((name, params))
            return answer(params)

        return Route(Any, handle)

    def initialize(self, params: Json) -> Json:
        if self.fails_to_start:
            raise RuntimeError("made to fail")
        self.initialized_with = params
        return initialize_result(params, Encoding.UTF16)

    async def never(self) -> None:
        await asyncio.Event().wait()

    async def ask(self, params: Json) -> Any:
        return await self.editor.request("test/question", params, timeout_s=20)

    async def close(self) -> None:
        self.closed = True


class Between:
    """A relay with a session; `client` and `server` are the bodies that came out at each end."""

    def __init__(self, *, fails_to_start: bool = False) -> None:
        self._fails_to_start = fails_to_start
        self.client: list[bytes] = []
        self.server: list[bytes] = []
        self.exiting = 0
        self.introduced: list[Json] = []
        self.session: Session | None = None
        ends = Framer(), Framer()
        self.relay = Relay(
            self._make,
            lambda data: self.client.extend(_bodies(ends[0].feed(data))),
            lambda data: self.server.extend(_bodies(ends[1].feed(data))),
            exiting=self._exited,
            introduced=self.introduced.append,
        )

    def from_client(self, *messages: Json | bytes | Fault) -> list[Json]:
        """Hand in what one read of the client brought; what the server got."""
        before = len(self.server)
        self.relay.from_client([_body(message) for message in messages])
        return [json.loads(body) for body in self.server[before:]]

    def from_server(self, *messages: Json | bytes | Fault) -> list[Json]:
        """Hand in what one read of the server brought; what the client got."""
        before = len(self.client)
        self.relay.from_neighbour([_body(message) for message in messages])
        return [json.loads(body) for body in self.client[before:]]

    def to_client(self) -> list[Json]:
        """Everything the client has got."""
        return [json.loads(body) for body in self.client]

    def initialize(self, capabilities: Json | None = None, **params: Any) -> Json:
        """Shake hands; the merged result."""
        self.from_client(request(0, "initialize", {"capabilities": {}, **params}))
        given = {"capabilities": {} if capabilities is None else capabilities}
        (reply,) = self.from_server(response(0, given))
        self.from_client(notification("initialized", {}))
        result: Json = reply["result"]
        return result

    def _make(self, editor: Editor, neighbour: Neighbour) -> Application:
        self.session = Session(editor, neighbour, fails_to_start=self._fails_to_start)
        return self.session.application()

    def _exited(self) -> None:
        self.exiting += 1


def request(request_id: int | str, method: str, params: Any = None) -> Json:
    return {"jsonrpc": "2.0", "id": request_id, "method": method, "params": params}


def notification(method: str, params: Any = None) -> Json:
    return {"jsonrpc": "2.0", "method": method, "params": params}


def response(request_id: int | str, result: Any) -> Json:
    return {"jsonrpc": "2.0", "id": request_id, "result": result}


def opened(uri: str = DOCUMENT, version: int = 1) -> Json:
    item = {"uri": uri, "languageId": "python", "version": version, "text": "x = 1\n"}
    return notification("textDocument/didOpen", {"textDocument": item})


def changed(uri: str = DOCUMENT, version: int = 2) -> Json:
    document = {"uri": uri, "version": version}
    params = {"textDocument": document, "contentChanges": [{"text": "y = 1\n"}]}
    return notification("textDocument/didChange", params)


def _body(message: Json | bytes | Fault) -> bytes | Fault:
    return json.dumps(message).encode() if isinstance(message, dict) else message


def _bodies(items: list[bytes | Fault]) -> list[bytes]:
    assert all(isinstance(item, bytes) for item in items)
    return [item for item in items if isinstance(item, bytes)]
