"""One commit played up to a cut: what stood on the screen, and what was to come."""

import random
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import msgspec

from pipeline.synthesis.commits import Read
from pipeline.synthesis.cuts import Cut, cuts
from pipeline.synthesis.desk import Desk, Point
from pipeline.synthesis.ordering import ordered
from pipeline.synthesis.place import place_of
from pipeline.synthesis.script import Script, script_of
from pipeline.synthesis.steps import Plan, Step
from pipeline.synthesis.typist import Typist

TYPED_STEPS_MAX = 24
"""Steps before these have left every history; they are there without having been typed."""
JITTER = 0.2
JITTER_COLS = 5
AT_TARGET = 0.2


class Played(msgspec.Struct, frozen=True):
    """A desk at the moment of a cut; `path` is the file in which `expected` is to be the text."""

    desk: Desk
    cut: Cut
    path: str
    expected: str
    is_known: bool
    """Whether the file to be changed was there before, or was opened."""


class Scene:
    """A commit as somebody makes it. The same commit, order and seed make the same keys."""

    def __init__(self, order: Sequence[Step], plans: Mapping[str, Plan]) -> None:
        self._plans = plans
        self.order = order

    @classmethod
    def of(cls, commit: Read, rng: random.Random) -> "Scene":
        """A commit in an order made by rules."""
        plans = {file.path: Plan(file) for file in commit.files}
        steps = [step for plan in plans.values() for step in plan.steps]
        return cls(ordered(steps, rng), plans)

    @cached_property
    def scripts(self) -> list[Script]:
        """What has to be keyed in for each step, in their order."""
        found: list[Script] = []
        done: set[Step] = set()
        for step in self.order:
            row = self._plans[step.path].row(step, done)
            found.append(script_of(step.old, step.new, has_row_above=row > 0))
            done.add(step)
        return found

    def cuts(self, style: str, rng: random.Random) -> Iterator[Cut]:
        """Moments at which it may be interrupted."""
        return cuts(style, self.order, self.scripts, rng)

    def played(self, cut: Cut, name: str, rng: random.Random) -> Played:
        """Play it up to a cut, in a repository of that name."""
        first = max(0, cut.done - TYPED_STEPS_MAX)
        done = set(self.order[:first])
        desk = Desk(name, {path: plan.text(done) for path, plan in self._plans.items()})
        typist = Typist(desk, rng)
        for n in range(first, cut.done):
            step = self.order[n]
            typist.perform(step.path, self._plans[step.path].row(step, done), self.scripts[n])
            done.add(step)
            typist.go_back(everything=n == cut.done - 1)
        step = self.order[cut.done]
        plan = self._plans[step.path]
        row = plan.row(step, done)
        was_open = any(edit.uri == step.path for edit in desk.edits)
        self._begin(typist, cut, row)
        if cut.acts is None and cut.gap is None:
            script = self.scripts[cut.done]
            target = place_of(desk, step.path, row, script)
            begin = target.point(script.acts[0].at)
            _choose_cursor(desk, cut, step.path, begin, rng)
        is_known = was_open or not plan.file.is_new or desk.path == step.path
        return Played(desk, cut, step.path, plan.text({*done, step}), is_known)

    def _begin(self, typist: Typist, cut: Cut, row: int) -> None:
        """Do of the next step what is done before the cut."""
        step, script = self.order[cut.done], self.scripts[cut.done]
        if cut.gap is not None:
            start, end = cut.gap
            rows = step.new[:start] + step.new[end:]
            typist.perform(step.path, row, script_of(step.old, rows, has_row_above=row > 0))
            typist.look_at_end(step.path, row + start - 1)
        elif cut.acts is not None:
            typist.perform(step.path, row, script, cut.acts)
            if cut.in_word:
                typist.begin_word(script.acts[cut.acts])


def _choose_cursor(desk: Desk, cut: Cut, path: str, begin: Point, rng: random.Random) -> None:
    """Where the last edit ended, or already where the next begins; sometimes a little beside."""
    is_elsewhere = cut.style in {"far", "cross-file"}
    if not is_elsewhere and rng.random() < AT_TARGET:
        desk.look_at(path, begin)
    if rng.random() < JITTER:
        desk.look_at(desk.path, _beside(desk, rng))


def _beside(desk: Desk, rng: random.Random) -> Point:
    row, col = desk.cursor
    length = len(desk.document(desk.path).lines[row].rstrip("\r\n"))
    shift = rng.randint(1, JITTER_COLS) * rng.choice((-1, 1))
    return row, min(max(0, col + shift), length)
