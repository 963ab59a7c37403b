"""Every prediction and every silence, with its ending: for `explain`, and for the counters.

Entries gather in memory and go to the journal in one batch a moment later, so that the keystroke
path pays for an append to a list and nothing else. The same silence on key after key is one entry.
"""

from collections import Counter, deque
from collections.abc import Callable

from zeta_lsp.core.journal import JournalEntry
from zeta_lsp.core.lifecycle import Happening, State
from zeta_lsp.server.judge import Silence
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.suggestion import Suggestion

ENTRIES_KEPT = 200
REPEATED_S = 1.0
"""A silence for the same reason in the same file within this time is not entered again."""


class Ledger:
    """The book of one session. `session` makes its ids unique among servers."""

    def __init__(self, session: str, wall_clock: Callable[[], float]) -> None:
        self.session = session
        self.wall_clock = wall_clock
        self.recent: deque[JournalEntry] = deque(maxlen=ENTRIES_KEPT)
        self.counters: Counter[str] = Counter()
        self._new: list[JournalEntry] = []
        self._last: tuple[str, str, float] = ("", "", 0.0)

    def silent(self, ident: str, file: OpenFile, silence: Silence, latency_ms: float = 0.0) -> None:
        """Nothing was shown."""
        self.counters[silence.reason] += 1
        now_s = self.wall_clock()
        uri, reason, time_s = self._last
        if (uri, reason) == (file.uri, silence.reason) and now_s - time_s < REPEATED_S:
            return
        self._last = (file.uri, silence.reason, now_s)
        self._enter(
            JournalEntry(
                id=f"{self.session}-{ident}",
                time_s=now_s,
                path=file.place.prompt_path,
                ending=State.SILENT,
                reason=silence.reason,
                latency_ms=round(latency_ms, 1),
                detail=silence.detail,
            )
        )

    def unopened(self, ident: str, path: str) -> None:
        """Something was asked about a file that is not open."""
        now_s = self.wall_clock()
        self._enter(JournalEntry(f"{self.session}-{ident}", now_s, path, State.SILENT, "unopened"))

    def happened(self, suggestion: Suggestion, happening: Happening, reason: str = "") -> None:
        """Let something happen to a suggestion and enter what became of it."""
        before = suggestion.state
        suggestion.happen(happening, reason)
        if suggestion.state is before:
            return
        self.counters[suggestion.state] += 1
        if suggestion.state is State.SILENT:
            self.counters[reason] += 1
        self._enter(
            JournalEntry(
                id=f"{self.session}-{suggestion.ident}",
                time_s=self.wall_clock(),
                path=suggestion.file.place.prompt_path,
                ending=suggestion.state,
                reason=reason,
                model=suggestion.model,
                format=suggestion.format,
                latency_ms=round(suggestion.latency_ms, 1),
            )
        )

    def take_new(self) -> list[JournalEntry]:
        """The entries since the last call, for the journal."""
        new, self._new = self._new, []
        return new

    def _enter(self, entry: JournalEntry) -> None:
        self.recent.append(entry)
        self._new.append(entry)
