"""Does a running program deliver what the language server answers? By door, for the same names.

The definitions are those that the server gives for the names near the cursor of a drawn edit, just
written, in other files of the project. Each is in the prompt that zeta-lsp sends to its model, or
it is not for a reason: the format had no room (*budget*), or Zed's rules make no excerpt of it
(*rule*: a target of more than 128 bytes, a file that may not be read). What is neither is *missing*
and must be none. `direct` asks the same server without any program between, as a yardstick.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from tests.bench.context.edits.drawing import Drawn
from tests.bench.context.edits.needs import is_module
from tests.bench.context.edits.page import EditedPage, Moment, cursor_of, written
from tests.bench.context.edits.playing import (
    BUDGET,
    RULE,
    SHOWN,
    TRIES,
    Player,
    by_doors,
    fate,
)
from tests.bench.context.edits.programs import Program, bridge, proxy
from tests.bench.context.edits.results import Results
from tests.bench.context.edits.running import Ground, ground
from tests.bench.context.edits.sdists import Project
from tests.bench.context.gathering import Gathered, excerpt_of, prompt_path
from zeta_lsp.core.formats.budget import PROMPT_TOKENS
from zeta_lsp.core.related import Place
from zeta_lsp.core.text import BYTES_PER_TOKEN, byte_length

ASKED_MAX = 40
FIRST_ASKED_MAX = 200
"""How often a program is asked whose server may still be starting.

The others are asked for longer than the proxy keeps an answer: one that a busy server gave too soon
is replaced then.
"""
MISSING = "missing"


class Delivered(NamedTuple):
    """What came of the definitions of some edits at one door."""

    project: str
    language: str
    door: str
    edits: int
    definitions: int
    in_the_prompt: int
    budget: int
    rule: int
    missing: int


async def deliver(project: Project, cache: Path, count: int, seed: int) -> list[Delivered]:
    """What came of the first edits of a project that need another file, by door.

    From the cache folder if it was measured before. Raises what `running.ground` raises.
    """
    results = Results(cache)
    known = results.get(Delivered, project, count, seed)
    if known is None:
        known = await _delivered(project, cache, count, seed)
        results.put(known, project, count, seed)
    return known


async def _delivered(project: Project, cache: Path, count: int, seed: int) -> list[Delivered]:
    counts: dict[str, Counter[str]] = {door: Counter() for door in ("direct", "proxy", "bridge")}
    edits = 0
    async with ground(project, cache, seed) as there, _programs(there) as programs:
        player = Player(project.name, there.root, there.index, there.server)
        for drawn in there.edits[: count * TRIES]:
            if edits < count and await player.needs(drawn):
                for door, fates in (await _edit(drawn, there, programs, edits == 0)).items():
                    counts[door].update(fates)
                edits += 1
            there.server.close(drawn.path.as_uri())
            there.index.overlay(str(drawn.path), None)
    return [
        Delivered(
            project.name, project.language, door, edits, sum(count.values()),
            *(count[name] for name in (SHOWN, BUDGET, RULE, MISSING)),
        )
        for door, count in counts.items()
    ]  # fmt: skip


@asynccontextmanager
async def _programs(there: Ground) -> AsyncIterator[dict[str, Program]]:
    async with AsyncExitStack() as stack:
        yield {
            "proxy": await stack.enter_async_context(proxy(there.root, there.command)),
            "bridge": await stack.enter_async_context(bridge(there.root, there.server)),
        }


async def _edit(
    drawn: Drawn, there: Ground, programs: Mapping[str, Program], is_first: bool
) -> dict[str, list[str]]:
    """The fates of the definitions around one edit, by door."""
    moment = written(drawn.edit)
    cursor = cursor_of(drawn.path, drawn.language, moment)
    there.index.overlay(str(drawn.path), cursor.text)
    gathered = await by_doors(there.index, there.server, cursor)
    prompt = EditedPage(drawn.path, drawn.language, moment, there.root).prompt(gathered.files)
    places = _answered(gathered, there, drawn.path)
    fates = {"direct": [fate((place,), gathered, prompt, there.root) for place in places]}
    expected = [place for place, what in zip(places, fates["direct"], strict=True) if what == SHOWN]
    for door, program in programs.items():
        got = await _prompt(program, drawn, moment, gathered, expected, there.root, is_first)
        fates[door] = [
            _fate(place, what, gathered, got, there.root)
            for place, what in zip(places, fates["direct"], strict=True)
        ]
    return fates


def _answered(gathered: Gathered, there: Ground, path: Path) -> list[Place]:
    """The places that the server named in other files of the project, each row once."""
    rows = {
        (place.path, place.start_row): place
        for one in gathered.found
        if one.door == there.server.name
        for place in one.places
        if place.path != str(path) and not is_module(place)
    }
    return list(rows.values())


async def _prompt(
    program: Program,
    drawn: Drawn,
    moment: Moment,
    gathered: Gathered,
    expected: Sequence[Place],
    root: Path,
    is_first: bool,
) -> str:
    """The prompt that a program sends, once it shows all that is expected or never will."""
    return await program.prompt(
        drawn.path,
        drawn.language,
        moment,
        lambda prompt: all(delivers(prompt, gathered, place, root) for place in expected),
        FIRST_ASKED_MAX if is_first else ASKED_MAX,
    )


def _fate(place: Place, direct: str, gathered: Gathered, prompt: str, root: Path) -> str:
    if delivers(prompt, gathered, place, root):
        return SHOWN
    if direct != SHOWN:
        return direct
    return BUDGET if _is_full(prompt, gathered, place, root) else MISSING


def _is_full(prompt: str, gathered: Gathered, place: Place, root: Path) -> bool:
    """Whether a prompt has no room for an excerpt: a session has more recent edits to show."""
    excerpt = excerpt_of(gathered.files, place, root)
    room_bytes = PROMPT_TOKENS * 9 // 10 * BYTES_PER_TOKEN - byte_length(prompt)
    return excerpt is not None and byte_length(excerpt.text) > room_bytes


def delivers(prompt: str, gathered: Gathered, place: Place, root: Path) -> bool:
    """Whether the excerpt that shows a definition stands in a prompt, under its file's name."""
    excerpt = excerpt_of(gathered.files, place, root)
    section = section_of(prompt, prompt_path(place, root))
    return excerpt is not None and f"\n{excerpt.text}\n" in section


def section_of(prompt: str, path: str) -> str:
    """What a prompt shows under the name of a file, from the end of the name on."""
    _, name, rest = prompt.partition(f"<filename>{path}\n")
    return "\n" + rest.partition("<filename>")[0] if name else ""
