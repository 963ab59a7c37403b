"""Rows to train on, as ``format`` writes them."""

from pathlib import Path
from typing import Any

from pipeline.records import Row
from pipeline.stages.format import Format
from tests.pipeline.teacher.examples import case, row_for, written

CANARY = "café_größe"
"""Multi-byte text, and what must never stand in a run's folder."""


def edit_row(number: int, form: str = "zeta2.1", name: str = "timeout", **fields: Any) -> Row:
    """A row whose last call is to be changed; `name` is what it is to be passed."""
    row = row_for(number, **fields)
    found = case(row)
    call = f"fetch(rows{number})"
    expected = found.region.replace(call, f"fetch(rows{number}, {name}={name})")
    assert expected != found.region
    row["expected_patches"] = [found.patch(expected)]
    row["rejected_patch"] = found.patch(found.region.replace("return first", "return 2 * first"))
    return _formatted(row, form)


def silent_row(number: int, form: str = "zeta2.1") -> Row:
    """A row in which nothing is to be done."""
    row = row_for(number)
    row["expected_patches"] = [case(row).patch(case(row).region)]
    return _formatted(row, form)


def _formatted(row: Row, form: str) -> Row:
    (made,) = [one for one in Format(form).rows(row) if isinstance(one, dict)]
    return made


def told(row: Row, **fields: Any) -> Row:
    """A row with more under ``zeta``."""
    return {**row, "zeta": {**row["zeta"], **fields}}


def all_rows() -> list[Row]:
    """Two edits, one of them with multi-byte text, and one row of silence."""
    return [edit_row(1), edit_row(2, name=CANARY), silent_row(3)]


def file_of(folder: Path, rows: list[Row], name: str = "rows.jsonl") -> str:
    """They as a file."""
    return written(folder / name, rows)
