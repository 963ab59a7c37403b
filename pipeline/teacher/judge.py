"""A second model's opinion of a prediction: does it take the person's work back, is it any good.

The judge sees what the predictor saw and the prediction as a word diff, and answers in JSON. An
answer that is not what was asked for is kept as such: no verdict is not a bad verdict.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from pipeline.example import predictions, with_ours
from pipeline.records import Dropped, Row
from pipeline.teacher.calls import Call, Question
from pipeline.teacher.case import Case, case_of
from pipeline.teacher.marked import RESERVED, fenced
from pipeline.teacher.patched import region_after
from pipeline.teacher.predicting import Sampling, fields_of
from pipeline.teacher.prompt import shown
from pipeline.teacher.replies import Failure, Reply
from pipeline.teacher.stage import Answers
from pipeline.teacher.vendors.base import Whom
from pipeline.teacher.worddiff import word_diff
from zeta_lsp.core.formats import get
from zeta_lsp.core.prompt import Message

VERSION = 1

INSTRUCTION = """\
You review predicted edits. You are shown what a programmer did last, the file they are in with one
region marked, and what a model predicts that they will make of that region next, as a word diff:
[-removed-] and {+added+}.

Decide two things.

reverts_edits: true if the prediction undoes any part of the latest edits: brings back what the
diffs removed, removes what they added, or returns a name or value to what it was. A correction of
an accepted prediction, which is marked as such, does not count. Finishing something that was begun
does not count either.

confidence: how likely it is that the programmer would take this edit as it stands.
5: surely; it is the step that follows. 4: probably. 3: as likely as not. 2: probably not: it is
incomplete, misses the pattern, or changes more than follows from the edits. 1: no: it is wrong,
breaks the code, or has nothing to do with the edits.
A prediction that changes nothing is right if nothing follows from the edits.

Answer with one JSON object and nothing else:
{"reasoning": "one or two sentences", "reverts_edits": true or false, "confidence": 1 to 5}
"""


class Verdict(msgspec.Struct, frozen=True):
    """What the judge thinks. `confidence` 1 (no) … 5 (surely)."""

    reasoning: str
    reverts_edits: bool
    confidence: int


class Judge(msgspec.Struct, frozen=True):
    """The stage ``qa``: one question for each prediction that can be judged."""

    whom: Whom
    format: str
    max_tokens: int = 1024
    sampling: Sampling = Sampling()

    name = "qa"
    version = 1

    def questions(self, row: Row) -> Sequence[Question] | Dropped:
        """What to ask about each prediction."""
        found = self._regions(row)
        if isinstance(found, Dropped):
            return found
        case, regions = found
        return [Question(self._call(case, region)) for region in regions if region is not None]

    def rows(self, row: Row, answers: Sequence[Answers]) -> Iterable[Row | Dropped]:
        """The row with a verdict for each prediction; null where there was nothing to judge."""
        found = self._regions(row)
        if isinstance(found, Dropped):
            return [found]
        said = iter(answers)
        qa = [None if region is None else entry(next(said)[0]) for region in found[1]]
        judge = {"model": self.whom.model, "vendor": self.whom.vendor, "instruction": VERSION}
        return [{**with_ours(row, judge=judge), "qa": qa}]

    def _regions(self, row: Row) -> tuple[Case, list[str | None]] | Dropped:
        case = case_of(row, get(self.format))
        if isinstance(case, Dropped):
            return case
        made = predictions(row)
        return (case, [region_after(case, one) for one in made]) if made else NOTHING_PREDICTED

    def _call(self, case: Case, region: str) -> Call:
        diff = RESERVED.hide(word_diff(case.region, region))
        if region == case.region:
            diff = "(nothing is changed)"
        text = f"{shown(case)}\n\n# The prediction for the region\n\n{fenced(diff)}"
        return Call(
            system=INSTRUCTION,
            messages=(Message("user", text),),
            max_tokens=self.max_tokens,
            **fields_of(self.sampling, self.whom),
        )


NOTHING_PREDICTED = Dropped("nothing_predicted", "run `zeta-pipeline predict` first")


def entry(said: Reply | Failure) -> Row:
    """A verdict as it stands in a row: what Zed's tools read, or the reason why there is none."""
    if isinstance(said, Failure):
        return {"error": said.reason}
    verdict = verdict_of(said.text)
    if verdict is None:
        return {"response": said.text, "error": "no_verdict"}
    return {**msgspec.structs.asdict(verdict), "response": said.text}


def verdict_of(text: str) -> Verdict | None:
    """The last JSON object in an answer that is a verdict."""
    decoder = json.JSONDecoder()
    for start in range(len(text) - 1, -1, -1):
        if text[start] != "{":
            continue
        try:
            found, _ = decoder.raw_decode(text, start)
            verdict = msgspec.convert(found, Verdict, strict=False)
        except (ValueError, RecursionError, msgspec.ValidationError):
            continue
        return verdict if 1 <= verdict.confidence <= 5 else None
    return None


def verdict_in(found: Any) -> Verdict | None:
    """A verdict of an earlier run, as a row has it."""
    try:
        return msgspec.convert(found, Verdict, strict=False) if found else None
    except msgspec.ValidationError:
        return None
