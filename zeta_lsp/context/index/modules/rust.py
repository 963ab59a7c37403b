"""Rust: ``crate::a::b``, ``super``, ``self``, ``mod x``, and crates of the same workspace.

The longest part of a path that is a file counts: what is left names an item in it, or a module that
is written inline. A first part that is none of the known ones is a module beside the file, else a
crate: its ``Cargo.toml`` says what it is called.
"""

import functools
import os
import posixpath
import re
from pathlib import Path

from zeta_lsp.context.index.paths import Paths, nearest_first
from zeta_lsp.context.index.reading import small_text

_CRATES = ("tests", "benches", "examples")
_ROOTS = ("lib.rs", "main.rs", "mod.rs")
_MAX_BYTES = 64 << 10
_NAME = re.compile(r'^[ \t]*name[ \t]*=[ \t]*"([\w-]+)"', re.MULTILINE)


def files_of(module: str, importer: str, paths: Paths) -> list[str]:
    """The file of a module, the deepest that there is."""
    return _found(module, importer, paths, is_whole=False)


def file_of(module: str, importer: str, paths: Paths) -> list[str]:
    """The file of a module if the whole path leads to one."""
    return _found(module, importer, paths, is_whole=True)


def _found(module: str, importer: str, paths: Paths, is_whole: bool) -> list[str]:
    parts = [part.strip() for part in module.split("::") if part.strip()]
    if not parts:
        return []
    folder = _folder_of(importer)
    if parts[0] == "crate":
        rest = parts[1:]
        return _below(_crate_folder(importer, paths), rest, paths, len(rest) if is_whole else 0)
    if parts[0] in ("self", "super"):
        while parts and parts[0] in ("self", "super"):
            if parts.pop(0) == "super":
                folder = posixpath.dirname(folder)
        return _below(folder, parts, paths, len(parts) if is_whole else 0)
    beside = _below(folder, parts, paths, len(parts) if is_whole else 1)
    return beside or _of_crate(parts, importer, paths, is_whole)


def _folder_of(file: str) -> str:
    """The folder of the modules inside a file's module."""
    folder, name = posixpath.split(file)
    is_root = name in _ROOTS or _holds_crates(folder)
    return folder if is_root else f"{folder}/{name.removesuffix('.rs')}"


def _holds_crates(folder: str) -> bool:
    """Whether each file of a folder is a crate: tests, benchmarks, examples, programs."""
    above, name = posixpath.split(folder)
    return (name in _CRATES and os.path.lexists(f"{above}/Cargo.toml")) or folder.endswith(
        "/src/bin"
    )


def _crate_folder(file: str, paths: Paths) -> str:
    """The folder of the crate's root file: the nearest one above."""
    folder = posixpath.dirname(file)
    while folder not in ("", "/"):
        if f"{folder}/lib.rs" in paths or f"{folder}/main.rs" in paths or _holds_crates(folder):
            return folder
        if os.path.lexists(f"{folder}/Cargo.toml"):
            return f"{folder}/src"
        folder = posixpath.dirname(folder)
    return posixpath.dirname(file)


def _below(folder: str, parts: list[str], paths: Paths, least: int) -> list[str]:
    """The file that the first parts lead to from a folder: as many as can be, `least` at least."""
    for end in range(len(parts), least - 1, -1):
        stem = "/".join((folder, *parts[:end]))
        names = [f"{stem}.rs", *(f"{stem}/{name}" for name in _ROOTS)]
        found = [name for name in names if name in paths]
        if found:
            return found
    return []


def _of_crate(parts: list[str], importer: str, paths: Paths, is_whole: bool) -> list[str]:
    rest = parts[1:]
    roots = [
        posixpath.dirname(path)
        for path in paths.ending_with(["src", "lib.rs"])
        if _crate_name(path.removesuffix("/src/lib.rs")) == parts[0]
    ]
    least = len(rest) if is_whole else 0
    return nearest_first((f for root in roots for f in _below(root, rest, paths, least)), importer)


def _crate_name(folder: str) -> str:
    """What code calls the crate of a folder."""
    file = f"{folder}/Cargo.toml"
    try:
        declared = _declared(file, Path(file).lstat().st_mtime_ns)
    except OSError:
        declared = None
    return (declared or posixpath.basename(folder)).replace("-", "_")


@functools.lru_cache(maxsize=1024)
def _declared(file: str, changed_ns: int) -> str | None:
    text = small_text(Path(file), _MAX_BYTES)
    match = _NAME.search(text) if text is not None else None
    return match[1] if match is not None else None
