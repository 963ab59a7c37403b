"""The git repository around a folder, as far as its history is read, without trusting it.

Git itself is never run: a repository's configuration can make it run anything. Nothing here obeys a
configuration, follows a symbolic link, or goes where a project's files point, but for a linked
worktree or a submodule whose folder is where git puts it and names the project in turn. Whatever is
of another kind has no history here.
"""

import re
import stat
from pathlib import Path

import msgspec

from zeta_lsp.context.index.reading import small_text

_SMALL_BYTES = 4096
_PACKED_REFS_BYTES = 4 << 20
_REFS_FOLLOWED = 5
_COMMIT = re.compile(r"[0-9a-f]{40}")
_REF = re.compile(r"refs/(?!.*(?:\.\.|//|/\.))[\w./+@=-]{1,200}", re.ASCII)


class Repository(msgspec.Struct, frozen=True):
    """The top of a working tree, git's folder for it alone, and the one that trees share."""

    top: Path
    own: Path
    common: Path

    @property
    def objects(self) -> Path | None:
        """Where its objects are; None if it borrows some from elsewhere."""
        folder = self.common / "objects"
        borrows = _kind(folder / "info" / "alternates") is not None
        return folder if _kind(folder) == "folder" and not borrows else None

    def head(self) -> str:
        """The commit that is checked out; empty if there is none, or none that can be read."""
        found = _first_line(self.own / "HEAD")
        for _ in range(_REFS_FOLLOWED):
            if not found.startswith("ref: "):
                break
            found = self._ref(found.removeprefix("ref: ").strip())
        return found if _COMMIT.fullmatch(found) else ""

    def _ref(self, name: str) -> str:
        if not _REF.fullmatch(name):
            return ""
        return _first_line(self.common / name) or self._packed(name)

    def _packed(self, name: str) -> str:
        text = small_text(self.common / "packed-refs", _PACKED_REFS_BYTES) or ""
        found = re.search(rf"^([0-9a-f]{{40}}) {re.escape(name)}\r?$", text, re.MULTILINE)
        return "" if found is None else found[1]


def repository_above(root: Path) -> Repository | None:
    """The repository that a folder belongs to; None if there is none that can be read."""
    for folder in (root, *root.parents):
        git = folder / ".git"
        kind = _kind(git)
        if kind == "folder":
            return Repository(folder, git, git)
        if kind is not None:
            return _linked(folder) if kind == "file" else None
    return None


def _linked(folder: Path) -> Repository | None:
    """The repository of a linked worktree or a submodule."""
    line = _first_line(folder / ".git")
    own = Path(folder, line.removeprefix("gitdir:").strip())
    try:
        own = own.resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    if not line.startswith("gitdir:") or _kind(own) != "folder":
        return None
    if own.parent.name == "worktrees":
        names_us = Path(_first_line(own / "gitdir")) == folder / ".git"
        return Repository(folder, own, own.parent.parent) if names_us else None
    modules = (parent / ".git" / "modules" for parent in folder.parents)
    return Repository(folder, own, own) if any(map(own.is_relative_to, modules)) else None


def _first_line(file: Path) -> str:
    return (small_text(file, _SMALL_BYTES) or "").partition("\n")[0].rstrip("\r")


def _kind(path: Path) -> str | None:
    """What stands there; None if nothing does."""
    try:
        mode = path.lstat().st_mode
    except (OSError, ValueError):
        return None
    if stat.S_ISDIR(mode):
        return "folder"
    return "file" if stat.S_ISREG(mode) else "other"
