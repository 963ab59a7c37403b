"""Lines to ask about: of functions and methods, spread over the files of a project, drawn by seed.

A project is any folder with sources; nothing is written to it. Only files that the index may read
are drawn from, in the language that most of them have unless one is asked for.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from pathlib import Path
from typing import NamedTuple

from zeta_lsp.context.index.admission import Admission, language_of
from zeta_lsp.context.index.walking import File, walk
from zeta_lsp.context.outline import outline
from zeta_lsp.core.text import split_lines

LANGUAGES = {"python": "python", "typescript": "typescript", "tsx": "typescriptreact", "go": "go",
             "c": "c", "rust": "rust"}  # fmt: skip
"""What is measured, and what editors call it."""
MAX_FILE_BYTES = 300_000
LINE_CHARS = range(8, 200)
_CALLABLES = ("function", "method", "constructor")
_COMMENTS = ("#", "//", "/*", "*", '"""', "'''", "--", "@")


class Site(NamedTuple):
    """A line of a file."""

    path: Path
    language: str
    lines: tuple[str, ...]
    row: int

    @property
    def text(self) -> str:
        """The file as it is."""
        return "".join(self.lines)

    @property
    def without_line(self) -> tuple[str, ...]:
        """The file with nothing but the indentation where the line was."""
        line = self.lines[self.row]
        code = line.strip()
        blank = line[: line.index(code)] + line[line.index(code) + len(code) :]
        return (*self.lines[: self.row], blank, *self.lines[self.row + 1 :])


def files_of(root: Path, language: str | None) -> tuple[str, list[Path]]:
    """The language of a project, and its files of it that may be read."""
    admission = Admission([str(root)], ())
    found = [Path(f.path) for f in walk(admission, str(root), str(root)) if isinstance(f, File)]
    by_language = Counter(_measured(path) for path in found)
    del by_language[""]
    chosen = language or max(by_language, key=lambda name: by_language[name], default="")
    return chosen, [path for path in sorted(found) if _measured(path) == chosen]


def sites(files: Sequence[Path], seed: int) -> Iterator[Site]:
    """Lines in a drawn order: one of each file, then a second one of each, and so on."""
    draw = random.Random(seed)
    order = list(files)
    draw.shuffle(order)
    per_file = [_of_file(path, draw) for path in order]
    rounds = chain.from_iterable(zip_longest(*per_file))
    return (site for site in rounds if site is not None)


def _of_file(path: Path, draw: random.Random) -> list[Site]:
    if path.stat().st_size > MAX_FILE_BYTES:
        return []
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        return []
    lines = tuple(split_lines(text))
    language = language_of(os.fspath(path)) or ""
    inside = {
        row
        for item in outline(language, text)
        if item.kind in _CALLABLES
        for row in range(item.body_start_row, item.body_end_row)
    }
    rows = [row for row in sorted(inside) if row < len(lines) and _says_something(lines[row])]
    draw.shuffle(rows)
    return [Site(path, LANGUAGES[language], lines, row) for row in rows]


def _says_something(line: str) -> bool:
    code = line.strip()
    return len(code) in LINE_CHARS and not code.startswith(_COMMENTS)


def _measured(path: Path) -> str:
    language = language_of(os.fspath(path)) or ""
    language = "typescript" if language == "tsx" else language
    return language if language in LANGUAGES and not path.name.endswith(".d.ts") else ""
