"""A model may follow another if it can be read and annoys no more; else it is said why not."""

from pathlib import Path

import pytest

from pipeline.records import Row
from tests.pipeline.evaluation.scenes import (
    answered,
    evaluated,
    folder,
    mumbling,
    patched,
    perfect,
    says,
    undoing,
)


def chatty(row: Row) -> Row:
    """Says something, whatever is asked, and undoes nothing."""
    return says(row, "chatty", patched(row, "price = 3  # more"))


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return folder(tmp_path / "cases")


def failed(told: str) -> list[str]:
    return [row.split()[1] for row in told.splitlines() if "FAILED" in row]


@pytest.mark.parametrize(
    ("model", "gates"),
    [
        (perfect, []),
        (mumbling, ["valid", "silent"]),
        (undoing, ["reversal_ratio", "silent"]),
        (chatty, ["silent"]),
    ],
)
def test_a_gate_that_fails_says_so_and_ends_with_one(
    cases: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    model: object,
    gates: list[str],
) -> None:
    before = answered(cases, tmp_path / "before.jsonl", perfect)
    now = answered(cases, tmp_path / "now.jsonl", model)  # type: ignore[arg-type]
    status = evaluated(now, "--previous", before, "--gate", "--show", 0)
    told = capsys.readouterr().err
    assert failed(told) == gates
    assert status == bool(gates)
    assert told.count("gate ") == 3


def test_without_a_gate_a_bad_model_is_only_told_of(cases: Path, tmp_path: Path) -> None:
    assert evaluated(answered(cases, tmp_path / "now.jsonl", mumbling), "--quiet") == 0


def test_without_a_previous_model_only_what_can_be_read_counts(
    cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = answered(cases, tmp_path / "now.jsonl", undoing)
    assert evaluated(now, "--gate", "--quiet") == 0
    assert capsys.readouterr().err.count("gate ") == 1


def test_slack_lets_a_little_pass(cases: Path, tmp_path: Path) -> None:
    def once(row: Row) -> Row:
        return chatty(row) if row["name"] == "cedar" else {**perfect(row), "provider": "chatty"}

    before = answered(cases, tmp_path / "before.jsonl", perfect)
    now = answered(cases, tmp_path / "now.jsonl", once)
    arguments = (now, "--previous", before, "--gate", "--quiet")
    assert evaluated(*arguments) == 1
    assert evaluated(*arguments, "--slack", 0.4) == 1
    assert evaluated(*arguments, "--slack", 0.5) == 0


def test_a_previous_model_without_a_common_case_stops_nobody_unseen(
    cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = answered(cases, tmp_path / "before.jsonl", perfect)
    before.write_text(before.read_text().replace("price", "value"))
    now = answered(cases, tmp_path / "now.jsonl", perfect)
    assert evaluated(now, "--previous", before, "--gate", "--quiet") == 1
    assert "shares no case" in capsys.readouterr().err
