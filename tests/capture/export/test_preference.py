"""Lines for TRL's trainers."""

import json

import msgspec
import pytest

from capture.export import Dropped, line_of
from tests.capture.export.recording import (
    CODE,
    SESSION,
    Stored,
    embedded,
    given_at,
    outcome,
    place_in,
    region,
    settled_row,
    stored,
)
from zeta_lsp.core.formats import get, names

REFUSED = stored(ending="ignored", settled="return resu + 1")


def line(recorded, form):
    made = line_of(recorded, form)
    return made.reason if isinstance(made, Dropped) else json.loads(made)


def test_a_demonstration_is_the_sent_prompt_and_what_was_settled_on():
    recorded = stored(settled="return result + 1")
    made = line(recorded, "sft")
    assert made["prompt"] == recorded.snapshot.prompt
    assert "return result + 1" in made["completion"]
    assert list(made) == ["prompt", "completion", "zeta"]
    assert "settled" not in made["zeta"]
    assert made["zeta"]["licence"] == "MIT"


@pytest.mark.parametrize("form", [name for name in names() if not get(name).needs_current_file])
def test_a_model_that_answers_the_completion_makes_the_settled_text(form):
    recorded = stored(form=form, settled="return result")
    made = line(recorded, "sft")
    format_, given = get(form), recorded.snapshot.given
    prompt = format_.render(given)
    answer = format_.parse(made["completion"], given, prompt)
    (change,) = answer.replacements
    data = given.cursor_excerpt.encode()
    text = (data[: change.start] + change.text.encode() + data[change.end :]).decode()
    assert "return result\n" in text


def test_a_pair_is_what_was_written_and_what_was_refused():
    made = line(REFUSED, "dpo")
    assert list(made) == ["prompt", "chosen", "rejected", "zeta"]
    assert "return resu + 1" in made["chosen"]
    assert "return result" in made["rejected"]


def test_both_sides_of_a_pair_end_alike():
    cut = msgspec.structs.replace(
        REFUSED.snapshot, output=REFUSED.snapshot.output.removesuffix("<[end▁of▁sentence]>")
    )
    made = line(msgspec.structs.replace(REFUSED, snapshot=cut), "dpo")
    assert made["chosen"].endswith("<[end▁of▁sentence]>")
    assert made["rejected"].endswith("<[end▁of▁sentence]>")


@pytest.mark.parametrize(
    ("ending", "remark", "label"),
    [
        ("accepted", "", True),
        ("typed_through", "", True),
        ("rejected", "", False),
        ("ignored", "", False),
        ("accepted", "undone", False),
        ("ignored", "rated good", True),
        ("accepted", "rated bad", False),
    ],
)
def test_a_verdict_is_what_the_person_did_or_said(ending, remark, label):
    recorded = msgspec.structs.replace(
        stored(), outcomes=(outcome(ending), outcome("", seq=22, remark=remark))
    )
    made = line(recorded, "kto")
    assert made["label"] is label
    assert "return result" in made["completion"]


def test_lines_that_cannot_be_made_say_why():
    assert line(stored(), "dpo") == "not_refused"
    assert line(stored(ending="ignored"), "dpo") == "no_difference"
    assert line(stored(ending="superseded"), "kto") == "no_verdict"
    assert line(stored(ending="partly"), "kto") == "no_verdict"
    place = place_in(CODE, "return resu")
    snapshot = embedded(given_at(CODE, *place), place)
    from_embedded = Stored(SESSION, snapshot, (), (settled_row(region(snapshot)),))
    assert {line(from_embedded, form) for form in ("sft", "dpo", "kto")} == {"no_prompt"}
    silent = msgspec.structs.replace(REFUSED.snapshot, answer=None)
    assert line(msgspec.structs.replace(REFUSED, snapshot=silent), "kto") == "no_answer"
    assert line(msgspec.structs.replace(REFUSED, settled=()), "sft") == "not_settled"


def test_a_changed_prompt_trains_nobody():
    altered = msgspec.structs.replace(REFUSED.snapshot, prompt=REFUSED.snapshot.prompt[1:])
    recorded = msgspec.structs.replace(REFUSED, snapshot=altered)
    assert {line(recorded, form) for form in ("sft", "dpo", "kto")} == {"prompt_differs"}


def test_markers_in_code_are_no_hindrance_to_our_own_lines():
    recorded = stored(text=CODE.replace("after_0 = 0", "after_0 = '<|marker_1|>'"))
    assert line(recorded, "zed") == "marker_in_code"
    assert line(recorded, "sft")["prompt"] == recorded.snapshot.prompt
