"""Carries out the steps of a recipe: those that are not fresh, each in a process of its own.

In a process of its own a step gives back all its memory, may use libraries that want the main
thread, and can be ended without ending the run. A step is fresh if it was carried out with the same
stage, options and inputs under the same libraries, and its outputs are still what it wrote. The
lock is written after each step. Ended at any moment, a run goes on with the step that was under
way: stages leave no half of an output, and what models said is in the cache.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from pipeline.jsonl import remove_beginnings
from pipeline.recipe.digests import Content, Digests, drops_in
from pipeline.recipe.lock import Done, Lock, why_stale
from pipeline.recipe.steps import Step, placed
from zeta_lsp.core.errors import ZetaError

COMMAND = (sys.executable, "-P", "-m", "pipeline")
SAID = "answers.sqlite"
"""What models said is kept with the run, so that it can be repeated, unless a person says where."""
ENDS_S = 20.0
"""How long a step may take to end once it was told to."""


class Failed(ZetaError):
    """A step did not come to its end; `status` is what its process returned."""

    def __init__(self, step: Step, status: int) -> None:
        super().__init__(f"step {step.name} failed ({status}); what is done stays done")
        self.status = status


class Planned(msgspec.Struct, frozen=True):
    """A step and what is to become of it; `why` is empty if it is fresh."""

    step: Step
    why: str = ""


class Performed(msgspec.Struct, frozen=True):
    """A step that was carried out, or was fresh."""

    step: Step
    done: Done
    was_fresh: bool
    seconds: float


class Run:
    """A run in a folder that is held; `begun` and `ended` hear of each step."""

    def __init__(
        self,
        work: Path,
        lock: Lock,
        before: Lock | None,
        digests: Digests,
        *,
        answers: Path | None = None,
        quiet: bool = False,
        forced: Sequence[str] = (),
    ) -> None:
        self._work, self._lock, self._before = work, lock, before
        self._is_other_version = before is not None and before.versions != lock.versions
        self._digests = digests
        self.held: int | None = None
        """The descriptor of the folder's lock, for steps to inherit."""
        self._answers = answers or work / SAID
        self._quiet, self._forced = quiet, frozenset(forced)

    def plan(self, steps: Sequence[Step]) -> Iterator[Planned]:
        """What would become of the steps. After one that is not fresh, its readers are not."""
        stale: set[str] = set()
        for step in steps:
            why = self._why(step)
            if not why:
                why = next((f"{one} will change" for one in step.inputs if one in stale), "")
            if why:
                stale.update(step.outputs)
            yield Planned(step, why)

    def perform(
        self, steps: Sequence[Step], begun: Callable[[Step, str], None]
    ) -> Iterator[Performed]:
        """Carry out the steps, and say of each what came of it.

        Raises:
            Failed: one did not come to its end.
        """
        for step in steps:
            why, started_s = self._why(step), time.monotonic()
            if why:
                begun(step, why)
                self._write(steps, but=step)
                self._carry_out(step)
            done = self._done(step)
            self._lock = msgspec.structs.replace(self._lock, steps=(*self._lock.steps, done))
            self._write(steps)
            self._digests.remember()
            yield Performed(step, done, not why, time.monotonic() - started_s)

    def _why(self, step: Step) -> str:
        """Why a step is to be carried out; empty if it is fresh."""
        if step.name in self._forced:
            return "wanted"
        if self._is_other_version:
            return "other versions of libraries"
        done = None if self._before is None else self._before.step(step.name)
        why = why_stale(step, done, self._contents(step.inputs))
        if why or done is None:
            return why
        wrong = [name for name, one in self._contents(step.outputs).items()
                 if one != done.outputs.get(name)]  # fmt: skip
        return f"{wrong[0]} is not what it wrote" if wrong else ""

    def _write(self, steps: Sequence[Step], but: Step | None = None) -> None:
        """Write the lock: what is done by now, and what an earlier run did that is still to come.

        A step that begins (`but`) is not done, whatever it writes before it is ended.
        """
        known = {one.name for one in self._lock.steps}
        waiting = [one.name for one in steps if one.name not in known and one is not but]
        before = () if self._before is None or self._is_other_version else self._before.steps
        still = tuple(one for name in waiting for one in before if one.name == name)
        whole = msgspec.structs.replace(self._lock, steps=(*self._lock.steps, *still))
        whole.written(self._work)

    def _carry_out(self, step: Step) -> None:
        for output in step.outputs:
            remove_beginnings(Path(placed(output, self._work)))
        words = step.argv(self._work, self._answers)
        quiet = ("--quiet",) if self._quiet else ()
        process = subprocess.Popen(  # noqa: S603 - this very program
            [*COMMAND, words[0], *quiet, *words[1:]],
            pass_fds=() if self.held is None else (self.held,),
        )
        try:
            status = process.wait()
        except BaseException:
            _end(process)
            raise
        if status:
            raise Failed(step, status if status > 0 else 1)

    def _done(self, step: Step) -> Done:
        drops = [one for one in step.outputs if one.endswith(".drops.jsonl")]
        return Done(
            step.name,
            step.stage,
            step.version,
            step.instructions,
            step.words,
            self._contents(step.inputs),
            self._contents(step.outputs),
            drops_in(Path(placed(drops[0], self._work))) if drops else {},
            step.varies,
        )

    def _contents(self, names: Sequence[str]) -> dict[str, Content | None]:
        return {name: self._digests.of(placed(name, self._work)) for name in names}


def differences(done: Done, wanted: Done | None) -> list[str]:
    """In what a step came out differently than a lock says, in words."""
    if wanted is None:
        return [f"step {done.name} is not in the lock"]
    found = _others(f"step {done.name}: it read another", done.inputs, wanted.inputs)
    if found or done.varies:
        return found
    return _others(f"step {done.name}: it wrote another", done.outputs, wanted.outputs)


def _others(
    what: str, contents: Mapping[str, Content | None], wanted: Mapping[str, Content | None]
) -> list[str]:
    """Files are compared in their order: those of others may have other names on this machine."""
    if len(contents) != len(wanted):
        return [f"{what} number of files"]
    pairs = zip(contents.items(), wanted.values(), strict=True)
    return [f"{what} {name}" for (name, content), one in pairs if content != one]


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(ENDS_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
