"""Which files change on disk: by watchdog, for clients that do not tell.

Only the folders of open files are watched, and not what lies below them: that is what matters to
open documents, and it costs one watch a folder however large the project is. An event wakes a
thread of watchdog's for a moment; what it found is handed to the event loop.

Where nothing can be watched (no more inotify watches, a network folder that refuses) nothing is
reported and nothing else happens.
"""

import logging
from collections.abc import Callable
from pathlib import Path

from watchdog.events import (
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

log = logging.getLogger(__name__)

_KINDS: list[type[FileSystemEvent]] = [
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]


class FolderWatcher(FileSystemEventHandler):
    """Reports changed files to `changed`, which is called on a thread of watchdog's."""

    def __init__(self, changed: Callable[[Path], None]) -> None:
        self._changed = changed
        self._observer: BaseObserver | None = None
        self._folders: set[Path] = set()

    def watch(self, folder: Path) -> None:
        """Watch the files of a folder from now on."""
        if folder in self._folders:
            return
        self._folders.add(folder)
        try:
            self._started().schedule(self, str(folder), recursive=False, event_filter=_KINDS)
        except OSError as fault:
            log.warning("a folder is not watched: %s", fault.strerror)

    def on_any_event(self, event: FileSystemEvent) -> None:
        """See watchdog."""
        if event.is_directory:
            return
        path = event.dest_path if isinstance(event, FileMovedEvent) else event.src_path
        self._changed(Path(path if isinstance(path, str) else path.decode()))

    def close(self) -> None:
        """Watch nothing any more."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(timeout=1.0)
            self._observer = None

    def _started(self) -> BaseObserver:
        if self._observer is None:
            self._observer = Observer()
            self._observer.daemon = True
            self._observer.start()
        return self._observer
