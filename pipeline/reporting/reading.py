"""Going through the inputs once: each record goes to whom it concerns, and is forgotten.

An input is JSONL, packed or not, or one JSON document over several lines. Lines that are broken are
counted. An input in which nothing is known is no input of a report, and ends it.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from pipeline.jsonl import LINE_BYTES_MAX, Line, lines, row_of
from pipeline.records import Dropped, Row
from pipeline.reporting.facts import Facts
from pipeline.reporting.kinds import Kind, kind_of
from pipeline.reporting.worst import Place
from zeta_lsp.core.errors import UsageError


class Input(msgspec.Struct):
    """One file: its name, SHA-256 in hex, bytes, and what was found in it.

    `broken` are the lines that are no records, by reason.
    """

    name: str
    digest: str
    size_bytes: int
    records: Counter[str] = msgspec.field(default_factory=Counter)
    broken: Counter[str] = msgspec.field(default_factory=Counter)


def gathered(
    sources: Sequence[str], names: Sequence[str], facts: Facts, progress: Callable[[Line], None]
) -> list[Input]:
    """Read all inputs into the facts. `names` are what they are called.

    Raises:
        UsageError: one of them is nothing that a report knows.
        OSError: one cannot be read.
    """
    return [
        _read(source, name, facts, progress) for source, name in zip(sources, names, strict=True)
    ]


def _read(source: str, name: str, facts: Facts, progress: Callable[[Line], None]) -> Input:
    found = Input(name, _digest(Path(source)), Path(source).stat().st_size)
    for number, record in _records(source, progress):
        kind = None if isinstance(record, Dropped) else kind_of(record)
        if isinstance(record, Dropped):
            found.broken[record.reason] += 1
        elif kind is None:
            found.broken["unknown_record"] += 1
        else:
            found.records[kind] += 1
            facts.add(kind, record, Place(name, number))
    if found.broken and not found.records:
        raise UsageError(
            f"{name}: nothing that a report knows; give examples, drops, or JSON of split, settle,"
            " eval, train or compare"
        )
    facts.file_done(name, found.records[Kind.EXAMPLE], found.records[Kind.DROP])
    return found


def _records(source: str, progress: Callable[[Line], None]) -> Iterator[tuple[int, Row | Dropped]]:
    found = lines([source])
    first = next(found, None)
    if first is None:
        return
    if first.data.strip() == b"{" and (document := _document(source)) is not None:
        yield first.number, document
        return
    progress(first)
    yield first.number, row_of(first)
    for line in found:
        progress(line)
        yield line.number, row_of(line)


def _document(source: str) -> Row | None:
    """A JSON object over several lines; None if it is none, or too large for one."""
    parts: list[bytes] = []
    size_bytes = 0
    for line in lines([source]):
        size_bytes += len(line.data)
        if size_bytes > LINE_BYTES_MAX:
            return None
        parts.append(line.data)
    found = row_of(Line(1, b"".join(parts)))
    return None if isinstance(found, Dropped) else found


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
