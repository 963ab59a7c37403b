"""Go: a package is a folder; ``go.mod`` says which path the folders of a module begin with."""

import functools
import posixpath
import re
from pathlib import Path

from zeta_lsp.context.index.paths import Paths, nearest_first
from zeta_lsp.context.index.reading import small_text

_MODULE = re.compile(r'^[ \t]*module[ \t]+"?([^\s"]+)', re.MULTILINE)
_MAX_BYTES = 64 << 10


def files_of(module: str, importer: str, paths: Paths) -> list[str]:
    """The files of a package, without its tests."""
    own = _module_around(posixpath.dirname(importer))
    if own is not None:
        folder, name = own
        if module == name or module.startswith(name + "/"):
            return package(folder + module[len(name) :], paths)
    return _elsewhere(module.split("/"), importer, paths)


def package(folder: str, paths: Paths) -> list[str]:
    """The files of a folder that may define something for others."""
    return sorted(
        path
        for path in paths.files_in(folder)
        if path.endswith(".go") and not path.endswith("_test.go")
    )


def _elsewhere(parts: list[str], importer: str, paths: Paths) -> list[str]:
    """A package of another module of the workspace, or vendored: as much of its path as fits."""
    for start in range(len(parts) - 1):
        found = list(paths.folders_ending_with(parts[start:]))
        if found:
            files = (path for folder in found for path in package(folder, paths))
            return nearest_first(files, importer)
    return []


def _module_around(folder: str) -> tuple[str, str] | None:
    """The folder of the nearest ``go.mod`` and the path that it declares."""
    while folder not in ("", "/"):
        file = f"{folder}/go.mod"
        try:
            changed_ns = Path(file).lstat().st_mtime_ns
        except OSError:
            folder = posixpath.dirname(folder)
            continue
        name = _declared(file, changed_ns)
        return None if name is None else (folder, name)
    return None


@functools.lru_cache(maxsize=64)
def _declared(file: str, changed_ns: int) -> str | None:
    text = small_text(Path(file), _MAX_BYTES)
    match = _MODULE.search(text) if text is not None else None
    return match[1] if match is not None else None
