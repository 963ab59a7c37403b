"""What was measured of a project, kept in a folder, so that a run that was cut short goes on.

What is kept is found again by the project, its versions, the options, and a digest of the code that
the figures depend on: after a change of the index everything is asked anew.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from tests.bench.context.edits.sdists import Project

ROOT = Path(__file__).parents[4]
_BENCH = "tests/bench/context"
CODE = (
    "zeta_lsp/context",
    "zeta_lsp/core",
    "zeta_lsp/server",
    *(f"{_BENCH}/{name}.py" for name in ("gathering", "servers", "sites")),
    *(
        f"{_BENCH}/edits/{name}.py"
        for name in ("drawing", "hunks", "needs", "page", "playing", "programs", "through")
    ),
)


Kind = TypeVar("Kind")


class Results:
    """The results in a folder: lists of named tuples, told apart by their kind."""

    def __init__(self, cache: Path) -> None:
        self._folder = cache / "results"
        self._code = digest(ROOT)

    def get(self, kind: type[Kind], project: Project, *options: object) -> list[Kind] | None:
        """What was measured, if it was."""
        path = self._path(kind, project, options)
        return msgspec.json.decode(path.read_bytes(), type=list[kind]) if path.exists() else None  # type: ignore[valid-type]  # a type at run time

    def put(self, measured: Sequence[object], project: Project, *options: object) -> None:
        """Keep what was measured; nothing is no measurement."""
        if not measured:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(type(measured[0]), project, options)
        part = path.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(measured))
        part.replace(path)

    def _path(self, kind: type, project: Project, options: tuple[object, ...]) -> Path:
        key = json.dumps([self._code, kind.__name__, *project, *map(str, options)])
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
