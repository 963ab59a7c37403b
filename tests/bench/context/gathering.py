"""What the server room does when the cursor rests, step by step, for one place at a time.

The index is the real one in its helper process, in memory alone. Prompts are rendered from a
snapshot as a prediction takes it: without recent edits, since nobody typed.
"""

import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from zeta_lsp.context.headless import Headless
from zeta_lsp.context.index.client import Index
from zeta_lsp.context.outline import identifiers_near
from zeta_lsp.context.syntax import syntax_for
from zeta_lsp.core.documents import Document
from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.formats.registry import get
from zeta_lsp.core.gathering import KINDS, WINDOW_ROWS
from zeta_lsp.core.history import History
from zeta_lsp.core.prompt import RelatedExcerpt, RelatedFile
from zeta_lsp.core.related import Found, Identifier, Place
from zeta_lsp.core.surroundings import Surroundings
from zeta_lsp.core.text import Encoding
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.snapshot import take_snapshot
from zeta_lsp.server.workspace import Workspace

REPEATS = 5


class Cursor(NamedTuple):
    """A cursor in a text of a file."""

    path: Path
    language: str
    lines: Sequence[str]
    row: int
    col: int

    @property
    def uri(self) -> str:
        """The file's URI."""
        return self.path.as_uri()

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.lines)


class Gathered(NamedTuple):
    """What one door led to, and how long that took."""

    files: tuple[RelatedFile, ...]
    spent_ms: float
    found: tuple[Found, ...] = ()


def names_near(cursor: Cursor) -> tuple[Identifier, ...]:
    """The names that are looked up around a cursor."""
    first = max(cursor.row - WINDOW_ROWS, 0)
    window = tuple(cursor.lines[first : cursor.row + WINDOW_ROWS])
    near = identifiers_near(cursor.language, window, cursor.row - first, cursor.col)
    return tuple(Identifier(one.text, one.row + first, one.col, one.rank) for one in near)


async def by_index(index: Index, cursor: Cursor) -> Gathered:
    """Gather by the index alone."""
    started_s = time.perf_counter()
    index.overlay(str(cursor.path), cursor.text)
    names = names_near(cursor)
    known = await index.definitions_of(names, str(cursor.path))
    found = [
        Found(name, places, "index") for name, places in zip(names, known, strict=True) if places
    ]
    files, _ = await index.excerpts(found)
    return Gathered(files, (time.perf_counter() - started_s) * 1e3, tuple(found))


async def by_server(index: Index, server: Headless, cursor: Cursor) -> Gathered:
    """Gather by a language server alone; the index only cuts the excerpts."""
    started_s = time.perf_counter()
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
    files, _ = await index.excerpts(found)
    return Gathered(files, (time.perf_counter() - started_s) * 1e3, tuple(found))


class Page:
    """A file as the server holds it, for prompts at one cursor."""

    def __init__(self, cursor: Cursor, root: Path) -> None:
        workspace = Workspace()
        workspace.add(root.as_uri())
        document = Document(cursor.uri, cursor.language, 1, cursor.text, Encoding.UTF16)
        syntax = syntax_for(cursor.language, str(cursor.path))
        self._file = OpenFile(document, workspace.place(cursor.uri), History(), syntax)
        self._cursor = cursor
        self._format: Format = get("zeta2.1")

    def prompt(self, files: tuple[RelatedFile, ...]) -> str:
        """The prompt of Zeta 2.1 with these related files."""
        self._file.surroundings = Surroundings(files, (), (), len(self._file.document.lines))
        row, col = self._cursor.row, self._cursor.col
        given = take_snapshot(self._file, row, col, with_current_file=False).given
        prompt = self._format.render(given)
        return "" if prompt is None else prompt.text

    def timed(self, files: tuple[RelatedFile, ...]) -> "Timed":
        """How long a prompt takes without and with related files that are there, several times."""
        self.prompt(files)
        pairs = [(self._ms(()), self._ms(files)) for _ in range(REPEATS)]
        return Timed(tuple(one for one, _ in pairs), tuple(one for _, one in pairs))

    def _ms(self, files: tuple[RelatedFile, ...]) -> float:
        started_s = time.perf_counter()
        self.prompt(files)
        return (time.perf_counter() - started_s) * 1e3


class Timed(NamedTuple):
    """Times of the same request without and with related files, in milliseconds."""

    without: tuple[float, ...]
    with_files: tuple[float, ...]

    @property
    def added_ms(self) -> float:
        """What the related files add."""
        return statistics.median(self.with_files) - statistics.median(self.without)


def shows(prompt: str, files: tuple[RelatedFile, ...], place: Place, root: Path) -> bool:
    """Whether the row of a definition stands in a prompt: in an excerpt, and not cut off."""
    excerpt = excerpt_of(files, place, root)
    if excerpt is None:
        return False
    row = excerpt.text.split("\n")[place.start_row - excerpt.row_range[0]]
    return f"<filename>{prompt_path(place, root)}\n" in prompt and f"\n{row}\n" in prompt


def excerpt_of(files: tuple[RelatedFile, ...], place: Place, root: Path) -> RelatedExcerpt | None:
    """The excerpt that the row of a definition is in."""
    path = prompt_path(place, root)
    for file in files:
        for excerpt in file.excerpts if file.path == path else ():
            start, end = excerpt.row_range
            if start <= place.start_row < end:
                return excerpt
    return None


def prompt_path(place: Place, root: Path) -> str:
    """What prompts call the file of a place in a workspace."""
    return f"{root.name}/{Path(place.path).relative_to(root).as_posix()}"
