"""Projects that somebody consented to have captured, and what an export gives of them."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

LICENCE = Path(__file__).resolve().parents[2] / "LICENSE"
SETTLE_S = 1.0
"""Short enough for a test, longer than any pause within one."""
WAIT_S = 20.0

Record = dict[str, Any]


def environment(folder: Path) -> dict[str, str]:
    """The variables of a user whose data and settings lie in a folder."""
    return {
        "ZETA_LSP_CONFIG": str(folder / "config.toml"),
        "ZETA_LSP_DATA_DIR": str(folder / "data"),
    }


def capture(folder: Path, *arguments: str) -> str:
    """Run ``zeta-lsp capture``; what it printed."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "zeta_lsp", "capture", *arguments],
        env={**os.environ, **environment(folder)},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def consented(folder: Path, *options: str) -> Path:
    """A project under an open licence whose user consented."""
    project = folder / "project"
    project.mkdir(exist_ok=True)
    (project / "LICENSE").write_bytes(LICENCE.read_bytes())
    capture(folder, "on", str(project), "--yes", *options)
    return project


def exported(folder: Path, *options: str) -> list[Record]:
    """The records of an export."""
    return [json.loads(line) for line in capture(folder, "export", *options).splitlines()]


def settled(folder: Path, count: int, *options: str) -> list[Record]:
    """The records of an export, once there are that many."""
    deadline = time.monotonic() + WAIT_S
    while True:
        records = exported(folder, *options)
        if len(records) >= count:
            return records
        assert time.monotonic() < deadline, f"{len(records)} of {count} records: {records}"
