"""Lua and Ruby: ``a.b`` or ``a/b`` is the end of a file's path, or a folder with an entry file."""

import posixpath

from zeta_lsp.context.index.paths import Paths, nearest_first

_ENDINGS = (".lua", "/init.lua", ".rb")


def files_of(module: str, importer: str, paths: Paths) -> list[str]:
    """The file that is required."""
    name = module if "/" in module or module.startswith(".") else module.replace(".", "/")
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(importer), name))
    names = [beside + ending for ending in ("", *_ENDINGS)]
    if found := [path for path in names if path in paths]:
        return found
    stem = posixpath.normpath(name).lstrip("./")
    tails = [(stem + ending).split("/") for ending in ("", *_ENDINGS)]
    return nearest_first((path for tail in tails for path in paths.ending_with(tail)), importer)[:2]
