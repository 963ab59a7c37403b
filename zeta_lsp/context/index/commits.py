"""Which files the latest commits changed, read from git's objects by dulwich.

Reading is a generator of small steps, newest commit first by its date. Merges are passed over: what
they bring was counted with the commits that made it. So are commits of more than `FILES_MAX` files,
which say nothing about any two of them, and those whose parent a shallow clone does not have.

A repository can be made by anybody. Objects are read from its own folder alone and from regular
files alone; whatever else dulwich makes of them is an exception of any kind.

Importing this module takes tens of milliseconds, because dulwich does.
"""

import stat
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from heapq import heappop, heappush
from itertools import islice
from pathlib import Path

from dulwich.diff_tree import tree_changes
from dulwich.object_store import DiskObjectStore
from dulwich.objects import Commit, ObjectID, RawObjectID, ShaFile

COMMITS_MAX = 100
VISITED_MAX = 400
"""Commits that are looked at, merges and all."""
FILES_MAX = 30
OBJECT_BYTES = 8 << 20
_PACK_FILES_MAX = 2048

Changed = tuple[str, ...]
"""The paths that a commit changed, from the top of the repository."""


def changes(objects: Path, head: str) -> Generator[Changed | None]:
    """The files of the latest commits; None after a step that brought none."""
    if not _is_plain(objects):
        return
    with closing(_PlainStore(objects, loose_object_size_limit=OBJECT_BYTES)) as store:
        told = 0
        for commit in _latest(store, ObjectID(head.encode())):
            files = None
            if commit is not None and len(commit.parents) < 2:
                files = yield from _files_of(store, commit)
            yield files
            told += files is not None
            if told >= COMMITS_MAX:
                return


class _PlainStore(DiskObjectStore):
    """Never waits for a pipe that lies where an object should."""

    def __contains__(self, name: ObjectID | RawObjectID) -> bool:
        """Whether there is such an object."""
        return self._is_safe(name) and super().__contains__(ObjectID(name))

    def __getitem__(self, name: ObjectID | RawObjectID) -> ShaFile:
        """An object. Raises KeyError: there is none."""
        if not self._is_safe(name):
            raise KeyError(name)
        return super().__getitem__(name)

    def _is_safe(self, name: ObjectID | RawObjectID) -> bool:
        return _is_missing_or_regular(Path(self.path) / name[:2].decode() / name[2:].decode())


def _latest(store: _PlainStore, head: ObjectID) -> Iterator[Commit | None]:
    """Commits from the newest on; None for a step that found none."""
    waiting: list[tuple[int, ObjectID, Commit]] = []
    seen: set[ObjectID] = set()

    def meet(name: ObjectID) -> None:
        if name not in seen and name in store:
            seen.add(name)
            commit = store[name]
            assert isinstance(commit, Commit)
            heappush(waiting, (-commit.commit_time, name, commit))

    meet(head)
    while waiting and len(seen) < VISITED_MAX:
        *_, commit = heappop(waiting)
        for parent in commit.parents:
            meet(parent)
            yield None
        yield commit


def _files_of(store: _PlainStore, commit: Commit) -> Generator[None, None, Changed | None]:
    """What a commit changed, after a step for each file; None if that is not known or too much."""
    before: ObjectID | None = None
    if commit.parents:
        if commit.parents[0] not in store:
            return None
        parent = store[commit.parents[0]]
        assert isinstance(parent, Commit)
        before = parent.tree
    found: list[str] = []
    for change in tree_changes(store, before, commit.tree):
        entry = change.old if change.new is None else change.new
        if entry is not None:
            with suppress(UnicodeDecodeError):  # no file of such a name is ever shown
                found.append(entry.path.decode())
        if len(found) > FILES_MAX:
            return None
        yield None
    return tuple(found)


def _is_plain(objects: Path) -> bool:
    """Whether all packs are regular files, and not too many."""
    packs = list(islice((objects / "pack").glob("*"), _PACK_FILES_MAX + 1))
    return len(packs) <= _PACK_FILES_MAX and all(map(_is_missing_or_regular, packs))


def _is_missing_or_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return True
