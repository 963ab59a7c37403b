"""Names that a file takes from others: followed through modules and what they pass on.

A name that an import binds but that no indexed file defines comes from outside the workspace; then
nothing is found, which is not the same as "not imported" and keeps namesakes away.
"""

import posixpath

import msgspec

from zeta_lsp.context.index.admission import language_of
from zeta_lsp.context.index.facts import EVERYTHING, Bound, key_of
from zeta_lsp.context.index.modules import finder_for
from zeta_lsp.context.index.modules.c import sources_of
from zeta_lsp.context.index.view import Hit, View
from zeta_lsp.context.index.words import words

BY_FILE = words("python javascript typescript tsx go rust java kotlin scala php lua")
"""Languages whose imports of single names say in which file or folder to look."""
MAX_HOPS = 6
"""So many modules may pass a name on."""
MAX_FILES = 200
"""Of included headers, and of files that one module consists of."""
_C = ("c", "cpp")


class Found(msgspec.Struct, frozen=True):
    """What an imported name stands for: definitions, or modules (their files)."""

    hits: tuple[Hit, ...] = ()
    modules: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.hits or self.modules)


class Imports:
    """Follows imports for one question; what was followed is not followed again."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._seen: set[tuple[str, str]] = set()

    def bound(self, path: str, name: str) -> Found | None:
        """What a file's imports bind to a name; None if none does."""
        if language_of(path) not in BY_FILE:
            return None
        bounds = self._view.bounds(path, key_of(name))
        return None if not bounds else self._all(path, name, bounds, hops=0)

    def everything(self, path: str, name: str) -> Found:
        """What a name is among the things that a file takes over whole: ``*``, headers."""
        if language_of(path) in _C:
            return self._included(path, name)
        bounds = self._view.bounds(path, key_of(EVERYTHING))
        return self._all(
            path, name, [bound for bound in bounds if bound.origin == EVERYTHING], hops=0
        )

    def exported(self, path: str, name: str, hops: int = 0) -> Found:
        """What a file gives others under a name: its own definition, or what it passes on."""
        if hops > MAX_HOPS or (path, name) in self._seen:
            return Found()
        self._seen.add((path, name))
        own = self._view.in_file(path, key_of(name))
        outer = [hit for hit in own if hit.symbol.depth == 0]
        if outer or own:
            return Found(hits=tuple(outer or own[:2]))
        bounds = self._view.bounds(path, key_of(name))
        bounds += self._view.bounds(path, key_of(EVERYTHING))
        return self._all(path, name, bounds, hops + 1)

    def module(self, module: str, importer: str) -> list[str]:
        """The files of a module."""
        language = language_of(importer) or ""
        # Only Rust's paths depend on more than the folder that they are written in.
        place = importer if language == "rust" else importer.rpartition("/")[0]
        key = (module, place, language)
        known = self._view.modules()
        if key not in known:
            finder = finder_for(language)
            files = [] if finder is None else finder(module, importer, self._view.paths)
            known[key] = files[:MAX_FILES]
        return known[key]

    def _all(self, path: str, name: str, bounds: list[Bound], hops: int) -> Found:
        hits: dict[Hit, None] = {}
        modules: dict[str, None] = {}
        for bound in bounds:
            origin = name if bound.origin == EVERYTHING else bound.origin
            found = self._from(bound.module, origin, name, path, hops)
            hits |= dict.fromkeys(found.hits)
            modules |= dict.fromkeys(found.modules)
        return Found(tuple(hits), tuple(modules))

    def _from(self, module: str, origin: str, name: str, importer: str, hops: int) -> Found:
        files = self.module(module, importer)
        if not origin:
            return self._whole(files, name, module)
        for file in files:
            found = self.exported(file, origin, hops)
            if found:
                return found
        if origin == "default":
            return self._default(files, name)
        return self._whole(self._submodule(module, origin, importer), origin, module)

    def _whole(self, files: list[str], name: str, module: str) -> Found:
        """A module by its own name; where a file is called like a type in it, the type is meant."""
        for file in files:
            if posixpath.splitext(posixpath.basename(file))[0] in (name, module.rpartition(".")[2]):
                own = [
                    hit for hit in self._view.in_file(file, key_of(name)) if not hit.symbol.depth
                ]
                if own and not file.endswith((".py", ".pyi")):
                    return Found(hits=tuple(own))
        return Found(modules=tuple(files))

    def _submodule(self, module: str, origin: str, importer: str) -> list[str]:
        """The files of a module that another one holds."""
        mark = "::" if language_of(importer) == "rust" else "."
        joint = "" if module.endswith(mark) else mark  # `from . import a` is the module `.a`
        files = self.module(f"{module}{joint}{origin}", importer)
        return [file for file in files if origin in _names_of(file)]

    def _default(self, files: list[str], name: str) -> Found:
        """What a file exports without a name: mostly it is called like the file or the import."""
        for file in files:
            stem = posixpath.basename(file).partition(".")[0]
            for guess in (name, stem, posixpath.basename(posixpath.dirname(file))):
                own = [
                    hit for hit in self._view.in_file(file, key_of(guess)) if not hit.symbol.depth
                ]
                if own:
                    return Found(hits=tuple(own))
        return Found(modules=tuple(files[:1]))

    def _included(self, path: str, name: str) -> Found:
        """A name in the headers that a file includes and in the sources called like them."""
        files, pending = {path: None}, [path]
        while pending and len(files) < MAX_FILES:
            current = pending.pop(0)
            for bound in self._view.bounds(current, key_of(EVERYTHING)):
                for file in self.module(bound.module, current):
                    if file not in files:
                        files[file] = None
                        pending.append(file)
        wanted = [*files, *(s for file in files for s in sources_of(file, self._view.paths))]
        return Found(
            tuple(
                dict.fromkeys(h for file in wanted for h in self._view.in_file(file, key_of(name)))
            )
        )


def _names_of(file: str) -> tuple[str, str]:
    """What a file's module may be called: as the file, or as its folder for entry files."""
    folder, name = posixpath.split(file)
    return name.partition(".")[0], posixpath.basename(folder)
