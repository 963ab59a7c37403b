"""Rust: ``crate::a::b``, ``super``, ``self``, ``mod x``, and crates of the same workspace.

The longest part of a path that is a file counts: what is left names an item in it, or a module that
is written inline. A first part that is none of the known ones is a module beside the file, else a
crate whose folder has its name.
"""

import os
import posixpath

from zeta_lsp.context.index.paths import Paths, nearest_first

_ROOTS = ("lib.rs", "main.rs", "mod.rs")


def files_of(module: str, importer: str, paths: Paths) -> list[str]:
    """The file of a module, the deepest that there is."""
    parts = [part.strip() for part in module.split("::") if part.strip()]
    if not parts:
        return []
    folder = _folder_of(importer)
    if parts[0] == "crate":
        return _below(_crate_folder(importer, paths), parts[1:], paths)
    if parts[0] in ("self", "super"):
        while parts and parts[0] in ("self", "super"):
            if parts.pop(0) == "super":
                folder = posixpath.dirname(folder)
        return _below(folder, parts, paths)
    beside = _below(folder, parts, paths, least=1)
    return beside or _of_crate(parts, importer, paths)


def _folder_of(file: str) -> str:
    """The folder of the modules inside a file's module."""
    folder, name = posixpath.split(file)
    return folder if name in _ROOTS else f"{folder}/{name.removesuffix('.rs')}"


def _crate_folder(file: str, paths: Paths) -> str:
    """The folder of the crate's root file: the nearest one above."""
    folder = posixpath.dirname(file)
    while folder not in ("", "/"):
        if f"{folder}/lib.rs" in paths or f"{folder}/main.rs" in paths:
            return folder
        if os.path.lexists(f"{folder}/Cargo.toml"):
            return f"{folder}/src"
        folder = posixpath.dirname(folder)
    return posixpath.dirname(file)


def _below(folder: str, parts: list[str], paths: Paths, least: int = 0) -> list[str]:
    for end in range(len(parts), least - 1, -1):
        stem = "/".join((folder, *parts[:end]))
        names = [f"{stem}.rs", *(f"{stem}/{name}" for name in _ROOTS)]
        found = [name for name in names if name in paths]
        if found:
            return found
    return []


def _of_crate(parts: list[str], importer: str, paths: Paths) -> list[str]:
    names = {parts[0], parts[0].replace("_", "-")}
    roots = [
        posixpath.dirname(path)
        for name in names
        for path in paths.ending_with([name, "src", "lib.rs"])
    ]
    found = (file for root in roots for file in _below(root, parts[1:], paths))
    return nearest_first(found, importer)
