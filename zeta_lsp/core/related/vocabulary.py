"""The values that doors, store and prompt share.

Rows and columns count from 0, columns in code points. Row ranges are half open. A
`path` is absolute; those of prompts start with the name of a workspace folder.
"""

from typing import Literal

import msgspec

from zeta_lsp.core.text import line_length, without_surrogates

Kind = Literal["definition", "typeDefinition"]
"""What a door was asked for."""


class Place(msgspec.Struct, frozen=True, gc=False):
    """A range of a file, as a door gave it: of the name that is defined there, if it knows."""

    path: str
    start_row: int
    start_col: int
    end_row: int
    end_col: int


class Identifier(msgspec.Struct, frozen=True, gc=False):
    """A name that stands at a place of a document.

    `rank` counts from 0, closest first; those at equal distance have equal rank.
    """

    text: str
    row: int
    col: int
    rank: int


class Item(msgspec.Struct, frozen=True, gc=False):
    """A definition: a class, function, field and so on; what an outline is made of.

    The body is the rows ``[body_start_row, body_end_row)`` that can be left out: the rows that hold
    the ends of the head and of the item are not among them. Both are `end_row` if there are none.
    `depth` counts the items around this one.
    """

    name: str
    kind: str
    start_row: int
    end_row: int
    body_start_row: int
    body_end_row: int
    name_row: int
    name_col: int
    depth: int


class Binding(msgspec.Struct, frozen=True, gc=False):
    """A name that an import makes known.

    `name` is what the file calls it, `origin` what the module does. An `origin` that is empty
    stands for the module itself, ``*`` for everything in it (`name` is ``*`` as well).
    """

    name: str
    origin: str


class Import(msgspec.Struct, frozen=True):
    """An import, include or use in rows ``[start_row, end_row)``.

    `module` is written as the language does it (``a.b``, ``./c``, ``std::fmt``, ``lib/d.h``), but
    without quotes.
    """

    module: str
    bindings: tuple[Binding, ...]
    start_row: int
    end_row: int


class FileOutline(msgspec.Struct, frozen=True):
    """A file's text and its items in order of their start; outer ones come before inner ones.

    `prompt_path` is what prompts call the file. `lines` are as `split_lines` cuts them.
    """

    prompt_path: str
    lines: tuple[str, ...]
    items: tuple[Item, ...]

    def text(self, start_row: int, end_row: int) -> str:
        """Rows as prompts show them: ``\\n`` between them, and nothing that cannot be encoded."""
        rows = [line[: line_length(line)] for line in self.lines[start_row:end_row]]
        return without_surrogates("\n".join(rows))


class Found(msgspec.Struct, frozen=True):
    """What one door said about one identifier, `age_s` seconds ago."""

    identifier: Identifier
    places: tuple[Place, ...]
    door: str
    kind: Kind = "definition"
    age_s: float = 0.0


class Visit(msgspec.Struct, frozen=True, gc=False):
    """A place where the person was last in a file, `age_s` seconds ago."""

    path: str
    row: int
    age_s: float = 0.0


class Receipt(msgspec.Struct, frozen=True):
    """Where an excerpt of a prompt came from: `explain` shows it, capture stores it.

    `path` and `row_range` are those of the excerpt; the rest belongs to the best ranked of the
    definitions in it, or to what led to a file without one: `door` is ``recent`` or ``git`` then.
    """

    path: str
    row_range: tuple[int, int]
    door: str
    rank: int
    age_s: float
