"""A writer that is killed at any moment has lost nothing that it acknowledged."""

import os
import random
import select
import sqlite3
import subprocess
import sys
from pathlib import Path

from capture.store import Reading, Segment
from tests.capture.store.rows import clock, outcome, settled, snapshot

KILLS = int(os.environ.get("ZETA_SOAK_KILLS", "100"))
AT_ONCE = 2


def started(folder: Path, name: str, *how: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.capture.store.writing", str(folder), name, *how]
    return subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0)


def killed_after(process: "subprocess.Popen[bytes]", lines: int, spin: int) -> int:
    """Kill a writer some turns after it acknowledged something; the last number it acknowledged."""
    assert process.stdout is not None
    told = b""
    while told.count(b"\n") < lines:
        told += os.read(process.stdout.fileno(), 4096)
    for _ in range(spin):
        select.select([], [], [], 0)
    process.kill()
    told += process.stdout.read()
    process.wait()
    process.stdout.close()
    return int(told[: told.rindex(b"\n")].split(b"\n")[-1])


def check(folder: Path, acknowledged: dict[str, int]) -> None:
    with Reading(folder) as reading:
        found = {one.snapshot.id: one for one in reading.predictions()}
        assert (reading.damaged, reading.problems) == (0, [])
    for name, last in acknowledged.items():
        for n in range(last + 1):
            one = found[f"{name}-{n}"]
            assert one.snapshot == snapshot(n, session=name)
            assert one.outcomes == (outcome(n, session=name),)
            assert one.settled == (settled(n, session=name),)
    for path in (folder / "segments").glob("*.db"):
        connection = sqlite3.connect(path)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()


def test_no_acknowledged_row_is_lost_when_writers_are_killed(tmp_path: Path) -> None:
    folder = tmp_path / "capture"
    dice, acknowledged = random.Random(3), {}
    for round_ in range(0, KILLS, AT_ONCE):
        names = [f"k{round_ + n}" for n in range(AT_ONCE)]
        processes = [started(folder, name) for name in names]
        for name, process in zip(names, processes, strict=True):
            acknowledged[name] = killed_after(process, dice.randint(1, 6), dice.randint(0, 3000))
    check(folder, acknowledged)
    assert len(list((folder / "segments").glob("*.db"))) <= 2 * AT_ONCE
    segment = Segment.claim(folder, clock())
    assert segment.notice == ""
    segment.close()
