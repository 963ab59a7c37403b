import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.diff.rewriting import CONFUSING, PLAIN, hunks_between, joined, versions
from tests.core.formats.oracle import needs_oracle, zed
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.reversal import latest_event, reversal_ratio, reversed_share

GOLDEN = Path(__file__).parents[1] / "golden"
PATH = "src/own.py"


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((GOLDEN / f"{name}.json").read_text())
    return found


def event(diff: str, path: str = PATH, *, predicted: bool = False) -> BufferChange:
    return BufferChange(path, path, diff, predicted)


def zeds_ratio(current: str, diff: str, predicted: str, row: int | None = None) -> float:
    events = [{"event": "BufferChange", "path": PATH, "old_path": PATH, "diff": diff}]
    found: float = zed.compute_prediction_reversal_ratio_from_history(
        current, events, predicted, PATH, row
    )
    return found


@pytest.mark.parametrize("case", cases("reversal-cases"), ids=lambda case: case["name"])
def test_known_cases_have_their_known_ratio(case: dict[str, Any]) -> None:
    texts, diff = (case["current"], case["predicted"]), case["event_diff"]
    rooted = f"root/{case['cursor_path']}"
    for path, is_predicted, expected in (
        (PATH, False, case["ratio"]),
        (PATH, True, case["ratio_if_event_was_predicted"]),
        (rooted, False, case["ratio_with_root_prefix"]),
    ):
        events = [event(diff, path, predicted=is_predicted)]
        assert reversal_ratio(events, case["cursor_path"], *texts) == expected


@pytest.mark.parametrize("case", cases("reversal-hard-cases"), ids=lambda case: case["name"])
def test_cases_that_hang_on_a_detail_of_the_diff_have_their_known_ratio(
    case: dict[str, Any],
) -> None:
    share = reversed_share(case["original"], case["current"], case["predicted"])
    assert share == case["ratio"]


def test_taking_back_what_was_typed_is_a_full_reversal() -> None:
    assert reversed_share("a = 1\n", "a = 1\nb\n", "a = 1\n") == 1.0


def test_going_on_with_what_was_typed_is_none() -> None:
    assert reversed_share("a = \n", "a = 1\n", "a = 12\n") == 0.0


def test_no_change_is_no_reversal() -> None:
    assert reversed_share("a", "b", "b") == 0.0


def test_only_the_latest_event_of_the_file_counts() -> None:
    older, newer, other = event("@@ 1"), event("@@ 2"), event("@@ 3", "src/other.py")
    assert latest_event([older, newer, other], PATH) is newer
    assert latest_event([older], "own.py") is older
    assert latest_event([other], PATH) is None
    assert reversal_ratio([], PATH, "a\n", "b\n") == 0.0


@needs_oracle
@settings(max_examples=300)
@given(
    versions(3, PLAIN), st.sampled_from([0, 1, 3]), st.booleans(), st.sampled_from(["\n", "\r\n"])
)
def test_whole_texts_have_zeds_ratio(
    all_lines: list[list[str]], context: int, ends: bool, newline: str
) -> None:
    original, current, predicted = (
        joined(lines, ends=ends, newline=newline) for lines in all_lines
    )
    diff = hunks_between(original, current, context)
    for answer in (predicted, original):
        ours = reversal_ratio([event(diff)], PATH, current, answer)
        assert ours == zeds_ratio(current, diff, answer)


@needs_oracle
@settings(max_examples=300)
@given(versions(4, PLAIN + CONFUSING), st.sampled_from([0, 3]))
def test_texts_that_look_like_diffs_or_have_drifted_have_zeds_ratio(
    all_lines: list[list[str]], context: int
) -> None:
    original, recorded, current, predicted = map(joined, all_lines)
    diff = hunks_between(original, recorded, context)
    for text in (recorded, current):
        ours = reversal_ratio([event(diff)], PATH, text, predicted)
        assert ours == zeds_ratio(text, diff, predicted)


@needs_oracle
@settings(max_examples=300)
@given(st.data(), versions(3, PLAIN), st.sampled_from([0, 1, 3]))
def test_excerpts_have_zeds_ratio(
    data: st.DataObject, all_lines: list[list[str]], context: int
) -> None:
    diff = hunks_between(joined(all_lines[0]), joined(all_lines[1]), context)
    row = data.draw(st.integers(0, max(len(all_lines[1]) - 1, 0)))
    size = data.draw(st.integers(1, 12))
    current, predicted = joined(all_lines[1][row : row + size]), joined(all_lines[2][row:][:size])
    ours = reversal_ratio([event(diff)], PATH, current, predicted, row)
    assert ours == zeds_ratio(current, diff, predicted, row)


@needs_oracle
@settings(max_examples=60)
@given(st.text("ab", max_size=300), st.text("ab \n", max_size=300), st.data())
def test_long_repetitive_texts_have_zeds_ratio(
    original: str, current: str, data: st.DataObject
) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(current), max_size=len(current)))
    predicted = "".join(char for char, keep in zip(current, kept, strict=True) if keep) + "\n"
    original, current = original + "\n", current + "\n"
    diff = hunks_between(original, current)
    ours = reversal_ratio([event(diff)], PATH, current, predicted)
    assert ours == zeds_ratio(current, diff, predicted)
