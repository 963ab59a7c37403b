"""Java, Kotlin, Scala and PHP: packages whose folders are called like them.

A module may be a package or a package with a type; both are looked for: the file of the type, and
the files of the package's folder.
"""

import re

from zeta_lsp.context.index.paths import Paths, nearest_first

_ENDINGS = (".java", ".kt", ".scala", ".php", ".kts")
_LOOSE = (".php", ".kt", ".kts")
"""Here the folders may leave out what all packages of a project begin with."""
_SEPARATOR = re.compile(r"[.\\]|::")


def files_of(module: str, importer: str, paths: Paths) -> list[str]:
    """The files of a package or a type."""
    parts = [part for part in _SEPARATOR.split(module) if part and part != "*"]
    for start in range(len(parts) if importer.endswith(_LOOSE) else max(1, len(parts) - 1)):
        found = _at(parts[start:], paths)
        if found:
            return nearest_first(found, importer)
    return []


def _at(parts: list[str], paths: Paths) -> list[str]:
    files = [
        path for ending in _ENDINGS for path in paths.ending_with([*parts[:-1], parts[-1] + ending])
    ]
    return files or [
        path
        for folder in paths.folders_ending_with(parts)
        for path in paths.files_in(folder)
        if path.endswith(_ENDINGS)
    ]
