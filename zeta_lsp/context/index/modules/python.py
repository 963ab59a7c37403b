"""Python: ``a.b`` and ``..a.b``, packages, stubs, source folders that are on no path here.

An absolute name is looked for as the end of a path whose folder is not itself in a package; that
finds ``src`` layouts and folders of scripts without their configuration. If there is none, it may
be a script beside the importer in a folder that is a package besides; a module of the standard
library is never meant so.
"""

import sys

from zeta_lsp.context.index.paths import Paths, nearest_first

_ENDINGS = (".py", ".pyi")


def files_of(module: str, importer: str, paths: Paths) -> list[str]:
    """The files of a module."""
    plain = module.lstrip(".")
    dots = len(module) - len(plain)
    parts = plain.split(".") if plain else []
    if dots:
        folder = importer
        for _ in range(dots):
            folder = folder.rpartition("/")[0]
        return [path for path in _candidates(folder, parts) if path in paths]
    return _absolute(parts, importer, paths) if parts else []


def _candidates(folder: str, parts: list[str]) -> list[str]:
    stem = "/".join((folder, *parts))
    files = [stem + ending for ending in _ENDINGS] if parts else []
    return files + [f"{stem}/__init__{ending}" for ending in _ENDINGS]


def _absolute(parts: list[str], importer: str, paths: Paths) -> list[str]:
    found = []
    for ending in _ENDINGS:
        for tail in ([*parts[:-1], parts[-1] + ending], [*parts, "__init__" + ending]):
            depth = len(tail)
            ends = paths.ending_with(tail)
            found += [path for path in ends if not _is_package(path.rsplit("/", depth)[0], paths)]
    return nearest_first(found, importer) or _beside(parts, importer, paths)


def _beside(parts: list[str], importer: str, paths: Paths) -> list[str]:
    """A module as a script sees it: in its own folder, which is in no package."""
    folder = importer.rpartition("/")[0]
    if parts[0] in sys.stdlib_module_names or _is_package(folder.rpartition("/")[0], paths):
        return []
    return [path for path in _candidates(folder, parts) if path in paths]


def _is_package(folder: str, paths: Paths) -> bool:
    return any(f"{folder}/__init__{ending}" in paths for ending in _ENDINGS)
