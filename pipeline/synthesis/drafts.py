"""What was typed first in the place of some rows of a step, and how long it stood.

A draft never says what comes out: it names rows of the step's own new text and what stood there
before them. So a step with any drafts leads where it leads without.
"""

import enum
from collections.abc import Collection, Mapping, Sequence

import msgspec

from pipeline.synthesis.steps import Step


class Until(enum.StrEnum):
    """When a draft is put right."""

    ROW = "row"  # as soon as its rows are typed, where the step only adds; else with the step
    STEP = "step"
    GROUP = "group"  # when the person has done what belongs together, or is about to be interrupted


class Draft(msgspec.Struct, frozen=True):
    """New rows ``[start, end)`` of a step were `rows` at first, which are with their line ends."""

    start: int
    end: int
    rows: tuple[str, ...]
    until: Until = Until.ROW

    @property
    def row_delta(self) -> int:
        """By how many rows the step is longer as long as it stands."""
        return len(self.rows) - (self.end - self.start)


Drafts = Mapping[Step, Sequence[Draft]]
"""The drafts of steps, from top to bottom; they do not overlap."""


def drafted(step: Step, standing: Collection[Draft], end: int | None = None) -> list[str]:
    """The first `end` new rows of a step (None: all) while some of its drafts stand."""
    rows: list[str] = []
    at = 0
    for draft in sorted(standing, key=lambda one: one.start):
        if end is not None and draft.start >= end:
            break
        rows += [*step.new[at : draft.start], *draft.rows]
        at = draft.end
    return [*rows, *step.new[at:end]]
