"""What was measured of a project, kept in a folder, so that a run that was cut short goes on.

What is kept is found again by the project, its versions, the options, and a digest of the code that
the figures depend on: after a change of the index everything is asked anew.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tests.bench.context.edits.playing import Asked
from tests.bench.context.edits.sdists import Project

ROOT = Path(__file__).parents[4]
_BENCH = "tests/bench/context"
CODE = (
    "zeta_lsp/context",
    "zeta_lsp/core",
    "zeta_lsp/server/around.py",
    *(f"{_BENCH}/{name}.py" for name in ("gathering", "servers", "sites")),
    *(f"{_BENCH}/edits/{name}.py" for name in ("drawing", "hunks", "needs", "page", "playing")),
)


class Results:
    """The results in a folder."""

    def __init__(self, cache: Path) -> None:
        self._folder = cache / "results"
        self._code = digest(ROOT)

    def get(self, project: Project, *options: object) -> list[Asked] | None:
        """What was measured, if it was."""
        path = self._path(project, options)
        return msgspec.json.decode(path.read_bytes(), type=list[Asked]) if path.exists() else None

    def put(self, asked: list[Asked], project: Project, *options: object) -> None:
        """Keep what was measured."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(project, options)
        part = path.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(asked))
        part.replace(path)

    def _path(self, project: Project, options: tuple[object, ...]) -> Path:
        key = json.dumps([self._code, *project, *map(str, options)])
        name = hashlib.sha256(key.encode()).hexdigest()[:16]
        return self._folder / f"{project.name}-{name}.json"


def digest(root: Path) -> str:
    """One word for the code that figures depend on."""
    total = hashlib.sha256()
    for path in _files(root):
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for name in CODE:
        path = root / name
        yield from sorted(path.rglob("*.py")) if path.is_dir() else filter(Path.exists, [path])
