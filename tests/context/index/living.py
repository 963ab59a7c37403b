"""A real helper process over a real folder, for one test."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from zeta_lsp.context.index.client import Index
from zeta_lsp.context.index.messages import Reason
from zeta_lsp.core.related import Identifier, Place

Spot = tuple[int, int]
PATIENCE_S = 20.0
"""Long enough for a machine that is busy with other things."""


class Told:
    """What an index told, and the means to wait for it."""

    def __init__(self) -> None:
        self.reasons: list[tuple[Reason, int]] = []
        self.progress: list[tuple[int, int]] = []
        self._heard = asyncio.Event()

    def tell(self, reason: Reason, count: int) -> None:
        self.reasons.append((reason, count))
        self._heard.set()

    def move(self, done: int, total: int) -> None:
        self.progress.append((done, total))

    async def until(self, reason: Reason) -> int:
        async with asyncio.timeout(PATIENCE_S):
            while reason not in dict(self.reasons):
                self._heard.clear()
                await self._heard.wait()
        return dict(self.reasons)[reason]


@contextlib.asynccontextmanager
async def living(
    root: Path, cache: Path | None = None, *globs: str, **given: object
) -> AsyncIterator[tuple[Index, Told]]:
    """An index that agrees with the disk."""
    told = Told()
    options = {"deadline_s": PATIENCE_S, "pause_s": 0.01} | given
    index = Index(cache, told=told.tell, progress=told.move, **options)
    await index.start([root], globs)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await index.after_round(0)
        yield index, told
    finally:
        await index.aclose()


async def where(index: Index, path: Path, name: str, row: int = 0, col: int = 0) -> list[str]:
    """The definitions of a name as ``file:row``."""
    places = await index.definitions(Identifier(name, row, col, 0), str(path))
    return [shown(place) for place in places]


def shown(place: Place) -> str:
    return f"{Path(place.path).name}:{place.start_row}"


async def settles(index: Index, path: Path, name: str, place: Spot, expected: list[str]) -> None:
    """Wait until the definitions of a name are these; the index follows the disk by itself."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            round_ = 0 if index.state is None else index.state.round
            if await where(index, path, name, *place) == expected:
                return
            await index.after_round(round_)


async def after(index: Index, change: Callable[[], object]) -> None:
    """Change something and wait until the index has looked at the disk again."""
    assert index.state is not None
    before = index.state.round
    change()
    async with asyncio.timeout(PATIENCE_S):
        await index.after_round(before)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
