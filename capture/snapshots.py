"""The row of a prediction, made of what a model was asked and what it said.

A row is whole or it does not exist: it holds the prediction's complete input, so that the prompt
can be made again byte for byte. If any part of it may not be recorded (a file in the edit history
that is excluded, a related file outside the project, a secret in a diagnostic, in the model's
answer, or in a line that an uncommitted change removed) nothing of it is.
"""

from collections.abc import Iterator

import msgspec

from capture.doors import EligibilityDoor
from capture.regions import Region, clean_text, region_of
from capture.rows import Licence, Snapshot
from zeta_lsp.core.formats.view import ranges_of
from zeta_lsp.core.prompt import Answer, ByteRange, PromptInput
from zeta_lsp.core.recording import Answered, Asked
from zeta_lsp.core.text import without_surrogates

DEFAULT_EDITABLE_TOKENS = 350
DEFAULT_CONTEXT_TOKENS = 150
"""Those of the default format (`core.formats.zeta2_1`), for a model that has none."""


class Question(msgspec.Struct, frozen=True):
    """An `Asked` with what was known at that moment: where the timeline stood, the state of git."""

    asked: Asked
    language: str
    edit_number: int
    revision: str = ""
    uncommitted_diff: str | None = None


def paths_in(given: PromptInput) -> tuple[str, ...]:
    """Every file that an input holds something of, the asked one first; each once."""
    related = () if given.related_files is None else given.related_files
    events = [path for event in given.events for path in (event.path, event.old_path)]
    return tuple(dict.fromkeys([given.cursor_path, *events, *(file.path for file in related)]))


def refused_path(given: PromptInput, name: str, eligibility: EligibilityDoor) -> str | None:
    """Why the path of some part may not be recorded; None if all may.

    Paths begin with the folder's `name` in the editor.
    """
    for path in paths_in(given):
        folder, _, relative = path.partition("/")
        if folder != name or not relative:
            return "outside_root"
        if (reason := eligibility.refusal_of_path(relative)) is not None:
            return reason
    return None


def foreign_texts(question: Question, answered: Answered) -> Iterator[str]:
    """Every text of a row besides the file itself, which is watched while it is edited."""
    given = question.asked.given
    yield from (event.diff for event in given.events)
    for file in given.related_files or ():
        yield from (excerpt.text for excerpt in file.excerpts)
    for diagnostic in given.active_buffer_diagnostics:
        yield from (diagnostic.message, diagnostic.snippet)
    yield answered.output
    if answered.answer is not None:
        yield from (replacement.text for replacement in answered.answer.replacements)
    yield question.uncommitted_diff or ""


def ranges(given: PromptInput, answered: Answered) -> tuple[ByteRange, ByteRange]:
    """The editable and the context range; those of the default format for a model without one."""
    if answered.editable is not None and answered.context is not None:
        return answered.editable, answered.context
    return ranges_of(given, DEFAULT_EDITABLE_TOKENS, DEFAULT_CONTEXT_TOKENS)


def region_and_texts(question: Question, answered: Answered) -> tuple[Region, str, str]:
    """The region as places of the file, its text when asked, and what the model makes of it.

    What the model would change outside the region does not count.
    """
    given = question.asked.given
    editable, _ = ranges(given, answered)
    region = region_of(given.cursor_excerpt, given.excerpt_start_row or 0, editable)
    base = without_surrogates(given.cursor_excerpt).encode()[slice(*editable)]
    return region, base.decode(), _rewritten(base, editable, answered.answer)


class Frame(msgspec.Struct, frozen=True):
    """What a row takes from the session it belongs to."""

    session: str
    seq: int
    time: float
    project: str
    licence: Licence | None
    private: bool
    repository_url: str


def row_of(question: Question, answered: Answered, frame: Frame) -> Snapshot:
    """The row itself."""
    asked, given = question.asked, question.asked.given
    editable, context = ranges(given, answered)
    return Snapshot(
        **msgspec.structs.asdict(frame),
        id=asked.ident,
        path=given.cursor_path,
        language=question.language,
        cursor=(asked.row, asked.col),
        trigger=asked.trigger,
        given=given,
        sources=tuple(tuple(map(str, sources)) for sources in asked.sources),
        editable=editable,
        context=context,
        format=answered.format,
        prompt=answered.prompt,
        model=answered.model,
        sampling=answered.sampling,
        output=answered.output,
        answer=answered.answer,
        finish=str(answered.finish),
        reason=answered.reason,
        detail=answered.detail,
        revision=question.revision,
        uncommitted_diff=question.uncommitted_diff,
        waited_ms=asked.waited_ms,
        first_token_ms=answered.first_token_ms,
        total_ms=answered.total_ms,
        receipts=asked.receipts,
    )


def _rewritten(base: bytes, editable: ByteRange, answer: Answer | None) -> str:
    """The region with the replacements that lie in it."""
    start, end = editable
    mine = () if answer is None else answer.replacements
    for one in sorted(mine, key=lambda replacement: replacement.start, reverse=True):
        if one.related is None and start <= one.start <= one.end <= end:
            new = clean_text(one.text).encode()
            base = base[: one.start - start] + new + base[one.end - start :]
    return base.decode("utf-8", "replace")
