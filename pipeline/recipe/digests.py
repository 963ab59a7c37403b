"""What files hold, in 32 bytes each, and how many rows.

A file is read once: its digest is remembered with its size, times and place on the disk, and counts
as long as those are the same. `Digests(…, trusts=False)` reads everything again.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

BLOCK_BYTES = 1 << 20
REMEMBERED = ".digests.json"


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is in a file or a folder. `rows` counts line ends; of a folder, those of all its files.

    Without a digest nobody here knows: it is an address of another machine.
    """

    sha256: str = ""
    bytes: int = 0
    rows: int = 0


class _Seen(msgspec.Struct, frozen=True, array_like=True):
    """A file as it was when it was read."""

    mtime_ns: int
    ctime_ns: int
    inode: int
    content: Content


class Digests:
    """Digests of files; what was read is remembered in a run's folder."""

    def __init__(self, work: Path, *, trusts: bool = True) -> None:
        self._file = work / REMEMBERED
        self._seen: dict[str, _Seen] = _remembered(self._file) if trusts else {}

    def of(self, path: str) -> Content | None:
        """What a path holds; None if nothing is there."""
        if "://" in path:
            return Content()
        found = Path(path)
        if found.is_dir():
            return self._of_folder(found)
        return self._of_file(found) if found.is_file() else None

    def remember(self) -> None:
        """Write down what was read. It is a convenience: a damaged file costs a second reading."""
        self._file.write_bytes(msgspec.json.encode(self._seen))

    def _of_folder(self, folder: Path) -> Content:
        whole, size, rows = hashlib.sha256(), 0, 0
        for file in _files_below(folder):
            content = self._of_file(file)
            if content is not None:
                whole.update(f"{file.relative_to(folder).as_posix()}\0{content.sha256}\n".encode())
                size, rows = size + content.bytes, rows + content.rows
        return Content(whole.hexdigest(), size, rows)

    def _of_file(self, path: Path) -> Content | None:
        try:
            stat = path.stat()
            key = str(path.absolute())
            known = self._seen.get(key)
            same = (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_size)
            if known is not None and same == (
                known.mtime_ns, known.ctime_ns, known.inode, known.content.bytes,
            ):  # fmt: skip
                return known.content
            content = _content(path)
        except FileNotFoundError:
            return None
        self._seen[key] = _Seen(stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, content)
        return content


def drops_in(path: Path) -> dict[str, int]:
    """How many records a drops file holds, by reason."""
    found: Counter[str] = Counter()
    decoder = msgspec.json.Decoder(_Drop)
    try:
        with path.open("rb") as stream:
            found.update(decoder.decode(line).reason for line in stream if line.strip())
    except FileNotFoundError:
        return {}
    return dict(sorted(found.items()))


class _Drop(msgspec.Struct):
    reason: str = "unknown"


def _content(path: Path) -> Content:
    whole, size, rows = hashlib.sha256(), 0, 0
    with path.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            whole.update(block)
            size += len(block)
            rows += block.count(b"\n")
    return Content(whole.hexdigest(), size, rows)


def _files_below(folder: Path) -> Iterator[Path]:
    for at, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(at, name) for name in sorted(names))


def _remembered(file: Path) -> dict[str, _Seen]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, _Seen])
    except (OSError, msgspec.DecodeError):
        return {}
