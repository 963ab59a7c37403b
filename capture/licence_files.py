"""The files of a folder that state its licence, and their bytes: found by name, read with care.

A name counts however it is spelled: ``LICENSE``, ``licence.md``, ``COPYING.LESSER``,
``LICENSE-MIT``, ``apache-2.0.txt``. More names count than Zed's, because a file that says something
else beside a known licence must be noticed, not passed over.

The folder is anybody's repository. A link that leads out of the project, a pipe, a device and a
file larger than any licence are not read; their names still count, as licences nobody recognised.
"""

import hashlib
import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

import msgspec

MAX_BYTES = 64 * 1024
"""The longest text of a licence in common use, GPL-3.0, has 35 KB."""

_IDS = (
    r"(?:apache|0?bsd|isc|mit|upl|zlib|[al]?gpl|mpl|unlicen[cs]e)"
    r"(?:[-._ v]?\d(?:\.\d)*)?(?:[-._ ]?clause)?"
)
_NAMED_LICENCE = re.compile(r"(?:(?:un)?licen[cs]es?|copying)(?:[-._ ].*|\d.*|)", re.IGNORECASE)
_NAMED_BY_ID = re.compile(
    rf"{_IDS}(?:[-._ ]?licen[cs]e)?(?:\.(?:txt|md|rst))?|.*[-._ ]licen[cs]e(?:\.(?:txt|md|rst))?",
    re.IGNORECASE,
)
_PROGRAM = re.compile(
    r".*\.(?:py|pyi|rs|go|js|jsx|mjs|cjs|ts|tsx|java|kt|c|cc|cpp|h|hpp|cs|rb|php|swift|scala|lua|sh"
    r"|json|ya?ml|toml|xml|css|svg|png|lock|cfg|ini)",
    re.IGNORECASE,
)


class LicenceFile(msgspec.Struct, frozen=True):
    """A file that states a licence. `text` is None if it could not be read; `digest` says why."""

    name: str
    text: str | None
    digest: str


def licence_files(root: Path, folder: Path) -> list[LicenceFile]:
    """Those directly in a folder of the project `root`, by name. Both must be resolved paths."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if _states(entry))
    except OSError:
        return []
    return [_read(root, folder, name) for name in names]


def digest_of(files: Sequence[LicenceFile], *more: str) -> str:
    """Changes whenever a file does, comes or goes; empty if there are none."""
    if not files and not any(more):
        return ""
    parts = [f"{file.name}\0{file.digest}" for file in files]
    joined = "\0".join([*parts, *more])
    return "sha256:" + hashlib.sha256(joined.encode("utf-8", "surrogateescape")).hexdigest()


def read_inside(root: Path, path: Path, max_bytes: int = MAX_BYTES) -> bytes | None:
    """The bytes of an ordinary file whose real place is within `root`; None: it is not for us."""
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(root):
            return None
        # Opening a pipe would wait for a writer, and a last link may be planted after `resolve`.
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(real, flags)
    except (OSError, RuntimeError, ValueError):
        return None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > max_bytes:
            return None
        with os.fdopen(os.dup(descriptor), "rb") as stream:
            content = stream.read(max_bytes + 1)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return content if len(content) <= max_bytes else None


def _states(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    if not (_NAMED_LICENCE.fullmatch(name) or _NAMED_BY_ID.fullmatch(name)):
        return False
    return not _PROGRAM.fullmatch(name) and not entry.is_dir()


def _read(root: Path, folder: Path, name: str) -> LicenceFile:
    content = read_inside(root, folder / name)
    if content is None:
        return LicenceFile(name, None, f"not read, {_size(folder / name)} bytes")
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return LicenceFile(name, text, hashlib.sha256(content).hexdigest())


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
