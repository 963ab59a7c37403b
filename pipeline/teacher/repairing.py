"""The stage ``repair``: show a model its failed prediction, say what is wrong, and ask again.

The conversation is the teacher's question, its answer, and the failings in words. The model may
write the region anew, or say ``NO_EDITS``, or ``KEEP_PREVIOUS`` if the reproach is wrong. A repair
stands behind the predictions, marked with the one that it repairs and why; nothing is replaced, so
the failed answer remains as the half of a pair that was not wanted. A repair that fails the same
measures is kept too and says so; `distill` takes neither.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from pipeline.example import predictions
from pipeline.records import Dropped, Row
from pipeline.teacher.calls import Call, Question
from pipeline.teacher.case import Case, case_of
from pipeline.teacher.failings import Bounds, Failing, failings, measured
from pipeline.teacher.judge import NOTHING_PREDICTED, verdict_in
from pipeline.teacher.marked import KEEP_PREVIOUS, NO_EDITS, marked, says
from pipeline.teacher.patched import region_after
from pipeline.teacher.predicting import Sampling, fields_of, prediction, teacher_answer
from pipeline.teacher.prompt import INSTRUCTION, teacher_messages
from pipeline.teacher.replies import Failure, Reply
from pipeline.teacher.stage import Answers
from pipeline.teacher.vendors.base import Whom
from zeta_lsp.core.formats import get
from zeta_lsp.core.prompt import Message

VERSION = 1
PROVIDER = "repair"
_UNREADABLE = Failing(
    "unreadable", "It does not have the asked form: one code block with the whole marked region."
)


class Failed(msgspec.Struct, frozen=True):
    """A prediction that is to be repaired, and why. `region` is None if it could not be read."""

    number: int
    region: str | None
    failings: list[Failing]


class Repair(msgspec.Struct, frozen=True):
    """Asks for each failed prediction. With `needs_verdict`, only where a judge was asked."""

    whom: Whom
    format: str
    bounds: Bounds = Bounds()
    max_tokens: int = 16_384
    sampling: Sampling = Sampling()

    name = "repair"
    version = 1

    def questions(self, row: Row) -> Sequence[Question] | Dropped:
        """One question for each failed prediction."""
        found = self._failed(row)
        if isinstance(found, Dropped):
            return found
        case, failed = found
        return [Question(self._call(case, row, one)) for one in failed]

    def rows(self, row: Row, answers: Sequence[Answers]) -> Iterable[Row | Dropped]:
        """The row with repairs behind its predictions."""
        found = self._failed(row)
        if isinstance(found, Dropped):
            return [found]
        case, failed = found
        if not failed:
            return [row]
        repairs = [
            self._repaired(case, row, one, said[0])
            for one, said in zip(failed, answers, strict=True)
        ]
        return [repaired(row, repairs)]

    def _failed(self, row: Row) -> tuple[Case, list[Failed]] | Dropped:
        case, made = case_of(row, get(self.format)), predictions(row)
        if isinstance(case, Dropped):
            return case
        if not made:
            return NOTHING_PREDICTED
        verdicts = _verdicts(row, len(made))
        failed = []
        for number, one in enumerate(made):
            if is_repair(one) or not one.get("actual_output"):
                continue
            region = region_after(case, one)
            found = [_UNREADABLE]
            if region is not None:
                found = failings(case, row, region, verdicts[number], self.bounds)
            if found:
                failed.append(Failed(number, region, found))
        return case, failed

    def _call(self, case: Case, row: Row, failed: Failed) -> Call:
        said = str(predictions(row)[failed.number]["actual_output"])
        if failed.region is not None and not _is_marked(said):
            said = f"```\n{marked(failed.region)}\n```"  # a student's answer, in the teacher's form
        return Call(
            system=INSTRUCTION,
            messages=(
                *teacher_messages(case),
                Message("assistant", said.rstrip()),
                Message("user", reproach(failed.failings)),
            ),
            max_tokens=self.max_tokens,
            **fields_of(self.sampling, self.whom),
        )

    def _repaired(self, case: Case, row: Row, failed: Failed, said: Reply | Failure) -> Row:
        words = [one.word for one in failed.failings]
        source: Row = {"model": self.whom.model, "vendor": self.whom.vendor, "instruction": VERSION}
        source |= {"repairs": failed.number, "failings": words}
        if isinstance(said, Reply) and says(KEEP_PREVIOUS, said.text):
            return _kept(predictions(row)[failed.number], said, source)
        made = prediction(case, said, teacher_answer, PROVIDER, {**source, "verdict": "rewritten"})
        region = region_after(case, made)
        if region is not None:
            left = [one.word for one in measured(case, row, region, self.bounds)]
            verdict = "no_edits" if region == case.region else "rewritten"
            made["zeta"] = {**made["zeta"], "verdict": verdict, "failings_left": left}
        return made


def reproach(found: Sequence[Failing]) -> str:
    """What the model is told about its answer."""
    told = "\n".join(f"- {one.told}" for one in found)
    return (
        f"Your answer failed in this way:\n{told}\n\n"
        "Fix it. Answer in the same form: a sentence or two, then one code block with the whole"
        f" region between its marks. If no edit follows at all, answer {NO_EDITS}. If the reproach"
        f" is wrong and your answer should stand as it is, answer {KEEP_PREVIOUS}."
    )


def is_repair(one: Row) -> bool:
    """Whether a prediction is a repair of another."""
    return one.get("provider") == PROVIDER


def repairs_of(made: Sequence[Row]) -> dict[int, Row]:
    """The latest repair of each prediction, by its place."""
    found: dict[int, Row] = {}
    for one in made:
        source = one.get("zeta")
        number = source.get("repairs") if isinstance(source, dict) else None
        if is_repair(one) and isinstance(number, int):
            found[number] = one
    return found


def repaired(row: Row, repairs: list[Row]) -> Row:
    """The row with repairs, and the first failed answer that was written anew as the rejected."""
    made = predictions(row)
    new = {**row, "predictions": [*made, *repairs]}
    qa = row.get("qa")
    if isinstance(qa, list) and qa:
        new["qa"] = [*qa, *[None] * (len(new["predictions"]) - len(qa))]
    rejected = (_rejected(made, one) for one in repairs)
    patch = next((one for one in rejected if one is not None), None)
    return new if patch is None else {**new, "rejected_patch": patch}


def _rejected(made: Sequence[Row], repair: Row) -> str | None:
    """The patch that a good repair replaces."""
    patch = made[repair["zeta"]["repairs"]].get("actual_patch")
    is_good = repair["actual_patch"] is not None and not repair["zeta"].get("failings_left")
    return patch if is_good and isinstance(patch, str) and patch != repair["actual_patch"] else None


def _kept(previous: Row, said: Reply, source: Row) -> Row:
    """A prediction that is let stand: the same again, by the one who was to repair it."""
    return {
        **previous,
        "actual_output": said.text,
        "provider": PROVIDER,
        "zeta": {**source, "verdict": "kept", "ending": said.ending},
    }


def _is_marked(text: str) -> bool:
    return "editable_region" in text or says(NO_EDITS, text)


def _verdicts(row: Row, count: int) -> list[Any]:
    qa = row.get("qa")
    found = [verdict_in(one) for one in qa] if isinstance(qa, list) else []
    return [*found, *[None] * (count - len(found))]
