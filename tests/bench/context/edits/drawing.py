"""Which hunks are asked about: drawn by seed, one of each changed file, then a second one, …

Only files that are in both versions and that the index may read count, in the language of the
project; none that no person typed (`histories`). A hunk must add a line of code, and not more than
`ADDED_ROWS`: more is a paste, a move or a new feature in a file that no one predicts at once.
"""

import random
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from pathlib import Path
from typing import NamedTuple

from tests.bench.context.edits.hunks import Edit, Lines, hunks_of
from tests.bench.context.sites import LANGUAGES, files_of
from tests.bench.repeat.histories import MAX_FILE_BYTES, MAX_LINE, NOT_TYPED, Hunk
from zeta_lsp.context.index.admission import language_of
from zeta_lsp.core.text import split_lines

ADDED_ROWS = 30
HUNKS = 400
"""A file with more of them was written anew, or formatted."""
_COMMENTS = ("#", "//", "/*", "*", '"""', "'''")


class Drawn(NamedTuple):
    """A held-out edit of a file of the newer tree. `language` is what editors call it."""

    path: Path
    language: str
    edit: Edit


class Changed(NamedTuple):
    """What a pair of versions has to draw from."""

    files: tuple[Path, ...]
    edits: tuple[Drawn, ...]


def changed(older: Path, newer: Path, language: str, seed: int) -> Changed:
    """All files of the newer tree in a language, and the edits that led to it in a drawn order."""
    _, files = files_of(newer, language)
    draw = random.Random(seed)
    order = [path for path in files if not is_untyped(path, newer)]
    draw.shuffle(order)
    per_file = [list(_of_file(older / path.relative_to(newer), path, draw)) for path in order]
    rounds = chain.from_iterable(zip_longest(*per_file))
    return Changed(tuple(files), tuple(one for one in rounds if one is not None))


def is_untyped(path: Path, root: Path) -> bool:
    """Whether a file is generated, vendored or the like, by its path."""
    return NOT_TYPED.search(path.relative_to(root).as_posix()) is not None


def _of_file(old_path: Path, path: Path, draw: random.Random) -> Iterator[Drawn]:
    old, new = _lines(old_path), _lines(path)
    if old is None or new is None or old == new:
        return
    hunks = tuple(hunks_of(old, new))
    if len(hunks) > HUNKS:
        return
    numbers = [number for number, hunk in enumerate(hunks) if adds_code(hunk)]
    draw.shuffle(numbers)
    for number in numbers:
        yield Drawn(path, LANGUAGES[language_of(str(path)) or ""], Edit(old, hunks, number))


def adds_code(hunk: Hunk) -> bool:
    """Whether a hunk adds some line that says something, and not too many."""
    if len(hunk.new) > ADDED_ROWS:
        return False
    kept = {line.strip() for line in hunk.old}
    added = (line.strip() for line in hunk.new)
    return any(
        any(char.isalpha() for char in line) and line not in kept and not _is_comment(line)
        for line in added
    )


def _is_comment(line: str) -> bool:
    return line.startswith(_COMMENTS) and not line.startswith("#include")


def _lines(path: Path) -> Lines | None:
    """The lines of a text that a person can have typed; None for any other."""
    if not path.is_file() or path.is_symlink() or path.stat().st_size > MAX_FILE_BYTES:
        return None
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        return None
    lines = split_lines(text)
    if lines and not lines[-1]:
        lines = lines[:-1]
    if not text.endswith("\n") or max(map(len, lines)) > MAX_LINE:
        return None
    return tuple(lines)


def texts(drawn: Sequence[Drawn]) -> set[Path]:
    """The files that some edits are of."""
    return {one.path for one in drawn}
