"""What the first index of a large tree costs: seconds, memory of the helper, size of its cache.

Memory counts what is resident in the helper and the processes that it starts to read files; pages
that they share count in each.
"""

import asyncio
import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

from zeta_lsp.context.index.admission import language_of
from zeta_lsp.context.index.client import Index

LOOK_S = 0.02


class FirstIndex(NamedTuple):
    """`again_s` is a start with the cache there and nothing changed."""

    files: int
    megabytes: float
    symbols: int
    seconds: float
    again_s: float
    peak_mib: float
    resident_mib: float
    cache_mib: float


async def first_index(sources: Sequence[Path], count: int) -> FirstIndex:
    """Copy `count` source files of some folders into a tree, and index it twice."""
    with tempfile.TemporaryDirectory() as folder:
        tree, cache = Path(folder, "tree"), Path(folder, "cache")
        files, size_bytes = _copied(sources, tree, count)
        seconds, symbols, peak, resident = await _timed(tree, cache)
        again_s, *_ = await _timed(tree, cache)
        cached = _size_bytes(cache)
    mib = 1 << 20
    return FirstIndex(
        files, size_bytes / 1e6, symbols, seconds, again_s, peak / mib, resident / mib, cached / mib
    )


async def _timed(tree: Path, cache: Path) -> tuple[float, int, int, int]:
    """Seconds, symbols, and the most and the last resident bytes of helper and readers."""
    index = Index(cache)
    started_s = time.perf_counter()
    watching = asyncio.create_task(_most_bytes(index))
    try:
        await index.start([tree])
        state = await index.after_round(0)
        seconds = time.perf_counter() - started_s
        watching.cancel()
        now = _bytes(index)
        return seconds, state.symbols, max(await watching, now), now
    finally:
        await index.aclose()


async def _most_bytes(index: Index) -> int:
    """The most that was seen until it is cancelled."""
    most = 0
    try:
        while True:
            most = max(most, _bytes(index))
            await asyncio.sleep(LOOK_S)
    except asyncio.CancelledError:
        return most


def _bytes(index: Index) -> int:
    """What the helper has resident, with the processes that it started."""
    if index.pid is None:
        return 0
    total = 0
    helper = psutil.Process(index.pid)
    for process in (helper, *helper.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += process.memory_info().rss
    return total


def _size_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _copied(sources: Sequence[Path], tree: Path, count: int) -> tuple[int, int]:
    """Copies of all files in their folders, and again until there are enough."""
    size_bytes = done = 0
    while done < count:
        before = done
        for source, path in _files(sources):
            if done == count:
                break
            target = tree / f"copy{before}" / path.relative_to(source.parent)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            size_bytes += target.stat().st_size
            done += 1
        if done == before:
            break
    return done, size_bytes


def _files(sources: Sequence[Path]) -> Iterator[tuple[Path, Path]]:
    for source in sources:
        for path in sorted(source.rglob("*")):
            if path.is_file() and not path.is_symlink() and language_of(str(path)) is not None:
                yield source, path
