"""Which paths of a workspace change: one inotify watch for each folder that is indexed.

watchdog's `Observer` watches a tree whole, ``node_modules`` and all, or takes a thread for each
folder; its inotify layer below does neither, so that is used where there is one. Elsewhere the
observer watches the folders as trees, and what it reports from others is passed over later.

Events say no more than "look at this path again". When the system has no more watches to give, or
loses events, that is reported and the helper looks for itself from time to time.
"""

import itertools
import logging
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from watchdog.events import FileMovedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

if TYPE_CHECKING:
    from watchdog.observers.inotify_c import CallbackId, InotifyEvent, Mask, WatchDescriptor

log = logging.getLogger(__name__)
_JOIN_S = 1.0

Changed = Callable[[str], None]
Lost = Callable[[], None]


class Watcher(Protocol):
    """Watches folders and reports paths; its callbacks come from a thread of watchdog's."""

    def add(self, folder: str) -> bool:
        """Watch the entries of a folder; False if the system has no more watches to give."""

    def remove(self, folder: str) -> None:
        """Watch a folder and those below it no more."""

    def watches(self, folder: str) -> bool:
        """Whether a path is a watched folder."""

    def close(self) -> None:
        """Watch nothing any more."""


def watcher_for(roots: tuple[str, ...], changed: Changed, lost: Lost) -> Watcher:
    """What this system offers."""
    try:
        from watchdog.observers import inotify_c  # noqa: F401 - asks whether it is there
    except (ImportError, OSError, AttributeError):
        return TreeWatcher(roots, changed)
    return FolderWatcher(changed, lost)


class FolderWatcher:
    """One inotify watch for each folder, one thread for all."""

    def __init__(self, changed: Changed, lost: Lost) -> None:
        from watchdog.observers.inotify_c import InotifyFD

        self._changed = changed
        self._lost = lost
        self._folders: dict[str, _Folder] = {}
        self._ids = itertools.count(1)
        self._inotify = InotifyFD()
        self._inotify.daemon = True
        self._inotify.start()

    def add(self, folder: str) -> bool:
        """See `Watcher`."""
        if folder in self._folders:
            return True
        from watchdog.observers.inotify_c import CallbackId

        watch = _Folder(folder, CallbackId(next(self._ids)), self._changed, self._lost)
        try:
            watch.descriptor = self._inotify.add_callback(
                os.fsencode(folder), _mask(), watch, watch.id
            )
        except FileNotFoundError:
            return True  # gone already
        except OSError as fault:
            log.warning("a folder is not watched: %s", fault.strerror)
            return False
        self._folders[folder] = watch
        return True

    def remove(self, folder: str) -> None:
        """See `Watcher`."""
        below = folder + "/"
        gone = [path for path in self._folders if path == folder or path.startswith(below)]
        watches = [self._folders.pop(path) for path in gone]
        self._inotify.remove_callbacks(
            [(watch.descriptor, watch.id) for watch in watches if watch.descriptor is not None]
        )

    def watches(self, folder: str) -> bool:
        """See `Watcher`."""
        return folder in self._folders

    def close(self) -> None:
        """See `Watcher`."""
        self._inotify.stop()
        self._inotify.join(timeout=_JOIN_S)


class TreeWatcher(FileSystemEventHandler):
    """watchdog's observer over the roots, for systems that watch trees."""

    def __init__(self, roots: tuple[str, ...], changed: Changed) -> None:
        self._changed = changed
        self._folders: set[str] = set()
        self._observer = Observer()
        self._observer.daemon = True
        for root in roots:
            self._observer.schedule(self, root, recursive=True)
        self._observer.start()

    def add(self, folder: str) -> bool:
        """See `Watcher`."""
        self._folders.add(folder)
        return True

    def remove(self, folder: str) -> None:
        """See `Watcher`."""
        below = folder + "/"
        self._folders = {f for f in self._folders if f != folder and not f.startswith(below)}

    def watches(self, folder: str) -> bool:
        """See `Watcher`."""
        return folder in self._folders

    def on_any_event(self, event: FileSystemEvent) -> None:
        """See watchdog."""
        paths = [event.src_path]
        if isinstance(event, FileMovedEvent):
            paths.append(event.dest_path)
        for path in map(os.fsdecode, paths):
            if path.rpartition("/")[0] in self._folders:
                self._changed(path)

    def close(self) -> None:
        """See `Watcher`."""
        self._observer.stop()
        self._observer.join(timeout=_JOIN_S)


def _mask() -> "Mask":
    from watchdog.observers.inotify_c import InotifyConstants, Mask

    return Mask(
        InotifyConstants.IN_CLOSE_WRITE
        | InotifyConstants.IN_CREATE
        | InotifyConstants.IN_DELETE
        | InotifyConstants.IN_MOVED_FROM
        | InotifyConstants.IN_MOVED_TO
        | InotifyConstants.IN_ONLYDIR
        | InotifyConstants.IN_DONT_FOLLOW
    )


class _Folder:
    """Receives the events of one folder (watchdog's `WatchCallback`)."""

    def __init__(self, folder: str, id_: "CallbackId", changed: Changed, lost: Lost) -> None:
        self.id = id_
        self.descriptor: WatchDescriptor | None = None
        self._folder = folder
        self._changed = changed
        self._lost = lost

    def on_event(self, event: "InotifyEvent") -> None:
        """An entry of the folder changed."""
        if event.name:
            self._changed(f"{self._folder}/{os.fsdecode(event.name)}")

    def on_watch_deleted(self, wd: "WatchDescriptor") -> None:
        """The folder is gone; the folder that held it says so too."""
        self.descriptor = None

    def on_queue_overflow(self) -> None:
        """The system dropped events."""
        self._lost()
