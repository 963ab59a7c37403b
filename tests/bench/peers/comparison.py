"""Other servers beside this one, on the same keys and in the same minutes.

What is measured is a server's own time: from the key press to the question at the endpoint, and
from the end of the answer to the reply in the editor. All servers of a row are open at the same
time and take turns of 20 keys, paced like fast typing, so that whatever else the machine does falls
on all of them. The floor (`tests.bench.floor`) keeps no document and builds no prompt.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.figure import PACE_S, SIZES, Figure
from tests.bench.peers.servers import Server, servers
from tests.bench.peers.typist import Clock, Typist
from tests.bench.texts import document

TURN = 20
PAUSE_S = 0.2
"""Between turns: some servers go on working when they have answered."""
Report = dict[str, dict[str, dict[str, float]] | dict[str, str]]


def compare(keys: int) -> Report:
    """Figures by size and server; under ``missing`` the servers that are not here, and why."""
    argv = [sys.executable, "-m", "tests.bench.peers.endpoint"]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as endpoint,
    ):
        try:
            assert endpoint.stdout is not None
            port = int(endpoint.stdout.readline())
            found = servers(port, Path(folder))
            missing = {server.name: server.missing for server in found if server.missing}
            report: Report = {"missing": missing}
            for size in SIZES:
                here = [server for server in found if server.name not in missing]
                report[size] = at_size(size, here, Clock(port), keys, missing)
        finally:
            endpoint.kill()
    return report


def at_size(
    size: str, here: list[Server], clock: Clock, keys: int, missing: dict[str, str]
) -> dict[str, dict[str, float]]:
    """One row: medians, 99th percentiles and ratios to the floor.

    A server that does not start is entered in `missing`.
    """
    text = document(*SIZES[size])
    typists: dict[str, Typist] = {}
    for server in here:
        try:
            typists[server.name] = Typist(server, clock, text)
        except (OSError, EOFError, AssertionError) as fault:
            missing[server.name] = f"it does not start ({type(fault).__name__})"
    samples: dict[str, list[float]] = {name: [] for name in typists}
    try:
        for turn in range(-1, -(-keys // TURN)):  # the first is a warm-up
            for name, typist in typists.items():
                taken = pressed(typist)
                samples[name] += taken if turn >= 0 else []
    finally:
        for typist in typists.values():
            typist.close()
    floor = Figure(samples["floor"])
    return {name: figures(taken, floor) for name, taken in samples.items()}


def pressed(typist: Typist) -> list[float]:
    """One turn of a server."""
    time.sleep(PAUSE_S)
    taken = []
    for _ in range(TURN):
        time.sleep(PACE_S)
        if (one := typist.press()) is not None:
            taken.append(one)
    return taken


def figures(samples: list[float], floor: Figure) -> dict[str, float]:
    """What is reported; `answers` says on how many keys the figures rest."""
    if not samples:
        return {"answers": 0}
    return {**Figure(samples).against(floor), "answers": len(samples)}


def show(report: Report, console: Console) -> None:
    """The figures as a table."""
    table = Table("size", "server", "p50 ms", "p99 ms", "× floor p50", "× floor p99", "answers")
    for size in SIZES:
        for server, row in report[size].items():
            assert isinstance(row, dict)
            table.add_row(size, server, *(f"{value:g}" for value in row.values()))
    console.print(table)
    for server, why in report["missing"].items():
        console.print(f"{server} is left out: {why}; tests/bench/peers/parts.sh fetches it")
