"""A person who types in a server's document, and how long the server itself took for each key."""

import http.client
import json
import time
from typing import Any

from tests.bench.client import Client, frame
from tests.bench.peers.servers import Server

URI = "file:///bench/file.py"
LINE_CHARS = 40


class Clock:
    """What the endpoint says about its own time."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)

    def turns(self) -> list[list[float]]:
        """When each question since the last call was there, and when its answer was written."""
        self._connection.request("GET", "/turns")
        turns: list[list[float]] = json.loads(self._connection.getresponse().read())
        return turns


class Typist:
    """One server with one document open. `answered` counts the keys that got an answer."""

    def __init__(self, server: Server, clock: Clock, text: str) -> None:
        self.answered = 0
        self._server = server
        self._clock = clock
        self._row = text.count("\n") // 2
        self._version = self._column = 0
        self._client = Client(server.argv, server.env)
        self._open(text)

    def close(self) -> None:
        """End the server."""
        self._client.__exit__()

    def press(self) -> float | None:
        """One key and one question: milliseconds without the endpoint's; None without an answer."""
        changed = self._change()
        place = {"line": self._row, "character": self._column}
        asked = {
            "textDocument": {"uri": URI, "version": self._version},
            "position": place,
            "context": {"triggerKind": 2},
        }
        self._clock.turns()
        pressed_s = time.perf_counter()
        reply = self._client.request(self._server.method, asked, after=changed)
        replied_s = time.perf_counter()
        turns = self._clock.turns()
        if not turns or not _has_edits(reply):
            return None
        self.answered += 1
        came_s, written_s = turns[-1]
        return (replied_s - pressed_s - (written_s - came_s)) * 1e3

    def _open(self, text: str) -> None:
        if self._server.method.startswith("floor/"):
            return
        inline = {"textDocument": {"inlineCompletion": {"dynamicRegistration": False}}}
        params: dict[str, Any] = {"processId": None, "rootUri": None, "capabilities": inline}
        if self._server.options is not None:
            params["initializationOptions"] = self._server.options
        self._client.request("initialize", params)
        self._client.notify("initialized", {})
        item = {"uri": URI, "languageId": "python", "version": 0, "text": text}
        self._client.notify("textDocument/didOpen", {"textDocument": item})
        time.sleep(2)  # whatever a server puts off until after its start is part of no figure

    def _change(self) -> bytes:
        """The next character; after some 40 columns the line begins anew, with another number."""
        self._version += 1
        start, end, text = self._column, self._column, "x"
        if self._column >= LINE_CHARS or self._version == 1:
            start, text = 0, f"typed_{self._version:06}"
        self._column = start + len(text)
        places = [{"line": self._row, "character": column} for column in (start, end)]
        change = {"range": dict(zip(("start", "end"), places, strict=True)), "text": text}
        document = {"uri": URI, "version": self._version}
        params = {"textDocument": document, "contentChanges": [change]}
        return frame({"method": "textDocument/didChange", "params": params})


def _has_edits(reply: Any) -> bool:
    return isinstance(reply, dict) and bool(reply.get("edits") or reply.get("items"))
