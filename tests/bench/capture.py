"""What being recorded costs a keystroke: ``python -m tests.bench.capture [--json] [--keys N]``.

Two servers in one run, asked in turn key by key: one records nothing, the other records whole
sessions of a consented project (`sessions`, the most there is). Both ask the same endpoint, which
answers at once. What is given is each one's time from the key to the answer, and the difference of
the two; then what an hour of such typing leaves on the disk. The pace is that of a very fast
typist: the recorder works in the gaps between keys, and without gaps (``--pace 10``) it competes
with them for the interpreter and for two cores.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.bench.__main__ import SERVER, Typist, ask, configurations
from tests.bench.client import Client
from tests.bench.figure import Figure
from tests.bench.texts import document
from tests.e2e.consenting import consented

SIZES = {"100 lines": 100, "10k lines": 10_000}
WARM_UP = 50
KEYS_PER_HOUR = 3600 * 5
"""Somebody who types all the time, five keys a second."""


def opened(config: Path, folder: Path, text: str) -> Client:
    """A server with the bench file of a project open."""
    env = {"ZETA_LSP_CONFIG": str(config), "ZETA_LSP_DATA_DIR": str(folder / "data")}
    root = folder / "project"
    root.mkdir(exist_ok=True)
    client = Client(SERVER, env)
    folders = [{"uri": root.as_uri(), "name": "project"}]
    client.request(
        "initialize", {"processId": None, "workspaceFolders": folders, "capabilities": {}}
    )
    client.notify("initialized", {})
    item = {"uri": uri_in(folder), "languageId": "python", "version": 0, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": item})
    client.request("textDocument/copilotInlineEdit", ask(0, 0, 0, uri_in(folder)))
    return client


def uri_in(folder: Path) -> str:
    """The bench file of a project."""
    return (folder / "project" / "file.py").as_uri()


def compare(lines: int, port: int, count: int, pace_s: float) -> dict[str, object]:
    """Type the same keys into both."""
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        folders = [Path(place) / name for name in ("off", "on")]
        for folder in folders:
            folder.mkdir()
        consented(folders[1], "--level", "sessions")
        clients = []
        for folder in folders:
            _, config = configurations(folder, port)
            clients.append(stack.enter_context(opened(config, folder, document(lines))))
        time.sleep(2.0)  # imports that were put off
        typists = [
            Typist(client, lines, uri_in(folder))
            for client, folder in zip(clients, folders, strict=True)
        ]
        off, on = alternately(typists, count, pace_s)
        memory = [round(client.memory_mib(), 1) for client in clients]
        clients[1].request("shutdown", None)
        clients[1].notify("exit", None)
        clients[1].process.wait(10)
        stored = [path.stat().st_size for path in (folders[1] / "data").rglob("*.db")]
    per_key = sum(stored) / (WARM_UP + count)
    return {
        "off": off.against(off),
        "on": on.against(off),
        "added_p50_ms": round(on.p50 - off.p50, 3),
        "added_p99_ms": round(on.p99 - off.p99, 3),
        "memory_mib": memory,
        "bytes_per_key": round(per_key, 1),
        "mib_per_hour": round(per_key * KEYS_PER_HOUR / 2**20, 2),
    }


def alternately(typists: list[Typist], count: int, pace_s: float) -> list[Figure]:
    """Press keys in turn, now one first and now the other; `pace_s` between two keys of each."""
    taken: list[list[float]] = [[] for _ in typists]
    for index in range(-WARM_UP, count):
        for which in (0, 1) if index % 2 else (1, 0):
            time.sleep(pace_s / 2)
            started = time.perf_counter()
            typists[which].press(index)
            if index >= 0:
                taken[which].append((time.perf_counter() - started) * 1e3)
    return [Figure(samples) for samples in taken]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.capture", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--keys", type=int, default=600, help="keys at each size (default: 600)")
    parser.add_argument(
        "--pace", type=float, default=60.0, help="milliseconds between two keys (default: 60)"
    )
    arguments = parser.parse_args()
    argv = [sys.executable, "-m", "tests.bench.endpoint"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as endpoint:
        try:
            assert endpoint.stdout is not None
            port = int(endpoint.stdout.readline())
            report = {
                name: compare(lines, port, arguments.keys, arguments.pace / 1e3)
                for name, lines in SIZES.items()
            }
        finally:
            endpoint.kill()
    print(json.dumps(report, indent=None if arguments.json else 2))


if __name__ == "__main__":
    main()
