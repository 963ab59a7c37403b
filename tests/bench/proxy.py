"""What the proxy adds to each message, against the bare server: ``python -m tests.bench.proxy``.

The same server, which does next to nothing, is spoken to alone and through the proxy, in turns
within one run, paced like fast typing. A round trip passes the proxy twice, so what it adds to a
message is half of what it adds to a round trip. The keystroke is a `didChange` before the request
in one write, which our own session follows as well. Then the same with 100 kB and 1 MB both ways,
and the start: how long until `initialize` is answered.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.client import Client, frame
from tests.bench.figure import PACE_S
from tests.bench.texts import document

URI = "file:///bench/file.py"
OPTIONS = '{"capabilities": {"textDocumentSync": 2}}'
SERVER = [sys.executable, "-m", "tests.server.proxy.scripted", OPTIONS]
PROXY = [sys.executable, "-m", "zeta_lsp", "proxy", "--"]
MESSAGES = 2
"""In a round trip."""
LINES = 1000

Step = Callable[[int], object]


def opened(argv: list[str], env: dict[str, str]) -> Client:
    """A running server that knows a document."""
    client = Client(argv, env)
    client.request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    client.notify("initialized", {})
    text = document(LINES, 0)
    item = {"uri": URI, "languageId": "python", "version": 0, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": item})
    return client


def asks(client: Client, method: str, params: object) -> Step:
    """A step: one request."""
    return lambda _: client.request(method, params)


def types(client: Client) -> Step:
    """A step: one key and one request."""

    def press(index: int) -> object:
        at = {"line": LINES // 2, "character": 0}
        change = {"range": {"start": at, "end": at}, "text": "x"}
        about = {"uri": URI, "version": index}
        params = {"textDocument": about, "contentChanges": [change]}
        changed = frame({"method": "textDocument/didChange", "params": params})
        return client.request("test/echo", {}, after=changed)

    return press


def in_turns(bare: Step, proxied: Step, count: int) -> dict[str, float]:
    """Both round trips, a step of each in turn, and what one message costs more."""
    samples: tuple[list[float], list[float]] = ([], [])
    for index in range(-20, count):
        for step, kept in zip((bare, proxied), samples, strict=True):
            time.sleep(PACE_S)
            started_s = time.perf_counter()
            step(index + 20)
            if index >= 0:
                kept.append((time.perf_counter() - started_s) * 1e3)
    alone, through = (sorted(kept) for kept in samples)
    at99 = int(count * 0.99)
    added50 = (statistics.median(through) - statistics.median(alone)) / MESSAGES
    added99 = (through[at99] - alone[at99]) / MESSAGES
    return {
        "bare_p50_ms": statistics.median(alone),
        "bare_p99_ms": alone[at99],
        "proxied_p50_ms": statistics.median(through),
        "proxied_p99_ms": through[at99],
        "added_per_message_p50_ms": added50,
        "added_per_message_p99_ms": added99,
    }


def starts(argv: list[str], env: dict[str, str], count: int) -> float:
    """Median milliseconds from starting the process to the reply to `initialize`."""
    found = []
    for _ in range(count):
        with Client(argv, env) as client:
            client.request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
            found.append((time.perf_counter() - client.started_s) * 1e3)
    return statistics.median(found)


def bench(count: int) -> dict[str, dict[str, float]]:
    """All figures."""
    report: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        env = {
            "ZETA_LSP_CONFIG": str(Path(folder) / "none.toml"),
            "ZETA_LSP_DATA_DIR": str(Path(folder) / "data"),
        }
        with opened(SERVER, env) as bare, opened([*PROXY, *SERVER], env) as through:
            time.sleep(2)  # what a session puts off until after the start is part of no figure
            ask = [asks(client, "test/echo", {}) for client in (bare, through)]
            report["a request"] = in_turns(*ask, count)
            report["a key and a request"] = in_turns(types(bare), types(through), count)
            for name, size in (("100 kB both ways", 100_000), ("1 MB both ways", 1_000_000)):
                text = "x" * size
                ask = [asks(client, "test/echo", text) for client in (bare, through)]
                report[name] = in_turns(*ask, max(50, count // 5))
        runs = max(5, count // 100)
        report["start"] = {
            "bare_p50_ms": starts(SERVER, env, runs),
            "proxied_p50_ms": starts([*PROXY, *SERVER], env, runs),
        }
    return {
        name: {key: round(value, 3) for key, value in figures.items()}
        for name, figures in report.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.proxy", description=__doc__)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--quick", action="store_true", help="fewer steps")
    options = parser.parse_args()
    report = bench(100 if options.quick else 1000)
    if options.json:
        print(json.dumps(report, indent=2))
        return
    for name, figures in report.items():
        print(f"{name:22}", "  ".join(f"{key} {value:8.3f}" for key, value in figures.items()))


if __name__ == "__main__":
    main()
