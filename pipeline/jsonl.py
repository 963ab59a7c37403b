"""Reading and writing JSONL as streams: nothing half-written is ever taken for whole.

Input is any number of files, ``-`` for standard input, or whatever `fsspec` has a name for; what
ends in ``.gz`` or ``.zst`` is unpacked on the way. Output goes into a file beside the one that it
is to be, which takes its place when all is written; so does what was dropped, into
``OUT.drops.jsonl``. A line that is no JSON object is no error here: it is a drop with a reason.
"""

import glob
import io
import os
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import msgspec

from pipeline.records import Dropped, Row

STANDARD = "-"
"""Standard input, or standard output."""
MARK_BYTES = 4
"""What tells files that are being written from each other."""
LINE_BYTES_MAX = 64 << 20
"""A longer line is no example; it is dropped without being read as JSON."""

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder()


class Line(msgspec.Struct, frozen=True):
    """One line as it stands in the input; `number` counts from 1, over all inputs."""

    number: int
    data: bytes


def lines(sources: Iterable[str]) -> Iterator[Line]:
    """The lines of some inputs that are not blank.

    Raises:
        OSError: an input cannot be opened or read.
    """
    number = 0
    for source in sources:
        with _opened(source) as stream:
            for data in stream:
                number += 1
                if data.strip():
                    yield Line(number, data)


def row_of(line: Line) -> Row | Dropped:
    """The object in a line."""
    if len(line.data) > LINE_BYTES_MAX:
        return Dropped("line_too_long", f"{len(line.data)} bytes")
    try:
        found = _decoder.decode(line.data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Dropped("broken_line")
    return found if isinstance(found, dict) else Dropped("no_object")


def line_of(row: Row) -> bytes:
    """A row as a line, with its end.

    Raises:
        UnicodeEncodeError: half a character stands in it, which no file can hold.
    """
    return _encoder.encode(row) + b"\n"


def drop_of(line: Line, dropped: Dropped) -> bytes:
    """A dropped record as a line of the drops file: ``{line, reason, record}``."""
    record: Any = None if dropped.is_withheld else row_of(line)
    if isinstance(record, Dropped):
        record = line.data[:LINE_BYTES_MAX].decode("utf-8", "replace").rstrip("\r\n")
    reason = {"line": line.number, "reason": dropped.reason}
    detail = {"detail": dropped.detail} if dropped.detail else {}
    return _encoder.encode({**reason, **detail, "record": record}) + b"\n"


class Beside:
    """A file that grows beside the one that it is to be, and takes its place at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: IO[bytes] | None = None
        self._name = ""

    def write(self, data: bytes) -> None:
        """Write; the file begins with the first call."""
        if self._stream is None:
            # named before it is there: an interruption in between must not leave it behind
            self._name = str(self._folder / f".{self._path.name}.{secrets.token_hex(MARK_BYTES)}")
            self._stream = open(self._name, "xb", 1 << 20, opener=_private)  # noqa: SIM115 - closed by `keep` or `discard`
        self._stream.write(data)

    def keep(self) -> None:
        """All was written. Without a single call of `write`, no file is left."""
        if self._stream is None:
            self._path.unlink(missing_ok=True)
            return
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        Path(self._name).replace(self._path)
        self._stream, self._name = None, ""

    def discard(self) -> None:
        """Leave nothing of what was not kept."""
        if self._stream is not None:
            with suppress(OSError):  # what could not be written cannot always be closed either
                self._stream.close()
        if self._name:
            Path(self._name).unlink(missing_ok=True)

    @property
    def _folder(self) -> Path:
        return self._path.absolute().parent


def remove_beginnings(path: Path) -> None:
    """Remove what killed processes have begun to write for a file. Nobody may be writing it now."""
    for left in path.absolute().parent.glob(
        f".{glob.escape(path.name)}.{'[0-9a-f]' * 2 * MARK_BYTES}"
    ):
        left.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class Output:
    """Where rows and drops go. `output` makes one."""

    def __init__(self, row: Callable[[bytes], object], drop: Callable[[bytes], object]) -> None:
        self.row = row
        """Write a row's line."""
        self.drop = drop
        """Write a line of the drops file."""


@contextmanager
def output(target: str) -> Iterator[Output]:
    """Write to a file that is there once all is well, or to standard output as it comes.

    Raises:
        OSError: it cannot be written; then there is no file, or still the old one.
    """
    if target == STANDARD:
        yield Output(sys.stdout.buffer.write, lambda _: None)
        sys.stdout.buffer.flush()
        return
    rows, drops = Beside(Path(target)), Beside(drops_path(target))
    try:
        rows.write(b"")
        yield Output(rows.write, drops.write)
        drops.keep()
        rows.keep()
    finally:
        rows.discard()
        drops.discard()


def drops_path(target: str) -> Path:
    """Where what is dropped goes: beside the output."""
    return Path(f"{target.removesuffix('.jsonl')}.drops.jsonl")


@contextmanager
def _opened(source: str) -> Iterator[IO[bytes]]:
    if source == STANDARD:
        yield sys.stdin.buffer
        return
    import fsspec  # type: ignore[import-untyped]  # it ships no types

    with fsspec.open(source, "rb", compression="infer") as stream:
        yield io.BufferedReader(stream, 1 << 20)  # not every unpacker knows lines
