"""Examples of Zed's `ep`, ours among them: checked, completed, and otherwise left as they are.

Where the input of the prediction is missing it is made of what the example shows: the excerpt
around the cursor, and the edit history. Inputs of older versions of Zed are brought into today's
shape. Cursors in patches become inline marks. Patches of the cursor's file have to apply to an
input that came with the example, whose excerpt holds all that may be rewritten.
"""

from typing import Any

from pipeline.example import applied, expected_patches, ours
from pipeline.reading.cursor import cursor_excerpt, inline_cursor
from pipeline.reading.history import events_of
from pipeline.records import Dropped, Noted, Row
from zeta_lsp.core.errors import UnreadableInput
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.core.zed_inputs import given_of, prompt_inputs

SCHEMA_VERSION = 1
"""The newest ``zeta.schema_version`` that this program knows."""
NEWER = Noted("newer_schema")

_NEEDED: dict[str, Any] = {
    "name": "",
    "repository_url": "",
    "revision": "",
    "tags": [],
    "uncommitted_diff": "",
    "edit_history": "",
    "expected_patches": [],
}
"""What Zed's tools require or default, and of which type."""


def is_like(record: Row) -> bool:
    """Whether a record is an example."""
    return "cursor_path" in record and ("cursor_position" in record or "prompt_inputs" in record)


def example_of(record: Row) -> Row | Dropped:
    """The example."""
    row = {**record}
    for name, default in _NEEDED.items():
        if row.get(name) is None:
            row[name] = default
        elif not isinstance(row[name], type(default)):
            return Dropped("wrong_type", name)
    if not isinstance(row.get("cursor_path"), str) or not row["cursor_path"]:
        return Dropped("no_path")
    row["expected_patches"] = list(map(inline_cursor, expected_patches(row)))
    if isinstance(row.get("rejected_patch"), str):
        row["rejected_patch"] = inline_cursor(row["rejected_patch"])
    return _with_input(row)


def is_newer(row: Row) -> bool:
    """Whether it was written by a newer version of this program."""
    version = ours(row).get("schema_version")
    return isinstance(version, int) and version > SCHEMA_VERSION


def _with_input(row: Row) -> Row | Dropped:
    inputs = _todays(row)
    if inputs is None:
        return _with_made_input(row)
    try:
        given = given_of(inputs)
    except UnreadableInput as fault:
        return Dropped("unreadable_input", str(fault))
    if not _applies(row, given):
        return Dropped("patch_does_not_apply")
    return {**row, "prompt_inputs": inputs}


def _with_made_input(row: Row) -> Row | Dropped:
    shown = row.get("cursor_position")
    found = cursor_excerpt(shown) if isinstance(shown, str) else None
    if found is None:
        return Dropped("no_cursor")
    given = PromptInput(
        cursor_path=row["cursor_path"],
        cursor_excerpt=found[0],
        cursor_offset_in_excerpt=found[1],
        events=events_of(row["edit_history"]),
    )
    url = row["repository_url"]
    return {**row, "prompt_inputs": prompt_inputs(given, is_open=False, repository_url=url)}


def _applies(row: Row, given: PromptInput) -> bool:
    """Whether one of the patches applies that this can be said of: those of one file, this one."""
    patches = [one for one in expected_patches(row) if _is_of(one, row["cursor_path"])]
    return not patches or any(applied(one, given.cursor_excerpt) is not None for one in patches)


def _is_of(patch: str, path: str) -> bool:
    heads = [row[4:] for row in patch.split("\n") if row.startswith("--- ")]
    return len(heads) == 1 and heads[0].removeprefix("a/").endswith(path)


def _todays(row: Row) -> Any:
    """The input that came with the example, in today's shape; None without one."""
    inputs = row.get("prompt_inputs")
    if inputs is None:
        inputs = row.get("captured_prompt_input")
    if not isinstance(inputs, dict) or "cursor_excerpt" in inputs:
        return inputs
    return {
        "cursor_path": row["cursor_path"],
        "cursor_excerpt": inputs.get("content", inputs.get("cursor_file_content")),
        "cursor_offset_in_excerpt": inputs.get("cursor_offset"),
        "excerpt_start_row": inputs.get("excerpt_start_row", 0),
        "events": inputs.get("edit_history", inputs.get("events")) or [],
        "related_files": inputs.get("related_files"),
        **{name: value for name, value in inputs.items() if name not in _OLDER},
    }


_OLDER = frozenset(
    {
        "content", "cursor_file_content", "cursor_offset", "cursor_row", "cursor_column",
        "edit_history", "events", "related_files", "excerpt_start_row",
    }
)  # fmt: skip
"""Fields of older inputs that have a place in today's."""
