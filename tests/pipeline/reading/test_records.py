"""Records of others become examples: invented samples of each kind, and what is wrong in some."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.example import applied, expected_patches, given_of, licence_of
from pipeline.reading.kinds import KINDS, kind_of
from pipeline.records import Dropped, Noted, Row
from pipeline.stages.read import Read
from zeta_lsp.core.prompt import PromptInput

RECORDS = Path(__file__).parents[2] / "golden" / "records"


def records(name: str) -> list[Row]:
    return [json.loads(line) for line in (RECORDS / name).read_text("utf-8").splitlines()]


def example(record: Row, kind: str = "auto") -> Row:
    (made,) = Read(kind).rows(record)
    assert isinstance(made, dict), made
    return made


def reason(record: Row, kind: str = "auto") -> str:
    (made,) = Read(kind).rows(record)
    assert isinstance(made, Dropped), made
    return made.reason


def input_of(row: Row) -> PromptInput:
    found = given_of(row)
    assert isinstance(found, PromptInput)
    return found


def after(row: Row, patch: str | None = None) -> str:
    """The excerpt with a patch applied."""
    text = applied(patch or row["expected_patches"][0], input_of(row).cursor_excerpt)
    assert text is not None
    return text


@pytest.mark.parametrize("name", ["zeta1", "instinct", "nep", "commitpackft"])
def test_each_kind_is_told_by_its_fields_and_tagged_with_its_source(name: str) -> None:
    for record in records(f"{name}.jsonl"):
        assert kind_of(record) is KINDS[name]
        row = example(record)
        assert f"source:{name}" in row["tags"]
        assert row["zeta"]["provenance"]["source"] == name
        assert after(row) != input_of(row).cursor_excerpt


def test_a_zeta_1_row_has_its_region_cursor_history_and_first_row() -> None:
    row = example(records("zeta1.jsonl")[0])
    seen = input_of(row)
    assert (seen.cursor_path, seen.excerpt_start_row) == ("orchard/trees.py", 0)
    assert seen.cursor_excerpt[: seen.cursor_offset_in_excerpt] == "def plant(kind, age"
    assert [(event.old_path, event.path) for event in seen.events] == [
        ("orchard/trees.py", "orchard/trees.py"),
        ("orchard/old.py", "orchard/trees.py"),
    ]
    assert seen.events[0].diff.startswith("@@ -1,4 +1,4 @@\n-def plant(kind):\n")
    assert "Tree(kind, age)" in after(row)
    assert "def water(tree)" in after(row)
    assert row["zeta"]["provenance"]["rest"] == {"labels": "parameter,call"}
    assert licence_of(row) == "Apache-2.0"


def test_a_preference_of_zeta_1_keeps_what_was_rejected() -> None:
    row = example(records("zeta1.jsonl")[1])
    assert "größe: 0" in after(row)
    assert "impl Fruit" not in after(row, row["rejected_patch"])
    assert input_of(row).excerpt_start_row is None
    assert row["cursor_position"].startswith(
        "    pub ripe: bool,\n    pub größe: u8,<|user_cursor|>\n"
    )


def test_both_shapes_of_an_instinct_record_say_the_same() -> None:
    raw, messages = map(example, records("instinct.jsonl"))
    for row in (raw, messages):
        assert "this.apples + this.pears" in after(row)
        assert [event.path for event in input_of(row).events] == ["src/main.ts", "src/basket.ts"]
        related = input_of(row).related_files
        assert related is not None
        assert related[0].path == "src/fruit.ts"
        assert related[0].excerpts[0].text == 'export type Fruit = "apple" | "pear";\n'
    assert input_of(raw).events == input_of(messages).events
    assert raw["cursor_position"].rstrip("\n") == messages["cursor_position"].rstrip("\n")


def test_a_nep_row_never_tells_its_answer_through_the_history() -> None:
    record = records("nep.jsonl")[0]
    assert "sold" in record["diff"]
    row = example(record)
    assert "sold" in after(row)
    assert "sold" not in row["edit_history"]
    assert "picked" in row["edit_history"]
    assert 'logging.info("picked")<|user_cursor|>\n' in row["cursor_position"]


def test_what_a_commit_made_is_synthetic_and_says_where_it_is_from() -> None:
    for name in ("nep", "commitpackft"):
        row = example(records(f"{name}.jsonl")[0])
        assert row["zeta"]["synthetic"] is True
        assert row["repository_url"] == "https://github.com/acme-orchards/market"
        assert row["revision"] == "8b1d2f0a4c~1"
        assert licence_of(row) == "MIT"
        provenance = row["zeta"]["provenance"]
        assert provenance["repositories"] == ["https://github.com/example/market-fork"]
        assert provenance["rest"]["subject"] == "Log sales"
    assert "synthetic" not in example(records("zeta1.jsonl")[0])["zeta"]


def test_all_edits_of_a_commit_but_the_last_are_its_history() -> None:
    several, single = map(example, records("commitpackft.jsonl"))
    assert [event.diff.count("\n+") for event in input_of(several).events] == [1, 1]
    assert "sold" in after(several)
    assert input_of(single).events == ()
    assert "no-history" in single["tags"]
    assert "\r" not in after(single)
    assert "fruit.price * 2" in after(single)


def test_a_longer_history_keeps_the_last_edits_and_begins_where_the_others_ended() -> None:
    old = [f"row {n}" for n in range(90)]
    new = [f"row {n}!" if n % 9 == 0 else f"row {n}" for n in range(90)]
    record = {"old_contents": "\n".join(old), "new_contents": "\n".join(new), "new_file": "a.txt"}
    seen = input_of(example(record))
    assert [event.diff.count("\n-row") for event in seen.events] == [1] * 6
    assert "-row 72\n" in seen.events[-1].diff
    assert "-row 27\n" in seen.events[0].diff


def test_what_lacks_something_is_dropped_with_its_reason() -> None:
    zeta = records("zeta1.jsonl")[0]
    raw, messages = records("instinct.jsonl")
    commit = records("commitpackft.jsonl")[0]
    for record, why in (
        ({"what": "is this"}, "unknown_format"),
        (zeta | {"input": "no fence"}, "no_excerpt"),
        (zeta | {"input": zeta["input"].replace("<|user_cursor_is_here|>", "")}, "no_cursor"),
        (zeta | {"input": zeta["input"].replace("<|editable_region_end|>", "")}, "no_region"),
        (zeta | {"output": "I would not change anything."}, "no_region_in_output"),
        (zeta | {"output": zeta["output"].replace("age)", "<|user_cursor|>)")}, "marker_in_code"),
        (zeta | {"input": zeta["input"].replace("orchard/trees.py", "")}, "no_path"),
        (raw | {"cursor_pos_line": 99}, "no_cursor"),
        (raw | {"large_excerpt": None}, "no_excerpt"),
        ({"messages": messages["messages"][:2]}, "no_messages"),
        (commit | {"new_contents": commit["old_contents"]}, "no_change"),
        (commit | {"old_contents": ""}, "file_created_or_removed"),
        (commit | {"new_file": "", "old_file": ""}, "no_path"),
    ):
        assert reason(record) == why


def test_an_edit_far_outside_the_excerpt_is_dropped() -> None:
    old = "\n".join(f"a row of some length, number {n}" for n in range(5000))
    current = old.replace("number 10\n", "number ten\n")
    new = current.replace("number 4990\n", "number many\n")
    record = {"old_contents": old, "current_contents": current, "new_contents": new}
    assert reason({**record, "new_file": "a.txt"}) == "edit_outside_excerpt"


@pytest.mark.parametrize("at", [8, 150, 290])
def test_an_edit_is_expected_wherever_in_the_excerpt_it_lies(at: int) -> None:
    old = "".join(f"a row of some length, number {n}\n" for n in range(300))
    current = old.replace("number 5\n", "number five\n")
    new = current.replace(f"number {at}\n", "number other\n")
    record = {"old_contents": old, "current_contents": current, "new_contents": new}
    row = example({**record, "new_file": "a.txt"})
    assert after(row) == new
    assert row["expected_patches"][0].count("\n") == 2 + 1 + 7 + 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        "events", "input", "output", "rejected", "messages", "large_excerpt", "large_rewrite",
        "previous_edits", "context", "filename", "cursor_pos_line", "cursor_pos_char", "old_file",
        "old_contents", "current_contents", "new_contents", "new_file", "repos", "license",
        "commit", "cursor_path", "cursor_position", "edit_history", "expected_patches", "zeta",
        "rejected_patch", "prompt_inputs", "captured_prompt_input", "markdown", "name", "tags",
    ]
)  # fmt: skip
MARKED = st.lists(
    st.sampled_from(
        ["<|editable_region_start|>", "<|editable_region_end|>", "<|user_cursor_is_here|>", "\n",
         "```", "```a.py\n", "x = 1", "<|user_cursor|>", "é", "// ^[CURSOR_POSITION]", "+++\n",
         "## Cursor Position\n", "--- a/x\n+++ b/x\n", "@@ -1,1 +1,1 @@\n", "-x", "+y", "\r\n"]
    ), max_size=14,
).map("".join)  # fmt: skip
NEWER = Noted("newer_schema")


@given(st.dictionaries(FIELDS, JSON | MARKED), st.sampled_from(["auto", *KINDS]))
def test_whatever_the_record_it_becomes_an_example_or_a_drop(record: Any, kind: str) -> None:
    made, *notes = Read(kind).rows(record)
    assert notes in ([], [NEWER])
    if isinstance(made, Dropped):
        return
    assert isinstance(made, dict)
    assert isinstance(given_of(made), PromptInput)
    assert made["cursor_path"]
    assert all(isinstance(patch, str) for patch in expected_patches(made))


ROWS = st.lists(st.sampled_from(["a", "b", "    c(1)", "", "é", "-- d", "++ e"]), max_size=14)


@given(ROWS, ROWS, ROWS)
def test_a_row_of_whole_contents_leads_to_exactly_those_contents(
    old: list[str], current: list[str], new: list[str]
) -> None:
    texts = ["\n".join([*rows, ""]) for rows in (old, current, new)]
    names = ("old_contents", "current_contents", "new_contents")
    row = example({**dict(zip(names, texts, strict=True)), "new_file": "a.txt"})
    assert input_of(row).cursor_excerpt == texts[1]
    if not any(one.startswith(("-- ", "++ ")) for one in (*current, *new)):
        assert after(row).rstrip("\n") == texts[2].rstrip("\n")
