"""The pipeline's stages over many rows: ``python -m tests.bench.pipeline [ROWS]``.

Invented examples (1.7 kB of code around the cursor, a history, an edit; a tenth are near-copies of
others) go through the real commands, one after the other. For each stage: seconds, processor time
of all its processes, also for a row as a multiple of the floor's, and the most memory that they
held together. The floor is a process that reads the same lines as JSON and writes them again;
``trove`` is `score` over shards on datatrove's executor for one machine.
100 000 rows by default.
"""

import json
import math
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil  # type: ignore[import-untyped]  # it ships no types

WORDS = [f"{stem}_{n}" for stem in ("total", "price", "row", "item", "user") for n in range(400)]
PAUSE_S = 0.02
EACH = 2_000
"""Rows of a shard."""
FLOOR = (
    "import sys, msgspec\n"
    "out = open(sys.argv[2], 'wb')\n"
    "for line in open(sys.argv[1], 'rb'):\n"
    "    out.write(msgspec.json.encode(msgspec.json.decode(line)) + b'\\n')\n"
)


def rows(count: int) -> Iterator[bytes]:
    """Examples as others write them, without the input of the prediction."""
    lots = random.Random(1)
    bodies: list[list[str]] = []
    for number in range(count):
        if bodies and number % 10 == 0:
            body = list(lots.choice(bodies))
            body[lots.randrange(len(body))] = "    pass"
        else:
            body = [f"    {a} = {b}({c})" for a, b, c in zip(*_words(lots), strict=True)]
        if len(bodies) < 1000:
            bodies.append(body)
        yield json.dumps(_row(number, body, lots)).encode() + b"\n"


def _words(lots: random.Random) -> list[list[str]]:
    return [lots.choices(WORDS, k=60) for _ in range(3)]


def _row(number: int, body: list[str], lots: random.Random) -> dict[str, object]:
    at = lots.randrange(20, 40)
    path, head = f"shop/part_{number % 500}.py", f"--- a/shop/{number}.py\n+++ b/shop/{number}.py\n"
    new = f"    {lots.choice(WORDS)} = {lots.choice(WORDS)}"
    head = head.replace(f"shop/{number}.py", path)
    edit = f"{head}@@ -{at + 1},2 +{at + 1},2 @@\n {body[at]}\n-{body[at + 1]}\n+{new}\n"
    shown = [*body[:at], f"{body[at]}<|user_cursor|>", *body[at + 1 :]]
    return {
        "repository_url": f"https://example.com/r{number % 700}",
        "revision": f"{number:040x}",
        "tags": ["bench"],
        "cursor_path": path,
        "cursor_position": "\n".join(shown) + "\n",
        "edit_history": f"{head}@@ -{at},1 +{at},1 @@\n-{body[at - 1]}x\n+{body[at - 1]}\n",
        "expected_patches": [edit],
        "predictions": [{"actual_patch": edit.replace(new, f"{new}()"), "provider": "bench"}],
        "zeta": {"session": f"s{number % 3000}", "time": 1.7e9 + number, "licence": "MIT"},
    }


class Cost(NamedTuple):
    """What a process and those that it started took."""

    wall_s: float
    cpu_s: float
    held_mb: float


def ran(command: list[str]) -> Cost:
    """Run a command to its end."""
    started, before, most = time.perf_counter(), _cpu_s(), 0
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    watched = psutil.Process(process.pid)
    while process.poll() is None:
        most = max(most, _held_bytes(watched))
        time.sleep(PAUSE_S)
    assert process.stderr is not None
    said = process.stderr.read().decode()
    assert process.returncode == 0, said
    return Cost(time.perf_counter() - started, _cpu_s() - before, most / 1e6)


def _cpu_s() -> float:
    """Processor time of all processes that came to their end so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _held_bytes(process: psutil.Process) -> int:
    """Memory of its own of a process and its children: pages that they share count once."""
    held = 0
    for one in (process, *_children(process)):
        try:
            held += one.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return held


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def plan() -> Iterator[tuple[str, list[str], bool]]:
    """Each stage with its options, and whether the next goes on with what it makes."""
    yield "read", [], True
    yield "filter", ["--language", "py", "--max-rows", "40"], True
    yield "dedupe", ["--max-duplicates", "2"], True
    yield "format", ["--format", "zeta2.1"], True
    yield "score", [], True
    yield "split", ["--outputs", "train=80%", "test=rest", "--near-duplicates", "join"], False


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "in.jsonl"
        with source.open("wb") as out:
            out.writelines(rows(count))
        size_mb = source.stat().st_size / 1e6
        print(f"{count} rows, {size_mb:.0f} MB")
        floor = ran([sys.executable, "-c", FLOOR, str(source), str(folder / "floor")])
        floor_s = floor.cpu_s / count
        _told("json", count, floor, floor_s)
        for stage, options, is_kept in plan():
            target = folder if stage == "split" else folder / f"{stage}.jsonl"
            command = [sys.executable, "-m", "pipeline", stage, str(source), *options, "--quiet"]
            if stage == "score":
                _told("trove", count, scaled(source, folder), floor_s)
            _told(stage, count, ran([*command, "-o", str(target)]), floor_s)
            if is_kept:
                source, count = target, _count(target)


def scaled(source: Path, folder: Path) -> Cost:
    """Score a file in shards, by datatrove's executor for one machine."""
    shards, made = folder / "shards", folder / "scored"
    scale = [sys.executable, "-m", "pipeline", "scale"]
    ran([*scale, "cut", str(source), "-o", str(shards), "--rows", str(EACH)])
    cost = ran([*scale, "run", "--in", str(shards), "-o", str(made), "score"])
    return cost._replace(cpu_s=math.nan)  # its workers are another's children: nobody counts them


def _count(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)


def _told(stage: str, count: int, cost: Cost, floor_s: float) -> None:
    print(
        f"{stage:8}{count:8} rows {cost.wall_s:7.1f} s {count / cost.wall_s:8.0f} rows/s"
        f" {cost.cpu_s:7.1f} s of processors {cost.cpu_s / count / floor_s:6.1f} × json"
        f" {cost.held_mb:6.0f} MB"
    )


if __name__ == "__main__":
    main()
