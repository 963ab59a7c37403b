"""A language server that does as it is told: ``python -m tests.server.proxy.scripted [OPTIONS]``.

OPTIONS is a JSON object: `capabilities` for the reply to ``initialize``; `stubborn` to outlive the
end of its input and signals. It answers ``test/seen`` with everything it has got, ``test/echo``
with the parameters, ``test/never`` not at all, ``textDocument/definition`` with what
``test/define`` was told last. ``test/ask`` makes it ask the client under a given id, ``test/say``
put bytes on the wire, ``test/exit`` end with a code and ``test/die`` by a signal.
"""

import json
import os
import re
import signal
import sys
import time
from typing import Any

Json = dict[str, Any]

_LENGTH = re.compile(rb"(?i)content-length: *(\d+)")


class Scripted:
    """The server."""

    def __init__(self, options: Json) -> None:
        self.options = options
        self.seen: list[Json] = []
        self.definition: Any = None
        self.asking: dict[object, object] = {}

    def run(self) -> None:
        while (message := self.read()) is not None:
            self.seen.append(message)
            method = str(message.get("method", "")).replace("/", "_")
            handler = getattr(self, f"do_{method}", None)
            if "method" not in message:
                self.replied(message)
            elif handler is not None:
                handler(message)
            elif "id" in message:
                error = {"code": -32601, "message": "scripted: no such method"}
                self.send({"id": message["id"], "error": error})

    def do_initialize(self, message: Json) -> None:
        result = {
            "capabilities": self.options.get("capabilities", {}),
            "serverInfo": {"name": "scripted"},
        }
        self.reply(message, result)

    def do_shutdown(self, message: Json) -> None:
        self.reply(message, None)

    def do_exit(self, _: Json) -> None:
        if not self.options.get("stubborn"):
            sys.exit(7)

    def do_test_seen(self, message: Json) -> None:
        self.reply(message, self.seen[:-1])

    def do_test_echo(self, message: Json) -> None:
        self.reply(message, message["params"])

    def do_test_never(self, _: Json) -> None: ...

    def do_test_env(self, message: Json) -> None:
        self.reply(message, dict(os.environ))

    def do_test_define(self, message: Json) -> None:
        self.definition = message["params"]

    def do_textDocument_definition(self, message: Json) -> None:  # noqa: N802 - LSP's name
        self.reply(message, self.definition)

    def do_test_ask(self, message: Json) -> None:
        ask = message["params"]
        self.asking[ask["id"]] = message["id"]
        self.send(ask)

    def do_test_say(self, message: Json) -> None:
        write(message["params"].encode())
        if "id" in message:
            self.reply(message, None)

    def do_test_flood(self, message: Json) -> None:
        for number in range(message["params"]):
            uri = f"file:///flood/{number}.py"
            params = {"uri": uri, "diagnostics": [], "padding": "x" * 200}
            self.send({"method": "textDocument/publishDiagnostics", "params": params})
        self.reply(message, None)

    def do_test_complain(self, message: Json) -> None:
        sys.stderr.write(message["params"])
        sys.stderr.flush()

    def do_test_exit(self, message: Json) -> None:
        sys.exit(message["params"])

    def do_test_die(self, message: Json) -> None:
        os.kill(os.getpid(), message["params"])

    def do_test_deaf(self, _: Json) -> None:
        """Reads no more, as a server in an endless loop."""
        time.sleep(3600)

    def replied(self, message: Json) -> None:
        if message["id"] in self.asking:
            self.send({"id": self.asking.pop(message["id"]), "result": message.get("result")})

    def reply(self, message: Json, result: Any) -> None:
        self.send({"id": message["id"], "result": result})

    def send(self, message: Json) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def read(self) -> Json | None:
        length = None
        while (line := sys.stdin.buffer.readline()) not in (b"\r\n", b""):
            found = _LENGTH.match(line)
            length = int(found[1]) if found else length
        if not line or length is None:
            return None
        message: Json = json.loads(sys.stdin.buffer.read(length))
        return message


def write(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]


def main() -> None:
    options: Json = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
    if options.get("stubborn"):
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
    Scripted(options).run()
    while options.get("stubborn"):
        time.sleep(3600)


if __name__ == "__main__":
    main()
