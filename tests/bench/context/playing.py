"""One project, played: each drawn line is asked about twice, as it is and before it was written."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.bench.context.gathering import (
    Cursor,
    Page,
    Timed,
    by_index,
    by_server,
    names_near,
    shows,
)
from tests.bench.context.servers import command_for
from tests.bench.context.sites import Site, files_of, sites
from zeta_lsp.context.headless import Headless, Limits, opened
from zeta_lsp.context.index.client import Index
from zeta_lsp.context.index.messages import Reason
from zeta_lsp.core.prompt import RelatedFile
from zeta_lsp.core.related import Identifier, Place

LIMITS = Limits(start_s=60.0, ready_s=180.0, answer_s=20.0, problems_s=1.0)
TRIES = 12
"""So many lines are looked at, at most, for each that needs another file."""


class Wanted(NamedTuple):
    """A name of a line that is defined in another file of the project: by the server, the index."""

    name: Identifier
    server: tuple[Place, ...]
    index: tuple[Place, ...]

    @property
    def is_first(self) -> bool:
        """Whether the index's best guess is right."""
        return bool(self.index) and _is_among(self.index[0], self.server)

    @property
    def is_found(self) -> bool:
        """Whether any of the index's guesses is right."""
        return any(_is_among(place, self.server) for place in self.index)


class Seen(NamedTuple):
    """Whether a definition was in the prompt, by door."""

    server: bool
    index: bool


class Played(NamedTuple):
    """Everything measured at one line. `shown` and `typed` have an entry for each of `wanted`.

    `inside` are names defined in the same file: how many, how many found. `strays` are names that
    the server knows nowhere in the workspace and the index does. `late` counts questions that the
    index did not answer within its deadline, the one that it has in the server.
    """

    project: str
    language: str
    site: Site
    wanted: tuple[Wanted, ...]
    at_line: tuple[Seen, ...]
    before_line: tuple[Seen, ...]
    inside: tuple[int, int]
    strays: int
    gather_ms: tuple[float, ...]
    requests: tuple[Timed, ...]
    late: int


async def play(root: Path, count: int, seed: int, language: str | None) -> list[Played]:
    """Play a project; empty if no server for its language is here."""
    language, files = files_of(root, language)
    played: list[Played] = []
    with command_for(language, root, files) as command:
        server = await opened(command, root, limits=LIMITS) if command and files else None
        if server is None:
            return []
        late = Counter[Reason]()
        index = Index(None, told=lambda reason, _: late.update((reason,)))
        try:
            await index.start([root])
            await index.after_round(0)
            player = _Player(root, language, index, server, late)
            played = await player.play(list(files), count, seed)
        finally:
            await server.aclose()
            await index.aclose()
    return player.timed(played)


class _Player:
    def __init__(
        self, root: Path, language: str, index: Index, server: Headless, late: Counter[Reason]
    ) -> None:
        self._root, self._language, self._late = root, language, late
        self._index, self._server = index, server
        self._is_ready = False
        self._pages: list[tuple[int, Page, tuple[RelatedFile, ...]]] = []

    async def play(self, files: Sequence[Path], count: int, seed: int) -> list[Played]:
        played: list[Played] = []
        for tried, site in enumerate(sites(files, seed)):
            if len(played) >= count or tried >= count * TRIES:
                break
            if (one := await self._line(site)) is not None:
                played.append(one)
        return played

    def timed(self, played: list[Played]) -> list[Played]:
        """With the times of requests, taken when nothing else runs any more."""
        times: dict[int, list[Timed]] = defaultdict(list)
        for number, page, files in self._pages:
            times[number].append(page.timed(files))
        return [one._replace(requests=tuple(times[id(one.site)])) for one in played]

    async def _line(self, site: Site) -> Played | None:
        """Everything about one line; None if it needs nothing of other files."""
        line = site.lines[site.row]
        at = Cursor(site.path, site.language, site.lines, site.row, len(line.rstrip("\r\n")))
        self._server.open(at.uri, site.language, site.text)
        if not self._is_ready:
            self._is_ready = True
            await self._server.until_ready()
        try:
            played = await self._asked(site, at)
            return played and played._replace(late=self._late[Reason.LATE])
        finally:
            self._server.close(at.uri)
            self._index.overlay(str(at.path), None)

    async def _asked(self, site: Site, at: Cursor) -> Played | None:
        self._index.overlay(str(at.path), at.text)
        names = [name for name in names_near(at) if name.row == site.row]
        told = await self._server.definitions(at.uri, names, "definition")
        await self._index.definitions_of(names, str(at.path))  # when the file was opened
        self._late.clear()
        guessed = await self._index.definitions_of(names, str(at.path))
        known = [Wanted(*one) for one in zip(names, (t or () for t in told), guessed, strict=True)]
        wanted = tuple(one for one in known if one.server and not self._own(one.server, at))
        if not wanted:
            return None
        own = [one for one in known if self._own(one.server, at)]
        blank = site.without_line
        before = Cursor(at.path, at.language, blank, at.row, len(blank[at.row].rstrip("\r\n")))
        at_line, gather_ms = await self._seen(at, wanted, site)
        before_line, more_ms = await self._seen(before, wanted, site)
        return Played(
            self._root.name,
            self._language,
            site,
            wanted,
            at_line,
            before_line,
            (len(own), sum(one.is_found for one in own)),
            sum(1 for t, one in zip(told, known, strict=True) if t == () and one.index),
            (gather_ms, more_ms),
            (),
            0,
        )

    async def _seen(
        self, cursor: Cursor, wanted: Sequence[Wanted], site: Site
    ) -> tuple[tuple[Seen, ...], float]:
        """Which definitions are in the prompt at a cursor; how long the index gathered."""
        page = Page(cursor, self._root)
        server = await by_server(self._index, self._server, cursor)
        index = await by_index(self._index, cursor)
        prompts = [page.prompt(one.files) for one in (server, index)]
        seen = tuple(
            Seen(*(
                any(shows(prompt, one.files, place, self._root) for place in want.server)
                for prompt, one in zip(prompts, (server, index), strict=True)
            ))
            for want in wanted
        )  # fmt: skip
        self._pages.append((id(site), page, index.files))
        return seen, index.spent_ms

    def _own(self, places: Sequence[Place], at: Cursor) -> bool:
        return any(place.path == str(at.path) for place in places)


def _is_among(place: Place, places: Sequence[Place]) -> bool:
    return any((one.path, one.start_row) == (place.path, place.start_row) for one in places)
