"""C and C++: an include is the end of a header's path, first from the folder of the file itself."""

import posixpath

from zeta_lsp.context.index.paths import Paths, nearest_first

SOURCES = (".c", ".cc", ".cpp", ".cxx", ".c++", ".m", ".mm")


def files_of(module: str, importer: str, paths: Paths) -> list[str]:
    """The file that is included."""
    name = module.strip('<>"')
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(importer), name))
    if beside in paths:
        return [beside]
    parts = [part for part in posixpath.normpath(name).split("/") if part not in ("..", "")]
    return nearest_first(paths.ending_with(parts), importer)[:2] if parts else []


def sources_of(header: str, paths: Paths) -> list[str]:
    """The files that may define what a header declares: those of its name."""
    stem = posixpath.splitext(posixpath.basename(header))[0]
    found = (path for ending in SOURCES for path in paths.ending_with([stem + ending]))
    return nearest_first(found, header)[:2]
