"""Workspace folders, and what a file is called in prompts.

A path in a prompt starts with the folder's own name and uses ``/`` (zeta2.1 was trained so);
an untitled buffer is ``untitled-N``; a file outside every folder keeps only its own name, so
that no home directory reaches a model. Everything here is computed when a file is opened, never
per keystroke.
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import msgspec

from zeta_lsp.core.exclusion import Exclusions


class Root(msgspec.Struct, frozen=True):
    """One workspace folder."""

    uri: str
    path: Path
    name: str


class Place(msgspec.Struct, frozen=True):
    """Where a document lies.

    `path` and `real_path` are None for buffers that are not files. `root` is None outside every
    workspace folder; such files share no history with a project. `named` is the path that rules of
    exclusion look at, which the other version of a file in a diff view has as well.
    """

    prompt_path: str
    named: str
    path: Path | None
    real_path: Path | None
    root: Root | None


class Workspace:
    """The open workspace folders."""

    def __init__(self) -> None:
        self.roots: list[Root] = []
        self._untitled: dict[str, int] = {}

    def add(self, uri: str, name: str = "") -> None:
        """Open a folder; adding one twice changes nothing."""
        path = path_of_uri(uri)
        if path is None or any(root.uri == uri for root in self.roots):
            return
        self.roots.append(Root(uri=uri, path=path, name=name or path.name or "root"))
        self.roots.sort(key=lambda root: len(str(root.path)), reverse=True)  # innermost wins

    def remove(self, uri: str) -> None:
        """Close a folder."""
        self.roots = [root for root in self.roots if root.uri != uri]

    def place(self, uri: str) -> Place:
        """Where the document of a URI lies."""
        path = path_of_uri(uri)
        if path is None:
            number = self._untitled.setdefault(uri, len(self._untitled) + 1)
            return Place(f"untitled-{number}", _path_in(uri), None, None, None)
        real = Path(os.path.realpath(path))
        for root in self.roots:
            if path.is_relative_to(root.path):
                relative = path.relative_to(root.path).as_posix()
                return Place(f"{root.path.name}/{relative}", str(path), path, real, root)
        return Place(path.name, str(path), path, real, None)


def rule_against(place: Place, exclusions: Exclusions) -> str | None:
    """The rule that keeps the text of a document from every prompt, if there is one."""
    root = None if place.root is None else str(place.root.path)
    real_root = None if root is None else os.path.realpath(root)
    real_path = None if place.real_path is None else str(place.real_path)
    return exclusions.rule_for(place.named, root, real_path, real_root)


def path_of_uri(uri: str) -> Path | None:
    """The file of a ``file:`` URI; None for other schemes, and for names that no file can have."""
    path = _path_in(uri)
    if not uri.lower().startswith("file:") or not _can_be_a_file(path):
        return None
    return Path(url2pathname(path)) if os.name == "nt" else Path(os.path.normpath(path or "/"))


def _path_in(uri: str) -> str:
    """The path of a URI of any scheme, the whole of it if it is none."""
    try:
        return unquote(urlsplit(uri).path)
    except ValueError:
        return uri


def _can_be_a_file(path: str) -> bool:
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:  # half a character
        return False
