"""Examples of Zed's `ep`: checked, completed, and otherwise left alone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.rows import SCHEMA_VERSION as CAPTURED_VERSION
from pipeline.example import given_of
from pipeline.reading.cursor import cursor_excerpt, inline_cursor, with_cursor
from pipeline.reading.history import events_of
from pipeline.reading.zed import SCHEMA_VERSION
from pipeline.records import Dropped, Noted, Row
from pipeline.stages.read import Read
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.formats.sections import event_text
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.zed_inputs import prompt_inputs

PATCH = "--- a/p/a.py\n+++ b/p/a.py\n@@ -1,2 +1,2 @@\n a = 1\n-b = 1\n+b = 2\n"
EXAMPLE: Row = {
    "repository_url": "https://github.com/example/p",
    "cursor_path": "p/a.py",
    "cursor_position": "a = 1\nb<|user_cursor|> = 1\n",
    "edit_history": "--- a/p/a.py\n+++ b/p/a.py\n@@ -1,1 +1,1 @@\n-a = 0\n+a = 1\n",
    "expected_patches": [PATCH],
    "novel": {"field": [1]},
}
GIVEN = PromptInput("p/a.py", "a = 1\nb = 1\n", 7, excerpt_start_row=3)


def made(record: Row, kind: str = "auto") -> Any:
    first, *_ = Read(kind).rows(record)
    return first


def reason(**fields: Any) -> str:
    found = made(EXAMPLE | fields)
    assert isinstance(found, Dropped), found
    return found.reason


def test_a_missing_input_is_made_of_what_the_example_shows() -> None:
    row = made(EXAMPLE)
    found = given_of(row)
    assert isinstance(found, PromptInput)
    assert (found.cursor_excerpt, found.cursor_offset_in_excerpt) == ("a = 1\nb = 1\n", 7)
    assert [event.diff for event in found.events] == ["@@ -1,1 +1,1 @@\n-a = 0\n+a = 1\n"]
    assert {name: row[name] for name in EXAMPLE} == EXAMPLE
    assert (row["revision"], row["tags"]) == ("", [])


def test_an_input_that_came_with_it_stays_as_it_is() -> None:
    inputs = prompt_inputs(GIVEN, is_open=True, repository_url="") | {"novel": 1}
    row = made(EXAMPLE | {"prompt_inputs": inputs})
    assert row["prompt_inputs"] == inputs


def test_inputs_of_older_versions_are_brought_into_todays_shape() -> None:
    older = {
        "content": "a = 1\nb = 1\n", "cursor_row": 1, "cursor_column": 1, "cursor_offset": 7,
        "excerpt_start_row": 3, "edit_history": [], "related_files": None,
    }  # fmt: skip
    captured = {
        "cursor_file_content": "a = 1\nb = 1\n", "cursor_offset": 7, "cursor_row": 1,
        "events": [], "related_files": [],
    }  # fmt: skip
    for fields, row in (({"prompt_inputs": older}, 3), ({"captured_prompt_input": captured}, 0)):
        found = given_of(made(EXAMPLE | fields))
        assert isinstance(found, PromptInput)
        assert found.cursor_excerpt == "a = 1\nb = 1\n"
        assert (found.cursor_offset_in_excerpt, found.excerpt_start_row) == (7, row)


def test_what_cannot_be_used_is_dropped_with_its_reason() -> None:
    inputs = prompt_inputs(GIVEN, is_open=True, repository_url="")
    for fields, why in (
        ({"cursor_path": ""}, "no_path"),
        ({"cursor_path": 7}, "no_path"),
        ({"cursor_position": "no mark"}, "no_cursor"),
        ({"expected_patches": PATCH}, "wrong_type"),
        ({"edit_history": []}, "wrong_type"),
        ({"prompt_inputs": {"cursor_excerpt": 1}}, "unreadable_input"),
        ({"prompt_inputs": inputs | {"cursor_offset_in_excerpt": 99}}, "unreadable_input"),
        ({"prompt_inputs": inputs, "expected_patches": [PATCH.replace("-b", "-c")]},
         "patch_does_not_apply"),
    ):  # fmt: skip
        assert reason(**fields) == why


def test_patches_of_other_files_and_alternatives_that_apply_are_no_reason_to_drop() -> None:
    inputs = prompt_inputs(GIVEN, is_open=True, repository_url="")
    broken = PATCH.replace("-b", "-c")
    for patches in ([broken, PATCH], [broken.replace("p/a.py", "p/b.py")], [broken + PATCH], []):
        row = made(EXAMPLE | {"prompt_inputs": inputs, "expected_patches": patches})
        assert row["expected_patches"] == patches


def test_a_newer_schema_is_taken_as_it_is_and_counted() -> None:
    assert SCHEMA_VERSION == CAPTURED_VERSION
    newer = EXAMPLE | {"zeta": {"schema_version": SCHEMA_VERSION + 1, "novel": True}}
    row, note = Read().rows(newer)
    assert isinstance(row, dict)
    assert row["zeta"] == newer["zeta"]
    assert note == Noted("newer_schema")
    assert len(list(Read().rows(EXAMPLE | {"zeta": {"schema_version": SCHEMA_VERSION}}))) == 1


def test_a_store_says_why_a_prediction_is_no_example() -> None:
    found = made({"not_exported": "not_settled", "id": "7"})
    assert found == Dropped("not_settled")
    assert made(EXAMPLE, "capture") == Dropped("not_captured")


@pytest.mark.parametrize(
    ("comment", "column"),
    [("    // ^[CURSOR_POSITION]", 7), ("//  ^[CURSOR_POSITION]", 4), ("// <[CURSOR_POSITION]", 0),
     ("    # <[CURSOR_POSITION]", 4), ("#" + " " * 80 + "^[CURSOR_POSITION]", 14)],
)  # fmt: skip
def test_a_comment_below_points_at_the_cursor(comment: str, column: int) -> None:
    marked = f"fn main() {{\n    let x = 42\n{comment}\n}}\n"
    assert cursor_excerpt(marked) == ("fn main() {\n    let x = 42\n}", 12 + column)


def test_a_comment_that_points_into_a_character_means_its_start() -> None:
    assert cursor_excerpt("é = 1\n#^[CURSOR_POSITION]") == ("é = 1", 0)


def test_a_comment_without_a_row_above_or_an_arrow_is_no_cursor() -> None:
    for marked in ("# ^[CURSOR_POSITION]", "a\n[CURSOR_POSITION]", "a", ""):
        assert cursor_excerpt(marked) is None


def test_a_cursor_below_a_row_of_a_patch_becomes_a_mark_in_it() -> None:
    patch = (
        "--- a/a\n+++ b/a\n@@ -1,1 +1,1 @@\n-old()\n+print(x, )\n#       ^[CURSOR_POSITION]\n b\n"
    )
    assert "+print(x<|user_cursor|>, )\n b\n" in inline_cursor(patch)
    assert "[CURSOR_POSITION]" not in inline_cursor(patch)
    assert inline_cursor(PATCH) == PATCH


@given(st.text(alphabet="ab\né", max_size=30), st.data())
def test_a_cursor_that_is_written_down_is_read_back(text: str, data: st.DataObject) -> None:
    column = data.draw(st.integers(0, len(text)))
    offset = len(text[:column].encode())
    assert cursor_excerpt(with_cursor(text, offset)) == (text, offset)


PATHS = st.sampled_from(["p/a.py", "p/b c.rs", "p/größe.ts"])
DIFFS = st.sampled_from(
    ["@@ -1,1 +1,1 @@\n-a\n+b\n", "@@ -3,2 +3,3 @@\n x\n+\n+y\n@@ -9,1 +10,0 @@\n---\n", ""]
)
EVENTS = st.lists(st.builds(BufferChange, PATHS, PATHS, DIFFS, st.booleans()), max_size=5)


@given(EVENTS, st.sampled_from(["", "\n"]))
def test_a_history_that_is_written_down_is_read_back(events: list[BufferChange], gap: str) -> None:
    assert events_of("".join(event_text(one) + gap for one in events)) == tuple(events)
