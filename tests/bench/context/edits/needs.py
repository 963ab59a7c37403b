"""What a held-out edit needs of other files, by the real language server.

The server sees the newer tree with the new text of the file. It is asked about every name in the
rows that the edit added. A definition counts once for an edit, however many names lead to it. Left
out are definitions outside the project, in files that nobody of the project typed (vendored ones),
and whole modules: an import names those, and no prompt shows them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.bench.context.edits.drawing import Drawn, is_untyped
from tests.bench.context.gathering import Cursor, names_near
from zeta_lsp.context.headless import Headless
from zeta_lsp.core.related import Identifier, Place
from zeta_lsp.core.related.assembly import TARGET_BYTES

BATCH = 32
"""So many names are asked about at once."""


class Need(NamedTuple):
    """A name in an added row, and where other files of the project define it."""

    name: Identifier
    places: tuple[Place, ...]


async def needs_of(drawn: Drawn, server: Headless, root: Path) -> list[Need]:
    """All that an edit needs; empty if that is nothing. The document is left open."""
    final = drawn.edit.final
    server.open(drawn.path.as_uri(), drawn.language, "".join(final))
    names = _names(drawn, final)
    needs: dict[Place, Need] = {}
    for start in range(0, len(names), BATCH):
        asked = names[start : start + BATCH]
        told = await server.definitions(drawn.path.as_uri(), asked, "definition")
        for name, places in zip(asked, told, strict=True):
            if places and _counts(places, drawn.path, root):
                needs.setdefault(places[0], Need(name, places))
    return list(needs.values())


def _names(drawn: Drawn, final: Sequence[str]) -> list[Identifier]:
    """The names in the added rows, those first that come first."""
    rows = drawn.edit.final_rows
    found = {
        (name.row, name.col): name
        for row in rows
        for name in names_near(Cursor(drawn.path, drawn.language, final, row, 0))
        if name.row == row
    }
    return [found[place] for place in sorted(found)]


def _counts(places: Sequence[Place], path: Path, root: Path) -> bool:
    return all(
        place.path != str(path) and not is_module(place) and not is_untyped(Path(place.path), root)
        for place in places
    )


def is_module(place: Place) -> bool:
    """Whether a place stands for a whole file, or for more than a name."""
    starts = (place.start_row, place.start_col) == (0, 0)
    is_empty = (place.end_row, place.end_col) == (place.start_row, place.start_col)
    return (starts and is_empty) or place.end_row - place.start_row > TARGET_BYTES


def kept(places: Sequence[Place], others: Sequence[Place]) -> Iterator[Place]:
    """The places that are among others, by their rows."""
    rows = {(one.path, one.start_row) for one in others}
    return (place for place in places if (place.path, place.start_row) in rows)
