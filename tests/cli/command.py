"""Runs `zeta-lsp` as people do: in a process of its own, with files and variables of its own."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec

REPOSITORY = Path(__file__).resolve().parents[2]


class Outcome(msgspec.Struct, frozen=True):
    """How a command ended."""

    status: int
    out: str
    err: str


def environment(home: Path, **more: str) -> dict[str, str]:
    """Nothing of the real user's: neither settings nor data nor switches."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    ours = {
        "HOME": str(home),
        "PYTHONPATH": str(REPOSITORY),
        "ZETA_LSP_CONFIG": str(home / "config.toml"),
        "ZETA_LSP_DATA_DIR": str(home / "data"),
    }
    return {**kept, **ours, **more}


def run(home: Path, *arguments: str, cwd: Path | None = None, **variables: str) -> Outcome:
    """Run a command to its end."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "zeta_lsp", *arguments],
        env=environment(home, **variables),
        cwd=cwd or home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)
