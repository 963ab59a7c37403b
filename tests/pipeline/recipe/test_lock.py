"""What makes a step stale, told from what a lock holds of it."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline.recipe.digests import Content, Digests
from pipeline.recipe.lock import Done, Lock, lock_in, read_lock, why_stale
from pipeline.recipe.steps import Step
from zeta_lsp.core.errors import UsageError

IN, OUT = "{work}/in.jsonl", "{work}/out.jsonl"
HERE = Content("a" * 64, 10, 1)
STEP = Step("fit", "filter", 2, "", ("--secrets", "-o", OUT, "--", IN), (IN,), (OUT,))
DONE = Done("fit", "filter", 2, "", STEP.words, {IN: HERE}, {OUT: HERE})


def why(step: Step = STEP, done: Done | None = DONE, **inputs: Any) -> str:
    return why_stale(step, done, inputs or {IN: HERE})


def test_a_step_that_was_carried_out_so_is_fresh() -> None:
    assert why() == ""


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"version": 3}, "another version of the stage"),
        ({"stage": "dedupe"}, "another version of the stage"),
        ({"instructions": "b"}, "models are told something else"),
        ({"words": ("-o", OUT, "--", IN)}, "other options"),
        ({"inputs": ()}, "other inputs"),
    ],
)
def test_a_step_of_another_kind_is_not(change: dict[str, Any], reason: str) -> None:
    assert why(msgspec.structs.replace(STEP, **change)) == reason


def test_a_step_whose_input_changed_is_not() -> None:
    assert why(done=None) == "not done yet"
    for other in (None, Content("b" * 64, 10, 1)):
        assert why_stale(STEP, DONE, {IN: other}) == f"{IN} changed"


def test_a_lock_is_read_as_it_was_written(tmp_path: Path) -> None:
    lock = Lock("mine", "[[step]]\n", {"n": 3}, {"python": "3.11"}, (DONE,))
    lock.written(tmp_path)
    assert lock_in(tmp_path) == lock


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"kind": "zeta-run"}'])
def test_what_is_no_lock_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "lock.json").write_text(text)
    with pytest.raises(UsageError, match=r"lock\.json is no lock"):
        read_lock(tmp_path / "lock.json")


def test_a_lock_of_a_newer_kind_is_refused(tmp_path: Path) -> None:
    Lock("mine", "", {}, {}, version=2).written(tmp_path)
    assert lock_in(tmp_path) is None


def test_a_file_is_read_again_when_it_changed_and_when_nothing_is_trusted(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text("{}\n{}\n")
    digests = Digests(tmp_path)
    first = digests.of(str(file))
    assert first is not None
    assert (first.bytes, first.rows) == (6, 2)
    digests.remember()
    file.write_text("[]\n[]\n")
    assert Digests(tmp_path).of(str(file)) != first
    assert Digests(tmp_path, trusts=False).of(str(file)) == Digests(tmp_path).of(str(file))
    (tmp_path / ".digests.json").write_text("rubbish")
    assert Digests(tmp_path).of(str(file)) is not None


def test_a_folder_is_what_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep/a").write_text("1\n")
    digests = Digests(tmp_path)
    before = digests.of(str(folder))
    (folder / "deep/a").rename(folder / "deep/b")
    assert digests.of(str(folder)) != before
    assert digests.of(str(tmp_path / "gone")) is None
    assert digests.of("https://example.org/rows.jsonl") == Content()
