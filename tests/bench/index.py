"""What the symbol index costs: ``python -m tests.bench.index [FOLDER] [--files N] [--json]``.

Indexes a copy of a folder of real code (the standard library, repeated, if none is given) from
nothing and again from its cache, then asks where the names around places in it are defined, and
writes files. Given are seconds, the memory of the helper alone and with its readers, and times as a
server waits for them.
"""

import argparse
import asyncio
import itertools
import json
import os
import random
import shutil
import statistics
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from zeta_lsp.context.index.client import Index
from zeta_lsp.context.outline import identifiers_near
from zeta_lsp.core.text import split_lines

DEADLINE_S = 10.0
QUESTIONS = 200
WRITES = 20
PER_FOLDER = 20
LOOK_S = 0.05

Figures = dict[str, float]


def copied(source: Path, root: Path, count: int) -> list[Path]:
    """Copies of code files in folders of their own, each with a definition that no other has."""
    files = [path for path in source.rglob("*.py") if 500 < path.stat().st_size < 100_000]
    copies = []
    for number, path in zip(range(count), itertools.cycle(files), strict=False):
        folder = root / f"d{number // PER_FOLDER // 50}" / f"p{number // PER_FOLDER}"
        folder.mkdir(parents=True, exist_ok=True)
        copy = folder / f"m{number}.py"
        copy.write_bytes(path.read_bytes() + f"\n\ndef own_{number}(): ...\n".encode())
        copies.append(copy)
    return copies


async def first(root: Path, cache: Path) -> tuple[Index, Figures]:
    """Start an index and wait until it agrees with the disk."""
    index, started_s = Index(cache, deadline_s=DEADLINE_S), time.perf_counter()
    await index.start([root])
    peak = asyncio.create_task(watched(index))
    state = await index.after_round(0)
    took_s = time.perf_counter() - started_s
    peak.cancel()
    alone, all_ = await peak
    figures = {
        "s": took_s,
        "files": state.files,
        "symbols": state.symbols,
        "helper_mib": alone / 2**20,
        "with_readers_mib": all_ / 2**20,
    }
    return index, figures


async def watched(index: Index) -> tuple[int, int]:
    """The most resident memory of the helper, and of it with its readers, until cancelled."""
    alone = together = 0
    try:
        while True:
            sizes = list(memory(index.pid)) if index.pid is not None else [0]
            alone, together = max(alone, sizes[0]), max(together, sum(sizes))
            await asyncio.sleep(LOOK_S)
    except asyncio.CancelledError:
        return alone, together


def memory(pid: int) -> Iterator[int]:
    """Resident bytes of a process, then of its children."""
    process = psutil.Process(pid)
    yield process.memory_info().rss
    for child in process.children():
        try:
            yield child.memory_info().rss
        except psutil.NoSuchProcess:
            continue


async def questions(index: Index, files: list[Path]) -> Figures:
    """Ask for all names around places, as the server does when the cursor rests; then again."""
    chance, cold, warm, names = random.Random(1), [], [], []
    for file in chance.sample(files, min(QUESTIONS, len(files))):
        lines = split_lines(file.read_text(encoding="utf-8", errors="replace"))
        wanted = identifiers_near("python", lines, chance.randrange(len(lines)), 0)
        if wanted:
            names.append(len(wanted))
            for times in (cold, warm):
                started_s = time.perf_counter()
                await index.definitions_of(wanted, str(file))
                times.append((time.perf_counter() - started_s) * 1000)
    return {
        "names": statistics.mean(names),
        **{f"first_ms_p{p}": at(cold, p) for p in (50, 99)},
        **{f"again_ms_p{p}": at(warm, p) for p in (50, 99)},
    }


async def writes(index: Index, files: list[Path]) -> Figures:
    """Write files and wait until the index knows it."""
    times = []
    for file in files[:WRITES]:
        state = await index.after_round(0)
        started_s = time.perf_counter()
        file.write_bytes(file.read_bytes() + b"\n\ndef fresh(): ...\n")
        await index.after_round(state.round)
        times.append((time.perf_counter() - started_s) * 1000)
    return {f"ms_p{p}": at(times, p) for p in (50, 99)}


def at(times: list[float], percent: int) -> float:
    """A percentile."""
    return sorted(times)[min(len(times) - 1, len(times) * percent // 100)]


async def measure(source: Path, count: int, place: Path) -> dict[str, Figures]:
    """All figures."""
    root, cache = place / "root", place / "cache"
    files = copied(source, root, count)
    index, cold = await first(root, cache)
    await index.aclose()
    index, warm = await first(root, cache)
    asked, written = await questions(index, files), await writes(index, files)
    await index.aclose()
    cold["cache_mib"] = sum(file.stat().st_size for file in cache.iterdir()) / 2**20
    return {"first index": cold, "next start": warm, "questions": asked, "changes": written}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default=sysconfig.get_path("stdlib"))
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="zeta-lsp-index-"))
    try:
        found = asyncio.run(measure(Path(options.folder), options.files, place))
    finally:
        shutil.rmtree(place)
    if options.json:
        json.dump(found, sys.stdout)
        return
    print(f"{os.cpu_count()} cores")
    for name, figures in found.items():
        print(name, "  ".join(f"{key} {value:.1f}" for key, value in figures.items()))


if __name__ == "__main__":
    main()
