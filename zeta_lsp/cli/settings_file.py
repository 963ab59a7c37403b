"""Reading settings files, suspiciously.

The user file decides where code is sent, so it must be the user's own. It is refused, and the
embedded model answers, if it belongs to anybody but the user or root, if others can write to it, or
if it lies in a workspace folder: whoever can put a file there is not the person at the keyboard.
(A workspace folder that is the home or the config folder itself is no such place.) A file that
others can only read is used; they are warned about if it has headers, which may hold a secret.

A project's file may be written by anybody; what it says only ever narrows. Neither file is followed
into a pipe or a device, nor read beyond a limit, and no fault in them is worse than a `Problem`.
"""

import os
import re
import stat
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from zeta_lsp.cli.folders import PROJECT_FILE
from zeta_lsp.core.layers import Layer, Origin, Problem

_MAX_USER_FILE_BYTES = 1024 * 1024
_MAX_PROJECT_FILE_BYTES = 64 * 1024
_WRITABLE_BY_OTHERS = 0o022
_READABLE_BY_OTHERS = 0o044
_POSITION = re.compile(r"at line \d+, column \d+")


class FileRead(msgspec.Struct, frozen=True):
    """What a settings file said. No layer: there is none, or it was refused."""

    layer: Layer | None = None
    problems: tuple[Problem, ...] = ()


class _Refused(Exception):
    """The file is not used; the message says why."""


def read_user_file(path: Path, roots: Iterable[Path] = ()) -> FileRead:
    """The user file's layer. `roots` are the workspace folders, in which it must not lie."""
    try:
        _refuse_workspace(path, roots)
        content, status = _content(path, _MAX_USER_FILE_BYTES)
        _refuse_strangers(status)
        tree = _parsed(content)
    except FileNotFoundError:
        return FileRead()
    except (OSError, _Refused) as fault:
        return _refused(Origin.USER_FILE, path, fault)
    problems: tuple[Problem, ...] = ()
    if status.st_mode & _READABLE_BY_OTHERS and _has_headers(tree):
        message = f"others can read this file and its headers: chmod 600 {path}"
        problems = (Problem("", message, Origin.USER_FILE, str(path)),)
    return FileRead(Layer(Origin.USER_FILE, tree, str(path)), problems)


def read_project_file(root: Path) -> FileRead:
    """The layer of a workspace folder's own file."""
    path = root / PROJECT_FILE
    try:
        content, _ = _content(path, _MAX_PROJECT_FILE_BYTES)
        return FileRead(Layer(Origin.PROJECT, _parsed(content), str(path)))
    except FileNotFoundError:
        return FileRead()
    except (OSError, _Refused) as fault:
        return _refused(Origin.PROJECT, path, fault)


def _refused(origin: Origin, path: Path, fault: Exception) -> FileRead:
    reason = (fault.strerror or "unreadable") if isinstance(fault, OSError) else str(fault)
    return FileRead(None, (Problem("", f"not used: {reason}", origin, str(path)),))


def _content(path: Path, limit_bytes: int) -> tuple[bytes, os.stat_result]:
    """Content and status of one and the same file. Opening a pipe must not wait for a writer."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _Refused("not a file")
        content = file.read(limit_bytes + 1)
    if len(content) > limit_bytes:
        raise _Refused(f"larger than {limit_bytes} bytes")
    return content, status


def _parsed(content: bytes) -> dict[str, object]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _Refused("not UTF-8 text") from None
    except (ValueError, RecursionError) as fault:
        # The message may quote what stands there; the position is enough.
        position = _POSITION.search(str(fault))
        raise _Refused(f"not valid TOML {position[0] if position else ''}".strip()) from None


def _refuse_strangers(status: os.stat_result) -> None:
    if status.st_uid not in (os.geteuid(), 0):
        raise _Refused("it belongs to another user")
    if status.st_mode & _WRITABLE_BY_OTHERS:
        raise _Refused("others can write to it: chmod 600 it")


def _refuse_workspace(path: Path, roots: Iterable[Path]) -> None:
    home = Path(os.path.realpath(Path.home()))
    real = Path(os.path.realpath(path))
    for root in (Path(os.path.realpath(root)) for root in roots):
        if real.is_relative_to(root) and not _is_personal(root, home):
            raise _Refused("it lies in a workspace folder, where anybody may have put it")


def _is_personal(root: Path, home: Path) -> bool:
    """Whether a workspace folder is the user's home, above it, or the folder of all settings."""
    settings = (home / ".config", home / "Library" / "Application Support")
    return home.is_relative_to(root) or root in settings or root.parent in settings


def _has_headers(tree: Mapping[str, object]) -> bool:
    return any(
        name == "headers" or (isinstance(value, Mapping) and _has_headers(value))
        for name, value in tree.items()
    )
