"""What the HTTP door adds to a completion: ``python -m tests.bench.gateway``.

A loopback endpoint that answers at once, in 20 events, is asked by itself and through
`zeta-lsp gateway`, a request of each in turn, paced like fast typing. Both answer the same bytes of
prompt; the door reads the prompt, checks the answer and writes it anew. Three clients: one whose
prompts pass as they are (zeta2.1), one whose prompts are rendered anew for the model (zeta2), and
the embedded model without any endpoint. Then how long it takes until a client that leaves is known
to the endpoint, and what the process weighs.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.figure import PACE_S
from tests.core.formats.inputs import GIVEN
from zeta_lsp.core import formats

PATH = "/v1/completions"
HEADERS = {"content-type": "application/json"}


class Asked:
    """A server that is asked over one connection that stays open."""

    def __init__(self, port: int, prompt: str, *, streams: bool) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        body = {"model": "zeta2.1", "prompt": prompt, "max_tokens": 512, "stop": []}
        self._body = json.dumps({**body, "stream": streams}).encode()

    def ask(self) -> bytes:
        self._connection.request("POST", PATH, self._body, HEADERS)
        response = self._connection.getresponse()
        answer = response.read()
        assert response.status == 200, answer
        return answer


def in_turns(asked: dict[str, Callable[[], object]], count: int) -> dict[str, list[float]]:
    """Samples of each, in milliseconds, sorted."""
    samples: dict[str, list[float]] = {name: [] for name in asked}
    for index in range(-20, count):
        for name, ask in asked.items():
            time.sleep(PACE_S)
            started_s = time.perf_counter()
            ask()
            if index >= 0:
                samples[name].append((time.perf_counter() - started_s) * 1e3)
    return {name: sorted(kept) for name, kept in samples.items()}


def summed_up(samples: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    """Percentiles, what each costs more than asking directly, and how many times as much."""
    direct = statistics.median(samples["direct"])
    figures = {}
    for name, kept in samples.items():
        p50 = statistics.median(kept)
        figures[name] = {
            "p50_ms": round(p50, 3),
            "p99_ms": round(kept[int(len(kept) * 0.99)], 3),
            "added_p50_ms": round(p50 - direct, 3),
            "ratio_p50": round(p50 / direct, 2),
        }
    return figures


def started(*arguments: str, home: Path) -> tuple[subprocess.Popen[str], str]:
    """A process of ours, and its first line."""
    variables = {
        "ZETA_LSP_CONFIG": str(home / "config.toml"),
        "ZETA_LSP_DATA_DIR": str(home / "data"),
    }
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline()


def gateway(home: Path, *options: str) -> tuple[subprocess.Popen[str], int]:
    """A gateway and its port."""
    arguments = ("-m", "zeta_lsp", "gateway", "--port", "0", "--json", *options)
    process, line = started(*arguments, home=home)
    return process, int(json.loads(line)["url"].rpartition(":")[2])


def resident_mb(process: subprocess.Popen[str]) -> float:
    """What a process has in memory."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return round(int(line.split()[1]) / 1024, 1)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What the HTTP door costs.")
    parser.add_argument("--count", type=int, default=400)
    count = parser.parse_args().count
    same, other = (formats.get(name).render(GIVEN) for name in ("zeta2.1", "zeta2"))
    assert same is not None
    assert other is not None
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        endpoint, line = started("-m", "tests.bench.endpoint", home=home)
        url = f"http://127.0.0.1:{line.strip()}{PATH}"
        before_s = time.perf_counter()
        door, port = gateway(home, "--url", url, "--model", "zeta-2.1")
        start_ms = (time.perf_counter() - before_s) * 1e3
        own, own_port = gateway(home, "--kind", "repeat")
        samples = in_turns(
            {
                "direct": Asked(int(line), same.text, streams=True).ask,
                "as it is": Asked(port, same.text, streams=False).ask,
                "as a stream": Asked(port, same.text, streams=True).ask,
                "rendered anew": Asked(port, other.text, streams=False).ask,
                "embedded": Asked(own_port, same.text, streams=False).ask,
            },
            count,
        )
        figures = {**summed_up(samples), "start_ms": round(start_ms), "rss_mb": resident_mb(door)}
        print(json.dumps(figures, indent=2))
        for process in (endpoint, door, own):
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
