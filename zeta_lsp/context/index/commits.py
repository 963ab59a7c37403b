"""Which files the latest commits changed, read from git's objects by dulwich.

Reading is a generator of small steps, newest commit first by its date. Merges are passed over: what
they bring was counted with the commits that made it. So are commits of more than `FILES_MAX` files,
which say nothing about any two of them, and commits that a shallow clone does not have.

A repository can be made by anybody: whatever dulwich makes of it, an exception ends the reading.
"""

from collections.abc import Generator, Iterator
from contextlib import closing
from heapq import heappop, heappush
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dulwich.object_store import DiskObjectStore
    from dulwich.objects import Commit, ObjectID

COMMITS_MAX = 100
VISITED_MAX = 400
"""Commits that are looked at, merges and all."""
FILES_MAX = 30
OBJECT_BYTES = 8 << 20

Changed = tuple[str, ...]
"""The paths that a commit changed, from the top of the repository."""


def changes(objects: Path, head: str) -> Generator[Changed | None, None, None]:
    """The files of the latest commits; None after a step that brought none."""
    import dulwich.objects  # each of these takes tens of milliseconds

    yield None
    from dulwich.object_store import DiskObjectStore

    yield None
    with closing(DiskObjectStore(objects, loose_object_size_limit=OBJECT_BYTES)) as store:
        told = 0
        for commit in _latest(store, dulwich.objects.ObjectID(head.encode())):
            files = None
            if commit is not None and len(commit.parents) < 2:
                files = yield from _files_of(store, commit)
            yield files
            told += files is not None
            if told >= COMMITS_MAX:
                return


def _latest(store: "DiskObjectStore", head: "ObjectID") -> "Iterator[Commit | None]":
    """Commits from the newest on; None for one that is not there."""
    from dulwich.objects import Commit

    waiting: list[tuple[int, ObjectID, Commit]] = []
    seen: set[ObjectID] = set()

    def meet(name: "ObjectID") -> None:
        if name in seen or name not in store:
            return
        seen.add(name)
        commit = store[name]
        if isinstance(commit, Commit):
            heappush(waiting, (-commit.commit_time, name, commit))

    meet(head)
    while waiting and len(seen) < VISITED_MAX:
        commit = heappop(waiting)[-1]
        for parent in commit.parents:
            meet(parent)
            yield None
        yield commit


def _files_of(store: "DiskObjectStore", commit: "Commit") -> Generator[None, None, Changed | None]:
    """What a commit changed, after a step for each file; None if that is not known or too much."""
    from dulwich.diff_tree import tree_changes
    from dulwich.objects import Commit

    parent = store[commit.parents[0]] if commit.parents and commit.parents[0] in store else None
    if commit.parents and not isinstance(parent, Commit):
        return None
    found: list[str] = []
    for change in tree_changes(store, None if parent is None else parent.tree, commit.tree):
        entry = change.old if change.new is None else change.new
        if entry is not None:
            found.append(entry.path.decode("utf-8", "surrogateescape"))
        if len(found) > FILES_MAX:
            return None
        yield None
    return tuple(found)
