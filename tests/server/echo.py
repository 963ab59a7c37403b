"""A session without a mind of its own, for tests and measurements of the wire.

``python -m tests.server.echo [tcp|ws]``. It follows `didChange` into a list and answers requests:
``echo/now`` at once, ``echo/later`` from a task, ``echo/never`` until it is cancelled,
``echo/raise`` not at all. ``echo/state`` tells what it has seen.
"""

import asyncio
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from zeta_lsp.server.app import serve
from zeta_lsp.server.connection import Application
from zeta_lsp.server.editor import Editor
from zeta_lsp.server.params import DidChange, DidOpen, PositionRequest
from zeta_lsp.server.rpc import Route

if TYPE_CHECKING:
    from zeta_lsp.server.host import ZetaServer

Values = dict[str, Any]
SECRET = "the user's own text"


class Echo:
    """What a session does, without documents."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        self.opened: list[str] = []
        self.changes = 0
        self.lost: list[tuple[str | None, str | None]] = []
        self.cancelled = 0

    def application(self) -> Application:
        routes: dict[str, Route[Any]] = {
            "textDocument/didOpen": Route(DidOpen, self.did_open),
            "textDocument/didChange": Route(DidChange, self.did_change),
            "textDocument/inlineCompletion": Route(PositionRequest, lambda _: None),
            "echo/now": Route(Any, lambda params: params),
            "echo/later": Route(Any, self.later),
            "echo/never": Route(Any, self.never),
            "echo/stubborn": Route(Any, self.stubborn),
            "echo/raise": Route(Any, self.fail),
            "echo/raiseLater": Route(Any, self.fail_later),
            "echo/unspeakable": Route(Any, lambda _: object()),
            "echo/hang": Route(Any, lambda _: time.sleep(60)),
            "echo/print": Route(Any, self.print),
            "echo/ask": Route(Values, self.ask),
            "echo/apply": Route(Values, self.apply),
            "echo/state": Route(Any, lambda _: self.state()),
        }
        return Application(
            initialize=self.initialize,
            routes=routes,
            lost=lambda method, uri: self.lost.append((method, uri)),
            close=self.close,
            register=register,
        )

    def initialize(self, params: Values) -> Values:
        if "fail" in params:
            raise KeyError(SECRET)
        return {"capabilities": {}, "serverInfo": {"name": "echo"}}

    def did_open(self, params: DidOpen) -> None:
        self.opened.append(params.text_document.text)

    def did_change(self, params: DidChange) -> None:
        if params.content_changes[0].text == SECRET:
            raise ValueError(SECRET)
        self.changes += len(params.content_changes)

    async def later(self, params: Any) -> Any:
        await asyncio.sleep(0)
        return params

    async def never(self, _: Any) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            self.cancelled += 1

    async def stubborn(self, _: Any) -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled += 1
        return "a reply too many"

    def fail(self, params: Any) -> None:
        raise ValueError(SECRET)

    async def fail_later(self, params: Any) -> None:
        await asyncio.sleep(0)
        raise ValueError(SECRET)

    def print(self, _: Any) -> str:
        print("a stray print")
        sys.stdout.flush()
        subprocess.run(["echo", "a stray child"], check=True)
        return sys.stdin.read()

    async def ask(self, params: Values) -> Any:
        limit_s = params["limit"]
        try:
            return await self.editor.request(params["method"], timeout_s=limit_s)
        except TimeoutError:
            return "time is up"

    async def apply(self, params: Values) -> Any:
        return await self.editor.apply_edit(params, "label")

    def state(self) -> Values:
        return {
            "opened": self.opened,
            "changes": self.changes,
            "lost": self.lost,
            "cancelled": self.cancelled,
            "tasks": len(asyncio.all_tasks()),
        }

    async def close(self) -> None:
        sys.stderr.write("closed\n")


def register(server: "ZetaServer") -> None:
    """Features in pygls' own way."""
    from lsprotocol import types as lsp

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hover(ls: "ZetaServer", params: lsp.HoverParams) -> lsp.Hover:
        return lsp.Hover(contents=f"line {params.position.line}")

    @server.command("echo.add")
    def add(a: int, b: int) -> int:
        return a + b

    @server.feature("echo/rare")
    def rare(params: Any) -> Any:
        return params

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def definition(params: lsp.DefinitionParams) -> None:
        raise ValueError(SECRET)


def main() -> int:
    transport = sys.argv[1] if len(sys.argv) > 1 else "stdio"
    address = None if transport == "stdio" else ("127.0.0.1", 0)
    return serve(lambda editor: Echo(editor).application(), transport, address)


if __name__ == "__main__":
    sys.exit(main())
