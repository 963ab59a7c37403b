"""What the first index of a large tree costs: seconds, memory of the helper, size of its cache."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

from zeta_lsp.context.index.admission import language_of
from zeta_lsp.context.index.client import Index


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
    """Seconds, symbols, and the most and the last resident bytes of the helper."""
    index = Index(cache)
    started_s = time.perf_counter()
    try:
        await index.start([tree])
        state = await index.after_round(0)
        seconds = time.perf_counter() - started_s
        assert index.pid is not None
        return (
            seconds,
            state.symbols,
            _peak_bytes(index.pid),
            psutil.Process(index.pid).memory_info().rss,
        )
    finally:
        await index.aclose()


def _peak_bytes(pid: int) -> int:
    """The most memory that a process had; on systems that do not tell, what it has now."""
    status = Path(f"/proc/{pid}/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) << 10
    return int(psutil.Process(pid).memory_info().rss)


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
