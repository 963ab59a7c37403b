"""Zed's Markdown evals: read as Zed reads them, and written so that nothing is lost."""

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.example import applied, given_of
from pipeline.reading.history import first_row
from pipeline.reading.markdown import example_of, fields_of, page_of
from pipeline.records import Dropped, Row
from zeta_lsp.core.events import BufferChange
from zeta_lsp.core.prompt import PromptInput

PAGE = Path(__file__).parents[2] / "golden" / "records" / "orchard--name-the-tool.md"


def example(page: str) -> Row:
    made = example_of({"markdown": page, "name": "file-name"})
    assert isinstance(made, dict), made
    return made


def test_a_page_becomes_an_example_with_input_history_and_alternatives() -> None:
    row = example(PAGE.read_text())
    assert row["repository_url"] == "https://github.com/example/orchard"
    assert row["tags"] == ["rename", "source:markdown"]
    assert row["name"] == "file-name"
    seen = given_of(row)
    assert isinstance(seen, PromptInput)
    assert [event.predicted for event in seen.events] == [False, True]
    assert seen.cursor_excerpt[: seen.cursor_offset_in_excerpt].endswith("return self.rungs")
    assert len(row["expected_patches"]) == 2
    assert "range(self.rungs<|user_cursor|>)" in row["expected_patches"][0]
    for patch in row["expected_patches"]:
        text = applied(patch, seen.cursor_excerpt)
        assert text is not None
        assert "range(self.rungs)" in text


def test_a_page_without_a_cursor_or_with_broken_front_matter_is_dropped() -> None:
    page = PAGE.read_text()
    for broken, why in (
        (page.replace("## Cursor Position", "## Elsewhere"), "no_cursor"),
        (page.replace("^[CURSOR_POSITION]", ""), "no_cursor"),
        (page.replace("tags = [", "tags = "), "broken_front_matter"),
        ("", "no_cursor"),
    ):
        made = example_of({"markdown": broken})
        assert isinstance(made, Dropped)
        assert made.reason == why


def test_fences_inside_the_code_do_not_end_it() -> None:
    row = example(PAGE.read_text())
    row["cursor_position"] = "```python\nx = <|user_cursor|>\n````\n~~~\n"
    found = fields_of(page_of(row))
    assert isinstance(found, dict)
    assert found["cursor_position"] == row["cursor_position"]


LINES = st.lists(
    st.sampled_from(
        ["a = 1", "```", "````x", "~~~", "## Edit History", "# title", "+++", "", "é",
         "-removed", "+ added", "<|user_cursor|>", "   ```", '"quoted"\\']
    ), max_size=8,
)  # fmt: skip
TEXT = LINES.map(lambda rows: "".join(f"{row}\n" for row in rows))
WORDS = st.text(alphabet="ab\"\\ é\x7f#'", max_size=8)
NAME = WORDS.map(lambda text: " ".join(text.replace("#", "").split()))
RECENT = st.lists(
    st.fixed_dictionaries({"path": st.sampled_from(["p/a.py", "p/b c.rs"])})
    | st.fixed_dictionaries({"path": st.just("p/a.py"), "cursor_position": st.integers(0, 999)}),
    max_size=3,
)
SPEC = st.fixed_dictionaries(
    {
        "name": NAME,
        "repository_url": WORDS,
        "revision": WORDS,
        "tags": st.lists(WORDS, max_size=3),
        "reasoning": st.sampled_from([None, "Because.", "One.\n\nTwo."]),
        "uncommitted_diff": TEXT,
        "recently_opened_files": RECENT,
        "recently_viewed_files": RECENT,
        "uncommitted_diff_contains_edit_history": st.booleans(),
        "cursor_path": st.sampled_from(["p/a.py", "p/größe x.rs"]),
        "cursor_position": TEXT,
        "edit_history": TEXT,
        "expected_patches": st.lists(TEXT, max_size=3),
        "rejected_patch": st.none() | TEXT,
    }
)


@given(SPEC)
def test_every_field_of_a_page_survives_writing_and_reading(spec: dict[str, Any]) -> None:
    assert fields_of(page_of(spec)) == spec


RELATED = """\
## Related Files

```p/b.rs
fn b() {}
```

```p/long.rs:40
fn far() {}
fn farther() {}
```

```p/long.rs:90
fn last() {}
```

"""


def test_other_files_may_stand_on_a_page_whole_or_in_parts() -> None:
    page = PAGE.read_text().replace("## Edit History", RELATED + "## Edit History")
    seen = given_of(example(page))
    assert isinstance(seen, PromptInput)
    assert seen.related_files is not None
    whole, long = seen.related_files
    assert (whole.path, whole.excerpts[0].text) == ("p/b.rs", "fn b() {}\n")
    assert [one.row_range for one in whole.excerpts] == [(0, 1)]
    assert [one.row_range for one in long.excerpts] == [(39, 41), (89, 90)]
    assert long.max_row == 90
    plain = example(PAGE.read_text())
    assert {**example(page), "prompt_inputs": None} == {**plain, "prompt_inputs": None}


def test_other_files_survive_writing_and_reading() -> None:
    row = example(PAGE.read_text().replace("## Edit History", RELATED + "## Edit History"))
    again = example(page_of({**row, "tags": []}))
    assert again["prompt_inputs"]["related_files"] == row["prompt_inputs"]["related_files"]


def test_the_latest_edit_says_in_which_row_of_its_file_an_excerpt_begins() -> None:
    page = PAGE.read_text()
    seen = given_of(example(page))
    assert isinstance(seen, PromptInput)
    assert seen.excerpt_start_row == 0
    lower = given_of(example(page.replace("@@ -4,3 +4,3 @@", "@@ -34,3 +34,3 @@")))
    assert isinstance(lower, PromptInput)
    assert lower.excerpt_start_row == 30
    for where in ("@@ -1,3 +1,3 @@", "a place"):  # above the file's first row; nowhere
        elsewhere = given_of(example(page.replace("@@ -4,3 +4,3 @@", where)))
        assert isinstance(elsewhere, PromptInput)
        assert elsewhere.excerpt_start_row is None


def test_rows_that_stand_twice_in_an_excerpt_do_not_say_where_it_begins() -> None:
    change = BufferChange("a.py", "a.py", "@@ -7,2 +7,2 @@\n-x\n+y\n z\n")
    assert first_row("w\ny\nz\n", [change], "a.py") == 5
    assert first_row("y\nz\ny\nz\n", [change], "a.py") is None
    assert first_row("y\nz\n", [change], "b.py") is None
