"""How what stands around a place is gathered: the same steps for a live session and for a checkout.

Names near the cursor are looked up for both `KINDS`, by the doors in their order: a name that one
of them knows is not asked of the next, and the index comes last. What is wrong is what the first
door says that knows anything. A session awaits this when the cursor rests; nobody waits for it.
"""

from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

import msgspec

from zeta_lsp.core.excerpt import Excerpt, Span
from zeta_lsp.core.ports import Syntax
from zeta_lsp.core.problems import Problem, diagnostics_near
from zeta_lsp.core.prompt import Diagnostic, RelatedExcerpt, RelatedFile
from zeta_lsp.core.related import Found, Identifier, Kind, Place, Visit
from zeta_lsp.core.surroundings import Door, Gatherer, View

WINDOW_ROWS = 400
"""Rows above and below the cursor that are looked at for names and for what encloses them."""
OVERLAY_BYTES = 1 << 20
"""Buffers that are larger are known as they are on disk."""
KINDS: tuple[Kind, Kind] = ("definition", "typeDefinition")

Answers = Sequence[tuple[Place, ...] | None]
"""A door's answers about some names, in their order."""


class AtOnce(Protocol):
    """Waits for two at once: `asyncio.gather`, which the core knows nothing of."""

    def __call__(
        self, first: Awaitable[Answers], second: Awaitable[Answers], /
    ) -> Awaitable[tuple[Answers, Answers]]:
        """Both answers."""


class Standing(msgspec.Struct, frozen=True):
    """Where somebody stands in a workspace folder, for those who were not there.

    `path` and those in `others` and `visits` are relative to the folder, with ``/``. `col` counts
    code points. `others` are files that are not as on disk, by their text; None for one that is
    gone.
    """

    path: str
    text: str
    row: int
    col: int
    others: Mapping[str, str | None] = {}
    visits: tuple[Visit, ...] = ()


def view_at(
    uri: str, path: str, language: str, lines: Sequence[str], place: tuple[int, int]
) -> View:
    """What is looked at around a place (row, code-point column) of a document."""
    row, col = place
    first_row = max(row - WINDOW_ROWS, 0)
    return View(
        uri=uri,
        path=path,
        language=language,
        lines=tuple(lines[first_row : row + WINDOW_ROWS]),
        first_row=first_row,
        row=row,
        col=col,
    )


async def found_around(
    view: View, doors: Sequence[Door], gatherer: Gatherer, at_once: AtOnce
) -> list[Found]:
    """What is known of each name near a place: by the first door that answers, else the index."""
    found: list[Found] = []
    left = list(await gatherer.identifiers(view))
    for door in doors:
        answered = await _by_door(view, door, left, at_once)
        found += answered
        known = {one.identifier for one in answered}
        left = [identifier for identifier in left if identifier not in known]
    if left:
        places_of_each = await gatherer.definitions(view, left)
        found += [
            Found(identifier, places, "index")
            for identifier, places in zip(left, places_of_each, strict=True)
            if places
        ]
    return found


async def _by_door(
    view: View, door: Door, names: Sequence[Identifier], at_once: AtOnce
) -> list[Found]:
    first, second = KINDS
    kinds = await at_once(
        door.definitions(view.uri, names, first), door.definitions(view.uri, names, second)
    )
    return [
        Found(identifier, places, door.name, kind)
        for kind, answers in zip(KINDS, kinds, strict=True)
        for identifier, places in zip(names, answers, strict=True)
        if places
    ]


async def problems_in(uri: str, doors: Sequence[Door]) -> tuple[Problem, ...] | None:
    """What the first door says is wrong that knows anything; None if none does."""
    for door in doors:
        with suppress(TimeoutError):
            problems = await door.problems(uri)
            if problems is not None:
                return problems
    return None


def diagnostics_at(
    problems: Sequence[Problem],
    lines: Sequence[str],
    place: tuple[int, int],
    syntax: Syntax | None,
) -> tuple[Diagnostic, ...]:
    """The problems near a place as prompts show them; none of a text that is gone."""
    row, col = place
    if not problems or row >= len(lines):
        return ()

    def ancestors(at_row: int, at_col: int) -> Sequence[Span] | None:
        return None if syntax is None else syntax.ancestors(lines, at_row, at_col)

    return diagnostics_near(problems, lines, row, col, ancestors)


def with_current_file(
    found: Sequence[RelatedFile], path: str, excerpt: Excerpt, row_count: int
) -> tuple[RelatedFile, ...]:
    """What was gathered of other files behind the cursor's excerpt as a file of its own.

    `row_count` is that of the whole file.
    """
    rows = (excerpt.start_row, excerpt.end_row)
    shown = RelatedExcerpt(row_range=rows, text=excerpt.text, context_source="current_file")
    own = RelatedFile(path=path, max_row=row_count, excerpts=(shown,))
    return (own, *(one for one in found if one.path != path))
