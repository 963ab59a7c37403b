"""A language server that behaves as its first argument says: `python scripted.py BEHAVIOUR`.

It looks for ``def NAME`` in ``other.py`` of its folder, and calls every ``wrong`` in a text an
error. Everything else is how it fails.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

BEHAVIOUR = sys.argv[1]
OTHER = Path("other.py").absolute()
texts: dict[str, list[str]] = {}
waiting: list[dict[str, Any]] = []


def hear() -> dict[str, Any]:
    return waiting.pop(0) if waiting else read()


def read() -> dict[str, Any]:
    size = 0
    while line := sys.stdin.buffer.readline().strip():
        size = int(line.partition(b":")[2])
    if not size:
        sys.exit(0)
    message: dict[str, Any] = json.loads(sys.stdin.buffer.read(size))
    return message


def say(message: dict[str, Any]) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    sys.stdout.buffer.flush()


def note(method: str, params: Any) -> None:
    say({"method": method, "params": params})


def ask(method: str, params: Any) -> Any:
    say({"id": f"ours-{method}", "method": method, "params": params})
    while (reply := read()).get("id") != f"ours-{method}":
        waiting.append(reply)
    return reply.get("result", reply.get("error"))


def for_ever() -> NoReturn:
    while True:
        time.sleep(60)


def flood() -> NoReturn:
    while True:
        note("window/logMessage", {"type": 3, "message": "x" * 100_000})


def initialize(params: dict[str, Any]) -> dict[str, Any]:
    able: dict[str, Any] = {"textDocumentSync": 1, "definitionProvider": True}
    if BEHAVIOUR == "utf8":
        able["positionEncoding"] = "utf-8"
    if BEHAVIOUR == "pulled":
        able["diagnosticProvider"] = {}
    if BEHAVIOUR in ("works", "busy"):
        able["documentSymbolProvider"] = True
    return {"capabilities": able}


def span(row: int, start: int, end: int) -> dict[str, Any]:
    return {"start": {"line": row, "character": start}, "end": {"line": row, "character": end}}


def defined(params: dict[str, Any]) -> Any:
    uri, at = params["textDocument"]["uri"], params["position"]
    line = texts[uri][at["line"]]
    if BEHAVIOUR == "utf8":
        name = line.encode()[at["character"] :].split()[0].decode()
    else:
        units = line.encode("utf-16-le")[2 * at["character"] :]
        name = units.decode("utf-16-le").split()[0]
    for row, other in enumerate(OTHER.read_text().splitlines()):
        if other.startswith(f"def {name}("):
            return [{"uri": OTHER.as_uri(), "range": span(row, 4, 4 + len(name))}]
    return None


def wrong(uri: str) -> list[dict[str, Any]]:
    return [
        {"range": span(row, 0, 5), "message": "wrong", "severity": 1, "source": "scripted"}
        for row, line in enumerate(texts[uri])
        if line.startswith("wrong")
    ]


def publish(uri: str, version: int) -> None:
    if BEHAVIOUR == "in two steps":
        note("textDocument/publishDiagnostics", {"uri": uri, "diagnostics": []})
        time.sleep(0.05)
    published = {"uri": uri, "version": version, "diagnostics": wrong(uri)}
    note("textDocument/publishDiagnostics", published)
    if BEHAVIOUR == "stale":
        stale = {"range": span(0, 0, 1), "message": "of the text before"}
        published = {"uri": uri, "version": version - 1, "diagnostics": [stale]}
        note("textDocument/publishDiagnostics", published)


def strange() -> Any:
    inside = {"targetUri": OTHER.as_uri(), "targetRange": span(0, 0, 9)}
    return [
        {"uri": "file:///etc/passwd", "range": span(0, 0, 1)},
        {"uri": "http://example.org/other.py", "range": span(0, 0, 1)},
        {"uri": (OTHER.parent / ".." / "up.py").as_uri(), "range": span(0, 0, 1)},
        {"uri": 5},
        None,
        {**inside, "targetSelectionRange": span(0, 4, 7)},
    ]


def answer(message: dict[str, Any]) -> Any:
    method, params = message["method"], message["params"]
    if method == "initialize":
        return initialize(params)
    if method == "textDocument/documentSymbol":
        return []
    if method == "textDocument/diagnostic":
        return {"kind": "full", "items": wrong(params["textDocument"]["uri"])}
    if method == "textDocument/definition":
        if BEHAVIOUR in FAILING:
            FAILING[BEHAVIOUR]()
        return strange() if BEHAVIOUR == "outside" else defined(params)
    return None


def nonsense() -> NoReturn:
    os.write(1, b"Traceback (most recent call last):\r\n\r\n")
    for_ever()


def huge() -> NoReturn:
    os.write(1, b"Content-Length: 99999999999\r\n\r\n{")
    for_ever()


FAILING = {
    "never answers": for_ever,
    "crashes": lambda: os._exit(3),
    "floods": flood,
    "nonsense": nonsense,
    "huge": huge,
}


def begun() -> None:
    """After ``initialized``."""
    if BEHAVIOUR == "asks":
        items = [{"section": "python.analysis"}, {"section": "nothing.here"}, {}]
        heard = [
            ask("workspace/configuration", {"items": items}),
            ask("workspace/workspaceFolders", None)[0]["uri"],
            ask("window/workDoneProgress/create", {"token": 1}),
            ask("workspace/applyEdit", {"edit": {}}),
            ask("no/such/method", None)["code"],
        ]
        Path("heard.json").write_text(json.dumps(heard))
    if BEHAVIOUR == "busy":
        for token in ("index", "types"):
            note("$/progress", {"token": token, "value": {"kind": "begin", "title": "x"}})
            time.sleep(0.1)
            note("$/progress", {"token": token, "value": {"kind": "end"}})
        Path("idle").touch()
    if BEHAVIOUR == "never idle":
        note("$/progress", {"token": "index", "value": {"kind": "begin", "title": "x"}})
    if BEHAVIOUR in ("children", "daemon"):
        argv = [sys.executable, "-c", "import time; time.sleep(60)"]
        child = subprocess.Popen(argv, start_new_session=BEHAVIOUR == "daemon")
        Path("child").write_text(str(child.pid))


def main() -> None:
    if BEHAVIOUR == "silent":
        for_ever()
    while True:
        message = hear()
        method, params = message["method"], message.get("params") or {}
        if method in ("textDocument/didOpen", "textDocument/didChange"):
            document = params["textDocument"]
            changes = params.get("contentChanges", [document])
            texts[document["uri"]] = changes[-1]["text"].splitlines()
            if BEHAVIOUR not in ("pulled", "publishes nothing"):
                publish(document["uri"], document["version"])
        elif method == "initialized":
            begun()
        elif method == "exit":
            return
        elif "id" in message:
            say({"id": message["id"], "result": answer(message)})


main()
