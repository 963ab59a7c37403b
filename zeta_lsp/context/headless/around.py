"""What stands around places in a folder that nobody has open: what a session there would gather.

The steps and the index are those of a session (`core.gathering`, `WorkspaceGatherer`); the doors
are language servers of our own, one for each language, started when the first place in a file of
it is asked about. Somebody has time here: the index is waited for, and its deadlines are long.

One place is looked at a time. Files that are not as on disk are written there for as long as that
takes, and opened in the server: some servers look at the one, some at the other. Nothing is written
through a link, nor outside the folder, and all is put back.

Promise: the same folder, places and servers give the same answers, whatever came before. A server
that ends is started again `STARTS_MAX` times at most; without one, the index answers.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from zeta_lsp.context.gatherer import WorkspaceGatherer
from zeta_lsp.context.grammars import grammar_name
from zeta_lsp.context.headless.commands import Command, commands_for
from zeta_lsp.context.headless.door import Headless, Limits, opened
from zeta_lsp.context.headless.laying import Laid
from zeta_lsp.context.headless.trouble import Trouble
from zeta_lsp.context.syntax import syntax_for
from zeta_lsp.core.exclusion import excluded
from zeta_lsp.core.gathering import (
    OVERLAY_BYTES,
    Standing,
    diagnostics_at,
    found_around,
    problems_in,
    view_at,
)
from zeta_lsp.core.problems import Problem
from zeta_lsp.core.related import Visit
from zeta_lsp.core.surroundings import Surroundings, View
from zeta_lsp.core.text import split_lines

READY_S = 120.0
ANSWER_S = 20.0
STARTS_MAX = 3

CommandsFor = Callable[[str], Sequence[Command]]


@asynccontextmanager
async def looking_around(
    root: Path,
    *,
    definitions: bool = True,
    diagnostics: bool = True,
    commands: CommandsFor = commands_for,
    limits: Limits | None = None,
) -> AsyncIterator["LookingAround"]:
    """Look around in a folder (an absolute path), whose name is what prompts call it.

    Servers and index end with the context.

    Raises:
        TimeoutError: the index did not come to know the folder in time.
    """
    gatherer = WorkspaceGatherer(None, deadline_s=ANSWER_S, excerpts_s=ANSWER_S)
    looking = LookingAround(
        root,
        gatherer if definitions else None,
        diagnostics=diagnostics,
        commands=commands,
        limits=limits or Limits(),
    )
    try:
        if definitions:
            await gatherer.start([root], [root.name], [], lambda *_: None)
            async with asyncio.timeout(READY_S):
                await gatherer.until_ready()
        yield looking
    finally:
        await looking.aclose()
        await gatherer.aclose()


class LookingAround:
    """Made by `looking_around`; belongs to one event loop."""

    def __init__(
        self,
        root: Path,
        gatherer: WorkspaceGatherer | None,
        *,
        diagnostics: bool,
        commands: CommandsFor,
        limits: Limits,
    ) -> None:
        self._root, self._gatherer, self._diagnostics = root, gatherer, diagnostics
        self._commands, self._limits = commands, limits
        self._servers: dict[str, Headless] = {}
        self._starts: dict[str, int] = {}
        self._turn = asyncio.Lock()
        self._troubles: set[str] = set()

    async def around(self, standing: Standing) -> tuple[Surroundings, frozenset[str]]:
        """What is known around a place, and words for why that is less than it could be."""
        async with self._turn:
            self._troubles = set()
            found = await self._around(standing)
            self._troubles.discard(Trouble.OUTSIDE)  # so are most libraries
            self._troubles.discard(Trouble.NOT_OFFERED)
            return found, frozenset(self._troubles)

    async def aclose(self) -> None:
        """End all servers."""
        servers, self._servers = self._servers, {}
        for server in servers.values():
            await server.aclose()

    async def _around(self, standing: Standing) -> Surroundings:
        lines = split_lines(standing.text)
        file = self._root / standing.path
        if excluded(str(file), str(self._root)) or standing.row >= len(lines):
            return Surroundings(row_count=len(lines))
        laid = Laid(self._root, {**standing.others, standing.path: standing.text})
        try:
            laid.write(but=file)
            return await self._looked(standing, lines, laid)
        finally:
            laid.put_back()
            await self._forget(laid)

    async def _looked(self, standing: Standing, lines: Sequence[str], laid: Laid) -> Surroundings:
        file, place = self._root / standing.path, (standing.row, standing.col)
        language = grammar_name("", standing.path) or ""
        server = await self._ready(language, file, laid)
        doors = [] if server is None else [server]
        problems: tuple[Problem, ...] = ()
        if self._diagnostics:
            problems = tuple(sorted(await problems_in(file.as_uri(), doors) or (), key=_order))
        syntax = syntax_for(language, standing.path)
        if problems and syntax is not None:
            syntax.refresh(lines)
        known = Surroundings(
            diagnostics=diagnostics_at(problems, lines, place, syntax),
            row_count=len(lines),
            problems=problems,
        )
        if self._gatherer is None:
            return known
        for path, text in laid.texts.items():
            if text is not None and len(text.encode()) <= OVERLAY_BYTES:
                self._gatherer.overlay(str(path), text)
        view = view_at(file.as_uri(), str(file), language, lines, place)
        return await self._related(known, view, doors, standing)

    async def _related(
        self, known: Surroundings, view: View, doors: Sequence[Headless], standing: Standing
    ) -> Surroundings:
        assert self._gatherer is not None
        found = await found_around(view, doors, self._gatherer, asyncio.gather)
        visits = [Visit(str(self._root / one.path), one.row, one.age_s) for one in standing.visits]
        files, receipts = await self._gatherer.files(view, found, visits)
        return Surroundings(files, receipts, known.diagnostics, known.row_count, known.problems)

    async def _ready(self, language: str, file: Path, laid: Laid) -> Headless | None:
        """The server for a language, with the files at hand opened."""
        server = self._servers.get(language)
        if server is not None and server.is_over:
            self._troubles.add(Trouble.ENDED)
            del self._servers[language]
            await server.aclose()
            server = None
        is_new = server is None
        server = server or await self._started(language)
        if server is None:
            return None
        for path, text in laid.texts.items():
            if text is not None and grammar_name("", str(path)) == language:
                server.open(path.as_uri(), language, text)
        if is_new:
            await server.until_ready()
        return server

    async def _started(self, language: str) -> Headless | None:
        for command in self._commands(language):
            self._starts[language] = self._starts.get(language, 0) + 1
            if self._starts[language] > STARTS_MAX:
                return None
            server = await opened(command, self._root, limits=self._limits, told=self._tell)
            if server is not None:
                self._servers[language] = server
                return server
        return None

    async def _forget(self, laid: Laid) -> None:
        """Let servers and index see the files on disk again."""
        for server in self._servers.values():
            for path in laid.texts:
                server.close(path.as_uri())
            if laid.texts:  # behind one answer, all of them are closed
                await server.until_closed(next(iter(laid.texts)).as_uri())
        if self._gatherer is None:
            return
        for path in laid.texts:
            self._gatherer.overlay(str(path), None)
        if laid.written:
            async with asyncio.timeout(READY_S):
                await self._gatherer.until_agreed([str(path) for path in laid.written])

    def _tell(self, trouble: Trouble) -> None:
        self._troubles.add(trouble)


def _order(problem: Problem) -> tuple[int, int, int, int, int, str, str]:
    """Servers say in any order what they found at the same time."""
    start, end = (problem.start_row, problem.start_col), (problem.end_row, problem.end_col)
    return (*start, *end, problem.severity or 0, problem.source, problem.message)
