"""Small projects in which a question and its answer are marked.

A file of cases has ``=== title`` before each project and ``--- path`` before each of its files. In
the texts, ``‹name›`` is what is asked and ``«name»`` where it is defined; the marks are removed
before anything is written.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from zeta_lsp.context.index.messages import Ask, Report, Start
from zeta_lsp.context.index.workspace import Workspace
from zeta_lsp.core.related import Identifier, Place

_MARK = re.compile(r"‹(.+?)›|«(.*?)»")

Project = dict[str, str]


def cases(text: str) -> Iterator[tuple[str, Project]]:
    """The projects of a file of cases, with their titles."""
    for case in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        title, _, files = case.partition("\n")
        cut = re.split(r"^--- ", files.removesuffix("\n"), flags=re.MULTILINE)
        parts = [part.partition("\n") for part in cut[1:]]
        yield title, {name: body for name, _, body in parts}


def written(root: Path, project: Project) -> tuple[Path, Identifier, list[Place]]:
    """Write a project; the file and the name that is asked, and the places that are expected."""
    asked: list[tuple[Path, Identifier]] = []
    expected: list[Place] = []
    for name, text in project.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_MARK.sub(lambda match: match[1] or match[2] or "", text), encoding="utf-8")
        for row, line in enumerate(text.split("\n")):
            for match in _MARK.finditer(line):
                col = len(_MARK.sub(lambda m: m[1] or m[2] or "", line[: match.start()]))
                if match[1]:
                    asked.append((path, Identifier(match[1], row, col, 0)))
                else:
                    expected.append(Place(str(path), row, col, row, col + len(match[2])))
    ((path, identifier),) = asked
    return path, identifier, expected


def indexed(
    root: Path, told: list[Report] | None = None, globs: Sequence[str] = (), cache: str = ""
) -> Workspace:
    """A workspace that agrees with the disk; nothing watches it."""
    heard: list[Report] = [] if told is None else told
    workspace = Workspace(Start((str(root),), tuple(globs), cache), heard.append)
    finish(workspace.scanner.everything())
    return workspace


def finish(work: Iterable[object]) -> None:
    """Do all steps of some work."""
    for _ in work:
        pass


def asked(workspace: Workspace, path: Path, identifier: Identifier) -> tuple[Place, ...]:
    """The places that the index gives."""
    (places,) = workspace.answers(Ask(1, str(path), (identifier,), 10.0))
    return places
