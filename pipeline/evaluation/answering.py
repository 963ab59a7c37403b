"""Who answers the cases: nobody, the embedded model, a student, or what somebody said before.

Everybody's answers are predictions as ``predict`` writes them, one or several for each case, and
`provider` names the model. A student is asked by the machinery of ``predict`` with its cache, so
the same evaluation again asks only what is missing.
"""

import asyncio
from collections.abc import Iterable, Sequence

import msgspec

from pipeline.evaluation.cases import EvalCase
from pipeline.example import key_of, ours, predictions
from pipeline.jsonl import lines, row_of
from pipeline.metrics.prediction_score import Prediction
from pipeline.records import Dropped, Noted, Row
from pipeline.teacher.consent import STAYS_HOME
from pipeline.teacher.stage import AskingRows
from zeta_lsp.core.errors import PositionError, UsageError
from zeta_lsp.core.ports import Predictor
from zeta_lsp.core.prompt import Answer, PromptInput
from zeta_lsp.core.region_patch import header, region_patch
from zeta_lsp.core.rewrite import rewrites_of
from zeta_lsp.core.text import byte_length, without_surrogates

NOTHING, REPEAT = "nothing", "repeat"
BASELINES = (NOTHING, REPEAT)
"""Models that need no weights; every other has to be worth its own."""


class Answers(msgspec.Struct, frozen=True):
    """What a model said of each case, by the case's key; of some it may have said nothing."""

    model: str
    by_case: dict[str, list[Row]]


def silence(cases: Iterable[EvalCase]) -> Answers:
    """The model that never proposes anything."""
    said = {one.key: [_prediction(NOTHING, header(one.given.cursor_path))] for one in cases}
    return Answers(NOTHING, said)


def repeated(cases: Sequence[EvalCase], predictor: Predictor) -> Answers:
    """The embedded model, asked as the server asks it."""
    return Answers(REPEAT, asyncio.run(_asked(cases, predictor)))


async def _asked(cases: Sequence[EvalCase], predictor: Predictor) -> dict[str, list[Row]]:
    said: dict[str, list[Row]] = {}
    try:
        for one in cases:
            replies = [reply async for reply in predictor.predict(one.given)]
            said[one.key] = [_of_answer(REPEAT, one.given, replies[-1].answer)]
    finally:
        await predictor.aclose()
    return said


def _of_answer(model: str, given: PromptInput, answer: Answer) -> Row:
    """An answer as a prediction: its patch is of the whole excerpt."""
    excerpt = without_surrogates(given.cursor_excerpt)
    try:
        rewrites = rewrites_of(answer, given)
    except PositionError:
        return _prediction(model, None, "out_of_place")
    text = excerpt
    for one in sorted(rewrites, key=lambda one: one.start, reverse=True):
        if one.text != excerpt:
            return _prediction(model, None, "out_of_excerpt")
        text = text[: one.start] + one.new + text[one.end :]
    whole = (0, byte_length(excerpt))
    return _prediction(model, region_patch(given.cursor_path, excerpt, whole, text))


def _prediction(model: str, patch: str | None, error: str | None = None) -> Row:
    return {
        "actual_output": "",
        "actual_patch": patch,
        "actual_cursor": None,
        "error": error,
        "provider": model,
    }


def asked(cases: Sequence[EvalCase], model: str, stage: AskingRows) -> Answers:
    """A model behind a stage of ``predict``.

    Raises:
        RunEnded: not all could be asked; what was answered is kept.
    """
    answered = stage.surveyed((number, one.row) for number, one in enumerate(cases))
    said: dict[str, list[Row]] = {}
    for number, one in enumerate(cases):
        for row in answered.rows(number, one.row):
            if not isinstance(row, Noted):
                said[one.key] = _named(row, model)
    return Answers(model, said)


def _named(row: Row | Dropped, model: str) -> list[Row]:
    if row == STAYS_HOME:
        return []
    if isinstance(row, Dropped):
        return [
            _prediction(model, None, row.detail if row.reason == "not_answered" else row.reason)
        ]
    return [_under(one, model) for one in predictions(row)]


def _under(prediction: Row, model: str) -> Row:
    """A prediction under a model's name; how its provider called itself is kept."""
    extras = ours(prediction)
    kept = {"provider": prediction.get("provider"), **extras}
    return {**prediction, "provider": model, "zeta": kept}


def brought(cases: Iterable[EvalCase]) -> list[Answers]:
    """Models whose predictions the cases came with, in the order in which they are first met."""
    return _by_model((one.key, one.row) for one in cases)


def former(source: str, model: str | None) -> Answers:
    """What a model said in a former output of ``eval`` or ``predict``.

    Raises:
        OSError: the file cannot be read.
        UsageError: it does not hold that model, or several and none was named.
    """
    rows = (row_of(line) for line in lines([source]))
    found = _by_model((key_of(row), row) for row in rows if not isinstance(row, Dropped))
    names = [one.model for one in found]
    if model is None:
        likely = [one for one in found if one.model not in BASELINES] or found
        if len(likely) != 1:
            raise UsageError(_which(source, names))
        return likely[0]
    if model not in names:
        raise UsageError(_which(source, names))
    return next(one for one in found if one.model == model)


def _which(source: str, names: Sequence[str]) -> str:
    if not names:
        return f"{source} holds no predictions"
    return f"{source} holds {', '.join(names)}: say which with --previous-model"


def _by_model(rows: Iterable[tuple[str, Row]]) -> list[Answers]:
    found: dict[str, Answers] = {}
    for key, row in rows:
        is_ours = "eval" in ours(row)
        for one in filter(_is_whole, predictions(row)):
            model = _model_of(one, is_ours=is_ours)
            answers = found.setdefault(model, Answers(model, {}))
            answers.by_case.setdefault(key, []).append(one if is_ours else _under(one, model))
    return list(found.values())


def _is_whole(prediction: Row) -> bool:
    """Whether it can be scored."""
    try:
        msgspec.convert(prediction, Prediction)
    except msgspec.ValidationError:
        return False
    return True


def _model_of(prediction: Row, *, is_ours: bool) -> str:
    """Its name: ``predict`` has it beside the provider, which is the format for students."""
    name = None if is_ours else ours(prediction).get("model")
    return str(name or prediction.get("provider") or "unnamed")
