"""One project, played: each drawn edit at two moments, through two doors.

*Server* is what bridge and proxy stand for: the real language server, and the index for names that
it knows nothing of, as the server room asks them. *Index* is the index alone. Both look at the
newer tree with the file as it was at the moment, so all that an edit needs is there to be found.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.bench.context.edits.drawing import Drawn
from tests.bench.context.edits.needs import Need, kept, needs_of
from tests.bench.context.edits.page import EditedPage, Moment, before, cursor_of, written
from tests.bench.context.gathering import (
    Cursor,
    Gathered,
    by_index,
    excerpt_of,
    names_near,
    prompt_path,
    shows,
)
from zeta_lsp.context.headless import Headless
from zeta_lsp.context.index.client import Index
from zeta_lsp.core.gathering import KINDS
from zeta_lsp.core.related import Found, Place

MOMENTS = {"before": before, "written": written}
TRIES = 6
"""So many edits are looked at, at most, for each that needs another file."""

SHOWN, UNLED, BUDGET, RULE = "shown", "unled", "budget", "rule"
"""What became of a definition: it is in the prompt; no name near the cursor led to it; an excerpt
was made and the format had no room for it; Zed's rules made no excerpt of it."""


class Seen(NamedTuple):
    """What became of one definition at one moment, by door."""

    moment: str
    by_server: str
    by_index: str


class Asked(NamedTuple):
    """One definition that an edit needs. `where` and `at` are for people who look for causes."""

    project: str
    file: str
    edit: int
    name: str
    where: str
    found: str
    seen: tuple[Seen, ...]


class Player:
    """Plays the edits of one project."""

    def __init__(self, project: str, root: Path, index: Index, server: Headless) -> None:
        self._project, self._root = project, root
        self._index, self._server = index, server
        self._is_ready = False

    async def play(self, edits: Sequence[Drawn], count: int) -> list[Asked]:
        """What came of the first edits that need another file."""
        asked: list[Asked] = []
        played = 0
        for drawn in edits[: count * TRIES]:
            if played >= count:
                break
            found = await self.edit(drawn)
            played += bool(found)
            asked += found
        return asked

    async def edit(self, drawn: Drawn) -> list[Asked]:
        """What came of one edit: an entry for each definition that it needs."""
        uri = drawn.path.as_uri()
        try:
            needs = await self.needs(drawn)
            if not needs:
                return []
            seen = {
                name: await self._seen(drawn, moment(drawn.edit), needs)
                for name, moment in MOMENTS.items()
            }
            file = drawn.path.relative_to(self._root).as_posix()
            return [
                Asked(
                    self._project,
                    file,
                    drawn.edit.number,
                    need.name.text,
                    _told(need.places, self._root),
                    _told(seen["written"][0].get(need.name.text, ()), self._root),
                    tuple(Seen(name, *of[1][number]) for name, of in seen.items()),
                )
                for number, need in enumerate(needs)
            ]
        finally:
            self._server.close(uri)
            self._index.overlay(str(drawn.path), None)

    async def needs(self, drawn: Drawn) -> list[Need]:
        """What an edit needs; waits until the server is ready the first time."""
        if not self._is_ready:
            self._server.open(drawn.path.as_uri(), drawn.language, "".join(drawn.edit.final))
            await self._server.until_ready()
            self._is_ready = True
        return await needs_of(drawn, self._server, self._root)

    async def _seen(
        self, drawn: Drawn, moment: Moment, needs: Sequence[Need]
    ) -> tuple[dict[str, tuple[Place, ...]], list[tuple[str, str]]]:
        """What the index said by name, and what became of each definition by door."""
        cursor = cursor_of(drawn.path, drawn.language, moment)
        page = EditedPage(drawn.path, drawn.language, moment, self._root)
        self._index.overlay(str(drawn.path), cursor.text)
        await self._index.definitions_of(names_near(cursor), str(drawn.path))  # as when it opened
        server = await by_doors(self._index, self._server, cursor)
        index = await by_index(self._index, cursor)
        prompts = [page.prompt(one.files) for one in (server, index)]
        fates = [
            (
                fate(need.places, server, prompts[0], self._root),
                fate(need.places, index, prompts[1], self._root),
            )
            for need in needs
        ]
        return {one.identifier.text: one.places for one in index.found}, fates


async def by_doors(index: Index, server: Headless, cursor: Cursor) -> Gathered:
    """Gather as the server room does with a door: what the server does not know, the index may."""
    server.open(cursor.uri, cursor.language, cursor.text)
    names = names_near(cursor)
    found: list[Found] = []
    for kind in KINDS:
        answers = await server.definitions(cursor.uri, names, kind)
        found += [
            Found(name, places, server.name, kind)
            for name, places in zip(names, answers, strict=True)
            if places
        ]
    known = {one.identifier for one in found}
    left = [name for name in names if name not in known]
    guesses = await index.definitions_of(left, str(cursor.path)) if left else ()
    found += [
        Found(name, places, "index") for name, places in zip(left, guesses, strict=True) if places
    ]
    files, _ = await index.excerpts(found)
    return Gathered(files, 0.0, tuple(found))


def fate(places: Sequence[Place], gathered: Gathered, prompt: str, root: Path) -> str:
    """What became of a definition that may be in any of some places."""
    if any(shows(prompt, gathered.files, place, root) for place in places):
        return SHOWN
    led = [at for one in gathered.found for at in one.places]
    if not any(kept(places, led)):
        return UNLED
    has_excerpt = any(excerpt_of(gathered.files, place, root) for place in places)
    return BUDGET if has_excerpt else RULE


def tally(asked: Sequence[Asked]) -> Counter[tuple[str, str, str]]:
    """How many definitions had which fate, by moment and door."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in asked:
        for seen in one.seen:
            counts[seen.moment, "server", seen.by_server] += 1
            counts[seen.moment, "index", seen.by_index] += 1
            counts[seen.moment, "both", SHOWN] += seen.by_server == seen.by_index == SHOWN
    return counts


def _told(places: Sequence[Place], root: Path) -> str:
    rows = (
        f"{prompt_path(place, root).partition('/')[2]}:{place.start_row + 1}" for place in places
    )
    return " ".join(list(rows)[:2])
