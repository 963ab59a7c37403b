"""A language server that plays its part of a transcript: ``python -m … player FILE``.

It says what the real one said, once it has heard what the real one had heard by then. Anything
else that it hears is a difference: it is written to standard error and ends the play with 99.
Questions of zeta-lsp itself, which no client sees, are answered with an error and not counted.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.servers.conversation import CLIENT, load
from zeta_lsp.server.framing import Framer, frame


def heard() -> Iterator[bytes]:
    """The bodies that come in."""
    framer = Framer()
    while data := os.read(0, 1 << 20):
        for item in framer.feed(data):
            assert isinstance(item, bytes)
            yield item


def say(body: bytes) -> None:
    data = frame(body)
    while data:
        data = data[os.write(1, data) :]


def is_extra(body: bytes) -> bool:
    """Whether it is not part of the play; a question is answered."""
    message = json.loads(body)
    request_id = message.get("id") or (message.get("params") or {}).get("id")
    if not str(request_id).startswith("zeta-lsp:"):
        return False
    if "id" in message:
        error = {"code": -32601, "message": "not in the play"}
        say(json.dumps({"jsonrpc": "2.0", "id": message["id"], "error": error}).encode())
    return True


def main() -> int:
    bodies = heard()
    for number, (who, body) in enumerate(load(Path(sys.argv[1]))):
        if who != CLIENT:
            say(body)
            continue
        got = next((one for one in bodies if not is_extra(one)), b"")
        if got != body:
            sys.stderr.write(f"line {number}: heard {got[:300]!r} and not {body[:300]!r}\n")
            return 99
    return 0


if __name__ == "__main__":
    sys.exit(main())
