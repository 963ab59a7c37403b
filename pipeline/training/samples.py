"""What a row teaches: texts to continue, pairs to prefer one of, or answers somebody judged.

Rows are those of ``format``, or the lines of ``zeta-lsp capture export`` that TRL reads (`prompt`,
and `completion`, `chosen` and `rejected`, or `completion` and `label`). The prompt ends where the
model begins to write: behind ``<[fim-middle]>`` or whatever a format has there, and behind the
prefill if there is one, since a server writes that for the model.

Only what a person did is a verdict. *Ignored is not rejected*: whoever typed on may not have seen
it.
"""

from collections.abc import Sequence

import msgspec

from pipeline.example import ours
from pipeline.records import Dropped, Row

WANTED = frozenset({"accepted", "typed_through"})
UNWANTED = frozenset({"rejected"})


class Sample(msgspec.Struct, frozen=True):
    """A prompt, and what to write behind it, with the format's own end but without the model's."""

    prompt: str
    completion: str


class Pair(msgspec.Struct, frozen=True):
    """Two answers to a prompt, of which the first is better."""

    prompt: str
    chosen: str
    rejected: str


class Judged(msgspec.Struct, frozen=True):
    """An answer, and whether the person wanted it."""

    prompt: str
    completion: str
    is_wanted: bool


def demonstrations(row: Row, most: int = 1) -> Sequence[Sample] | Dropped:
    """What to imitate: the expected answer, and up to `most` with the others that are right."""
    prompt = _prompt(row)
    if isinstance(prompt, Dropped):
        return prompt
    text, prefill = prompt
    answers = [_answer(row, "expected_output", "completion"), *_others(row)]
    if row.get("label") is False:
        return Dropped("unwanted")
    found = dict.fromkeys(one for one in answers if one is not None)
    if not found:
        return Dropped("nothing_expected")
    return [Sample(text, _behind(prefill, one)) for one in list(found)[:most]]


def pair_of(row: Row) -> Pair | Dropped:
    """What to prefer to what."""
    prompt = _prompt(row)
    if isinstance(prompt, Dropped):
        return prompt
    text, prefill = prompt
    chosen = _answer(row, "expected_output", "chosen")
    rejected = _answer(row, "rejected_output", "rejected")
    if chosen is None:
        return Dropped("nothing_expected")
    if rejected is None:
        return Dropped("nothing_rejected")
    if chosen == rejected:
        return Dropped("no_difference")
    return Pair(text, _behind(prefill, chosen), _behind(prefill, rejected))


def judged(row: Row) -> Judged | Dropped:
    """What a person said of an answer by what they did."""
    prompt = _prompt(row)
    if isinstance(prompt, Dropped):
        return prompt
    text, prefill = prompt
    verdict = row["label"] if isinstance(row.get("label"), bool) else _verdict(row)
    if verdict is None:
        return Dropped("no_verdict")
    answer = _answer(row, "expected_output" if verdict else "rejected_output", "completion")
    if answer is None:
        return Dropped("nothing_expected" if verdict else "nothing_rejected")
    return Judged(text, _behind(prefill, answer), verdict)


def _verdict(row: Row) -> bool | None:
    """A rating counts most; taking an acceptance back comes before the acceptance."""
    outcome = ours(row).get("outcome")
    if not isinstance(outcome, dict):
        return None
    ending, remark = outcome.get("ending"), str(outcome.get("remark") or "")
    remarks = remark.split(", ")
    ratings = [one for one in remarks if one in {"rated good", "rated bad"}]
    if ratings:
        return ratings[-1] == "rated good"
    if "undone" in remarks or ending in UNWANTED:
        return False
    return True if ending in WANTED else None


def _prompt(row: Row) -> tuple[str, str] | Dropped:
    """The text up to where the model begins, and the part of it that is its own."""
    found = row.get("prompt")
    if isinstance(found, str) and found:
        return found, ""
    if not isinstance(found, dict):
        return Dropped("no_prompt", "run `zeta-pipeline format` first")
    text, prefill = found.get("input"), found.get("prefill") or ""
    if not isinstance(text, str) or not isinstance(prefill, str):
        return Dropped("no_prompt", "run `zeta-pipeline format` first")
    if not text:
        return Dropped("chat_prompt", "base models are trained without a chat template")
    return (text if text.endswith(prefill) else text + prefill), prefill


def _answer(row: Row, ours_name: str, theirs_name: str) -> str | None:
    """An answer by its name in `ExamplePrompt`, or by TRL's."""
    prompt = row.get("prompt")
    found = prompt.get(ours_name) if isinstance(prompt, dict) else row.get(theirs_name)
    return found if isinstance(found, str) and found else None


def _others(row: Row) -> Sequence[str]:
    found = ours(row).get("expected_outputs")
    return [one for one in found if isinstance(one, str) and one] if isinstance(found, list) else []


def _behind(prefill: str, answer: str) -> str:
    """What is left to write of an answer that begins with what the server wrote."""
    return answer.removeprefix(prefill)
