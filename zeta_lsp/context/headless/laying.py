"""Texts laid over the files of a folder for a while, and what was there put back.

Nothing leads out of the folder: a path with ``..`` or a link in it is passed over. What is as on
disk already is not written.
"""

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath


class Laid:
    """Some files' texts (None: the file is gone), by paths relative to a folder.

    `texts` are those of the files that can be had, by whole path; `written` are those that were
    not like that on disk.
    """

    def __init__(self, root: Path, texts: Mapping[str, str | None]) -> None:
        within = {path: text for path, text in sorted(texts.items()) if _is_within(root, path)}
        self.texts = {root / path: text for path, text in within.items()}
        self.written: list[Path] = []
        self._before: dict[Path, bytes | None] = {}
        self._folders: list[Path] = []
        self._root = root

    def write(self, but: Path) -> None:
        """Write what is not as on disk; interrupted, `put_back` still knows what to do.

        `but` is the file that somebody is in: an open buffer says what is in it.
        """
        for path, text in self.texts.items():
            if path == but:
                continue
            before = path.read_bytes() if path.is_file() else None
            after = None if text is None else text.encode("utf-8", "replace")
            if before != after:
                self._before[path] = before
                self.written.append(path)
                self._put(path, after)

    def put_back(self) -> None:
        """Make everything as it was."""
        for path, before in self._before.items():
            self._put(path, before)
        for folder in reversed(self._folders):
            with suppress(OSError):  # somebody else put something there
                folder.rmdir()

    def _put(self, path: Path, data: bytes | None) -> None:
        if data is None:
            path.unlink(missing_ok=True)
            return
        missing = [one for one in path.parents if not one.exists() and one != self._root]
        for folder in reversed(missing):
            folder.mkdir()
            self._folders.append(folder)
        # a file of its own: should this one have another name elsewhere, that one stays as it is
        path.unlink(missing_ok=True)
        path.write_bytes(data)


def _is_within(root: Path, path: str) -> bool:
    """Whether a path names a regular file of a folder, or one that could be there."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\0" in path or "\\" in path:
        return False
    at = root
    for part in parts:
        at = at / part
        try:
            mode = os.lstat(at).st_mode
        except FileNotFoundError:
            return True
        except OSError:
            return False
        if not (stat.S_ISREG(mode) if at == root.joinpath(*parts) else stat.S_ISDIR(mode)):
            return False
    return True
