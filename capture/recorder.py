"""Records a session on a thread of its own: `core.recording.Recorder` for those who consented.

`take` appends to a bounded queue and does nothing else, for it is called between two keys. The
thread wakes when something was put there and waits until nothing more comes for `PAUSE_S` (at most
`PAUSE_MAX_S`), so that it works in the gaps between keys, in small pieces. It brings the books up
to date each time and writes at most every `WRITE_EVERY_S`; without events it looks around once a
second. When the queue is full, events are dropped and counted; a file that lost an edit is in
doubt until its text comes whole again.

What goes wrong on the thread stays there: the books are thrown away, `status` says so, and the next
files that are opened are recorded again.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

from capture.bookkeeper import Bookkeeper
from capture.books import Books
from capture.consent import Consents
from capture.consent.receipt import Receipt
from capture.doors import Doors
from zeta_lsp.core.recording import (
    Capturing,
    Doubted,
    Edited,
    Level,
    Opened,
    Recordable,
)

QUEUE_MAX = 20_000
PAUSE_S = 0.03
PAUSE_MAX_S = 1.0
WRITE_EVERY_S = 0.25
LOOK_EVERY_S = 1.0
CLOSE_S = 1.0
_PASSING = ("locked", "vanished")
"""Problems that come and go while somebody forgets something."""


class Recorder:
    """The recorder of one session. The thread starts with it."""

    def __init__(self, session: str, version: str, wish: Capturing, doors: Doors) -> None:
        self._session, self._version = session, version
        self._wish, self._doors = wish, doors
        self._queue: deque[Recordable] = deque()
        self._lost: set[str] = set()
        self._dropped = 0
        self._levels: dict[str, Level | None] = {}
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._faults = 0
        self._written_s = float("-inf")
        self._is_written = True
        self._keeper = self._new_keeper()
        self._status: Mapping[str, Any] = {}
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)
        self._thread.start()

    @classmethod
    def over(
        cls, folder: Path, wish: Capturing, consents: Consents, *, session: str, version: str
    ) -> Self:
        """The recorder that writes into a capture folder."""
        from capture.outside import doors_of

        return cls(session, version, wish, doors_of(folder, consents))

    def level(self, root: str | None) -> Level | None:
        """What was consented to; read from disk once for each folder, from memory after that."""
        if root is None:
            return None
        if root not in self._levels:
            consent = self._doors.consents.live(Path(root))
            self._levels[root] = consent.level if isinstance(consent, Receipt) else None
        return self._levels[root]

    def take(self, event: Recordable) -> None:
        """Record an event. Never blocks, never raises; drops are counted."""
        if len(self._queue) >= QUEUE_MAX or self._lost:
            self._take_with_losses(event)
        else:
            self._queue.append(event)
        if not self._wake.is_set():
            self._wake.set()

    def status(self) -> Mapping[str, Any]:
        """What is on, what was recorded and dropped, what is wrong."""
        return {**self._status, "events_dropped": self._dropped, "faults": self._faults}

    def trouble(self) -> str:
        """What is wrong with the store, or was and has been mended."""
        problem, notice = self._status.get("problem"), self._status.get("notice")
        if problem and problem[0] not in _PASSING:
            return str(problem[1])
        return str(notice or "")

    def close(self) -> None:
        """Write down what is known and stop. Waits for at most a second."""
        self._stop.set()
        self._wake.set()
        self._thread.join(CLOSE_S)

    def _new_keeper(self) -> Bookkeeper:
        number = f".{self._faults}" if self._faults else ""
        session = f"{self._session}{number}"
        return Bookkeeper(Books(session, self._version, self._wish, self._doors))

    def _take_with_losses(self, event: Recordable) -> None:
        """Drop an event, or take it although others were dropped."""
        uri = _uri_of(event)
        has_room = len(self._queue) < QUEUE_MAX
        if has_room and (uri not in self._lost or isinstance(event, Opened)):
            self._lost.discard(uri)
            self._queue.append(event)
            return
        self._dropped += 1
        if uri and uri not in self._lost:
            self._lost.add(uri)
            self._queue.append(Doubted(uri, "events_dropped", self._doors.monotonic()))

    def _run(self) -> None:
        while not self._stop.is_set():
            woken = self._wake.wait(LOOK_EVERY_S if self._is_written else WRITE_EVERY_S)
            if woken:
                self._wait_for_a_pause()
            self._guarded(self._catch_up)
        self._guarded(self._finish)

    def _wait_for_a_pause(self) -> None:
        waited_s, seen = 0.0, -1
        while waited_s < PAUSE_MAX_S and len(self._queue) != seen:
            seen = len(self._queue)
            if self._stop.wait(PAUSE_S):
                return
            waited_s += PAUSE_S

    def _catch_up(self) -> None:
        self._wake.clear()
        self._drain()
        awake_s = time.monotonic()  # the thread's own pace, whatever clock the session has
        self._is_written = awake_s - self._written_s >= WRITE_EVERY_S
        if self._is_written:
            self._written_s, now_s = awake_s, self._doors.monotonic()
            self._keeper.books.tick(now_s)
            self._keeper.books.write(now_s)
            self._tell()

    def _finish(self) -> None:
        self._drain()
        self._keeper.books.close(self._doors.monotonic())
        self._tell()

    def _drain(self) -> None:
        queue, take = self._queue, self._keeper.take
        for _ in range(len(queue)):
            take(queue.popleft())

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:  # noqa: BLE001 - a mistake of ours must not be noticed by who types
            self._faults += 1
            self._keeper.books.outbox.close()
            self._keeper = self._new_keeper()

    def _tell(self) -> None:
        books = self._keeper.books
        for root, reason in books.admission.refused.items():
            if self._levels.get(root) is not None and reason:
                self._levels[root] = None
        self._status = {
            "problem": None if books.outbox.problem is None else list(books.outbox.problem),
            "notice": books.outbox.notice,
            "rows_written": books.outbox.written,
            "rows_dropped": dict(books.outbox.dropped),
            "refused": dict(books.admission.refused),
            "projects": {
                project.receipt.project_name: {
                    "level": str(project.level),
                    "private": project.receipt.private,
                    "files": len(project.mirrors),
                    "counts": dict(project.counting.totals),
                }
                for project in books.admission.projects.values()
            },
        }


def _uri_of(event: Recordable) -> str:
    """The file that an event is about, empty if it names none."""
    if isinstance(event, Edited):
        return event.edits[0].uri if event.edits else ""
    return str(getattr(event, "uri", ""))
