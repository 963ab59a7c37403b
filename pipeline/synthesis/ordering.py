"""The order in which somebody may have made the steps of a commit.

A name is defined before it is used, imports come first or last (people differ, the seed decides),
tests come after what they test, or before. Within that, people stay: what is near in the same file
first, then the rest of the file, then another file. A little chance keeps two commits of one shape
from having one order.
"""

import random
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec

from pipeline.synthesis.steps import Step

_DEFINED = re.compile(
    r"\b(?:def|class|func|fn|function|struct|enum|trait|interface|type|module|const|let|var)\s+"
    r"(?:\([^)]*\)\s*)?([A-Za-z_]\w{2,})"
    r"|^\s*([A-Za-z_]\w{2,})\s*(?::[^=\n]+)?=(?!=)",
    re.MULTILINE,
)
_WORD = re.compile(r"[A-Za-z_]\w{2,}")
_IMPORT = re.compile(r"\s*(?:from\s+\S+\s+import|import|use|#include|using|require|package)\b")
_TEST = re.compile(r"(?:^|[/_.-])(?:tests?|specs?|__tests__|testing)(?:[/_.-]|$)", re.IGNORECASE)
_ELSEWHERE = 10_000
"""Another file is farther than any row of this one."""
_LATER = 100_000


class Habits(msgspec.Struct, frozen=True):
    """How one person goes about a change."""

    imports_first: bool
    tests_first: bool


def habits_of(rng: random.Random) -> Habits:
    """A person."""
    return Habits(imports_first=rng.random() < 0.4, tests_first=rng.random() < 0.2)


def ordered(steps: Sequence[Step], rng: random.Random) -> list[Step]:
    """All steps, in the order of somebody's work."""
    habits, before = habits_of(rng), _requirements(steps)
    chances = {step: rng.random() for step in steps}
    done: list[Step] = []
    waiting = list(steps)
    while waiting:
        left = set(waiting)
        ready = [step for step in waiting if before[step].isdisjoint(left)] or waiting
        here = done[-1] if done else None
        chosen = min(ready, key=lambda step: _cost(step, here, habits, chances[step]))
        waiting.remove(chosen)
        done.append(chosen)
    return done


def _cost(step: Step, here: Step | None, habits: Habits, chance: float) -> float:
    cost = chance * 15
    if here is not None:
        same = here.path == step.path
        cost += abs(step.start - here.end) if same else _ELSEWHERE
        if same and step.start < here.start:
            cost += 20  # people read downwards
    if is_test(step.path) != habits.tests_first:
        cost += _LATER
    if is_import(step):
        cost += -2 * _LATER if habits.imports_first else _ELSEWHERE / 2
    return cost


def _requirements(steps: Sequence[Step]) -> Mapping[Step, set[Step]]:
    """For each step those that have to come first: definitions, and the upper parts of a block."""
    defined: dict[str, set[Step]] = {}
    for step in steps:
        for name in _names_defined(step):
            defined.setdefault(name, set()).add(step)
    found: dict[Step, set[Step]] = {}
    for step in steps:
        own = _names_defined(step)
        used = set(_WORD.findall("".join(step.new))) - own
        makers = set().union(*(defined.get(name, ()) for name in used)) - {step}
        found[step] = {one for one in makers if not (is_import(step) or is_test(one.path))}
    for upper, lower in pairwise(steps):
        if upper.path == lower.path and upper.end == lower.start == lower.end:
            found[lower].add(upper)
            found[upper].discard(lower)
    return found


def _names_defined(step: Step) -> set[str]:
    """Names that a step brings in: they stand in its new rows as definitions, in no old one."""
    old = set(_WORD.findall("".join(step.old)))
    found = {a or b for a, b in _DEFINED.findall("".join(step.new))}
    return found - old


def is_import(step: Step) -> bool:
    """Whether it does nothing but bring names in from elsewhere."""
    rows = [row for row in (*step.new, *step.old) if row.strip()]
    return bool(rows) and all(_IMPORT.match(row) for row in rows)


def is_test(path: str) -> bool:
    """Whether a file tests others."""
    return _TEST.search(path) is not None
