"""Repositories that commits are taken from: folders, or addresses that are copied once.

They are read with a library. Git is never run, nothing is checked out, and of a repository's
configuration only the address of its remote is looked at.
"""

import functools
import hashlib
import random
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs
from dulwich.client import HttpGitClient
from dulwich.errors import GitProtocolError, HangupException, NotGitRepository
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.repo import Repo
from urllib3.exceptions import HTTPError

from zeta_lsp.core.errors import UsageError

_SCP = re.compile(r"(?:[\w.-]+@)?([\w.-]+):(?!//)([\w./~+-]+)")
_LICENCE_FILE = re.compile(r"(?:licen[cs]e|copying)(?:[-_.].*)?", re.IGNORECASE)
_LICENCE_BYTES_MAX = 64 * 1024
_OPEN_MAX = 4
_open: dict[str, Repo] = {}
"""What this process has open: opening reads every pack's index, and commits come in thousands."""


def local(source: str, cache: Path | None = None) -> str:
    """The folder of a repository; one with an address is copied into the cache first.

    Raises:
        UsageError: there is none, or it cannot be had.
    """
    if "://" not in source:
        opened(source)
        return source
    if not source.startswith(("http://", "https://")):
        raise UsageError(f"{source}: only http and https are read, or a folder")
    digest = hashlib.blake2b(source.encode(), digest_size=8).hexdigest()
    folder = (cache or _cache()) / f"{_last_part(source)}-{digest}"
    if not folder.exists():
        _copy(source, folder)
    return str(folder)


def _cache() -> Path:
    return platformdirs.user_cache_path("zeta-lsp", appauthor=False) / "repositories"


def _copy(source: str, folder: Path) -> None:
    """Copy it beside its place first, so that half a copy is never taken for whole."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    parts = urlsplit(source)
    beside = folder.with_name(f"{folder.name}.part")
    try:
        if beside.exists():
            raise UsageError(f"{beside} is left of a copy that was broken off: remove it")
        client = HttpGitClient(f"{parts.scheme}://{parts.netloc}")
        client.clone(parts.path, str(beside), bare=True, checkout=False).close()
    except (GitProtocolError, HangupException, NotGitRepository, HTTPError) as fault:
        raise UsageError(f"{cleaned(source)} cannot be copied: {type(fault).__name__}") from fault
    beside.rename(folder)


def opened(folder: str) -> Repo:
    """The repository in a folder; one that was opened lately stays open.

    Raises:
        UsageError: there is none.
    """
    if folder not in _open:
        try:
            _open[folder] = Repo(folder)
        except NotGitRepository:
            raise UsageError(f"{folder} is no git repository") from None
        if len(_open) > _OPEN_MAX:
            _open.pop(next(iter(_open))).close()
    return _open[folder]


def close_all() -> None:
    """Close every repository that is open in this process."""
    while _open:
        _open.popitem()[1].close()


def address_of(folder: str) -> str:
    """The address of its remote, without names and keys; empty if it has none."""
    try:
        found = opened(folder).get_config().get((b"remote", b"origin"), b"url")
    except KeyError:
        return ""
    return cleaned(found.decode("utf-8", "replace"))


def cleaned(address: str) -> str:
    """An address that says where, and not who."""
    if found := _SCP.fullmatch(address):
        return f"https://{found[1]}/{found[2].removesuffix('.git')}"
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https", "ssh", "git"} or not parts.hostname:
        return ""
    port = f":{parts.port}" if parts.port and parts.scheme.startswith("http") else ""
    scheme = parts.scheme if parts.scheme.startswith("http") else "https"
    return f"{scheme}://{parts.hostname}{port}{parts.path.removesuffix('.git')}"


def name_of(folder: str) -> str:
    """What the repository is called: the end of its address, or of its folder."""
    return _last_part(address_of(folder) or str(Path(folder).resolve())) or "project"


def _last_part(address: str) -> str:
    found = address.rstrip("/").removesuffix(".git").removesuffix("/").rpartition("/")[2]
    return re.sub(r"[^\w.+-]", "-", found)


def commits_of(folder: str, most: int, seed: str) -> list[str]:
    """The newest commits in an order that the seed decides, so that a few are not all recent.

    Raises:
        UsageError: it has none.
    """
    repository = opened(folder)
    try:
        head = repository.head()
    except KeyError:
        raise UsageError(f"{folder} has no commits") from None
    walker = repository.get_walker(include=[head], max_entries=most)
    found = [entry.commit.id.decode() for entry in walker]
    random.Random(f"{seed}:{name_of(folder)}").shuffle(found)  # noqa: S311 - not for secrets
    return found


def licence_at(folder: str, sha: str, spdx_of: Callable[[str], str | None]) -> str | None:
    """The one licence that the files at the top of a commit state; None if any is not known."""
    store = opened(folder).object_store
    commit = store[ObjectID(sha.encode())]
    assert isinstance(commit, Commit)
    tree = store[commit.tree]
    assert isinstance(tree, Tree)
    names = [
        entry for entry in tree.items() if _LICENCE_FILE.fullmatch(entry.path.decode("latin1"))
    ]
    found = {_spdx(folder, entry.sha, spdx_of) for entry in names}
    return found.pop() if len(found) == 1 else None


@functools.lru_cache(maxsize=256)
def _spdx(folder: str, sha: ObjectID, spdx_of: Callable[[str], str | None]) -> str | None:
    blob = opened(folder).object_store[sha]
    if not isinstance(blob, Blob) or blob.raw_length() > _LICENCE_BYTES_MAX:
        return None
    return spdx_of(blob.data.decode("utf-8", "replace"))
