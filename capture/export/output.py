"""Where an export goes: a file, standard output, or whatever `fsspec` has a name for.

A file is written beside its place and moved there once it is whole, so that somebody who interrupts
an export finds what was there before. Resuming appends to the file instead, whole lines only: what
a cut line left at its end is removed first, and a line that cannot be written whole is taken back.
What goes to a URL is whole on this machine before it is sent. Files are for their owner's eyes.

Devices, pipes and standard output take lines as they come; there is nothing to take back.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

from capture.export.resuming import Written, written_in
from zeta_lsp.core.errors import UsageError, ZetaError

PACKED = (".gz", ".bz2", ".xz", ".zst")
_BATCH_BYTES = 1 << 16


class Output:
    """Takes lines. `ids` are those of the predictions whose lines are there already."""

    def __init__(self, stream: BinaryIO, written: Written = Written()) -> None:  # noqa: B008 frozen
        self.ids = written.ids
        self.whole_bytes = written.whole_bytes
        self._stream = stream
        self._pending: list[bytes] = []
        self._pending_bytes = 0

    def write(self, line: bytes) -> None:
        """Write a line, sooner or later."""
        self._pending.append(line)
        self._pending_bytes += len(line)
        if self._pending_bytes >= _BATCH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what waits. Afterwards the first `whole_bytes` of the file are whole lines."""
        self._stream.write(b"".join(self._pending))
        self._stream.flush()
        self.whole_bytes += self._pending_bytes
        self._pending, self._pending_bytes = [], 0


Opened = AbstractContextManager[Output]


@contextmanager
def opened(output: str, form: str, *, resume: bool) -> Iterator[Output]:
    """Open what somebody named, for lines of a format.

    Raises:
        UsageError: it cannot be resumed, or is no place for a file.
        ZetaError: it cannot be written.
        BrokenPipeError: whoever read it has had enough.
    """
    try:
        with _opened(output, form, resume=resume) as made:
            yield made
            made.flush()
    except BrokenPipeError:
        raise
    except OSError as fault:
        raise ZetaError(f"{output} cannot be written: {fault.strerror or fault}") from fault


def _opened(output: str, form: str, *, resume: bool) -> Opened:
    if "://" in output or output.endswith(PACKED):
        from capture.export.sending import sent

        return sent(output, form, resume=resume)
    path = Path(os.path.realpath(output))
    if output == "-" or (path.exists() and not path.is_file() and not path.is_dir()):
        return _streamed(output, resume=resume)
    if path.is_dir() or not path.parent.is_dir():
        raise UsageError(f"{output} is no place for a file")
    return grown(path, form) if resume and path.exists() else replaced(path)


@contextmanager
def _streamed(output: str, *, resume: bool) -> Iterator[Output]:
    if resume:
        raise UsageError("only a file can be resumed; name it with -o FILE")
    if output == "-":
        yield Output(sys.stdout.buffer)
        return
    with Path(output).open("wb") as stream:
        yield Output(stream)


@contextmanager
def replaced(path: Path) -> Iterator[Output]:
    """A new file in place of whatever is there, once it is whole."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    beside = Path(name)
    try:
        with beside.open("wb") as stream:
            made = Output(stream)
            yield made
            _keep(made, stream)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def grown(path: Path, form: str) -> Iterator[Output]:
    """A file with lines of the same format, to go on with.

    Raises:
        UsageError: the file holds something else.
    """
    with path.open("rb") as stream:
        written = written_in(stream, form)
    os.truncate(path, written.whole_bytes)
    made = None
    try:
        with path.open("ab") as stream:
            made = Output(stream, written)
            yield made
            _keep(made, stream)
    finally:
        os.truncate(path, (made or written).whole_bytes)


def _keep(made: Output, stream: BinaryIO) -> None:
    made.flush()
    os.fsync(stream.fileno())
