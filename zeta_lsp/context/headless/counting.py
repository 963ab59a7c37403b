"""Errors that language servers find in a project's files, for those who judge edits.

One server for each language, started when the first file of it is asked about. A file is asked
about with several texts one after another, and closed then, so that the files on disk are what the
next question is about. Nothing is written.

Promise: a file outside the project's folder is never opened, whatever path is asked for. None means
that nobody knows: no server for the language, one that ended, or one that took too long.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from zeta_lsp.context.grammars import grammar_name
from zeta_lsp.context.headless.commands import Command, commands_for
from zeta_lsp.context.headless.door import Headless, Limits, opened

ERROR = 1
"""The severity that counts; servers that give none mean it."""
FILE_BYTES_MAX = 4 << 20

CommandsFor = Callable[[str], Sequence[Command]]


@asynccontextmanager
async def counting(
    root: Path, *, commands: CommandsFor = commands_for, limits: Limits | None = None
) -> AsyncIterator["Counting"]:
    """Language servers for a folder (an absolute path); they end with the context."""
    found = Counting(root, commands, limits or Limits())
    try:
        yield found
    finally:
        await found.aclose()


class Counting:
    """Made by `counting`; belongs to one event loop."""

    def __init__(self, root: Path, commands: CommandsFor, limits: Limits) -> None:
        self._root, self._commands, self._limits = root, commands, limits
        self._servers: dict[str, Headless | None] = {}
        self._turn = asyncio.Lock()

    async def error_counts(
        self, path: str, excerpt: str, texts: Sequence[str]
    ) -> Sequence[int | None]:
        """Errors in a file with each text in place of an excerpt of it."""
        file, language = _inside(self._root, path), grammar_name("", path)
        if language is None or file is None:
            return [None] * len(texts)
        before, after = _around(file, excerpt)
        async with self._turn:  # a server has one text of a file at a time
            counts: dict[str, int | None] = {}
            for text in texts:
                if text not in counts:
                    counts[text] = await self._count(file, language, before + text + after)
            await self._close(file, language)
        return [counts[text] for text in texts]

    async def aclose(self) -> None:
        """End all servers."""
        for server in self._servers.values():
            if server is not None:
                await server.aclose()

    async def _count(self, file: Path, language: str, text: str) -> int | None:
        is_new = language not in self._servers
        if is_new:
            self._servers[language] = await self._opened(language)
        server = self._servers[language]
        if server is None or server.is_over:
            return None
        server.open(file.as_uri(), language, text)
        if is_new:
            await server.until_ready()
        problems = await server.problems(file.as_uri())
        if problems is None:
            return None
        return sum(problem.severity in {ERROR, None} for problem in problems)

    async def _opened(self, language: str) -> Headless | None:
        for command in self._commands(language):
            server = await opened(command, self._root, limits=self._limits)
            if server is not None:
                return server
        return None

    async def _close(self, file: Path, language: str) -> None:
        server = self._servers.get(language)
        if server is not None:
            server.close(file.as_uri())
            await server.until_closed(file.as_uri())


def _inside(root: Path, path: str) -> Path | None:
    """A file of a folder; None if the path leads out of it, by a link too."""
    try:
        file = (root / path).resolve()
    except (OSError, ValueError):
        return None
    return file if file.is_relative_to(root.resolve()) else None


def _around(file: Path, excerpt: str) -> tuple[str, str]:
    """What stands before and after an excerpt in its file; nothing if it is not in it once."""
    try:
        if file.stat().st_size > FILE_BYTES_MAX:
            return "", ""
        whole = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError):
        return "", ""
    before, found, after = whole.partition(excerpt)
    return (before, after) if excerpt and found and excerpt not in after else ("", "")
