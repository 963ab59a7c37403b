"""Two consecutive releases of a project, as its sdists on PyPI have them.

Archives are kept in a folder that is given, beside the trees that they hold, so that nothing is
fetched or unpacked twice. They are fetched by ``unearth`` (``pip install unearth``), which asks the
same index as pip and, unlike ``pip download``, builds nothing. Archives that lie there already,
from wherever, are taken as they are.
"""

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

LIST = Path(__file__).with_name("projects.toml")


class Project(NamedTuple):
    """A line of `LIST`. `versions` are the older and the newer one, `within` a folder or empty."""

    name: str
    versions: tuple[str, str]
    language: str
    half: str
    within: str = ""


class Unfetched(Exception):
    """An sdist cannot be had; says why."""


def projects(path: Path = LIST) -> Iterator[Project]:
    """The committed list."""
    for entry in tomllib.loads(path.read_text())["project"]:
        older, newer = entry["versions"]
        yield Project(**{**entry, "versions": (older, newer)})


def trees(project: Project, cache: Path) -> tuple[Path, Path]:
    """The unpacked workspaces of both versions, fetched if need be.

    Raises:
        Unfetched: one of them is not to be had.
    """
    older, newer = (_tree(project, version, cache) for version in project.versions)
    return older, newer


def _tree(project: Project, version: str, cache: Path) -> Path:
    """The workspace of one version; prompts call it by the project's name."""
    home = cache / "trees" / f"{project.name}-{version}"
    root = home / project.name
    if not root.exists():
        unpacked = home.with_name(home.name + ".part")
        shutil.rmtree(unpacked, ignore_errors=True)
        unpacked.mkdir(parents=True)
        with tarfile.open(_archive(project.name, version, cache / "sdists")) as archive:
            archive.extractall(unpacked, filter="data")
        (only,) = unpacked.iterdir()
        only.rename(unpacked / project.name)
        unpacked.rename(home)
    workspace = root / project.within
    if not workspace.is_dir():
        raise Unfetched(f"{project.name} {version} has no folder {project.within}")
    return workspace


def _archive(name: str, version: str, folder: Path) -> Path:
    """The archive of a version, in the folder."""
    if (found := _find(name, version, folder)) is not None:
        return found
    beside = Path(sys.executable).with_name("unearth")
    program = str(beside) if beside.exists() else shutil.which("unearth")
    if program is None:
        raise Unfetched("unearth is not here: pip install unearth")
    folder.mkdir(parents=True, exist_ok=True)
    argv = [program, "--no-binary", "--download", str(folder), f"{name}=={version}"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if (found := _find(name, version, folder)) is None:
        raise Unfetched(f"{name} {version}: {done.stderr.strip()[-200:] or 'no sdist'}")
    return found


def _find(name: str, version: str, folder: Path) -> Path | None:
    """An archive by any of the spellings of a project's name."""
    wanted = f"{normal(name)}-{version}.tar.gz"
    for path in folder.glob(f"*-{version}.tar.gz") if folder.is_dir() else ():
        stem = path.name.removesuffix(f"-{version}.tar.gz")
        if f"{normal(stem)}-{version}.tar.gz" == wanted:
            return path
    return None


def normal(name: str) -> str:
    """A project's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
