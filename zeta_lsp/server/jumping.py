"""Offers jumps to what is wrong, in this file or another open one, and enters what becomes of them.

Only what was gathered while the cursor rested counts (`around`); nobody is asked now. Whether a
jump was taken up is read from where the cursor and the changes are, as with predictions.

Another file is offered for errors alone, once nothing in this one is left: a change here that
breaks its callers there.
"""

import itertools
from collections.abc import Callable, Sequence

import msgspec

from zeta_lsp.core.jumps import ERROR, FAR_ROWS, Jump, problems_now
from zeta_lsp.core.lifecycle import Happening
from zeta_lsp.core.problems import Problem
from zeta_lsp.core.text import line_length
from zeta_lsp.server.judge import Silence
from zeta_lsp.server.ledger import Ledger
from zeta_lsp.server.openfile import OpenFile

NOTHING_PROPOSED = frozenset({"no_change", "unsure"})
"""The silences after which there may be something to do elsewhere: nothing else went wrong."""
OUTSIDE_ROW = -FAR_ROWS - 1
"""A row from which all of a file is out of sight."""


class Jumping:
    """The jumps of a session. `files` are the open ones, `clock` counts monotonic seconds."""

    def __init__(
        self, files: dict[str, OpenFile], ledger: Ledger, clock: Callable[[], float]
    ) -> None:
        self.files = files
        self.ledger = ledger
        self.clock = clock
        self._numbers = itertools.count(1)

    def instead(
        self, file: OpenFile, silence: Silence, *, explicit: bool
    ) -> tuple[OpenFile, Jump] | None:
        """A jump to show instead of silence, for somebody who wants to go on, and to which file.

        That is who asked for it, and who has just accepted something.
        """
        wanted = explicit or file.accepted_revision == file.document.revision
        if not wanted or silence.reason not in NOTHING_PROPOSED:
            return None
        here = self._offer(file, self._problems(file), file.cursor[0])
        return (file, here) if here is not None else self._beside(file)

    def arrived(self, file: OpenFile) -> None:
        """The person is in a file: where its cursor is counts from now on."""
        if file.jumps.current is not None:
            file.jumps.current.is_away = False
            self.look(file)

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

    def _beside(self, file: OpenFile) -> tuple[OpenFile, Jump] | None:
        for other in reversed(self.files.values()):
            if other is file or other.excluded is not None:
                continue
            errors = [one for one in self._problems(other) if (one.severity or ERROR) == ERROR]
            jump = self._offer(other, errors, OUTSIDE_ROW, is_away=True)
            if jump is not None:
                return other, jump
        return None

    def _problems(self, file: OpenFile) -> list[Problem]:
        """What is known to be wrong in a file, where it is by now."""
        around, lines = file.surroundings, file.document.lines
        splices = file.splices_since(around.revision)
        if splices is None or file.document.unsynced is not None:
            return []
        now = problems_now(around.problems, splices)
        return [_clipped(one, lines) for one in now if one.start_row < len(lines)]

    def _offer(
        self, file: OpenFile, problems: Sequence[Problem], row: int, *, is_away: bool = False
    ) -> Jump | None:
        self.look(file)
        now_s = self.clock()
        goal = file.jumps.next(problems, row, file.splices_since, now_s)
        if goal is None:
            return None
        self.end(file, Happening.REPLACE)
        place, number = (goal.start_row, goal.start_col), f"j{next(self._numbers)}"
        revision = file.document.revision
        jump = Jump(number, goal.message, place, revision, now_s, is_away=is_away)
        file.jumps.offered(jump)
        self.ledger.jumped(jump, file.place.prompt_path, Happening.SHOW)
        return jump


def _clipped(problem: Problem, lines: Sequence[str]) -> Problem:
    """A problem that begins in its row, whatever text it was told of."""
    col = min(problem.start_col, line_length(lines[problem.start_row]))
    return msgspec.structs.replace(problem, start_col=col)
