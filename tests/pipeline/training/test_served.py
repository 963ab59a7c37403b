"""The whole loop: rows train a model, a real server serves it, and it answers as it was taught."""

from pathlib import Path

import pytest

from tests.pipeline.training.needing import need_training

need_training()

from pipeline.records import Row  # noqa: E402 - the libraries first
from tests.e2e.parts import llama_server  # noqa: E402
from tests.models.llama import running  # noqa: E402
from tests.pipeline.teacher.examples import ran, read  # noqa: E402
from tests.pipeline.training.lessons import (  # noqa: E402
    CANARY,
    all_rows,
    edit_row,
    file_of,
    silent_row,
)
from tests.pipeline.training.tiny_gguf import write_gguf  # noqa: E402
from tests.pipeline.training.training import card, metrics, train  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # of libraries that are not ours
    pytest.mark.inference,
]


def answered(model: Path, rows: list[Row], folder: Path) -> list[Row]:
    """What a served model says of rows, scored."""
    path = write_gguf(model, folder / "student.gguf")
    source = file_of(folder, rows, "asked.jsonl")
    predicted, scored = folder / "predicted.jsonl", folder / "scored.jsonl"
    with running(llama_server(), path, "-c", "2048") as server:
        status = ran(
            "predict", source, "-o", predicted, "--student", "student", "--url", server.url,
            "--cache", folder / "answers.sqlite", "--quiet",
        )  # fmt: skip
    assert status == 0
    assert ran("score", predicted, "-o", scored, "--workers", 1, "--quiet") == 0
    return read(scored)


def assert_right(rows: list[Row]) -> None:
    for row in rows:
        (prediction,), (score,) = row["predictions"], row["score"]
        assert prediction["error"] is None
        assert prediction["actual_patch"] == row["expected_patches"][0]
        assert score["delta_chr_f"] == 100


@pytest.fixture(scope="module")
def taught(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All weights trained until it knows three rows by heart."""
    folder = tmp_path_factory.mktemp("taught")
    assert train(file_of(folder, all_rows()), folder / "run", base, steps=140) == 0
    return folder / "run"


def test_a_served_student_answers_what_it_was_taught(taught: Path, tmp_path: Path) -> None:
    assert metrics(taught)[-1]["loss"] < 0.05 < metrics(taught)[0]["loss"]
    rows = answered(taught / "model", all_rows(), tmp_path)
    assert CANARY in rows[1]["predictions"][0]["actual_patch"]
    assert "@@" not in rows[2]["predictions"][0]["actual_patch"]
    assert_right(rows)


def test_merged_adapters_answer_what_they_were_taught(taught: Path, tmp_path: Path) -> None:
    """On a student that knows other rows; what it knew without the adapters it still says."""
    rows = [edit_row(4), silent_row(2), silent_row(5)]
    lora = ("--set", "lora.rank=16", "--set", "lora.alpha=32", "--set", "sft.learning_rate=5e-3")
    source = file_of(tmp_path, rows)
    assert train(source, tmp_path / "run", taught / "model", *lora, "--merge", steps=120) == 0
    found = card(tmp_path / "run")
    assert found["results"] == ["adapter", "model"]
    assert found["trained_parameters"] < found["parameters"] / 2
    assert_right(answered(tmp_path / "run" / "model", rows, tmp_path))


def test_adapters_are_merged_later_without_training_again(base: Path, tmp_path: Path) -> None:
    source = file_of(tmp_path, all_rows())
    lora = ("--set", "lora.rank=4", "--set", "lora.alpha=8")
    assert train(source, tmp_path / "run", base, *lora) == 0
    assert not (tmp_path / "run" / "model").exists()
    before = (tmp_path / "run" / "metrics.jsonl").read_bytes()
    assert train(source, tmp_path / "run", base, *lora, "--merge") == 0
    assert (tmp_path / "run" / "metrics.jsonl").read_bytes() == before
    assert (tmp_path / "run" / "model" / "model.safetensors").exists()
    assert card(tmp_path / "run")["results"] == ["adapter", "model"]
