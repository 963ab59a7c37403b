"""JavaScript and TypeScript: relative files, index files, ``paths`` and ``baseUrl`` of a tsconfig.

A bare name is looked for in the package that the file belongs to, if its ``package.json`` is called
so (tests import their own package by name), as another package of the workspace (a folder of that
name with an entry file) and, if it has several parts, as the end of a path.
"""

import functools
import posixpath
import re
from pathlib import Path
from typing import Any

import msgspec

from zeta_lsp.context.index.paths import Paths, nearest_first
from zeta_lsp.context.index.reading import small_text

_ENDINGS = (".ts", ".tsx", ".d.ts", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".vue")
_COMPILED = {".js": (".ts", ".tsx"), ".mjs": (".mts",), ".cjs": (".cts",), ".jsx": (".tsx",)}
_CONFIGS = ("tsconfig.json", "jsconfig.json")
_PACKAGES = ("package.json",)
_MAX_CONFIG_BYTES = 16 << 10
_MAX_PACKAGE_BYTES = 128 << 10
_SOURCES = ("src", "lib", "")
_ENTRIES = ("src/index", "index", "lib/index", "src/main")
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


class _Config:
    """Where a tsconfig says that names lead."""

    def __init__(self, folder: str, options: dict[str, Any]) -> None:
        base = options.get("baseUrl")
        self.base = (
            posixpath.normpath(posixpath.join(folder, base)) if isinstance(base, str) else None
        )
        self.paths: list[tuple[str, str]] = []
        mapping = options.get("paths")
        for pattern, targets in (mapping if isinstance(mapping, dict) else {}).items():
            for target in targets if isinstance(targets, list) else ():
                if isinstance(target, str):
                    self.paths.append((pattern, posixpath.join(self.base or folder, target)))

    def stems(self, module: str) -> list[str]:
        """What a bare name may stand for."""
        stems = []
        for pattern, target in self.paths:
            head, star, tail = pattern.partition("*")
            if star and module.startswith(head) and module.endswith(tail):
                stems.append(target.replace("*", module[len(head) : len(module) - len(tail)], 1))
            elif module == pattern:
                stems.append(target)
        return stems + ([posixpath.join(self.base, module)] if self.base is not None else [])


def files_of(module: str, importer: str, paths: Paths) -> list[str]:
    """The files of a module."""
    if module.startswith("."):
        return _existing(posixpath.join(posixpath.dirname(importer), module), paths)
    config = _config_above(posixpath.dirname(importer))
    for stem in config.stems(module) if config is not None else ():
        if found := _existing(stem, paths):
            return found
    own = _in_own_package(module, importer, paths)
    return own or nearest_first(_in_workspace(module, paths), importer)


def _existing(stem: str, paths: Paths) -> list[str]:
    stem = posixpath.normpath(stem)
    plain, ending = posixpath.splitext(stem)
    names = [stem, *(plain + other for other in _COMPILED.get(ending, ()))]
    names += [stem + ending for ending in _ENDINGS]
    names += [f"{stem}/index{ending}" for ending in _ENDINGS]
    return [name for name in names if name in paths][:2]


def _in_own_package(module: str, importer: str, paths: Paths) -> list[str]:
    """The files of a module of the package that the importer is part of."""
    file = _file_above(posixpath.dirname(importer), _PACKAGES)
    name = None if file is None else _package_name(*file)
    if file is None or name is None or not f"{module}/".startswith(f"{name}/"):
        return []
    folder, below = posixpath.dirname(file[0]), module[len(name) + 1 :]
    stems = (posixpath.join(folder, source, below) for source in _SOURCES)
    return next((found for stem in stems if (found := _existing(stem, paths))), [])


def _in_workspace(module: str, paths: Paths) -> list[str]:
    parts = [part for part in module.lstrip("@~#/").split("/") if part]
    scoped = module.startswith("@") and len(parts) > 1
    package = parts[1:] if scoped else parts
    found = [path for entry in _ENTRIES for path in _ending(paths, [*package, *entry.split("/")])]
    if len(parts) > 1 and not found:
        found = _ending(paths, parts) or _ending(paths, [*parts, "index"])
        if scoped and not found and len(package) > 1:
            found = _ending(paths, [package[0], "src", *package[1:]]) or _ending(paths, package)
    return found


def _ending(paths: Paths, parts: list[str]) -> list[str]:
    tails = [[*parts[:-1], parts[-1] + ending] for ending in ("", *_ENDINGS)]
    return [path for tail in tails for path in paths.ending_with(tail)]


def _config_above(folder: str) -> _Config | None:
    file = _file_above(folder, _CONFIGS)
    return None if file is None else _config(*file)


def _file_above(folder: str, names: tuple[str, ...]) -> tuple[str, int] | None:
    """The nearest file of one of these names, and when it changed."""
    while folder not in ("", "/"):
        for name in names:
            file = f"{folder}/{name}"
            try:
                return file, Path(file).lstat().st_mtime_ns
            except OSError:
                continue
        folder = posixpath.dirname(folder)
    return None


@functools.lru_cache(maxsize=64)
def _config(file: str, changed_ns: int) -> _Config | None:
    text = small_text(Path(file), _MAX_CONFIG_BYTES)
    if text is None:
        return None
    plain = _COMMENT.sub(lambda match: match[1] or "", text)
    try:
        tree = msgspec.json.decode(_TRAILING_COMMA.sub(r"\1", plain).encode(errors="replace"))
    except (msgspec.DecodeError, RecursionError):
        return None
    options = tree.get("compilerOptions") if isinstance(tree, dict) else None
    return _Config(posixpath.dirname(file), options) if isinstance(options, dict) else None


@functools.lru_cache(maxsize=64)
def _package_name(file: str, changed_ns: int) -> str | None:
    text = small_text(Path(file), _MAX_PACKAGE_BYTES)
    try:
        tree = msgspec.json.decode((text or "").encode(errors="replace"))
    except (msgspec.DecodeError, RecursionError):
        return None
    name = tree.get("name") if isinstance(tree, dict) else None
    return name if isinstance(name, str) and name else None
