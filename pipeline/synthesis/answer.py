"""What a model says of how a commit came about, and whether that adds up.

Nothing of an answer is believed: steps are those of the commit, each exactly once; a draft names
rows that its step really adds; and what was typed first is a few printable rows. An answer that is
wrong in one place is refused as a whole, with a word that says in which way.
"""

import json
import re
from collections.abc import Iterator, Sequence

import msgspec

from pipeline.records import Dropped
from pipeline.synthesis.drafts import Draft, Until
from pipeline.synthesis.fitness import LINE_CHARS_MAX
from pipeline.synthesis.instruction import plain
from pipeline.synthesis.steps import Step
from zeta_lsp.core.formats.cursor_mark import CURSOR

ANSWER_CHARS_MAX = 100_000
DRAFTS_OF_A_STEP_MAX = 3
DRAFT_ROWS_MAX = 8
_OBJECT = re.compile(r'\{\s*"(?:groups|drafts)"')
_TRIES = 8


class SaidDraft(msgspec.Struct, frozen=True):
    """A draft as the model names it: by the text of the rows that came of it."""

    step: int
    final: str
    typed: str
    until: Until = Until.ROW


class Said(msgspec.Struct, frozen=True):
    """An answer that has the form that was asked for; steps count from 1."""

    groups: list[list[int]]
    drafts: list[SaidDraft] = []


class Told(msgspec.Struct, frozen=True):
    """How a commit came about. `ends` are the places in the order at which a group ends."""

    order: tuple[Step, ...]
    drafts: dict[Step, tuple[Draft, ...]]
    ends: frozenset[int]


def told_in(text: str, steps: Sequence[Step]) -> Told | Dropped:
    """What an answer says of these steps, or what is wrong with it."""
    if len(text) > ANSWER_CHARS_MAX:
        return Dropped("answer_too_large", str(len(text)))
    said = next(_said(text), None)
    if said is None:
        return Dropped("unreadable_answer")
    wrong = _wrong_order(said, len(steps))
    if wrong is not None:
        return wrong
    drafts = _drafts(said.drafts, steps)
    if isinstance(drafts, Dropped):
        return drafts
    groups = [group for group in said.groups if group]
    order = tuple(steps[number - 1] for group in groups for number in group)
    sizes = [len(group) for group in groups]
    ends = frozenset(sum(sizes[: n + 1]) - 1 for n in range(len(sizes)))
    return Told(order, drafts, ends)


def _said(text: str) -> Iterator[Said]:
    """The objects in a text that are answers, the last one first."""
    decoder = json.JSONDecoder()
    for match in list(_OBJECT.finditer(text))[: -_TRIES - 1 : -1]:
        try:
            found, _ = decoder.raw_decode(text, match.start())
            yield msgspec.convert(found, Said)
        except (ValueError, RecursionError, msgspec.ValidationError):
            continue


def _wrong_order(said: Said, count: int) -> Dropped | None:
    seen: set[int] = set()
    for number in (number for group in said.groups for number in group):
        if not 1 <= number <= count:
            return Dropped("unknown_step", str(number))
        if number in seen:
            return Dropped("repeated_step", str(number))
        seen.add(number)
    missing = next((n for n in range(1, count + 1) if n not in seen), None)
    return None if missing is None else Dropped("missing_step", str(missing))


def _drafts(
    said: Sequence[SaidDraft], steps: Sequence[Step]
) -> dict[Step, tuple[Draft, ...]] | Dropped:
    found: dict[Step, list[Draft]] = {}
    for one in said:
        if not 1 <= one.step <= len(steps):
            return Dropped("unknown_step", str(one.step))
        step = steps[one.step - 1]
        draft = _draft(one, step, found.setdefault(step, []))
        if isinstance(draft, Dropped):
            return draft
        if draft is not None:
            found[step].append(draft)
        if len(found[step]) > DRAFTS_OF_A_STEP_MAX:
            return Dropped("too_many_drafts", str(one.step))
    return {
        step: tuple(sorted(drafts, key=lambda one: one.start))
        for step, drafts in found.items()
        if drafts
    }


def _draft(said: SaidDraft, step: Step, others: Sequence[Draft]) -> Draft | Dropped | None:
    """The draft; None if what was typed first is what stands there."""
    rows, final = _rows(said.typed), _rows(said.final)
    unfit = _unfit(rows)
    if unfit is not None:
        return Dropped(unfit, str(said.step))
    start = _start(step, final, others)
    if start is None:
        return Dropped("wrong_text", str(said.step))
    end = start + len(final)
    line_end = "\r\n" if step.new[start].endswith("\r\n") else "\n"
    typed = tuple(row + line_end for row in rows)
    return None if typed == step.new[start:end] else Draft(start, end, typed, said.until)


def _start(step: Step, final: Sequence[str], others: Sequence[Draft]) -> int | None:
    """Where rows stand in the new ones of a step, clear of other drafts; None if they do not.

    White space at the end of a row is nothing that a model sees.
    """
    new, wanted = [row.rstrip() for row in step.new], [row.rstrip() for row in final]
    for start in range(len(new) - len(wanted) + 1 if wanted else 0):
        end = start + len(wanted)
        is_free = all(end <= one.start or one.end <= start for one in others)
        if is_free and new[start:end] == wanted:
            return start
    return None


def _rows(text: str) -> list[str]:
    rows = [plain(row) for row in text.removesuffix("\n").split("\n")]
    return rows if text else []


def _unfit(rows: Sequence[str]) -> str | None:
    """Why nobody would have typed these rows, or may be said to have."""
    if len(rows) > DRAFT_ROWS_MAX or any(len(row) > LINE_CHARS_MAX for row in rows):
        return "draft_too_large"
    if not all(row.replace("\t", " ").isprintable() for row in rows):
        return "unprintable_draft"
    return "marker_in_draft" if any(CURSOR in row for row in rows) else None
