"""The repositories that are at hand, and which of them an example is of.

By the address that an example names, without its keys; by the name of the folder for those that
name none. A repository's configuration says only its address; nothing in it is run.
"""

import re
from collections.abc import Sequence

import msgspec
from dulwich.objects import Commit, ObjectID, Tree
from dulwich.repo import Repo

from pipeline.records import Dropped, Row
from pipeline.synthesis.repositories import address_of, cleaned, local, name_of, opened
from zeta_lsp.core.errors import UsageError

_REVISION = re.compile(r"[0-9a-f]{40}")


class Source(msgspec.Struct, frozen=True):
    """A repository: its folder, its address if it has one, and what it is called."""

    folder: str
    address: str
    name: str


class Sources:
    """`projects` are folders, `repositories` folders or addresses that are copied once.

    Raises:
        UsageError: one of them is no repository, or cannot be had.
    """

    def __init__(self, projects: Sequence[str], repositories: Sequence[str]) -> None:
        if not projects and not repositories:
            raise UsageError("name the repositories: --project FOLDER, or --repos FOLDER|URL …")
        named = [_source(one, "") for one in projects]
        self._only = named[0] if len(named) == 1 and not repositories else None
        self._all = [*named, *(_source(local(one), one) for one in repositories)]

    def of(self, row: Row) -> Source | Dropped:
        """The repository of an example; the only project is that of all."""
        if self._only is not None:
            return self._only
        url = row.get("repository_url")
        address = _same(cleaned(url)) if isinstance(url, str) else ""
        first = str(row.get("cursor_path") or "").partition("/")[0]
        for one in self._all:
            is_it = _same(one.address) == address if address else one.name == first
            if is_it:
                return one
        return Dropped("no_repository")


def _source(folder: str, given: str) -> Source:
    address = cleaned(given) if "://" in given else address_of(folder)
    return Source(folder, address, name_of(folder))


def _same(address: str) -> str:
    """Addresses of the same repository look the same."""
    return address.lower().rstrip("/").partition("://")[2]


def tree_of(source: Source, revision: object) -> Tree | Dropped:
    """The files of a revision, which is the whole name of a commit."""
    if not isinstance(revision, str) or not _REVISION.fullmatch(revision):
        return Dropped("no_revision", "the example names no commit")
    store = opened(source.folder).object_store
    try:
        commit = store[ObjectID(revision.encode())]
        tree = store[commit.tree] if isinstance(commit, Commit) else None
    except KeyError:
        return Dropped("no_revision", "the copy of the repository does not have it")
    return tree if isinstance(tree, Tree) else Dropped("no_revision", "it is no commit")


def repo_of(source: Source) -> Repo:
    """The repository, opened."""
    return opened(source.folder)
