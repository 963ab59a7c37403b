"""What became of each request, for `zeta-lsp explain`.

Entries hold what entries always hold: names, numbers and reasons, never text. That an answer was
shown means here that it was handed to the client; what a person then does with it is not to be seen
from here, so no later word follows. The same silence about the same file on key after key is
entered once.
"""

import itertools
from collections.abc import Callable, Sequence

from zeta_lsp.core.journal import MAX_CONTEXT, JournalEntry
from zeta_lsp.core.lifecycle import State
from zeta_lsp.gateway.prompts.reading import ReadPrompt
from zeta_lsp.gateway.writing import Silence

REPEATED_S = 1.0
DETAIL = "over HTTP"


class Book:
    """The entries of one gateway.

    Args:
        session: makes ids unique among processes.
        wall_clock: seconds since 1970.
    """

    def __init__(
        self,
        session: str,
        enter: Callable[[Sequence[JournalEntry]], None],
        wall_clock: Callable[[], float],
    ) -> None:
        self._session = session
        self._enter = enter
        self._wall_clock = wall_clock
        self._numbers = itertools.count(1)
        self._last: tuple[str, str, float] = ("", "", 0.0)

    def new_id(self) -> str:
        """The id of a request, which its response has too."""
        return f"{self._session}-h{next(self._numbers)}"

    def answered(self, ident: str, read: ReadPrompt, model: str, latency_ms: float) -> None:
        """A proposal was handed to the client."""
        self._last = ("", "", 0.0)
        self._write(ident, read, State.SHOWN, None, model, latency_ms)

    def silent(
        self,
        ident: str,
        read: ReadPrompt | None,
        silence: Silence,
        model: str = "",
        latency_ms: float = 0.0,
    ) -> None:
        """Nothing was proposed."""
        path = "" if read is None else read.given.cursor_path
        last_path, reason, time_s = self._last
        now_s = self._wall_clock()
        if (last_path, reason) == (path, silence.reason) and now_s - time_s < REPEATED_S:
            return
        self._last = (path, silence.reason, now_s)
        self._write(ident, read, State.SILENT, silence, model, latency_ms)

    def _write(
        self,
        ident: str,
        read: ReadPrompt | None,
        ending: State,
        silence: Silence | None,
        model: str,
        latency_ms: float,
    ) -> None:
        entry = JournalEntry(
            id=ident,
            time_s=self._wall_clock(),
            path="" if read is None else read.given.cursor_path,
            ending=ending,
            reason="" if silence is None else silence.reason,
            model=model,
            format="" if read is None else read.form.name,
            latency_ms=round(latency_ms, 1),
            detail=(silence and silence.detail) or DETAIL,
            context=() if read is None else _context(read),
        )
        self._enter([entry])


def _context(read: ReadPrompt) -> tuple[str, ...]:
    """The other files that the client put into its prompt."""
    files = read.given.related_files or ()
    return tuple(f"client {file.path}" for file in files[:MAX_CONTEXT])
