"""Measures one project: its sdists, its server, the index, and the edits between its versions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from tests.bench.context.edits.drawing import Drawn, changed
from tests.bench.context.edits.playing import Asked, Player
from tests.bench.context.edits.results import Results
from tests.bench.context.edits.sdists import Project, trees
from tests.bench.context.servers import command_for
from zeta_lsp.context.headless import Command, Headless, Limits, opened
from zeta_lsp.context.index.client import Index

LIMITS = Limits(start_s=120.0, ready_s=300.0, answer_s=30.0, problems_s=1.0)
DEADLINE_S = 2.0
"""Of the index: what it knows is measured here, not how soon on a busy machine."""


class Ground(msgspec.Struct, frozen=True):
    """A project that is ready to be played."""

    root: Path
    edits: tuple[Drawn, ...]
    command: Command
    server: Headless
    index: Index


class Unserved(Exception):
    """No language server for a project is here, or it does not start."""


async def measure(project: Project, cache: Path, count: int, seed: int) -> list[Asked]:
    """What was asked of a project; from the cache folder if it was before."""
    results = Results(cache)
    known = results.get(Asked, project, count, seed)
    if known is None:
        async with ground(project, cache, seed) as there:
            player = Player(project.name, there.root, there.index, there.server)
            known = await player.play(there.edits, count)
        results.put(known, project, count, seed)
    return known


@asynccontextmanager
async def ground(project: Project, cache: Path, seed: int) -> AsyncIterator[Ground]:
    """The newer tree of a project with its server and the index at work.

    Raises:
        Unfetched: see `sdists`.
        Unserved: there is no server for it.
    """
    older, root = trees(project, cache)
    files, edits = changed(older, root, project.language, seed)
    with command_for(project.language, root, files) as command:
        server = await opened(command, root, limits=LIMITS) if command else None
        if command is None or server is None:
            raise Unserved(f"no language server for {project.language} is here")
        index = Index(None, deadline_s=DEADLINE_S)
        try:
            await index.start([root])
            await index.after_round(0)
            yield Ground(root, edits, command, server, index)
        finally:
            await server.aclose()
            await index.aclose()
