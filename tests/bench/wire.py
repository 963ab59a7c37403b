"""The wire alone, against a bare asyncio echo in the same run: ``python -m tests.bench.wire``.

The server is `tests.server.echo`: framing, dispatch and typed parameters, without documents or
predictions. A keystroke is a `didChange` and a request in one write, paced like fast typing. It is
measured in quiet, and in the first second after `initialize`, while pygls is loaded beside it.
"""

import statistics
import sys
import time
from collections.abc import Callable

from tests.bench.client import Client, frame

PACE_S = 0.005
URI = "file:///bench/file.py"
ECHO = [sys.executable, "-m", "tests.server.echo"]
FLOOR = [sys.executable, "-m", "tests.bench.floor", "0"]
POSITION = {"line": 10, "character": 4}
CHANGED = frame(
    {
        "method": "textDocument/didChange",
        "params": {
            "textDocument": {"uri": URI, "version": 1},
            "contentChanges": [{"range": {"start": POSITION, "end": POSITION}, "text": "x"}],
        },
    }
)
ASKED = {
    "textDocument": {"uri": URI},
    "position": POSITION,
    "context": {"triggerKind": 2},
}


def paced(step: Callable[[], object], count: int) -> list[float]:
    """Milliseconds of each of `count` steps."""
    samples = []
    for _ in range(count):
        time.sleep(PACE_S)
        started = time.perf_counter()
        step()
        samples.append((time.perf_counter() - started) * 1e3)
    return samples


def shown(name: str, samples: list[float]) -> None:
    """One line."""
    ordered = sorted(samples)
    p50, p99 = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
    print(f"{name:32} p50 {p50:7.3f}  p99 {p99:7.3f}  max {ordered[-1]:7.3f} ms")


def opened() -> Client:
    """A server that answered `initialize`."""
    client = Client(ECHO)
    client.request("initialize", {"processId": None, "capabilities": {}})
    client.notify("initialized", {})
    return client


def key(client: Client) -> Callable[[], object]:
    """A step: one key and one request."""
    return lambda: client.request("textDocument/inlineCompletion", ASKED, after=CHANGED)


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with Client(FLOOR) as floor, opened() as client:
        client.request("echo/rare", {})  # pygls is loaded from here on
        for _ in range(3):
            shown("floor", paced(lambda: floor.request("floor/echo", {}, after=CHANGED), count))
            shown("wire", paced(key(client), count))
    while_loading: list[float] = []
    for _ in range(5):
        with opened() as client:
            while_loading += paced(key(client), 100)
    shown("wire, while pygls is loaded", while_loading)
    starts = []
    for _ in range(15):
        with opened() as client:
            starts.append((time.perf_counter() - client.started_s) * 1e3)
    shown("start to initialize reply", starts)


if __name__ == "__main__":
    main()
