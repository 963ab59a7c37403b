"""Who predicts: a teacher, who is told what to do, or a student, who was trained for it."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from pipeline.example import ours, predictions
from pipeline.records import Dropped, Row
from pipeline.teacher.calls import Call, Question
from pipeline.teacher.case import Case, case_of
from pipeline.teacher.marked import region_answer
from pipeline.teacher.prompt import INSTRUCTION, VERSION, teacher_messages
from pipeline.teacher.replies import Ending, Failure, Reply
from pipeline.teacher.stage import Answers
from pipeline.teacher.vendors.base import Whom
from zeta_lsp.core.errors import UnparsableAnswer
from zeta_lsp.core.formats import get
from zeta_lsp.core.formats.base import Format
from zeta_lsp.core.prompt import Answer
from zeta_lsp.core.text import without_surrogates

PREDICT = "predict"


class Sampling(msgspec.Struct, frozen=True):
    """How answers are drawn. None leaves a field to the model."""

    samples: int = 1
    temperature: float | None = None
    top_p: float | None = None
    seed: int = 0
    max_tokens: int | None = None
    logprobs: bool | None = None


def fields_of(sampling: Sampling, whom: Whom) -> dict[str, Any]:
    """The fields of a call that say how to sample it, and whom."""
    return {
        "vendor": whom.vendor,
        "model": whom.model,
        "revision": whom.revision,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "seed": None if whom.is_sold else sampling.seed,  # their newer models refuse it
    }


class Teacher(msgspec.Struct, frozen=True):
    """Asks a large model in words. `format` names the student's format, whose region counts."""

    whom: Whom
    format: str
    sampling: Sampling = Sampling()
    max_tokens: int = 8192

    name = PREDICT
    version = 1

    def questions(self, row: Row) -> Sequence[Question] | Dropped:
        """The example in words, as often as samples are wanted."""
        case = case_of(row, get(self.format))
        if isinstance(case, Dropped):
            return case
        return [Question(teacher_call(case, self.whom, self.sampling), self.sampling.samples)]

    def rows(self, row: Row, answers: Sequence[Answers]) -> Iterable[Row | Dropped]:
        """The row with what the teacher said."""
        case = case_of(row, get(self.format))
        if isinstance(case, Dropped):
            return [case]
        source = {"model": self.whom.model, "vendor": self.whom.vendor, "instruction": VERSION}
        made = [
            prediction(case, one, teacher_answer, provider_of(self.whom), {**source, "sample": n})
            for n, one in enumerate(answers[0])
        ]
        return [predicted(row, made)]


class Student(msgspec.Struct, frozen=True):
    """Asks a model in the prompt format that it was trained on."""

    whom: Whom
    format: str
    sampling: Sampling = Sampling()

    name = PREDICT
    version = 1

    def questions(self, row: Row) -> Sequence[Question] | Dropped:
        """The prompt as it is served, as often as samples are wanted."""
        case = case_of(row, get(self.format))
        if isinstance(case, Dropped):
            return case
        stored = _stored_prompt(row, case.form)
        if stored is not None and stored != case.prompt.text:
            return Dropped("prompt_differs", "`format` wrote another prompt than is served")
        prompt = case.prompt
        call = Call(
            prompt=without_surrogates(prompt.text),
            messages=() if prompt.text else prompt.messages,
            max_tokens=self.sampling.max_tokens or prompt.max_tokens,
            stop=tuple(prompt.stop),
            logprobs=self.sampling.logprobs is not False,  # servers of weights nearly all have them
            **fields_of(self.sampling, self.whom),
        )
        return [Question(call, self.sampling.samples)]

    def rows(self, row: Row, answers: Sequence[Answers]) -> Iterable[Row | Dropped]:
        """The row with what the student said."""
        case = case_of(row, get(self.format))
        if isinstance(case, Dropped):
            return [case]
        source = {"model": self.whom.model, "revision": self.whom.revision}
        made = [
            prediction(case, one, student_answer, form_provider(case.form), {**source, "sample": n})
            for n, one in enumerate(answers[0])
        ]
        return [predicted(row, made)]


def teacher_call(case: Case, whom: Whom, sampling: Sampling, max_tokens: int = 8192) -> Call:
    """The question to a teacher."""
    return Call(
        system=INSTRUCTION,
        messages=teacher_messages(case),
        max_tokens=sampling.max_tokens or max_tokens,
        logprobs=bool(sampling.logprobs),
        **fields_of(sampling, whom),
    )


def predicted(row: Row, made: list[Row]) -> Row | Dropped:
    """The row with new predictions; those it had, with what was said of them, are set aside."""
    if all(one["error"] is not None and not one["actual_output"] for one in made):
        return Dropped("not_answered", str(made[0]["error"]) if made else "")
    extras = ours(row)
    if predictions(row):
        aside = {name: row[name] for name in ("predictions", "score", "qa") if row.get(name)}
        extras = {**extras, "earlier_predictions": aside}
    cleared: Row = {name: [] for name in ("score", "qa") if name in row}
    return {**row, "predictions": made, **cleared, **({"zeta": extras} if extras else {})}


def prediction(case: Case, said: Reply | Failure, read: Any, provider: str, source: Row) -> Row:
    """One prediction, as Zed's tools have them; ours under ``zeta``."""
    made: Row = {"actual_output": "", "actual_patch": None, "actual_cursor": None, "error": None}
    if isinstance(said, Failure):
        return {**made, "error": said.reason, "provider": provider, "zeta": source}
    source = {**source, "format": case.form.name, "ending": said.ending}
    made["actual_output"] = said.text
    try:
        rewritten = case.rewritten(read(said, case))
        made["actual_patch"] = case.patch(rewritten.region)
        made["actual_cursor"] = case.cursor(rewritten)
    except UnparsableAnswer as fault:
        made["error"] = fault.reason
    made["provider"] = provider
    if said.logprob is not None:
        made["cumulative_logprob"], made["avg_logprob"] = said.logprob, said.avg_logprob
    return {**made, "zeta": source}


def teacher_answer(said: Reply, case: Case) -> Answer:
    """Read a teacher's answer.

    Raises:
        UnparsableAnswer: it is none.
    """
    if said.ending is Ending.REFUSED:
        raise UnparsableAnswer("refused")
    return region_answer(said.text, case.prompt.editable)


def student_answer(said: Reply, case: Case) -> Answer:
    """Read a student's answer, as serving does.

    Raises:
        UnparsableAnswer: it is none, or was cut off.
    """
    output = case.prompt.prefill + _until_stop(said.text, case.prompt.stop)
    answer = case.form.parse(output, case.given, case.prompt)
    is_cut = said.ending is Ending.LENGTH or case.form.needs_end
    if is_cut and not answer.complete:
        raise UnparsableAnswer("answer_cut_short")
    return answer


def form_provider(form: Format) -> str:
    """What Zed's tools call whoever answers prompts of a format."""
    return f"zeta2:{form.zed_name}" if form.zed_name else form.name


_ZEDS_TEACHERS = {
    "claude-sonnet-4-5": "teacher:sonnet45",
    "claude-sonnet-4-6": "teacher:sonnet46",
    "gpt-5.2": "teacher:gpt52",
    "gpt-5.4": "teacher:gpt54",
    "gpt-5.5": "teacher:gpt55",
}


def provider_of(whom: Whom) -> str:
    """What Zed's tools call a teacher; those that they do not know are just one."""
    return _ZEDS_TEACHERS.get(whom.model, "teacher")


def _stored_prompt(row: Row, form: Format) -> str | None:
    """The prompt that `format` wrote, if it is of this format."""
    found = row.get("prompt")
    if not isinstance(found, dict) or found.get("provider") != form_provider(form):
        return None
    text = found.get("input")
    return text if isinstance(text, str) else None


def _until_stop(text: str, stops: Sequence[str]) -> str:
    """A text up to and with the first stop string: some servers write on behind it."""
    ends = [at + len(stop) for stop in stops if stop and (at := text.find(stop)) >= 0]
    return text[: min(ends)] if ends else text
