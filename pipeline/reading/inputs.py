"""Where records are found: files of JSON, JSONL or Markdown, folders of them, capture stores.

Whatever the source, a record comes as a line of JSON, so that a stage reads all alike and a drop
has its record beside it. Folders are read in the order of their paths.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import msgspec

from pipeline.jsonl import STANDARD, Line, lines
from pipeline.records import Row
from zeta_lsp.core.errors import UsageError

Captured = Callable[[Path], Iterator[Row]]

_STORE = "segments"
"""The folder of a capture store's files."""
_ENDINGS = (".md", ".json", ".jsonl", ".jsonl.gz", ".jsonl.zst")


def found_in(sources: Sequence[str], captured: Captured) -> Iterator[Line]:
    """The records of all sources, numbered through; for JSONL the number is the line's.

    Raises:
        OSError: a source cannot be read.
        UsageError: a folder holds nothing that can be read.
    """
    above = 0
    for source in _files(sources):
        last = 0
        for line in _lines(source, captured):
            last = line.number
            yield Line(above + last, line.data)
        above += last


def _files(sources: Sequence[str]) -> Iterator[str]:
    for source in sources:
        folder = Path(source)
        if source == STANDARD or not folder.is_dir() or is_store(folder):
            yield source
            continue
        found = sorted(str(one) for one in folder.rglob("*") if one.name.endswith(_ENDINGS))
        if not found:
            raise UsageError(f"{source} holds neither examples nor a capture store")
        yield from found


def is_store(folder: Path) -> bool:
    """Whether a folder is a capture store."""
    return (folder / _STORE).is_dir()


def _lines(source: str, captured: Captured) -> Iterator[Line]:
    path = Path(source)
    if source == STANDARD or "://" in source:
        return lines([source])
    if path.is_dir():
        return _numbered(map(msgspec.json.encode, captured(path)))
    if path.suffix == ".md":
        return _numbered([_page(path)])
    return _of_json(path) if path.suffix == ".json" else lines([source])


def _page(path: Path) -> bytes:
    text = path.read_bytes().decode("utf-8", "replace")
    return msgspec.json.encode({"markdown": text, "name": path.stem})


def _of_json(path: Path) -> Iterator[Line]:
    """A file with one object, or a list of them; any other may have one in each line."""
    data = path.read_bytes()
    is_list = data.lstrip()[:1] == b"["
    try:
        found = msgspec.json.decode(data, type=list[msgspec.Raw] if is_list else msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return lines([str(path)])
    return _numbered(map(bytes, found if isinstance(found, list) else [found]))


def _numbered(found: "Iterator[bytes] | list[bytes]") -> Iterator[Line]:
    return (Line(number, data) for number, data in enumerate(chain(found), 1))
