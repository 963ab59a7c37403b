"""Runs every scene in every editor, and keeps what came of it for the table in the README."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

RESULTS = Path(__file__).resolve().parents[2] / ".cache" / "editors"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Note the outcome of a cell: passed, failed, or not applicable with the reason."""
    report = (yield).get_result()
    cell = item.stash.get(CELL, None)
    decisive = report.when == "call" or (report.when == "setup" and not report.passed)
    if cell is None or not decisive:
        return
    editor, scene = cell
    path = RESULTS / f"{editor}.json"
    RESULTS.mkdir(parents=True, exist_ok=True)
    known = json.loads(path.read_text()) if path.exists() else {}
    reason = report.longrepr[2] if report.skipped and isinstance(report.longrepr, tuple) else ""
    known[scene] = {"outcome": report.outcome, "reason": reason.removeprefix("Skipped: ")}
    path.write_text(json.dumps(known, indent=2, sort_keys=True))


CELL = pytest.StashKey[tuple[str, str]]()
