"""Which files of a workspace may be indexed: inside a root, not ignored by git, not excluded.

`walking` asks for every entry it meets and remembers the ignore rules on its way down; for single
paths, which watchers and editors name, `Admission.admits` goes the same way from the root. A path
whose folders are reached through a symbolic link is never admitted.
"""

import functools
import os
from collections.abc import Sequence

from zeta_lsp.context.grammars import grammar_name
from zeta_lsp.context.index.ignores import Layers, ignored, layer_of, layers_above
from zeta_lsp.context.index.words import words
from zeta_lsp.core.exclusion import Exclusions

NEVER_ENTERED = words(
    ".git .hg .svn .bzr .jj node_modules bower_components __pycache__ .tox .nox .eggs "
    ".mypy_cache .pytest_cache .ruff_cache .gradle .idea .vs .direnv .terraform .cache"
)
"""Folders of tools, left out whether or not somebody told git so."""
MARKS_OF_TOOLS = ("pyvenv.cfg", "CACHEDIR.TAG")
"""A folder with one of these holds an environment or a cache."""
NOT_CODE = frozenset(("json", "yaml", "toml", "html", "css"))
"""Data and markup define nothing that code would name."""


class Admission:
    """The rules of a workspace. `roots` are absolute; of nested ones, each counts on its own."""

    def __init__(self, roots: Sequence[str], globs: Sequence[str]) -> None:
        self.roots = tuple(dict.fromkeys(os.path.normpath(root) for root in roots))
        self._real = {root: os.path.realpath(root) for root in self.roots}
        self._exclusions = Exclusions(globs)

    def root_of(self, path: str) -> str | None:
        """The innermost root that holds a path."""
        holding = [root for root in self.roots if path.startswith(root.rstrip("/") + "/")]
        return max(holding, key=len, default=None)

    def layers_of(self, root: str) -> Layers | None:
        """The ignore rules for the entries of a root; None if nothing in it may be read."""
        above = layers_above(self._real[root])
        return None if above is None else above + layer_of(self._real[root])

    def real(self, path: str, root: str) -> str:
        """The path as it is once its root's own links are followed."""
        return self._real[root] + path[len(root.rstrip("/")) :]

    def takes_folder(self, path: str, root: str, layers: Layers) -> bool:
        """Whether a folder may be entered; `layers` are those of the folder that holds it."""
        if path.rpartition("/")[2] in NEVER_ENTERED:
            return False
        real = self.real(path, root)
        if ignored(layers, real, is_folder=True):
            return False
        inside = "/-"  # rules such as `secrets/**` speak of what is in a folder
        return self._rule(path + inside, real + inside, root) is None

    def takes_file(self, path: str, root: str, layers: Layers) -> bool:
        """Whether a file may be opened; `layers` are those of the folder that holds it."""
        real = self.real(path, root)
        if language_of(path) is None or ignored(layers, real, is_folder=False):
            return False
        return self._rule(path, real, root) is None

    def admits(self, path: str) -> bool:
        """Whether a single file may be opened, judged from its root down to it."""
        root, folder = self.root_of(path), path.rpartition("/")[0]
        if root is None:
            return False
        layers = self.layers_below(folder, root)
        return layers is not None and self.takes_file(path, root, layers)

    def layers_below(self, folder: str, root: str) -> Layers | None:
        """The rules for the entries of any folder in a root; None if it may not be entered."""
        if os.path.realpath(folder) != self.real(folder, root):
            return None
        layers, current = self.layers_of(root), root
        for part in _parts_below(folder, root):
            current = f"{current.rstrip('/')}/{part}"
            if layers is None or is_of_a_tool(current):
                return None
            if not self.takes_folder(current, root, layers):
                return None
            layers += layer_of(self.real(current, root))
        return layers

    def _rule(self, path: str, real: str, root: str) -> str | None:
        if real == path:
            return self._exclusions.rule_for(path, root)
        return self._exclusions.rule_for(path, root, real, self._real[root])


def language_of(path: str) -> str | None:
    """The language whose definitions a file may hold."""
    name = path.rpartition("/")[2].lower()
    return _language_of_ending(name.rpartition(".")[2])


@functools.cache
def _language_of_ending(ending: str) -> str | None:
    name = grammar_name("", ending)
    return None if name in NOT_CODE else name


def is_of_a_tool(folder: str) -> bool:
    """Whether a folder says of itself that a tool made it."""
    return any(os.path.lexists(f"{folder}/{mark}") for mark in MARKS_OF_TOOLS)


def _parts_below(folder: str, root: str) -> list[str]:
    return [part for part in folder[len(root.rstrip("/")) :].split("/") if part]
