"""Finds the folder in which git keeps a project, and reads its small files, without trusting it.

A repository can be made by anybody, and recording must not follow where it points. So `.git` has to
be a folder, or the file of a linked worktree or a submodule, whose folder is where git puts it and
names the project in turn; every file that is read is a regular one of bounded size; symbolic links
are not followed. No configuration is obeyed: nothing is included, and no program is run.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import msgspec
from dulwich.config import ConfigFile

LEVELS_MAX = 40
SMALL_BYTES = 4096
CONFIG_BYTES = 256 * 1024
PACKED_REFS_BYTES = 4 * 1024 * 1024
_REFS_FOLLOWED = 5
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REF = re.compile(r"refs/(?!.*(?:\.\.|//|/\.))[\w./+@=-]{1,200}", re.ASCII)


class GitFolder(msgspec.Struct, frozen=True):
    """Where things are: the working tree, what is of this tree alone, and what trees share."""

    top: Path
    own: Path
    common: Path

    def revision(self) -> str:
        """The commit that is checked out; empty if there is none, or none that can be read."""
        found = _first_line(self.own / "HEAD")
        for _ in range(_REFS_FOLLOWED):
            if not found.startswith("ref: "):
                break
            found = self._ref(found.removeprefix("ref: ").strip())
        return found if _COMMIT.fullmatch(found) else ""

    def remote(self) -> str:
        """The URL of ``origin``, or else of the first remote; empty if there is none."""
        content = read_regular(self.common / "config", CONFIG_BYTES)
        try:
            config = ConfigFile.from_file(BytesIO(content or b""), expand_includes=False)
        except (ValueError, KeyError, IndexError):
            return ""
        urls = dict(_urls(config))
        url = urls.get(b"origin") or next(iter(urls.values()), b"")
        return url.decode("utf-8", "replace")

    def _ref(self, name: str) -> str:
        if not _REF.fullmatch(name):
            return ""
        found = _first_line(self.common / name)
        return found or self._packed_ref(name)

    def _packed_ref(self, name: str) -> str:
        content = read_regular(self.common / "packed-refs", PACKED_REFS_BYTES) or b""
        for line in content.splitlines():
            if line.endswith(b" " + name.encode()):
                return line.partition(b" ")[0].decode("ascii", "replace")
        return ""


def find_git(root: Path) -> GitFolder | None:
    """The repository that a folder belongs to; None if there is none, or none to be trusted."""
    folder = root
    for _ in range(LEVELS_MAX):
        kind = kind_of(folder / ".git")
        if kind == "folder":
            own = folder / ".git"
            return GitFolder(folder, own, own)
        if kind == "file":
            return _linked(folder)
        if kind is not None or folder.parent == folder:
            return None
        folder = folder.parent
    return None


def read_regular(path: Path, limit_bytes: int) -> bytes | None:
    """What a regular file holds; None if it is none, larger, or cannot be read. Never waits."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_size > limit_bytes:
            return None
        try:
            return file.read(limit_bytes)
        except OSError:
            return None


def _linked(folder: Path) -> GitFolder | None:
    """The repository of a linked worktree or a submodule."""
    line = _first_line(folder / ".git")
    if not line.startswith("gitdir: "):
        return None
    own = Path(os.path.normpath(folder / line.removeprefix("gitdir: ").strip()))
    if kind_of(own) != "folder" or own.resolve() != own:
        return None
    if own.parent.name == "worktrees":
        common = own.parent.parent
        back = _first_line(own / "gitdir")
        return GitFolder(folder, own, common) if Path(back) == folder / ".git" else None
    modules = (parent / ".git" / "modules" for parent in folder.parents)
    return GitFolder(folder, own, own) if any(own.is_relative_to(one) for one in modules) else None


def _urls(config: ConfigFile) -> Iterator[tuple[bytes, bytes]]:
    """The remotes by name."""
    for section in config.sections():
        if len(section) == 2 and section[0] == b"remote":
            with suppress(KeyError):
                yield section[1], config.get(section, b"url")


def _first_line(path: Path) -> str:
    content = read_regular(path, SMALL_BYTES) or b""
    return content.decode("utf-8", "replace").partition("\n")[0].rstrip("\r")


def kind_of(path: Path) -> str | None:
    """What stands there; None if nothing does."""
    try:
        mode = path.lstat().st_mode
    except (OSError, ValueError):
        return None
    if stat.S_ISDIR(mode):
        return "folder"
    return "file" if stat.S_ISREG(mode) else "other"
