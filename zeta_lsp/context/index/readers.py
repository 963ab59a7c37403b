"""Processes that read and parse files while the helper answers: a first index takes all cores.

Each is given a few paths at a time and returns what it found. One that dies, or takes too long over
a file and is ended by its own timer, costs that file: it is reported as stalled once it brought
down `ATTEMPTS` of them. They end when the helper does, since their input ends.
"""

import os
import signal
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Sequence

import msgspec

from zeta_lsp.context.index import reading
from zeta_lsp.context.index.admission import language_of
from zeta_lsp.context.index.facts import Facts, facts_of
from zeta_lsp.context.index.messages import BrokenStream, Frames, framed

ARGUMENT = "read"
COMMAND = (sys.executable, "-P", "-m", "zeta_lsp.context.index", ARGUMENT)
MAX_READERS = 4
WINDOW = 4
"""Paths that a reader has at a time, so that it never waits for the next one."""
ATTEMPTS = 2
FILE_S = 20.0
"""How much of the processor a file may take."""
STALLED = "stalled"
UNPARSABLE = "unparsable"
_READ_BYTES = 1 << 18


class Known(msgspec.Struct, frozen=True):
    """What a reader found in a file; no facts if it was `skipped`."""

    path: str
    digest: bytes
    skipped: str
    facts: Facts | None


def known(path: str) -> Known:
    """Read and parse a file."""
    source = reading.read(path)
    if source.skipped:
        return Known(path, b"", source.skipped, None)
    try:
        facts = facts_of(language_of(path) or "", source.text)
    except Exception:  # noqa: BLE001 - one file that we cannot parse must not cost the rest
        return Known(path, source.digest, UNPARSABLE, None)
    return Known(path, source.digest, "", facts)


def serve(source: int, sink: int, file_s: float = FILE_S) -> None:
    """A reader's life: paths in, what they hold out, until the input ends."""
    frames = Frames(msgspec.msgpack.Decoder(str))
    while data := os.read(source, _READ_BYTES):
        for path in frames.feed(data):
            signal.setitimer(signal.ITIMER_PROF, file_s)
            answer = framed(known(path))
            signal.setitimer(signal.ITIMER_PROF, 0.0)
            while answer:
                answer = answer[os.write(sink, answer) :]


def reader_count() -> int:
    """As many as there are cores for this process, within reason."""
    if hasattr(os, "sched_getaffinity"):
        return min(MAX_READERS, len(os.sched_getaffinity(0)))
    return min(MAX_READERS, os.cpu_count() or 1)


class Readers:
    """A few readers. `descriptors` become readable when `collect` has something."""

    def __init__(self, count: int, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._failed: Counter[str] = Counter()
        self._again: deque[str] = deque()
        self._readers = [_Reader(command) for _ in range(count)]

    @property
    def descriptors(self) -> list[int]:
        """What to wait for."""
        return [reader.descriptor for reader in self._readers]

    @property
    def is_busy(self) -> bool:
        """Whether something is still to come."""
        return bool(self._again) or any(reader.paths for reader in self._readers)

    def take(self, path: str) -> bool:
        """Have a file read; False if all readers have enough to do."""
        reader = min(self._readers, key=lambda reader: len(reader.paths))
        return len(reader.paths) < WINDOW and reader.give(path)

    def collect(self) -> list[Known]:
        """What has been found by now, without waiting."""
        found: list[Known] = []
        for index, reader in enumerate(self._readers):
            found += reader.found()
            if reader.has_ended:
                found += self._bury(reader)
                self._readers[index] = _Reader(self._command)
        while self._again and self.take(self._again[0]):
            self._again.popleft()
        return found

    def close(self) -> None:
        """End the readers."""
        for reader in self._readers:
            reader.end()

    def _bury(self, reader: "_Reader") -> list[Known]:
        """The file that was being read is to blame; the others are read again."""
        reader.end()
        stalled = []
        for place, path in enumerate(reader.paths):
            self._failed[path] += place == 0
            if self._failed[path] < ATTEMPTS:
                self._again.append(path)
            else:
                stalled.append(Known(path, b"", STALLED, None))
        return stalled


class _Reader:
    """One process and the paths that it has not answered, in order."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input = self._process.stdin
        self._output = self._process.stdout
        self._frames = Frames(msgspec.msgpack.Decoder(Known))
        self.descriptor = self._output.fileno()
        self.paths: deque[str] = deque()
        self.has_ended = False
        os.set_blocking(self.descriptor, False)

    def give(self, path: str) -> bool:
        try:
            self._input.write(framed(path))
        except BrokenPipeError:
            return False
        self.paths.append(path)
        return True

    def found(self) -> list[Known]:
        found: list[Known] = []
        try:
            while data := os.read(self.descriptor, _READ_BYTES):
                found += self._frames.feed(data)
            self.has_ended = True
        except BlockingIOError:
            pass
        except BrokenStream:
            self.has_ended = True
        for _ in found:
            self.paths.popleft()
        return found

    def end(self) -> None:
        self._input.close()
        self._output.close()
        self._process.kill()
        self._process.wait()
