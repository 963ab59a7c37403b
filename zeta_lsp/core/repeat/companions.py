"""The other runs of a line edit, on a line where one of its runs fits.

`before` is the line that was edited, tokens ``[start, end)`` of it the run that fits tokens
``[first, last)`` of the other line. What lies left and right of them is aligned; where the aligned
tokens cover another run, that run can be made here too, where its new side stands already it is
done, else there is no room for it.
"""

from typing import NamedTuple

from rapidfuzz.distance import Indel

from zeta_lsp.core.repeat.changes import LineEdit, Run

Replaced = tuple[int, int, str]
"""Offsets and new text."""
_Block = tuple[int, int, int]  # tokens [a, a + size) of `before` stand at b of the other line


class Company(NamedTuple):
    """What of a line edit can still be made on a line, and how much is done or has no room."""

    todo: list[Replaced]
    runs: list[Run]
    done: int = 0
    absent: int = 0


ALONE = Company([], [])


def company_of(
    edit: LineEdit, run: Run, tokens: list[str], offsets: list[int], place: tuple[int, int]
) -> Company:
    """The runs of `edit` besides `run`, which fits ``tokens[place[0]:place[1]]``."""
    if len(edit.runs) == 1:
        return ALONE
    first, last = place
    left = _blocks(edit.before[: run.start], tokens[:first], 0, 0)
    right = _blocks(edit.before[run.end :], tokens[last:], run.end, last)
    todo, runs, done, absent = list[Replaced](), list[Run](), 0, 0
    for other in edit.runs:
        if other is run:
            continue
        blocks = left if other.start < run.start else right
        if span := _covered(other, blocks):
            todo.append((offsets[span[0]], offsets[span[1]], edit.new_text(other)))
            runs.append(other)
        elif _is_done(edit, other, blocks, tokens):
            done += 1
        else:
            absent += 1
    return Company(todo, runs, done, absent)


def _blocks(before: list[str], tokens: list[str], at: int, at_other: int) -> list[_Block]:
    """Aligned runs of tokens; both ends of the two sides are aligned too, with nothing in them."""
    matched = Indel.editops(before, tokens).as_matching_blocks()
    inner = [(at + block.a, at_other + block.b, block.size) for block in matched if block.size]
    return [(at, at_other, 0), *inner, (at + len(before), at_other + len(tokens), 0)]


def _covered(run: Run, blocks: list[_Block]) -> tuple[int, int] | None:
    """The tokens that stand for a run's old side, if all of them do and in one piece."""
    for a, b, size in blocks:
        inside = a < run.start < a + size if run.start == run.end else a <= run.start
        if inside and run.end <= a + size:
            return b + run.start - a, b + run.end - a
    if run.start < run.end:
        return None
    gap = _gap(run, blocks)
    return gap if gap and gap[0] == gap[1] else None


def _is_done(edit: LineEdit, run: Run, blocks: list[_Block], tokens: list[str]) -> bool:
    gap = _gap(run, blocks)
    new = edit.after[run.new_start : run.new_end]
    return gap is not None and tokens[gap[0] : gap[1]] == new


def _gap(run: Run, blocks: list[_Block]) -> tuple[int, int] | None:
    """The tokens between what is aligned with the two neighbours of a run."""
    left = [b + size for a, b, size in blocks if a + size == run.start]
    right = [b for a, b, size in blocks if a == run.end]
    return (left[-1], right[0]) if left and right and left[-1] <= right[0] else None
