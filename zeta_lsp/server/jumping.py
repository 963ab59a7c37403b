"""Offers jumps to what is wrong in a file, and enters what becomes of them.

Only what was gathered while the cursor rested counts (`around`); nobody is asked now. Whether a
jump was taken up is read from where the cursor and the changes are, as with predictions.
"""

import itertools
from collections.abc import Callable, Sequence

import msgspec

from zeta_lsp.core.jumps import Jump, problems_now
from zeta_lsp.core.lifecycle import Happening
from zeta_lsp.core.problems import Problem
from zeta_lsp.core.text import line_length
from zeta_lsp.server.judge import Silence
from zeta_lsp.server.ledger import Ledger
from zeta_lsp.server.openfile import OpenFile

NOTHING_PROPOSED = frozenset({"no_change", "unsure"})
"""The silences after which there may be something to do elsewhere: nothing else went wrong."""


class Jumping:
    """The jumps of a session. `clock` counts monotonic seconds."""

    def __init__(self, ledger: Ledger, clock: Callable[[], float]) -> None:
        self.ledger = ledger
        self.clock = clock
        self._numbers = itertools.count(1)

    def instead(self, file: OpenFile, silence: Silence, *, explicit: bool) -> Jump | None:
        """A jump to show instead of silence, for somebody who wants to go on.

        That is who asked for it, and who has just accepted something.
        """
        wanted = explicit or file.accepted_revision == file.document.revision
        if not wanted or silence.reason not in NOTHING_PROPOSED:
            return None
        return self._offer(file)

    def look(self, file: OpenFile) -> None:
        """See what became of a file's jump: the cursor moved, or time passed."""
        row = file.cursor[0]
        happening = file.jumps.outcome(row, file.splices_since, self.clock())
        if happening is not None:
            self.end(file, happening)

    def end(self, file: OpenFile, happening: Happening) -> None:
        """The jump that stands in a file, if there is one, comes to this."""
        jump, file.jumps.current = file.jumps.current, None
        if jump is not None:
            self.ledger.jumped(jump, file.place.prompt_path, happening)

    def _offer(self, file: OpenFile) -> Jump | None:
        self.look(file)
        around, now_s = file.surroundings, self.clock()
        splices = file.splices_since(around.revision)
        if splices is None or file.document.unsynced is not None:
            return None
        lines = file.document.lines
        problems = [
            _clipped(one, lines)
            for one in problems_now(around.problems, splices)
            if one.start_row < len(lines)
        ]
        goal = file.jumps.next(problems, file.cursor[0], file.splices_since, now_s)
        if goal is None:
            return None
        self.end(file, Happening.REPLACE)
        place = goal.start_row, goal.start_col
        jump = Jump(f"j{next(self._numbers)}", goal.message, place, file.document.revision, now_s)
        file.jumps.offered(jump)
        self.ledger.jumped(jump, file.place.prompt_path, Happening.SHOW)
        return jump


def _clipped(problem: Problem, lines: Sequence[str]) -> Problem:
    """A problem that begins in its row, whatever text it was told of."""
    col = min(problem.start_col, line_length(lines[problem.start_row]))
    return msgspec.structs.replace(problem, start_col=col)
