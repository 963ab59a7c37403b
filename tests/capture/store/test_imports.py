"""Whoever has not consented to anything pays for nothing."""

import subprocess
import sys

HEAVY = "sqlite3 sqlite_utils zstandard filelock"


def loaded_by(statement: str) -> str:
    script = f"import sys; {statement}; print(*(n for n in '{HEAVY}'.split() if n in sys.modules))"
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_the_folder_and_the_exception_load_no_database() -> None:
    assert loaded_by("import capture.folder; from capture.store import StoreUnavailable") == ""


def test_a_segment_loads_sqlite_utils_only_to_make_its_tables() -> None:
    assert loaded_by("from capture.store import Segment") == "sqlite3 zstandard filelock"
