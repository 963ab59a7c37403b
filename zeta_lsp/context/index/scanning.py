"""Keeping the index in agreement with the disk: all of it at the start, then what changed.

Everything that takes long is a generator that yields after each small step, so that the helper can
answer in between. A file whose time and size are as the cache says is not opened; one whose text
has the same hash is not parsed.
"""

import os
import stat
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator

from zeta_lsp.context.index import reading
from zeta_lsp.context.index.admission import NEVER_ENTERED, Admission
from zeta_lsp.context.index.ignores import FILE_NAME
from zeta_lsp.context.index.messages import Note, Progress, Reason, Report
from zeta_lsp.context.index.readers import STALLED, Known, Readers, known, reader_count
from zeta_lsp.context.index.reading import Stamp
from zeta_lsp.context.index.trial import Trial
from zeta_lsp.context.index.view import View
from zeta_lsp.context.index.walking import File, walk
from zeta_lsp.context.index.watching import Watcher

MAX_FILES = 100_000
COMMIT_S = 0.5
PROGRESS_S = 0.1
CONFIGURATIONS = ("tsconfig.json", "jsconfig.json", "go.mod", "Cargo.toml")
"""Files that say where modules are; they are read when a module is looked for."""
MANY_FILES = 200
"""More files than that are read by several processes."""

Waits = list[int]
Work = Generator[Waits | None, None, None]
"""Yields after each small step: None, or the descriptors that there is nothing to do before."""


class Scanner:
    """Reads the disk into a view. `tell` takes what the server should know.

    `max_files` bounds what is indexed; what is left out then is named once a scan.
    """

    def __init__(
        self,
        admission: Admission,
        view: View,
        watcher: Watcher | None,
        trial: Trial,
        tell: Callable[[Report], None],
        max_files: int = MAX_FILES,
    ) -> None:
        self._admission = admission
        self._view = view
        self._watcher = watcher
        self._trial = trial
        self._tell = tell
        self._max_files = max_files
        self._committed_s = self._told_s = time.monotonic()
        self.is_blind = watcher is None

    def everything(self) -> Work:
        """Walk all roots, forget what is gone, read what is new or changed."""
        known = self._view.rows
        seen: set[str] = set()
        work: dict[str, Stamp] = {}
        for root in self._admission.roots:
            if self._admission.layers_of(root) is None:
                self._say(Reason.FOLDER_IGNORED)
            for file in self._walked(root, root):
                if file is not None and len(seen) < self._max_files:
                    seen.add(file.path)
                    row = known.get(file.path)
                    if row is None or row.stamp != file.stamp:
                        work[file.path] = file.stamp
                elif file is not None and file.path not in seen:
                    self._say(Reason.TOO_MANY_FILES, self._max_files)
                    break
                yield None
        yield from self._forget([path for path in known if path not in seen])
        yield from self._read_all(work)

    def some(self, paths: list[str]) -> Work:
        """Look at single paths again, whatever they are or were."""
        for path in paths:
            yield from self._look(path)
        self._commit()

    def skipped(self) -> dict[str, int]:
        """How many files were left out, by the word for it."""
        return dict(Counter(row.skipped for row in self._view.rows.values() if row.skipped))

    def _look(self, path: str) -> Work:
        folder, _, name = path.rpartition("/")
        if name == FILE_NAME:
            yield from self._look_into(folder)
            return
        if name in CONFIGURATIONS:
            self._view.forget_modules()
        found = _mode(path)
        if stat.S_ISDIR(found):
            if name not in NEVER_ENTERED:
                yield from self._look_into(path)
            return
        if self._watcher is not None and self._watcher.watches(path):
            yield from self._look_into(path)  # it was a folder
        if stat.S_ISREG(found) and self._admission.admits(path):
            stamp = reading.stamp(path)
            if stamp is not None:
                self._read(path, stamp)
        elif path in self._view.rows:
            self._drop(path)
        yield None

    def _look_into(self, folder: str) -> Work:
        """A folder appeared, vanished, or its ignore rules changed."""
        root = self._admission.root_of(folder + "/")
        if root is None:
            return
        seen, work = set(), {}
        if self._watcher is not None and not stat.S_ISDIR(_mode(folder)):
            self._watcher.remove(folder)
        for file in self._walked(folder, root):
            if file is not None:
                seen.add(file.path)
                row = self._view.rows.get(file.path)
                if row is None or row.stamp != file.stamp:
                    work[file.path] = file.stamp
            yield None
        below = folder.rstrip("/") + "/"
        gone = [path for path in self._view.rows if path.startswith(below) and path not in seen]
        yield from self._forget(gone)
        yield from self._read_all(work)

    def _walked(self, folder: str, root: str) -> Iterator[File | None]:
        """The files of a walk; None for each folder, which is watched from now on."""
        for entry in walk(self._admission, folder, root):
            if isinstance(entry, File):
                yield entry
                continue
            if entry.cut:
                self._say(Reason.TOO_DEEP)
            elif self._watcher is not None and not self.is_blind:
                self._watch(entry.path)
            yield None

    def _watch(self, folder: str) -> None:
        assert self._watcher is not None
        if not self._watcher.add(folder):
            self.is_blind = True
            self._say(Reason.WATCH_LIMIT)

    def _forget(self, paths: list[str]) -> Work:
        for path in paths:
            self._drop(path)
            yield None

    def _read_all(self, work: dict[str, Stamp]) -> Work:
        read = self._read_by_many(work) if len(work) > MANY_FILES else self._read_each(work)
        for done, waits in enumerate(read):
            self._keep_up(done + 1, len(work))
            yield waits
        self._commit()
        if work:
            self._tell(Progress(len(work), len(work)))

    def _read_each(self, work: dict[str, Stamp]) -> Work:
        for path, stamp in work.items():
            self._read(path, stamp)
            yield None

    def _read_by_many(self, work: dict[str, Stamp]) -> Work:
        readers, pending = Readers(reader_count()), iter(work)
        try:
            path = next(pending, None)
            while path is not None or readers.is_busy:
                while path is not None and readers.take(path):
                    path = next(pending, None)
                found = readers.collect()
                for one in found:
                    self._learn(one, work[one.path])
                    yield None
                if not found:
                    yield readers.descriptors
        finally:
            readers.close()

    def _keep_up(self, done: int, total: int) -> None:
        """Report and commit now and then."""
        now_s = time.monotonic()
        if done < total and now_s - self._told_s > PROGRESS_S:
            self._told_s = now_s
            self._tell(Progress(done, total))
        if now_s - self._committed_s > COMMIT_S:
            self._commit()

    def _read(self, path: str, stamp: Stamp) -> None:
        row = self._view.rows.get(path)
        if row is not None and row.stamp == stamp:
            return
        if row is None and len(self._view.rows) >= self._max_files:
            return
        if self._trial.has_failed(path):
            self._learn(Known(path, b"", STALLED, None), stamp)
            return
        with self._trial.of(path):
            found = known(path)
        self._learn(found, stamp)

    def _learn(self, found: Known, stamp: Stamp) -> None:
        """Put what was found in a file whose stamp was this before it was read."""
        if found.skipped == STALLED:
            self._say(Reason.FILE_STALLED)
        row = self._view.rows.get(found.path)
        if row is not None and row.digest == found.digest and found.digest:
            new = self._view.store.restamp(row, stamp)
        else:
            new = self._view.store.put(found.path, stamp, found.digest, found.facts, found.skipped)
        self._view.put(found.path, new)

    def _drop(self, path: str) -> None:
        self._view.store.forget(path)
        self._view.drop(path)

    def _commit(self) -> None:
        self._view.store.commit()
        self._committed_s = time.monotonic()

    def _say(self, reason: Reason, count: int = 1) -> None:
        self._tell(Note(reason, count))


def _mode(path: str) -> int:
    try:
        return os.lstat(path).st_mode
    except (OSError, ValueError):
        return 0
