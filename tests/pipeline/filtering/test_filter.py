"""`filter` lets through what was asked for, and tells of everything else why not."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.jsonl import drops_path
from pipeline.records import Dropped, Row
from pipeline.running import run
from pipeline.secrecy import texts_of
from pipeline.stages.filter import Filter
from tests.pipeline.test_running import read, written

PATCH = "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,3 @@\n a\n-b\n+c\n+d\n"
ROW: Row = {
    "cursor_path": "src/a.py",
    "tags": ["source:NEP", "synthetic"],
    "expected_patches": [PATCH],
    "zeta": {
        "licence": {"spdx": "MIT"},
        "outcome": {"ending": "accepted"},
        "edit_sources": [["typed"], ["typed", "undo"]],
        "consent": {"private": True},
    },
}
KEY = "AKIA" + "QX7TLR4MZB2WNVPD"


@pytest.mark.parametrize(
    ("conditions", "reason"),
    [
        ({}, None),
        ({"languages": {"py"}}, None),
        ({"languages": {"rs"}}, "other_language"),
        ({"licences": {"mit"}}, None),
        ({"licences": {"isc"}}, "other_licence"),
        ({"outcomes": {"rejected"}}, "other_outcome"),
        ({"sources": {"typed", "undo", "pasted"}}, None),
        ({"sources": {"typed"}}, "other_source"),
        ({"tags": {"source:nep", "other"}}, None),
        ({"tags": {"other"}}, "other_tag"),
        ({"unwanted_tags": {"synthetic"}}, "unwanted_tag"),
        ({"lets_private": False}, "private"),
        ({"rows_min": 3, "rows_max": 3}, None),
        ({"rows_min": 4}, "too_small"),
        ({"rows_max": 2}, "too_large"),
    ],
)
def test_a_row_passes_or_is_dropped_for_the_first_condition_it_misses(
    conditions: dict[str, Any], reason: str | None
) -> None:
    (made,) = Filter(**conditions).rows(ROW)
    assert made == (ROW if reason is None else Dropped(reason))


def test_what_is_not_known_passes_only_where_nothing_is_asked() -> None:
    assert list(Filter().rows({})) == [{}]
    asked: list[dict[str, Any]] = [
        {"licences": {"mit"}}, {"languages": {"py"}}, {"sources": {"typed"}}
    ]  # fmt: skip
    for conditions in asked:
        (made,) = Filter(**conditions).rows({})
        assert isinstance(made, Dropped)


def finds(rows: Sequence[str]) -> str | None:
    return "planted" if any(KEY in row for row in rows) else None


PLACES: list[Row] = [
    {"cursor_position": f"a\n{KEY}<|user_cursor|>"},
    {"edit_history": f"+key = '{KEY}'\n"},
    {"expected_patches": [PATCH, PATCH + f"+{KEY}\n"]},
    {"prompt_inputs": {"related_files": [{"excerpts": [{"text": KEY}]}]}},
    {"predictions": [{"actual_output": KEY}]},
    {"zeta": {"settled": {"quiet": {"text": KEY}}}},
    {"qa": [None, {"response": KEY}]},
    {"a field of tomorrow": [{"deep": [KEY]}]},
    {"repository_url": f"https://x:{KEY}@example.com/a"},
]


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_is_found_in_whatever_field_it_stands(place: Row) -> None:
    (made,) = Filter(secret_in=finds).rows(ROW | place)
    assert made == Dropped("secret_found", "planted", is_withheld=True)
    assert list(Filter().rows(ROW | place)) == [ROW | place]


def test_what_only_names_something_is_not_taken_for_a_secret() -> None:
    row = {"revision": KEY, "zeta": {"prompt_digest": KEY, "consent": {"receipt": KEY}}}
    assert list(Filter(secret_in=finds).rows(row)) == [row]


def test_diffs_are_looked_at_without_their_signs() -> None:
    assert list(texts_of({"edit_history": "+a\n-b\n c\n\n"})) == [["a", "b", "c", "", ""]]
    assert list(texts_of({"text": "+a"})) == [["+a"]]


def test_a_record_with_a_secret_is_withheld_from_the_drops_too(tmp_path: Path) -> None:
    source = written(tmp_path / "in.jsonl", [ROW, ROW | PLACES[0]])
    out = tmp_path / "out.jsonl"
    run(Filter(secret_in=finds), [source], str(out), workers=1)
    assert read(out) == [ROW]
    (drop,) = read(drops_path(str(out)))
    assert drop == {"line": 2, "reason": "secret_found", "detail": "planted", "record": None}


def test_the_command_finds_a_real_key_in_all_its_workers(tmp_path: Path) -> None:
    rows = [ROW | {"n": n} for n in range(300)]
    rows[70] = ROW | {"cursor_position": f'aws_access_key_id = "{KEY}"<|user_cursor|>'}
    out = tmp_path / "out.jsonl"
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "filter", "--secrets", "--workers", "2", "--json",
         written(tmp_path / "in.jsonl", rows), "-o", str(out)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0
    assert json.loads(done.stderr)["dropped"] == {"secret_found": 1}
    assert KEY not in drops_path(str(out)).read_text()
    assert len(read(out)) == 299


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
)
FIELDS = st.sampled_from(["cursor_path", "tags", "expected_patches", "zeta", "telemetry", "x"])


@given(st.dictionaries(FIELDS, JSON))
def test_no_record_is_too_odd_to_be_judged(row: Row) -> None:
    stage = Filter(
        languages=frozenset({"py"}), rows_max=3, lets_private=False, secret_in=finds,
        unwanted_tags=frozenset({"x"}),
    )  # fmt: skip
    assert len(list(stage.rows(row))) == 1
