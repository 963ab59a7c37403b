"""Does steps at a desk, one after the other, and puts right what was a draft at first.

Every text on the way is known: the parent's rows, the new rows of steps that are done, and in some
places a draft that still stands. From one text to the next leads a script, as it does for a step
without drafts. So where all drafts are put right, a step has left its new rows and nothing else.
"""

from collections.abc import Mapping, Sequence

from pipeline.synthesis.desk import Desk
from pipeline.synthesis.drafts import Draft, Drafts, Until, drafted
from pipeline.synthesis.script import Script, script_of
from pipeline.synthesis.steps import Plan, Step
from pipeline.synthesis.typist import Typist


class Doing:
    """Steps on their way; `done` are those that were done, `drafts_seen` how many drafts stood."""

    def __init__(
        self,
        desk: Desk,
        typist: Typist,
        plans: Mapping[str, Plan],
        drafts: Drafts,
        done: set[Step],
    ) -> None:
        self.desk = desk
        self.typist = typist
        self.done = done
        self.drafts_seen = 0
        self._plans = plans
        self._drafts = drafts
        self._standing: dict[Step, list[Draft]] = {}

    def row(self, step: Step) -> int:
        """Where a step's rows begin by now."""
        moved = sum(
            draft.row_delta
            for other, drafts in self._standing.items()
            if other.path == step.path and other.number < step.number
            for draft in drafts
        )
        return self._plans[step.path].row(step, self.done) + moved

    def do(self, step: Step, script: Script) -> None:
        """One step; `script` is what it takes where no draft stands."""
        drafts = self._drafts.get(step, ())
        if drafts:
            self._draft(step, drafts)
        elif self._standing:
            self._go(step, 0, step.old, step.new)
        else:
            self.typist.perform(step.path, self.row(step), script)
        self.done.add(step)

    def put_right(self, *, but: Step | None = None) -> None:
        """Replace drafts that still stand, in the order in which they came; `but` one's."""
        for step, drafts in list(self._standing.items()):
            while drafts and step != but:
                draft = drafts.pop(0)
                at = len(drafted(step, drafts, draft.start))
                self._go(step, at, draft.rows, step.new[draft.start : draft.end])
            if not drafts:
                del self._standing[step]

    def _draft(self, step: Step, drafts: Sequence[Draft]) -> None:
        self.drafts_seen += len(drafts)
        standing, shown = list(drafts), list(step.old)
        at_once = [draft for draft in drafts if draft.until is Until.ROW]
        if not step.old:
            for draft in at_once:
                shown = self._shown(step, shown, drafted(step, standing, draft.end))
                standing.remove(draft)
                shown = self._shown(step, shown, drafted(step, standing, draft.end))
        shown = self._shown(step, shown, drafted(step, standing))
        for draft in [draft for draft in standing if draft.until is not Until.GROUP]:
            standing.remove(draft)
            shown = self._shown(step, shown, drafted(step, standing))
        if standing:
            self._standing[step] = standing

    def _shown(self, step: Step, old: list[str], new: list[str]) -> list[str]:
        self._go(step, 0, old, new)
        return new

    def _go(self, step: Step, at: int, old: Sequence[str], new: Sequence[str]) -> None:
        """From some rows of a step, `at` rows below its first, to others; what is equal stays."""
        above, below = _shared(old, new)
        old, new = old[above : len(old) - below], new[above : len(new) - below]
        if not old and not new:
            return
        row = self.row(step) + at + above
        script = script_of(old, new, has_row_above=row > 0)
        self.typist.perform(step.path, row, script)


def _shared(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many rows are equal at the beginning, and how many of the rest at the end."""
    most, above, below = min(len(old), len(new)), 0, 0
    while above < most and old[above] == new[above]:
        above += 1
    while below < most - above and old[-1 - below] == new[-1 - below]:
        below += 1
    return above, below
