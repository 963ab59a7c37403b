"""``run``: carry out a recipe.

`recipe.recipe` says what one is, `recipe.performing` how it is carried out.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from pipeline.command import FAILED, Command
from pipeline.doors import Doors
from pipeline.recipe.digests import Digests
from pipeline.recipe.lock import LOCK, Lock, lock_for, lock_in, read_lock, versions
from pipeline.recipe.performing import Failed, Performed, Run, differences
from pipeline.recipe.recipe import (
    Chosen,
    chosen,
    given_settings,
    shipped_recipes,
    text_of,
)
from pipeline.recipe.steps import WORK, Step, steps_of
from pipeline.recipe.work import held
from zeta_lsp.core.errors import UsageError


def _act(options: argparse.Namespace, _: Doors) -> int:
    if options.list:
        rows = (f"{name:<10} {about}\n" for name, about in shipped_recipes().items())
        sys.stdout.write("".join(rows))
        return 0
    wanted = None if options.locked is None else read_lock(options.locked)
    name, text = _text(options, wanted)
    if options.show:
        sys.stdout.write(text)
        return 0
    picked = chosen(name, text, _settings(options, wanted))
    steps = _until(options, steps_of(picked))
    work: Path = options.into or Path(f"{name}.run")
    if options.plan:
        return _plan(_run_in(work, picked, steps, options), steps, as_json=options.json)
    with held(work) as descriptor:
        run = _run_in(work, picked, steps, options)
        run.held = descriptor
        return _perform(run, steps, wanted, work, options)


def _run_in(work: Path, picked: Chosen, steps: Sequence[Step], options: argparse.Namespace) -> Run:
    return Run(
        work,
        lock_for(picked),
        lock_in(work),
        Digests(work, trusts=not options.verify),
        answers=options.cache,
        quiet=options.quiet or options.json,
        forced=_forced(options, steps),
    )


def _perform(
    run: Run, steps: Sequence[Step], wanted: Lock | None, work: Path, options: argparse.Namespace
) -> int:
    tell = _Telling(steps, as_json=options.json, quiet=options.quiet)
    if wanted is not None and wanted.versions != versions():
        tell.warn(f"other versions than the lock's are installed: {_other(wanted.versions)}")
    try:
        for performed in run.perform(steps, tell.begun):
            tell.ended(performed)
            found = differences(performed.done, wanted.step(performed.step.name)) if wanted else []
            if found:
                _say(*(f"zeta-pipeline run: {one}" for one in found))
                return FAILED
    except Failed as fault:
        _say(f"zeta-pipeline run: {fault}: the same command goes on from there")
        return fault.status
    except KeyboardInterrupt:
        _say("zeta-pipeline run: stopped; what is done stays done, the same command goes on")
        return FAILED
    tell.all_done(work)
    return 0


def _plan(run: Run, steps: Sequence[Step], *, as_json: bool) -> int:
    for planned in run.plan(steps):
        if as_json:
            row = {"step": planned.step.name, "fresh": not planned.why, "why": planned.why}
            sys.stdout.write(json.dumps(row) + "\n")
        else:
            state = planned.why.replace(f"{WORK}/", "") or "fresh"
            sys.stdout.write(f"{planned.step.name:<12} {state}\n")
    return 0


class _Telling:
    """What a person, or a program, hears of a run while it goes on."""

    def __init__(self, steps: Sequence[Step], *, as_json: bool, quiet: bool) -> None:
        self._names = [step.name for step in steps]
        self._as_json, self._quiet = as_json, quiet

    def begun(self, step: Step, why: str) -> None:
        """A step begins."""
        if self._as_json:
            self._event("begun", step, why=why)
        elif not self._quiet:
            _say(f"{self._place(step)} {step.name}: {why.replace(f'{WORK}/', '')}")

    def ended(self, performed: Performed) -> None:
        """A step is done, or was."""
        step, done = performed.step, performed.done
        if self._as_json:
            contents = msgspec.to_builtins({"outputs": done.outputs, "drops": done.drops})
            seconds = round(performed.seconds, 3)
            self._event(
                "fresh" if performed.was_fresh else "done", step, seconds=seconds, **contents
            )
        elif not self._quiet and performed.was_fresh:
            _say(f"{self._place(step)} {step.name}: fresh")

    def warn(self, text: str) -> None:
        """Something that a person should know."""
        _say(f"zeta-pipeline run: {text}")

    def all_done(self, work: Path) -> None:
        """The run is over."""
        if not self._quiet and not self._as_json:
            _say(f"all {len(self._names)} steps are done: {work}, and how in {work / LOCK}")

    def _place(self, step: Step) -> str:
        return f"[{self._names.index(step.name) + 1}/{len(self._names)}]"

    def _event(self, event: str, step: Step, **more: Any) -> None:
        sys.stdout.write(json.dumps({"event": event, "step": step.name, **more}) + "\n")
        sys.stdout.flush()


def _text(options: argparse.Namespace, wanted: Lock | None) -> tuple[str, str]:
    if options.recipe is not None and wanted is not None:
        raise UsageError("a lock has its own recipe: name one of the two")
    if wanted is not None:
        return wanted.name, wanted.recipe
    if options.recipe is None:
        names = ", ".join(shipped_recipes())
        raise UsageError(f"name a recipe: a file, or one of {names} (--list says what they do)")
    name, text = text_of(options.recipe)
    return name, text


def _settings(options: argparse.Namespace, wanted: Lock | None) -> dict[str, Any]:
    return {**({} if wanted is None else wanted.settings), **given_settings(options.set)}


def _until(options: argparse.Namespace, steps: list[Step]) -> list[Step]:
    if options.until is None:
        return steps
    _known(options.until, steps)
    last = next(at for at, step in enumerate(steps) if step.name == options.until)
    return steps[: last + 1]


def _forced(options: argparse.Namespace, steps: Sequence[Step]) -> Sequence[str]:
    for name in options.force:
        _known(name, steps)
    return list(options.force)


def _known(name: str, steps: Sequence[Step]) -> None:
    if all(step.name != name for step in steps):
        raise UsageError(f"there is no step {name} (there is {', '.join(s.name for s in steps)})")


def _other(theirs: dict[str, str]) -> str:
    ours = versions()
    names = sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))
    return ", ".join(f"{one} {ours.get(one, '-')} for {theirs.get(one, '-')}" for one in names)


def _say(*rows: str) -> None:
    sys.stderr.write("".join(f"{row}\n" for row in rows))
    sys.stderr.flush()


def _configure(parser: argparse.ArgumentParser) -> None:
    add: Any = parser.add_argument
    add("recipe", nargs="?", metavar="RECIPE", help="a TOML file, or the name of one that ships")
    add("--set", action="append", default=[], metavar="NAME=VALUE",
        help="a setting of the recipe; more than once makes a list")  # fmt: skip
    add("--into", type=Path, metavar="FOLDER", help="where everything is written (RECIPE.run)")
    add("--plan", action="store_true", help="say what would be carried out and why, and do nothing")
    add("--until", metavar="STEP", help="stop after this step")
    add("--force", action="append", default=[], metavar="STEP", help="carry it out, fresh or not")
    add("--verify", action="store_true", help="read every file again to know whether it changed")
    add("--locked", type=Path, metavar="LOCK",
        help="do what a lock says, and fail where something comes out differently")  # fmt: skip
    add("--cache", type=Path, metavar="FILE", help="what models said so far (in FOLDER)")
    add("--list", action="store_true", help="the recipes that ship")
    add("--show", action="store_true", help="print the recipe, to be copied and changed")
    add("--json", action="store_true", help="an event for each step, on standard output")
    add("--quiet", action="store_true", help="say nothing but what went wrong")


COMMAND = Command(
    help="Carry out a recipe: a chain of stages, each only if it is not fresh.\n\n"
    "Ended at any moment, the same command goes on. The run's folder holds a lock, from which\n"
    "another machine makes the same bytes (--locked).",
    example="zeta-pipeline run distil --set examples=export.jsonl --set teacher=anthropic:MODEL",
    configure=_configure,
    act=_act,
)
