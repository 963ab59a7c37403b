"""Rows on their way into the store, and what happens when the store cannot take them.

Rows are held until a commit took them; then, and only then, they are acknowledged. While the store
fails they are held and it is tried again, after a pause that grows to `RETRY_MAX_S`; once there are
`HELD_MAX`, all are dropped and the session begins anew. A store of a newer version ends recording
for this session. Rows that the store calls unusable are dropped one by one, so that they keep no
others out.

A segment is claimed with the first commit, and given back when another process asks for it. A
session goes on only in the segment that it began in: `generation` grows whenever that is lost.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from capture.doors import Forgetting, SegmentDoor
from capture.rows import Row, Session, Settled, Snapshot
from capture.snapshots import paths_in
from capture.store.errors import StoreUnavailable

HELD_MAX = 1000
RETRY_S = 0.5
RETRY_MAX_S = 5.0
IDLE_S = 30.0
_OF_THE_ROWS = frozenset({"unusable_text", "no_snapshot"})
_OF_THE_SEGMENT = frozenset({"vanished", "newer_schema"})


class _Held(msgspec.Struct, frozen=True):
    row: Row
    path: str

    def is_about(self, path: str) -> bool:
        """Whether it holds something of a file."""
        if self.path == path:
            return True
        if isinstance(self.row, Snapshot):
            return path in paths_in(self.row.given)
        if isinstance(self.row, Settled):
            return any(event.change.path == path for event in self.row.future_events)
        return False


class _Purge(msgspec.Struct, frozen=True):
    session: str
    path: str
    from_seq: int


class Outbox:
    """The way into the store.

    `problem` is what is wrong with it, as (reason, message); `notice` what a person should know.
    """

    def __init__(
        self,
        claim: Callable[[], SegmentDoor],
        acknowledged: Callable[[Sequence[Row]], None],
    ) -> None:
        self.problem: tuple[str, str] | None = None
        self.is_off = False
        self.generation = 0
        self.written = 0
        self.dropped: Counter[str] = Counter()
        self._claim = claim
        self._acknowledged = acknowledged
        self.notice = ""
        self._segment: SegmentDoor | None = None
        self._home: Path | None = None
        self._flushed_s, self._is_idle = float("-inf"), True
        self._held: list[_Held] = []
        self._purges: list[_Purge] = []
        self._retry_at_s = float("-inf")
        self._pause_s = RETRY_S

    def put(self, row: Row, path: str = "") -> None:
        """Hold a row; `path` is the file it is about."""
        if self.is_off:
            return
        if len(self._held) >= HELD_MAX:
            self.dropped["store_failing"] += len(self._held)
            self._give_up()
        self._held.append(_Held(row, path))

    def drop_session(self, session: str) -> None:
        """Let go of everything of a session."""
        self._held = [held for held in self._held if held.row.session != session]

    def purge(self, session: str, path: str, from_seq: int) -> None:
        """Take back what was said of a file from an event on; what is written, with the next flush.

        Nothing is written before that is done.
        """
        self._held = [
            held
            for held in self._held
            if held.row.session != session or held.row.seq < from_seq or not held.is_about(path)
        ]
        if self._segment is not None:
            self._purges.append(_Purge(session, path, from_seq))

    @property
    def has_work(self) -> bool:
        """Whether there is something to write; a session without events is nothing."""
        return bool(self._purges) or any(not isinstance(held.row, Session) for held in self._held)

    def is_ready(self, now_s: float) -> bool:
        """Whether a commit can be tried now; claims a segment if there is none."""
        if self.is_off or not self.has_work or now_s < self._retry_at_s:
            return False
        if self._segment is not None:
            return True
        try:
            self._segment = self._claim()
        except StoreUnavailable as failure:
            self._failed(failure, now_s)
            return False
        if self._home not in (None, self._segment.path):
            self._lose_sessions()
        self._home = self._segment.path
        return self.has_work

    def flush(self, now_s: float) -> Sequence[tuple[Row, str]]:
        """Write everything that is held, in one transaction. Returns what is durable now."""
        segment = self._segment
        assert segment is not None, "is_ready was not asked"
        try:
            self._purge(segment)
            written = self._commit(segment)
        except StoreUnavailable as failure:
            self._failed(failure, now_s)
            return ()
        self.problem, self._pause_s = None, RETRY_S
        self._flushed_s, self._is_idle = now_s, False
        self.notice = segment.notice or self.notice
        self.written += len(written)
        if written:
            self._acknowledged([held.row for held in written])
        return [(held.row, held.path) for held in written]

    def asked_to_yield(self) -> Forgetting | None:
        """Whether another process waits for the segment; then it is given back."""
        asked = None if self._segment is None else self._segment.asked_to_yield()
        if asked is not None:
            self.close()
        return asked

    def idle(self, now_s: float) -> None:
        """Nothing was written for a while: a good time for the store to tidy up."""
        if self._segment is None or self._is_idle or now_s < self._flushed_s + IDLE_S:
            return
        self._is_idle = True
        with suppress(StoreUnavailable):
            self._segment.idle()

    def close(self) -> None:
        """Give the segment back."""
        segment, self._segment = self._segment, None
        if segment is not None:
            with suppress(StoreUnavailable):  # it may be given back because it fails
                segment.close()

    def _give_up(self) -> None:
        self.close()
        self._lose_sessions()

    def _lose_sessions(self) -> None:
        """Whatever is held belongs to sessions that nothing can be added to any more."""
        self._purges.clear()
        self._held.clear()
        self.generation += 1

    def _purge(self, segment: SegmentDoor) -> None:
        while self._purges:
            one = self._purges[0]
            segment.purge(one.session, one.path, one.from_seq)
            del self._purges[0]

    def _commit(self, segment: SegmentDoor) -> list[_Held]:
        held = self._held
        if not held:
            return []
        try:
            segment.commit([one.row for one in held])
        except StoreUnavailable as failure:
            if failure.reason not in _OF_THE_ROWS:
                raise
            written = self._commit_singly(segment)
            if failure.reason == "no_snapshot":  # a damaged file may have lost the session
                self._give_up()
            return written
        self._held = []
        return held

    def _commit_singly(self, segment: SegmentDoor) -> list[_Held]:
        written: list[_Held] = []
        while self._held:
            try:
                segment.commit([self._held[0].row])
                written.append(self._held[0])
            except StoreUnavailable as failure:
                if failure.reason not in _OF_THE_ROWS:
                    break  # the next flush meets it again
                self.dropped[failure.reason] += 1
            del self._held[0]
        return written

    def _failed(self, failure: StoreUnavailable, now_s: float) -> None:
        self.problem = (failure.reason, str(failure))
        self._retry_at_s = now_s + self._pause_s
        self._pause_s = min(self._pause_s * 2, RETRY_MAX_S)
        self.is_off = failure.reason == "newer_schema"
        if failure.reason in _OF_THE_SEGMENT:
            self._give_up()
