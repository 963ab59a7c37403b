"""Every shipped case is what a case has to be: whole, true to its history, one of many."""

import re
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

from pipeline.evaluation.cases import EDIT, SHIPPED, SILENCE, EvalCase, cases_of
from pipeline.example import applied, language_of
from pipeline.metrics.prediction_score import Prediction, examined
from pipeline.reading.markdown import example_of, page_of
from pipeline.records import Dropped, Row
from pipeline.stages.format import Format
from zeta_lsp.context.faults import syntax_errors
from zeta_lsp.core.events import BufferChange

PAGES = sorted(SHIPPED.glob("*.md"))
TAGS = {
    "finish-line", "fix-type", "import", "no-reversal", "not-too-large", "not-too-small",
    "pattern-completion", "propagate-signature", "remove-usage", "rename", "update-doc",
    "uses-context", "silence:comment-in-flow", "silence:cursor-elsewhere", "silence:debugging",
    "silence:deliberate-difference", "silence:finished-rename", "silence:finished-sweep",
    "silence:formatting-only", "silence:half-typed", "silence:just-undone",
    "silence:pasted-block", "silence:string-being-typed",
}  # fmt: skip
HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@")
ALIKE_SHARE = 0.25
"""Of the five-word runs that two pages have, how many they may share."""


def nobody(_: Path) -> Any:
    raise AssertionError("no case is a capture store")


def case_in(page: Path) -> EvalCase:
    found = cases_of([str(page)], nobody)
    assert found.dropped == ()
    (case,) = found.found
    return case


CASES = {page.stem: case_in(page) for page in PAGES}


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> EvalCase:
    return CASES[request.param]


def before(event: BufferChange, text: str) -> str:
    """A text as it was before an event, by the rows of its hunks and nothing else."""
    rows = text.split("\n")
    hunks = re.split(r"(?=^@@ )", event.diff, flags=re.MULTILINE)[1:]
    for hunk in reversed(hunks):
        head, *body = hunk.removesuffix("\n").split("\n")
        found = HUNK.match(head)
        assert found is not None
        new = [row[1:] for row in body if row[:1] != "-"]
        start = int(found[1]) - 1
        assert rows[start : start + len(new)] == new, "the history does not lead to this text"
        rows[start : start + len(new)] = [row[1:] for row in body if row[:1] != "+"]
    return "\n".join(rows)


def earlier(case: EvalCase) -> list[str]:
    """Every text that the cursor's file had, the latest first."""
    texts = [case.given.cursor_excerpt]
    shown = {one.path: one.excerpts[0].text for one in case.given.related_files or ()}
    for event in reversed(case.given.events):
        if event.path == case.given.cursor_path:
            texts.append(before(event, texts[-1]))
        else:
            shown[event.path] = before(event, shown[event.path])
    return texts


def test_there_are_enough_of_every_kind() -> None:
    wants = Counter(one.wants for one in CASES.values())
    assert wants[EDIT] + wants[SILENCE] >= 64
    assert wants[SILENCE] >= 24
    assert len({one.repository for one in CASES.values()}) >= 20
    assert len({language_of(one.row) for one in CASES.values()}) >= 10
    assert len({one.key for one in CASES.values()}) == len(PAGES)
    assert len({one.name for one in CASES.values()}) == len(PAGES)


def test_a_page_says_what_it_tests_and_why(case: EvalCase) -> None:
    assert case.tags
    assert set(case.tags) <= TAGS
    assert case.row["reasoning"]
    assert case.repository.startswith("https://example.org/")
    assert 20 <= case.given.cursor_excerpt.count("\n") <= 80
    assert case.row["cursor_position"].count("<|user_cursor|>") == 1


def test_a_name_begins_with_silence_where_silence_is_right(case: EvalCase) -> None:
    (name,) = (name for name, one in CASES.items() if one is case)
    is_silence = case.wants == SILENCE
    assert is_silence == name.startswith("silence-")
    assert is_silence == any(tag.startswith("silence:") for tag in case.tags)
    assert len(case.patches) == len(set(case.rights)) == max(1, len(case.patches))


def test_no_right_answer_of_an_edit_is_silence(case: EvalCase) -> None:
    if case.wants == EDIT:
        assert case.before not in case.rights


def test_the_history_leads_to_the_text(case: EvalCase) -> None:
    states = earlier(case)
    assert case.given.events
    assert all(
        event.diff.count("\n@@") + event.diff.startswith("@@") for event in case.given.events
    )
    for new, old in pairwise(states):
        assert new != old


def test_a_right_answer_is_new_and_takes_nothing_back(case: EvalCase) -> None:
    if case.wants == SILENCE:
        return
    assert not set(case.rights) & set(earlier(case))
    example = examined(case.given, case.patches)
    assert example is not None
    for patch in case.patches:
        assert example.score(Prediction(actual_patch=patch)).score.reversal_ratio < 0.5


def test_a_right_answer_leaves_code_that_parses(case: EvalCase) -> None:
    if case.wants == EDIT:
        for right in case.rights:
            assert not syntax_errors(case.given.cursor_path, right)


def test_a_student_of_zeta_2_1_can_say_every_right_answer(case: EvalCase) -> None:
    for patch in case.row["expected_patches"]:
        (row,) = Format("zeta2.1").rows({**case.row, "expected_patches": [patch]})
        assert not isinstance(row, Dropped), row
        assert isinstance(row, dict)
        assert row["prompt"]["expected_output"]


def test_what_needs_other_files_has_them_and_names_something_of_them(case: EvalCase) -> None:
    if "uses-context" not in case.tags:
        return
    shown = " ".join(one.excerpts[0].text for one in case.given.related_files or ())
    words = set(re.findall(r"\w+", shown))
    added = {
        word
        for patch in case.patches
        for row in patch.split("\n")
        if row.startswith("+") and not row.startswith("+++")
        for word in re.findall(r"\w+", row)
    }
    assert added & words


def test_a_page_is_written_as_it_is_read(case: EvalCase) -> None:
    again = example_of({"markdown": page_of({**case.row, "tags": list(case.tags)})})
    assert isinstance(again, dict)
    compared = ("name", "reasoning", "cursor_position", "edit_history", "expected_patches")
    for name in compared:
        assert again[name] == case.row[name]
    assert again["prompt_inputs"] == case.row["prompt_inputs"]


def test_no_two_are_nearly_the_same() -> None:
    runs = {name: five_word_runs(one.row) for name, one in CASES.items()}
    alike = [
        (one, other)
        for one, other in combinations(runs, 2)
        if len(runs[one] & runs[other]) > ALIKE_SHARE * min(len(runs[one]), len(runs[other]))
    ]
    assert alike == []


def five_word_runs(row: Row) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+|[^\w\s]", row["cursor_position"])
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}


def test_a_patch_applies_as_the_tools_of_zed_apply_it(case: EvalCase) -> None:
    for patch, right in zip(case.row["expected_patches"], case.rights, strict=True):
        assert applied(patch, case.before) == right
