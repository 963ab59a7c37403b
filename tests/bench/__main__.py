"""How much zeta-lsp adds to a keystroke: ``python -m tests.bench [--json] [--quick]``.

Everything is measured in one run on one machine, paced like fast typing, and given as median and
99th percentile and as a ratio to the floor (`floor.py`: a bare asyncio JSON-RPC echo, with a raw
HTTP client for the whole path). The endpoint answers at once, so the model's time is zero. Other
servers follow (`peers`), as far as they are installed.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.client import Client, frame
from tests.bench.figure import PACE_S, SIZES, paced
from tests.bench.peers import comparison
from tests.bench.texts import document

URI = "file:///bench/file.py"
PEER_KEYS = 200
"""One of the others takes a third of a second for each at 5 MB."""
SERVER = [sys.executable, "-m", "zeta_lsp"]


def open_server(config: Path, text: str) -> Client:
    """A running zeta-lsp with one document open."""
    env = {"ZETA_LSP_CONFIG": str(config), "ZETA_LSP_DATA_DIR": str(config.parent / "data")}
    client = Client(SERVER, env)
    client.request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    client.notify("initialized", {})
    item = {"uri": URI, "languageId": "python", "version": 0, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": item})
    client.request("textDocument/copilotInlineEdit", ask(0, 0, 0))
    time.sleep(1.5)  # imports that were put off until after the first answer are part of no figure
    return client


def ask(version: int, line: int, character: int, uri: str = URI) -> dict[str, object]:
    """Parameters of a prediction request."""
    return {
        "textDocument": {"uri": uri, "version": version},
        "position": {"line": line, "character": character},
        "context": {"triggerKind": 2},
    }


class Typist:
    """Types one character after another near the middle of the document, asking after each.

    After some 40 columns the line is replaced by a new number and grows again, so that no text
    comes back: a text seen before would be answered without the model.
    """

    def __init__(self, client: Client, lines: int, uri: str = URI) -> None:
        self.client, self.row, self.uri = client, lines // 2, uri
        self.version = self.column = 0

    def press(self, _: int) -> object:
        """One key and one request, in one write as an editor would batch them."""
        self.version += 1
        start, end, text = self.column, self.column, "x"
        if self.column >= 40:
            start, text = 0, f"{self.version:06}"
        self.column = start + len(text)
        change = {
            "range": {
                "start": {"line": self.row, "character": start},
                "end": {"line": self.row, "character": end},
            },
            "text": text,
        }
        params = {
            "textDocument": {"uri": self.uri, "version": self.version},
            "contentChanges": [change],
        }
        changed = frame({"method": "textDocument/didChange", "params": params})
        request = ask(self.version, self.row, self.column, self.uri)
        return self.client.request("textDocument/copilotInlineEdit", request, after=changed)


def bench(count: int) -> dict[str, object]:
    """All figures."""
    report: dict[str, object] = {"pace_ms": PACE_S * 1e3, "keystrokes": count}
    argv = [sys.executable, "-m", "tests.bench.endpoint"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as endpoint:
        try:
            assert endpoint.stdout is not None
            port = int(endpoint.stdout.readline())
            report |= sizes(port, count) | {"start": start_up(port)}
        finally:
            endpoint.kill()
    return report | {"peers": comparison.compare(min(count, PEER_KEYS))}


def sizes(port: int, count: int) -> dict[str, object]:
    """Keystroke and whole path at every size."""
    report: dict[str, object] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        Client([sys.executable, "-m", "tests.bench.floor", str(port)]) as floor,
    ):
        off, on = configurations(Path(folder), port)
        for name, (lines, width) in SIZES.items():
            text = document(lines, width)
            echo = paced(lambda _: floor.request("floor/echo", {}), count)
            with open_server(off, text) as client:
                key = paced(Typist(client, lines).press, count)
            whole_floor = paced(lambda _: floor.request("floor/ask", {}), count)
            with open_server(on, text) as client:
                typist, before = Typist(client, lines), client.cpu_s()
                answered = [0]

                def press(index: int, typist: Typist = typist, seen: list[int] = answered) -> None:
                    reply = typist.press(index)
                    seen[0] += bool(isinstance(reply, dict) and reply["edits"])

                whole = paced(press, count)
                cpu_ms = (client.cpu_s() - before) / (count + 20) * 1e3
                memory = client.memory_mib()
            report[name] = {
                "key_and_request_without_model": key.against(echo),
                "whole_path": whole.against(whole_floor),
                "answered_with_an_edit": round(answered[0] / (count + 20), 3),
                "cpu_ms_per_key": round(cpu_ms, 3),
                "memory_mib": round(memory, 1),
            }
    return report


def configurations(folder: Path, port: int) -> tuple[Path, Path]:
    """A user file that predicts nothing, and one that asks the endpoint on every key."""
    off, on = folder / "off.toml", folder / "on.toml"
    predict = "debounce_ms = 0\nthrottle_ms = 0\nmax_file_bytes = 8388608\n"
    endpoint = (
        f'[endpoint]\nurl = "http://127.0.0.1:{port}/v1/completions"\nmodel = "m"\n'
        'format = "zeta2.1"\n[predict]\n'
    )
    off.write_text(endpoint + 'mode = "off"\n' + predict)
    on.write_text(endpoint + predict)
    for file in (off, on):
        file.chmod(0o600)
    return off, on


def start_up(port: int) -> dict[str, float]:
    """Process start to the `initialize` reply and to the first answer, medians of 7."""
    replied, answered = [], []
    with tempfile.TemporaryDirectory() as folder:
        _, on = configurations(Path(folder), port)
        env = {"ZETA_LSP_CONFIG": str(on), "ZETA_LSP_DATA_DIR": f"{folder}/data"}
        for _ in range(7):
            with Client(SERVER, env) as client:
                client.request("initialize", {"processId": None, "capabilities": {}})
                replied.append((time.perf_counter() - client.started_s) * 1e3)
                client.notify("initialized", {})
                item = {"uri": URI, "languageId": "python", "version": 0, "text": document(200)}
                client.notify("textDocument/didOpen", {"textDocument": item})
                client.request("textDocument/copilotInlineEdit", ask(0, 100, 0))
                answered.append((time.perf_counter() - client.started_s) * 1e3)
    return {
        "initialize_reply_ms": round(statistics.median(replied), 1),
        "first_answer_ms": round(statistics.median(answered), 1),
    }


def show(report: dict[str, object]) -> None:
    """The figures as a table."""
    table = Table("size", "what", "p50 ms", "p99 ms", "× floor p50", "× floor p99")
    for name in SIZES:
        size = report[name]
        assert isinstance(size, dict)
        for what in ("key_and_request_without_model", "whole_path"):
            figures = [f"{value:g}" for value in size[what].values()]
            table.add_row(name, what.replace("_", " "), *figures)
    console = Console()
    console.print(table)
    for name in SIZES:
        size = report[name]
        assert isinstance(size, dict)
        console.print(
            f"{name}: {size['cpu_ms_per_key']} ms CPU a key, {size['memory_mib']} MiB, "
            f"{size['answered_with_an_edit']:.0%} of requests answered with an edit"
        )
    console.print(f"start: {report['start']}")
    peers = report["peers"]
    assert isinstance(peers, dict)
    comparison.show(peers, console)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--quick", action="store_true", help="fewer keystrokes")
    arguments = parser.parse_args()
    report = bench(60 if arguments.quick else 400)
    if arguments.json:
        print(json.dumps(report, indent=2))
    else:
        show(report)


if __name__ == "__main__":
    main()
