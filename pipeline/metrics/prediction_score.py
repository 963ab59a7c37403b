"""Everything that is measured of one prediction, under the names that Zed's tools give it.

An `Examined` example applies its expected patches once and scores any number of predictions. A
prediction whose patch does not apply changes nothing, and is scored so; an expected patch that does
not apply makes an example with which nothing can be compared.

Promise: the figures are those of ``zed-zeta-bindings`` 1.10.2, 32-bit rounding included.
"""

import struct
from collections.abc import Sequence
from typing import Annotated, NamedTuple, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from pipeline.metrics.best_of import Answer, Match, best_match
from pipeline.metrics.braces import braces_added
from pipeline.metrics.cursor import CursorDistance, cursor_distance, without_marks
from pipeline.metrics.delta_chrf import BETA, Delta, collapsed
from pipeline.metrics.jumps import Places, context_coverage
from pipeline.metrics.region import is_region_right
from pipeline.metrics.surface import After, CursorExcerpt, Excerpts, Surface, excerpts_of
from pipeline.metrics.token_changes import token_changes
from pipeline.metrics.whitespace import has_isolated_whitespace
from zeta_lsp.core.kept import Kept, kept
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.reversal import reversal_ratio

_T = TypeVar("_T")


class Cursor(msgspec.Struct, frozen=True):
    """Where a prediction puts the cursor: its row in the file, its offset in the editable region.

    Without a row it says nothing (Zed's reading).
    """

    row: Annotated[int, Meta(ge=0, lt=1 << 32)] | UnsetType = UNSET
    editable_region_offset: Annotated[int, Meta(ge=0)] | None = None


class Prediction(msgspec.Struct, frozen=True):
    """What of a prediction is scored."""

    actual_patch: str | None = None
    actual_cursor: Cursor | None = None
    cumulative_logprob: float | None = None
    avg_logprob: float | None = None

    @property
    def cursor_row(self) -> int | None:
        """The cursor's row, from 0, None if it has no cursor."""
        cursor = self.actual_cursor
        return None if cursor is None or cursor.row is UNSET else cursor.row


class PredictionScore(msgspec.Struct, frozen=True, kw_only=True):
    """Zed's fields of that name, in its order. What is `UNSET` cannot be said and is left out."""

    delta_chr_f: float
    delta_chr_f_true_positives: int
    delta_chr_f_false_positives: int
    delta_chr_f_false_negatives: int
    delta_chr_f_precision: float
    delta_chr_f_recall: float
    delta_chr_f_beta: float = BETA
    braces_disbalance: int
    exact_lines_tp: int
    exact_lines_fp: int
    exact_lines_fn: int
    reversal_ratio: float
    cursor_distance: int | UnsetType
    cursor_exact_match: bool | UnsetType
    wrong_editable_region: bool | None
    has_isolated_whitespace_changes: bool
    inserted_tokens: int
    deleted_tokens: int
    kept_rate: float
    recall_rate: float
    kept_chars: int
    correctly_deleted_chars: int
    discarded_chars: int
    cumulative_logprob: float | UnsetType
    avg_logprob: float | UnsetType
    editable_context_coverage: Places | UnsetType
    jump_location: Places


class Scored(NamedTuple):
    """A prediction's score, the text that it made, and whether its patch fitted."""

    score: PredictionScore
    after: After
    applies: bool


def examined(given: PromptInput, expected_patches: Sequence[str]) -> "Examined | None":
    """An example ready to score predictions; None if an expected patch does not apply.

    Patches apply to the cursor's excerpt, or, if one of them does not, to all that was shown.
    """
    patches = [without_marks(patch) for patch in expected_patches]
    surfaces: list[CursorExcerpt | Excerpts] = [CursorExcerpt(given.cursor_excerpt)]
    if given.related_files:
        surfaces.append(excerpts_of(given))
    for surface in surfaces:
        answers = _answers(surface, patches)
        if answers is not None:
            return Examined(given, surface, answers)
    return None


def _answers(
    surface: Surface, patches: Sequence[tuple[str, int | None]]
) -> tuple[Answer, ...] | None:
    """What is expected, as texts; no change where nothing is."""
    before = collapsed(surface.text)
    answers: list[Answer] = []
    for patch, cursor in patches or [("", None)]:
        after = surface.after(patch)
        if after is None:
            return None
        answers.append(Answer(patch, after.text, Delta(before, collapsed(after.text)), cursor))
    return tuple(answers)


class Examined:
    """An example whose right answers are known as texts."""

    def __init__(
        self, given: PromptInput, surface: CursorExcerpt | Excerpts, expected: tuple[Answer, ...]
    ) -> None:
        self.text = surface.text
        self.answers = expected
        self._given, self._surface = given, surface
        self._before = collapsed(self.text)

    def score(self, prediction: Prediction) -> Scored:
        """Measure a prediction."""
        patch, _ = without_marks(prediction.actual_patch or "")
        found = self._surface.after(patch)
        after = found or After(self.text, self._given.cursor_excerpt)
        actual = Answer(patch, after.text, Delta(self._before, collapsed(after.text)))
        match = best_match(self.answers, actual)
        return Scored(self._score(prediction, actual, match, after), after, found is not None)

    def _score(
        self, prediction: Prediction, actual: Answer, match: Match, after: After
    ) -> PredictionScore:
        chrf, lines = match.delta_chrf, match.lines
        tokens, cursor = token_changes(actual.patch), _distance(prediction, match.expected)
        rates = self._kept(actual, match.expected)
        return PredictionScore(
            delta_chr_f=_as_float32(chrf.score),
            delta_chr_f_true_positives=chrf.true_positives,
            delta_chr_f_false_positives=chrf.false_positives,
            delta_chr_f_false_negatives=chrf.false_negatives,
            delta_chr_f_precision=chrf.precision,
            delta_chr_f_recall=chrf.recall,
            braces_disbalance=braces_added(self.text, actual.text),
            exact_lines_tp=lines.true_positives,
            exact_lines_fp=lines.false_positives,
            exact_lines_fn=lines.false_negatives,
            reversal_ratio=self._reversal(after),
            cursor_distance=_said(cursor.bytes_off),
            cursor_exact_match=_said(cursor.is_exact),
            wrong_editable_region=_is_region_wrong(prediction),
            has_isolated_whitespace_changes=has_isolated_whitespace(
                actual.patch, prediction.cursor_row
            ),
            inserted_tokens=tokens.inserted,
            deleted_tokens=tokens.deleted,
            kept_rate=rates.kept_rate,
            recall_rate=rates.recall_rate,
            kept_chars=rates.kept,
            correctly_deleted_chars=rates.correctly_deleted,
            discarded_chars=rates.discarded,
            cumulative_logprob=_said(prediction.cumulative_logprob),
            avg_logprob=_said(prediction.avg_logprob),
            editable_context_coverage=self._coverage(match.expected),
            jump_location=match.places,
        )

    def _kept(self, actual: Answer, expected: Answer) -> Kept:
        return kept(self.text, actual.text, expected.text)

    def _reversal(self, after: After) -> float:
        given = self._given
        return reversal_ratio(
            given.events,
            given.cursor_path,
            given.cursor_excerpt,
            after.cursor_excerpt,
            given.excerpt_start_row,
        )

    def _coverage(self, expected: Answer) -> Places | UnsetType:
        """What of the places to change was shown; no question where they are the cursor's."""
        if isinstance(self._surface, CursorExcerpt):
            return UNSET
        return context_coverage(expected.patch, self._surface.excerpts)


def _distance(prediction: Prediction, expected: Answer) -> CursorDistance:
    cursor = prediction.actual_cursor
    return cursor_distance(
        expected.cursor,
        is_said=prediction.cursor_row is not None,
        actual=None if cursor is None else cursor.editable_region_offset,
    )


def _is_region_wrong(prediction: Prediction) -> bool | None:
    patch = prediction.actual_patch
    return None if patch is None else not is_region_right(patch)


def _said(value: _T | None) -> _T | UnsetType:
    return UNSET if value is None else value


def _as_float32(number: float) -> float:
    return float(struct.unpack("f", struct.pack("f", number))[0])
