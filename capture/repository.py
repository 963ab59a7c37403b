"""What git knows of a project, read with a library: git itself is never run, because a repository's
own configuration can make it run anything.

Revision and remote are read by `gitfolder`, which trusts nothing. Objects are read by dulwich, from
the repository's own store alone: one that borrows from another (``alternates``) or holds anything
but regular files has no diff. Whatever cannot be read, or is too large, is answered by nothing.
"""

import stat
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import closing
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Self

from dulwich.object_store import DiskObjectStore
from dulwich.objects import Blob, Commit, ObjectID, Tree

from capture.gitdiff import file_diff
from capture.gitfolder import GitFolder, find_git, kind_of
from capture.redaction import clean_remote

DIFF_MAX_BYTES = 64 * 1024
FILE_MAX_BYTES = 2 * 1024 * 1024
_PACK_FILES_MAX = 2048
_FILES_REMEMBERED = 64


class Unreadable(Exception):
    """The committed text of a file cannot be told."""


class Repository:
    """The repository above a folder. Not thread-safe."""

    def __init__(self, root: Path, folder: GitFolder) -> None:
        self._folder = folder
        self._prefix = root.relative_to(folder.top).as_posix()
        self._committed: OrderedDict[tuple[str, str], str | None] = OrderedDict()

    @classmethod
    def find(cls, root: Path) -> Self | None:
        """The repository that a folder belongs to; None if there is none to be trusted."""
        folder = find_git(root)
        return None if folder is None else cls(root, folder)

    @cached_property
    def url(self) -> str:
        """The remote as `clean_remote` leaves it."""
        return clean_remote(self._folder.remote())

    def revision(self) -> str:
        """The commit that is checked out; empty if there is none."""
        return self._folder.revision()

    def uncommitted_diff(self, paths: Sequence[str], texts: Sequence[str]) -> str | None:
        """From the commit that is checked out to these texts, as ``git diff`` would say it.

        Paths are relative to the folder, in the diff they are the repository's. None if it is
        larger than `DIFF_MAX_BYTES`, or if some file cannot be compared.
        """
        revision, parts, left = self.revision(), [], DIFF_MAX_BYTES
        for path, text in zip(paths, texts, strict=True):
            try:
                part = self._file_diff(revision, path, text)
            except Unreadable:
                return None
            left -= len(part.encode("utf-8", "replace"))
            if left < 0:
                return None
            parts.append(part)
        return "".join(parts)

    def _file_diff(self, revision: str, path: str, text: str) -> str:
        if len(text) > FILE_MAX_BYTES or not path.isprintable() or '"' in path:
            raise Unreadable
        named = path if self._prefix == "." else f"{self._prefix}/{path}"
        old = self._committed_text(revision, named) if revision else None
        if old is not None and "\r" not in old:
            text = text.replace("\r\n", "\n")  # as a checkout with other line ends is compared
        return file_diff(named, old, text)

    def _committed_text(self, revision: str, path: str) -> str | None:
        """The text of a file in a commit; None if it has no such file."""
        key = (revision, path)
        if key not in self._committed:
            self._committed[key] = self._read(revision, path)
            if len(self._committed) > _FILES_REMEMBERED:
                self._committed.popitem(last=False)
        return self._committed[key]

    def _read(self, revision: str, path: str) -> str | None:
        objects = self._folder.common / "objects"
        if not _is_plain(objects):
            raise Unreadable
        try:
            with closing(DiskObjectStore(objects, loose_object_size_limit=FILE_MAX_BYTES)) as store:
                return _text_in(store, revision, path)
        except Exception as failure:
            raise Unreadable from failure


def _text_in(store: DiskObjectStore, revision: str, path: str) -> str | None:
    commit = store[_existing(store, ObjectID(revision.encode()))]
    assert isinstance(commit, Commit)
    found, kind = commit.tree, stat.S_IFDIR
    for name in path.encode().split(b"/"):
        tree = store[_existing(store, found)]
        if not isinstance(tree, Tree) or name not in tree:
            return None
        kind, found = tree[name]
    if not stat.S_ISREG(kind):
        return None
    blob = store[_existing(store, found)]
    assert isinstance(blob, Blob)
    if blob.raw_length() > FILE_MAX_BYTES:
        raise Unreadable
    return blob.data.decode()


def _existing(store: DiskObjectStore, name: ObjectID) -> ObjectID:
    """The name of an object that can be read without waiting: a pipe is none."""
    loose = Path(store.path) / name[:2].decode() / name[2:].decode()
    if loose.exists() and kind_of(loose) != "file":
        raise Unreadable
    return name


def _is_plain(objects: Path) -> bool:
    """Whether objects lie there as git puts them, and nowhere else."""
    if (objects / "info" / "alternates").exists() or kind_of(objects) != "folder":
        return False
    try:
        packs = list(islice((objects / "pack").iterdir(), _PACK_FILES_MAX + 1))
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return len(packs) <= _PACK_FILES_MAX and all(kind_of(pack) == "file" for pack in packs)
