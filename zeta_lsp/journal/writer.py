"""Writing the journal without ever making anybody wait.

`add` puts an entry into a bounded queue and returns; a thread appends what has gathered, at once
and in one write. When the disk is slower than the editor, or broken, entries are dropped and
counted: the journal is there to explain, not to be complete.

Every process writes files of its own, so that there is nothing to lock. A file that has grown large
is closed and another begun, and of all files only the newest few hundred kilobytes are kept.
"""

import os
import queue
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from zeta_lsp.core.journal import JournalEntry, encode
from zeta_lsp.journal.folder import SUFFIX, new_file, open_folder, segments

_MAX_SEGMENT_BYTES = 128 * 1024
_MAX_TOTAL_BYTES = 512 * 1024
_MAX_WAITING = 1024


class JournalWriter:
    """Appends entries to the journal in a data folder. Nothing is created before the first one.

    `dropped` counts the entries that were lost, `fault` says why the last of them was.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        max_segment_bytes: int = _MAX_SEGMENT_BYTES,
        max_total_bytes: int = _MAX_TOTAL_BYTES,
        max_waiting: int = _MAX_WAITING,
    ) -> None:
        self.dropped = 0
        self.fault = ""
        self._waiting: queue.Queue[JournalEntry | None] = queue.Queue(max_waiting)
        self._segment = _Segment(data_dir, max_segment_bytes, max_total_bytes)
        self._thread: threading.Thread | None = None

    def add(self, entry: JournalEntry) -> None:
        """Have an entry written soon. Never blocks and never raises."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
            self._thread.start()
        try:
            self._waiting.put_nowait(entry)
        except queue.Full:
            self.dropped += 1

    def enter(self, entries: Iterable[JournalEntry]) -> None:
        """Have several entries written soon."""
        for entry in entries:
            self.add(entry)

    def close(self, timeout_s: float = 1.0) -> None:
        """Write what is waiting, for at most `timeout_s`. Further entries would be lost."""
        if self._thread is None:
            return
        try:
            self._waiting.put(None, timeout=timeout_s)
        except queue.Full:
            return
        self._thread.join(timeout_s)

    def _run(self) -> None:
        done = False
        while not done:
            batch = self._gathered()
            done = batch[-1] is None
            self._write([entry for entry in batch if entry is not None])
        self._segment.close()

    def _gathered(self) -> list[JournalEntry | None]:
        """Wait for an entry and take what came with it; None, the last of all, ends the thread."""
        batch = [self._waiting.get()]
        while batch[-1] is not None and not self._waiting.empty():
            batch.append(self._waiting.get())
        return batch

    def _write(self, entries: list[JournalEntry]) -> None:
        try:
            self._segment.append([encode(entry) for entry in entries])
        except OSError as fault:
            self.dropped += len(entries)
            self.fault = fault.strerror or str(fault)
            self._segment.close()


class _Segment:
    """The file that is written to, and the next one when it is full or gone."""

    def __init__(self, data_dir: Path, max_bytes: int, max_total_bytes: int) -> None:
        self._data_dir = data_dir
        self._max_bytes = max_bytes
        self._max_total_bytes = max_total_bytes
        self._descriptor: int | None = None
        self._size_bytes = 0

    def append(self, lines: list[bytes]) -> None:
        for chunk in _chunks(lines, self._max_bytes):
            _write_whole(self._ready(len(chunk)), chunk)
            self._size_bytes += len(chunk)

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _ready(self, needed_bytes: int) -> int:
        """The file's descriptor. Another process may have tidied the file away meanwhile."""
        if self._descriptor is not None:
            full = self._size_bytes + needed_bytes > self._max_bytes
            if full or not os.fstat(self._descriptor).st_nlink:
                self.close()
        if self._descriptor is None:
            self._descriptor = self._begin()
        return self._descriptor

    def _begin(self) -> int:
        folder = open_folder(self._data_dir)
        try:
            self._size_bytes = 0
            self._tidy(folder)
            return new_file(folder, f"{time.time_ns()}-{os.getpid()}{SUFFIX}")
        finally:
            os.close(folder)

    def _tidy(self, folder: int) -> None:
        """Remove the oldest files, so that there is room for a full one."""
        kept_bytes = self._max_bytes
        for name, status in segments(folder):
            kept_bytes += status.st_size
            if kept_bytes > self._max_total_bytes:
                os.unlink(name, dir_fd=folder)


def _write_whole(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _chunks(lines: list[bytes], max_bytes: int) -> list[bytes]:
    """Whole lines, gathered to pieces that fit into one file."""
    chunks = [b""]
    for line in lines:
        if chunks[-1] and len(chunks[-1]) + len(line) > max_bytes:
            chunks.append(b"")
        chunks[-1] += line
    return [chunk for chunk in chunks if chunk]
