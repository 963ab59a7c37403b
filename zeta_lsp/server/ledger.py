"""Every prediction and every silence, with its ending: for `explain`, the counters and the tape.

Entries gather in memory and go to the journal in one batch a moment later, so that the keystroke
path pays for an append to a list and nothing else. The same silence on key after key is one entry.
"""

import itertools
from collections import Counter, deque
from collections.abc import Callable

import msgspec

from zeta_lsp.core.journal import JournalEntry
from zeta_lsp.core.jumps import Jump
from zeta_lsp.core.lifecycle import Happening, State
from zeta_lsp.server.judge import Silence
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.run import Run
from zeta_lsp.server.suggestion import Suggestion
from zeta_lsp.server.tape import Tape

ENTRIES_KEPT = 200
REPEATED_S = 1.0
"""A silence for the same reason in the same file within this time is not entered again."""


class Ledger:
    """The book of one session. `session` makes its ids unique among servers.

    `changed` is called whenever something was entered, asked or answered.
    """

    def __init__(self, session: str, wall_clock: Callable[[], float], tape: Tape) -> None:
        self.session = session
        self.wall_clock = wall_clock
        self.tape = tape
        self.changed: Callable[[], None] = _nobody
        self.recent: deque[JournalEntry] = deque(maxlen=ENTRIES_KEPT)
        self.counters: Counter[str] = Counter()
        self._new: list[JournalEntry] = []
        self._numbers = itertools.count(1)
        self._last: tuple[str, str, float] = ("", "", 0.0)

    def asked(self, run: Run) -> None:
        """A model is asked."""
        self.tape.asked(self.public_id(run.ask.ident), run)
        self.changed()

    def answered(self, run: Run, silence: Silence) -> None:
        """A question to a model is over; `silence` says why if nothing may be shown."""
        why = silence if run.suggestion is None else None
        self.tape.answered(self.public_id(run.ask.ident), run, why)
        self.changed()

    def silent(
        self,
        ident: str,
        file: OpenFile,
        silence: Silence,
        latency_ms: float = 0.0,
        context: tuple[str, ...] = (),
    ) -> None:
        """Nothing was shown."""
        self._silent(
            file.uri,
            JournalEntry(
                id=self.public_id(ident),
                time_s=self.wall_clock(),
                path=file.place.prompt_path,
                ending=State.SILENT,
                reason=silence.reason,
                latency_ms=round(latency_ms, 1),
                detail=silence.detail,
                context=context,
            ),
        )

    def silent_now(self, file: OpenFile, silence: Silence) -> Silence:
        """Nothing was even asked."""
        self.silent(f"s{next(self._numbers)}", file, silence)
        return silence

    def unopened(self, uri: str) -> None:
        """Something was asked about a file that is not open; only its name is known."""
        ident = self.public_id(f"s{next(self._numbers)}")
        name = uri.rsplit("/", 1)[-1]
        self._silent(uri, JournalEntry(ident, self.wall_clock(), name, State.SILENT, "unopened"))

    def public_id(self, ident: str) -> str:
        """A prediction's id as clients and the journal know it."""
        return f"{self.session}-{ident}"

    def happened(self, suggestion: Suggestion, happening: Happening, reason: str = "") -> None:
        """Let something happen to a suggestion and enter what became of it."""
        before = suggestion.state
        suggestion.happen(happening, reason)
        if suggestion.state is before:
            return
        self.counters[suggestion.state] += 1
        if suggestion.state is State.SILENT:
            self.counters[reason] += 1
        ident = self.public_id(suggestion.ident)
        self.tape.happened(ident, suggestion.file, suggestion.state, reason)
        self._enter(
            JournalEntry(
                id=ident,
                time_s=self.wall_clock(),
                path=suggestion.file.place.prompt_path,
                ending=suggestion.state,
                reason=reason,
                model=suggestion.model,
                format=suggestion.format,
                latency_ms=round(suggestion.latency_ms, 1),
                detail=self._rating(suggestion),
                context=suggestion.context,
            )
        )

    def jumped(self, jump: Jump, path: str, happening: Happening) -> None:
        """Let something happen to a jump to a file, named as prompts do.

        It proposes no text, so the tape is not told.
        """
        if not jump.happen(happening):
            return
        self.counters[f"jump_{jump.state}"] += 1
        ident = self.public_id(jump.ident)
        self._enter(JournalEntry(ident, self.wall_clock(), path, jump.state, model=jump.model))

    def confirmed(self, ident: str) -> None:
        """The client says that a prediction was accepted.

        It only matters where the change looked like typing: a prediction of one character.
        """
        self._amend(ident, only=State.TYPED_THROUGH, ending=State.ACCEPTED)

    def undone(self, ident: str) -> None:
        """The person took an accepted prediction back soon after."""
        self.counters["undone"] += 1
        self._amend(self.public_id(ident), detail="undone")

    def rated(self, ident: str, rating: str) -> bool:
        """The person's word on a prediction; whether it is known."""
        self.counters[f"rated_{rating}"] += 1
        return self._amend(ident, detail=f"rated {rating}")

    def _rating(self, suggestion: Suggestion) -> str:
        """What the person said of it before, which later endings do not take back."""
        latest = self._latest(self.public_id(suggestion.ident))
        return "" if latest is None else latest.detail

    def _latest(self, ident: str) -> JournalEntry | None:
        return next((entry for entry in reversed(self.recent) if entry.id == ident), None)

    def _amend(self, ident: str, *, only: State | None = None, **fields: str) -> bool:
        latest = self._latest(ident)
        if latest is None or (only is not None and latest.ending != only):
            return False
        amended = msgspec.structs.replace(latest, **fields)
        self.tape.amended(ident, State(amended.ending), fields.get("detail", ""))
        self._enter(amended)
        return True

    def take_new(self) -> list[JournalEntry]:
        """The entries since the last call, for the journal."""
        new, self._new = self._new, []
        return new

    def _silent(self, uri: str, entry: JournalEntry) -> None:
        self.counters[entry.reason] += 1
        last_uri, reason, time_s = self._last
        if (last_uri, reason) == (uri, entry.reason) and entry.time_s - time_s < REPEATED_S:
            return
        self._last = (uri, entry.reason, entry.time_s)
        self._enter(entry)

    def _enter(self, entry: JournalEntry) -> None:
        self.recent.append(entry)
        self._new.append(entry)
        self.changed()


def _nobody() -> None:
    """Nobody is told of changes."""
