"""``score`` fills Zed's fields and ours, drops what cannot be judged, and says why."""

import json
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.command import main as run_command
from pipeline.doors import Doors
from pipeline.records import Dropped, Row
from pipeline.running import run
from pipeline.stages.score import CheckedScore, Score
from tests.pipeline.metrics import generated, oracle
from tests.pipeline.test_running import read, written

BEFORE = "def f(a):\n    return a\n"
PATCH = "--- a/m.py\n+++ b/m.py\n@@ -1,2 +1,2 @@\n-def f(a):\n+def f(a, b):\n     return a\n"
BROKEN = PATCH.replace("(a, b)", "(a")
UNFIT = PATCH.replace("return a", "return z")


def example(*patches: str | None, expected: Sequence[str] = (PATCH,)) -> Row:
    return {
        "name": "n",
        "cursor_path": "m.py",
        "unknown": {"kept": True},
        "expected_patches": list(expected),
        "prompt_inputs": {
            "cursor_path": "m.py",
            "cursor_excerpt": BEFORE,
            "cursor_offset_in_excerpt": 0,
            "events": [],
        },
        "predictions": [{"actual_patch": one, "provider": "p"} for one in patches],
        "zeta": {"session": "s"},
    }


def brackets(_: str, text: str) -> int:
    return abs(text.count("(") - text.count(")"))


def scored(row: Row) -> Row:
    (found,) = Score(brackets).rows(row)
    assert not isinstance(found, Dropped)
    return found


def dropped(row: Row) -> str:
    (found,) = Score().rows(row)
    assert isinstance(found, Dropped)
    return found.reason


def test_scores_stand_beside_their_predictions_and_all_else_stays() -> None:
    row = example(PATCH, None, UNFIT)
    found = scored(row)
    assert [one["delta_chr_f"] for one in found["score"]] == [100.0, 0.0, 0.0]
    assert {name: found[name] for name in row if name != "zeta"} == {
        name: row[name] for name in row if name != "zeta"
    }
    assert found["zeta"]["session"] == "s"


def test_ours_says_what_applies_and_what_breaks_the_syntax() -> None:
    assert scored(example(PATCH, BROKEN, UNFIT))["zeta"]["score"] == [
        {"applies": True, "syntax_errors_before": 0, "syntax_errors_after": 0},
        {"applies": True, "syntax_errors_before": 0, "syntax_errors_after": 1},
        {"applies": False, "syntax_errors_before": 0, "syntax_errors_after": 0},
    ]


def test_nothing_is_said_of_syntax_where_nobody_knows() -> None:
    (found,) = Score(lambda *_: None).rows(example(PATCH))
    assert not isinstance(found, Dropped)
    assert found["zeta"]["score"] == [{"applies": True}]


def test_what_cannot_be_known_is_left_out_and_what_nobody_asked_is_null() -> None:
    (score,) = scored(example(None))["score"]
    assert score["wrong_editable_region"] is None
    assert not {"cursor_distance", "avg_logprob", "editable_context_coverage"} & score.keys()


def test_an_example_without_predictions_has_no_scores() -> None:
    found = scored(example())
    assert (found["score"], found["zeta"]["score"]) == ([], [])


def test_where_nothing_is_expected_doing_nothing_is_right() -> None:
    good, bad = scored(example("", PATCH, expected=[]))["score"]
    assert (good["delta_chr_f"], good["kept_rate"]) == (100.0, 1.0)
    assert (bad["delta_chr_f"], bad["kept_rate"]) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"prompt_inputs": None}, "no_input"),
        ({"prompt_inputs": {}}, "unreadable_input"),
        ({"expected_patches": None}, "no_expected_patches"),
        ({"expected_patches": [5]}, "unreadable_example"),
        ({"expected_patches": [UNFIT]}, "expected_patch_does_not_apply"),
        ({"expected_patches": [PATCH, UNFIT]}, "expected_patch_does_not_apply"),
        ({"predictions": [5]}, "unreadable_example"),
        ({"predictions": [{"actual_patch": 5}]}, "unreadable_example"),
        ({"predictions": [{"actual_cursor": {"row": -1}}]}, "unreadable_example"),
    ],
)
def test_what_cannot_be_scored_is_dropped_with_its_reason(change: Row, reason: str) -> None:
    assert dropped({**example(PATCH), **change}) == reason


def test_a_reason_quotes_no_text() -> None:
    (found,) = Score().rows({**example(), "predictions": [{"actual_patch": {"secret": "s3cret"}}]})
    assert isinstance(found, Dropped)
    assert "s3cret" not in found.detail


class Checker:
    """Counts brackets, slowly enough to be asked about several rows at a time."""

    async def error_counts(
        self, path: str, excerpt: str, texts: Sequence[str]
    ) -> Sequence[int | None]:
        return [brackets(path, text) if path == "m.py" and text else None for text in texts]


@asynccontextmanager
async def opened(_: Path) -> AsyncIterator[Checker]:
    yield Checker()


def test_language_servers_count_before_and_after_each_prediction(tmp_path: Path) -> None:
    source = written(tmp_path / "in.jsonl", [example(PATCH, BROKEN), {"name": "nothing"}])
    out = tmp_path / "out.jsonl"
    tally = run(CheckedScore(Score(), tmp_path, opened), [source], str(out))
    (row,) = read(out)
    assert row["zeta"]["score"] == [
        {"applies": True, "diagnostics_before": 0, "diagnostics_after": 0},
        {"applies": True, "diagnostics_before": 0, "diagnostics_after": 1},
    ]
    assert dict(tally.dropped) == {"no_input": 1}


def test_the_command_scores_in_all_processes_and_in_one_alike(tmp_path: Path) -> None:
    rng = random.Random(8)
    source = written(tmp_path / "in.jsonl", [generated.example(rng) for _ in range(150)])
    for workers in ("1", "2"):
        out = tmp_path / f"{workers}.jsonl"
        assert main(["score", source, "-o", str(out), "--workers", workers, "--quiet"]) == 0
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()
    first = read(tmp_path / "1.jsonl")
    assert any("syntax_errors_after" in one for row in first for one in row["zeta"]["score"])


@oracle.needs_oracle
def test_a_scored_line_is_what_zeds_tool_writes(tmp_path: Path) -> None:
    source = written(tmp_path / "in.jsonl", [example(PATCH, BROKEN, None, UNFIT)])
    out = tmp_path / "out.jsonl"
    assert main(["score", source, "-o", str(out), "--workers", "1", "--quiet"]) == 0
    (row,) = read(out)
    theirs = oracle.score(example(PATCH, BROKEN, None, UNFIT) | {"prompt_inputs": whole(BEFORE)})
    assert json.loads(json.dumps(row["score"])) == theirs


def whole(excerpt: str) -> Row:
    """An input with the ranges that Zed requires."""
    return {**example()["prompt_inputs"], "excerpt_ranges": oracle.excerpt_ranges(excerpt, 0)}


def test_language_servers_that_are_not_there_are_said_to_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    doors = Doors(text_model=None, predictor=None, captured=None)  # type: ignore[arg-type]
    source = written(tmp_path / "in.jsonl", [])
    assert run_command(["score", source, "--project", str(tmp_path)], doors) == 2
    assert "not available" in capsys.readouterr().err
