"""One commit played up to a cut: what stood on the screen, and what was to come."""

import random
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

import msgspec

from pipeline.synthesis.commits import Read
from pipeline.synthesis.cuts import Cut, cuts
from pipeline.synthesis.desk import Desk, Point
from pipeline.synthesis.doing import Doing
from pipeline.synthesis.drafts import Drafts
from pipeline.synthesis.ordering import ordered
from pipeline.synthesis.place import place_of
from pipeline.synthesis.script import Script, script_of
from pipeline.synthesis.steps import Plan, Step
from pipeline.synthesis.typist import Typist, considered, manner_of

TYPED_STEPS_MAX = 24
"""Steps before these have left every history; they are there without having been typed."""
JITTER = 0.2
JITTER_COLS = 5
AT_TARGET = 0.2
_BETWEEN_GROUPS_S = (6.0, 40.0)


class Played(msgspec.Struct, frozen=True):
    """A desk at the moment of a cut; `path` is the file in which `expected` is to be the text."""

    desk: Desk
    cut: Cut
    path: str
    expected: str
    is_known: bool
    """Whether the file to be changed was there before, or was opened."""
    drafts: int | None = None
    """How many drafts were typed and put right on the way; None where slips are by rules."""


class Scene:
    """A commit as somebody makes it. The same commit, order and seed make the same keys.

    With `drafts`, second thoughts are those and no others; `ends` are the places in the order at
    which a group of steps that belong together ends.
    """

    def __init__(
        self,
        order: Sequence[Step],
        plans: Mapping[str, Plan],
        drafts: Drafts | None = None,
        ends: AbstractSet[int] = frozenset(),
    ) -> None:
        self._plans = plans
        self._drafts = drafts
        self._ends = ends
        self.order = order

    @classmethod
    def of(
        cls, commit: Read, rng: random.Random, plans: Mapping[str, Plan] | None = None
    ) -> "Scene":
        """A commit in an order made by rules; `plans` are its files', if they are known."""
        plans = plans or plans_of(commit)
        return cls(ordered(steps_of(plans), rng), plans)

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
        doing = self._done(cut.done, name, rng)
        desk, typist, done = doing.desk, doing.typist, doing.done
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
        expected = plan.text({*done, step})
        drafts = None if self._drafts is None else doing.drafts_seen
        return Played(desk, cut, step.path, expected, is_known, drafts)

    def comes_out(self, rng: random.Random) -> bool:
        """Whether the commit stands there when all of it is typed."""
        desk = self._done(len(self.order), "all", rng, most=len(self.order)).desk
        return all(desk.text(path) == plan.file.new for path, plan in self._plans.items())

    def _done(
        self, count: int, name: str, rng: random.Random, most: int = TYPED_STEPS_MAX
    ) -> Doing:
        """The first steps; so many of the latest of them are typed."""
        first = max(0, count - most)
        done = set(self.order[:first])
        desk = Desk(name, {path: plan.text(done) for path, plan in self._plans.items()})
        manner = manner_of(rng) if self._drafts is None else considered(manner_of(rng))
        typist = Typist(desk, rng, manner)
        doing = Doing(desk, typist, self._plans, self._drafts or {}, done)
        for n in range(first, count):
            is_last = n == count - 1
            if is_last and n > first:  # where it can be, the last step is what was done last
                doing.put_right(but=self.order[n - 1])
            doing.do(self.order[n], self.scripts[n])
            if is_last or n in self._ends:
                doing.put_right()
            if n in self._ends:
                desk.wait(rng.uniform(*_BETWEEN_GROUPS_S))
            typist.go_back(everything=is_last)
        return doing

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


def plans_of(commit: Read) -> dict[str, Plan]:
    """How each file of a commit comes about."""
    return {file.path: Plan(file) for file in commit.files}


def steps_of(plans: Mapping[str, Plan]) -> list[Step]:
    """All steps, file by file from top to bottom."""
    return [step for plan in plans.values() for step in plan.steps]


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
