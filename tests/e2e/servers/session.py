"""One session with a language server as an editor would have it, asking for all it offers.

The client speaks of everything that editors speak of: opening, typing, asking, cancelling, saving,
commands, unknown methods, and the end. It says only what the server's capabilities ask for, so the
same words can be said to the same server through a proxy.
"""

import json
from pathlib import Path
from typing import Any

from tests.e2e.servers.conversation import Conversation, Json, Silent
from tests.e2e.servers.real import Server

SETTLE_S = 1.5
"""How long a server may think before it says something on its own."""
READY_TRIES = 20

_DYNAMIC = {"dynamicRegistration": True}
CAPABILITIES: Json = {
    "general": {"positionEncodings": ["utf-8", "utf-16"]},
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
    "workspace": {
        "applyEdit": True,
        "configuration": True,
        "workspaceFolders": True,
        "didChangeConfiguration": _DYNAMIC,
        "didChangeWatchedFiles": _DYNAMIC,
        "executeCommand": _DYNAMIC,
    },
    "textDocument": {
        "synchronization": {**_DYNAMIC, "didSave": True, "willSave": True},
        "publishDiagnostics": {"versionSupport": True, "relatedInformation": True},
        "diagnostic": {**_DYNAMIC, "relatedDocumentSupport": True},
        "completion": {**_DYNAMIC, "completionItem": {"snippetSupport": True}},
        "hover": {"contentFormat": ["markdown"]},
        "definition": {"linkSupport": True},
        "typeDefinition": {"linkSupport": True},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix"]}}
        },
        "rename": {"prepareSupport": True},
        "inlineCompletion": {},
    },
}
_ASKED = {
    "hoverProvider": "hover",
    "definitionProvider": "definition",
    "typeDefinitionProvider": "typeDefinition",
    "documentSymbolProvider": "documentSymbol",
    "documentHighlightProvider": "documentHighlight",
    "foldingRangeProvider": "foldingRange",
    "signatureHelpProvider": "signatureHelp",
    "diagnosticProvider": "diagnostic",
}


class Session:
    """The client's side.

    `replies` are the server's, by what was asked, and `found` the diagnostics that it published
    last while the document was open.
    """

    def __init__(self, talk: Conversation, server: Server, folder: Path) -> None:
        self._talk = talk
        self._server = server
        self._root = folder.as_uri()
        self._uri = (folder / server.shown).as_uri()
        self._text = server.files[server.shown]
        self._id = 0
        self._able: Json = {}
        self.replies: dict[str, Json] = {}
        self._published: dict[str, Any] = {}
        self.found: dict[str, Any] = {}

    def run(self) -> int:
        """The whole session; the server's exit code."""
        self._begin()
        self._listen(self._server.warm_up_s)
        self._wait_until_ready()
        self._ask_all("before")
        self._type()
        self._ask_all("after")
        self.found = dict(self._published)
        self._say_odd_things()
        return self._end()

    def _begin(self) -> None:
        params = {
            "processId": None,
            "clientInfo": {"name": "test client", "version": "1"},
            "rootUri": self._root,
            "workspaceFolders": [{"uri": self._root, "name": "project"}],
            "capabilities": CAPABILITIES,
        }
        self._able = self._request("initialize", params)["result"]["capabilities"]
        self._notify("initialized", {})
        item = {"uri": self._uri, "languageId": self._server.language, "version": 1}
        self._notify("textDocument/didOpen", {"textDocument": {**item, "text": self._text}})

    def _wait_until_ready(self) -> None:
        """Ask where the word is defined until the server knows: in the other file."""
        if self._able.get("definitionProvider") in (None, False):
            return
        for _ in range(READY_TRIES):
            reply = self._request("textDocument/definition", self._at_word(), "ready")
            if "shapes" in json.dumps(reply.get("result")):
                break
            self._listen(SETTLE_S)
        del self.replies["ready"]

    def _at_word(self) -> Json:
        at = self._position(self._text.index(self._server.word) + 1)
        return {"textDocument": {"uri": self._uri}, "position": at}

    def _ask_all(self, when: str) -> None:
        params = self._at_word()
        for name, method in _ASKED.items():
            if self._able.get(name) not in (None, False):
                self._request(f"textDocument/{method}", params, f"{method} {when}")
        if self._able.get("codeActionProvider") not in (None, False):
            everywhere = {"start": {"line": 0, "character": 0}, "end": params["position"]}
            context = {"diagnostics": self._published.get(self._uri, [])}
            asked = {"textDocument": params["textDocument"], "range": everywhere}
            self._request(
                "textDocument/codeAction", {**asked, "context": context}, f"codeAction {when}"
            )

    def _type(self) -> None:
        """Add a line at the end, one character a change; then save."""
        for version, char in enumerate("\n\nx 🙂\n", start=2):
            end = self._position(len(self._text))
            change = {"range": {"start": end, "end": end}, "text": char}
            self._text += char
            whole = self._kind() == 1
            document = {"uri": self._uri, "version": version}
            changes = [{"text": self._text} if whole else change]
            if self._kind():
                self._notify(
                    "textDocument/didChange", {"textDocument": document, "contentChanges": changes}
                )
        if isinstance(self._sync(), dict) and self._sync().get("save") not in (None, False):
            self._notify("textDocument/didSave", {"textDocument": {"uri": self._uri}})
        self._listen(SETTLE_S)

    def _say_odd_things(self) -> None:
        self._request("custom/unknownMethod", {"nested": [1, 2.5, None, "é🙂"]}, "unknown")
        self._notify("$/unknownNotification", {"a": 1})
        self._notify("$/cancelRequest", {"id": self._id})
        self._request("workspace/executeCommand", {"command": "no.such.command"}, "command")

    def _end(self) -> int:
        self._notify("textDocument/didClose", {"textDocument": {"uri": self._uri}})
        self._listen(SETTLE_S)
        self._request("shutdown", None, "shutdown")
        self._notify("exit")
        return self._talk.process.wait(20)

    def _sync(self) -> Any:
        return self._able.get("textDocumentSync")

    def _kind(self) -> Any:
        sync = self._sync()
        return sync.get("change") if isinstance(sync, dict) else sync

    def _position(self, at: int) -> Json:
        head = self._text[:at]
        line = head.rpartition("\n")[2]
        units = line.encode("utf-16-le")
        width = len(units) // 2
        if self._able.get("positionEncoding") == "utf-8":
            width = len(line.encode())
        return {"line": head.count("\n"), "character": width}

    def _request(self, method: str, params: Any, label: str = "") -> Json:
        self._id += 1
        self._send({"id": self._id, "method": method, "params": params})
        while True:
            message = self._hear(60.0)
            if message.get("id") == self._id and "method" not in message:
                kept = {name: value for name, value in message.items() if name != "id"}
                self.replies[label or method] = kept
                return message

    def _listen(self, quiet_s: float) -> None:
        """Until nothing was said for some time."""
        try:
            while True:
                self._hear(quiet_s)
        except Silent:
            return

    def _hear(self, within_s: float) -> Json:
        message: Json = json.loads(self._talk.hear(within_s))
        if "method" in message and "id" in message:
            self._registered(message)
            self._send({"id": message["id"], "result": _answer(message)})
        elif message.get("method") == "textDocument/publishDiagnostics":
            self._published[message["params"]["uri"]] = message["params"]["diagnostics"]
        return message

    def _registered(self, message: Json) -> None:
        """Some servers want diagnostics pulled, and say so only now."""
        if message["method"] == "client/registerCapability":
            methods = [one["method"] for one in message["params"]["registrations"]]
            if "textDocument/diagnostic" in methods:
                self._able["diagnosticProvider"] = {}

    def _notify(self, method: str, params: Any = None) -> None:
        self._send({"method": method, **({} if params is None else {"params": params})})

    def _send(self, message: Json) -> None:
        self._talk.say(json.dumps({"jsonrpc": "2.0", **message}).encode())


def _answer(message: Json) -> Any:
    """What an editor says to a server's requests."""
    if message["method"] == "workspace/configuration":
        return [None for _ in message["params"]["items"]]
    if message["method"] == "workspace/applyEdit":
        return {"applied": True}
    return None
