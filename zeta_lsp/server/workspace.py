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


class Root(msgspec.Struct, frozen=True):
    """One workspace folder."""

    uri: str
    path: Path
    name: str


class Place(msgspec.Struct, frozen=True):
    """Where a document lies.

    `path` and `real_path` are None for buffers that are not files. `root` is None outside every
    workspace folder; such files share no history with a project.
    """

    prompt_path: str
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
            return Place(prompt_path=f"untitled-{number}", path=None, real_path=None, root=None)
        real = Path(os.path.realpath(path))
        for root in self.roots:
            if path.is_relative_to(root.path):
                relative = path.relative_to(root.path).as_posix()
                return Place(f"{root.path.name}/{relative}", path, real, root)
        return Place(path.name, path, real, None)


def path_of_uri(uri: str) -> Path | None:
    """The file of a ``file:`` URI, None for every other scheme."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    if os.name == "nt":
        return Path(url2pathname(parts.path))
    return Path(os.path.normpath(unquote(parts.path) or "/"))
