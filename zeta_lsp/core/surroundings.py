"""What a prompt sees beyond the buffer and the recent edits: gathered when the cursor rests.

Nobody who waits for a prediction waits for this. When the cursor has rested somewhere, the names
around it are looked up, their definitions become excerpts of files, and what is wrong nearby
becomes diagnostics; the next prediction takes what is there.

`Door` answers where a name is defined: the client, a language server that we run behind, the index.
`Gatherer` does what needs the text of other files.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from zeta_lsp.core.problems import Problem
from zeta_lsp.core.prompt import Diagnostic, RelatedFile
from zeta_lsp.core.related import Found, Identifier, Kind, Place, Receipt, Visit


class View(msgspec.Struct, frozen=True):
    """A place in an open file, with the lines around it. `lines` begin at `first_row`."""

    uri: str
    path: str
    language: str
    lines: tuple[str, ...]
    first_row: int
    row: int
    col: int


class Surroundings(msgspec.Struct, frozen=True):
    """What is known around a place. `row_count` is that of the file when it was gathered.

    `problems` are all that are known in the file, in the text of `revision`.
    """

    files: tuple[RelatedFile, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    row_count: int = 0
    problems: tuple[Problem, ...] = ()
    revision: int = 0


class Door(Protocol):
    """Knows about the files of a session what a language server knows.

    Answers come within the door's own deadline. None stands for "ask somebody else".
    """

    name: str

    async def definitions(
        self, uri: str, identifiers: Sequence[Identifier], kind: Kind
    ) -> Sequence[tuple[Place, ...] | None]:
        """Where each name is defined, or its type; in order."""

    async def problems(self, uri: str) -> tuple[Problem, ...] | None:
        """What is wrong in a document."""


class Gatherer(Protocol):
    """Reads and parses other files, in another process. Late or without help it knows nothing."""

    async def start(
        self,
        roots: Sequence[Path],
        names: Sequence[str],
        exclusions: Sequence[str],
        progress: Callable[[int, int], None],
    ) -> None:
        """Begin to know workspace folders, and what prompts call them; returns at once.

        `progress` hears of how many files how many were read, done and total, while it lasts.
        """

    async def identifiers(self, view: View) -> tuple[Identifier, ...]:
        """The names worth looking up around a place, closest first."""

    async def definitions(
        self, view: View, identifiers: Sequence[Identifier]
    ) -> Sequence[tuple[Place, ...]]:
        """Where names are defined as far as an index of the workspace can tell."""

    async def files(
        self, view: View, found: Sequence[Found], visits: Sequence[Visit]
    ) -> tuple[tuple[RelatedFile, ...], tuple[Receipt, ...]]:
        """The excerpts of what was found, and a receipt for each.

        Behind them come some of where the person was lately, the latest first in `visits`, and of
        what changes together with the file at hand.
        """

    def overlay(self, path: str, text: str | None) -> None:
        """The text of an open buffer; None once it is closed."""

    def changed(self, path: str) -> None:
        """A file changed on disk."""

    async def aclose(self) -> None:
        """Stop."""
