"""A folder of shards with good, wrong and broken lines, and the command on it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.bench.pipeline import rows

STAGE = ("filter", "--language", "py")
COUNT, EACH = 405, 50


def shards(folder: Path) -> Path:
    """Cut `all.jsonl`, which it writes too; a seventh is dropped for two reasons."""
    lines = list(rows(COUNT))
    for number in range(0, COUNT, 7):
        other = json.loads(lines[number]) | {"cursor_path": "shop/part.rs"}
        lines[number] = b"{broken\n" if number % 2 else json.dumps(other).encode() + b"\n"
    (folder / "all.jsonl").write_bytes(b"".join(lines))
    cut = zeta("scale", "cut", folder / "all.jsonl", "-o", folder / "shards", "--rows", EACH)
    assert cut.returncode == 0, cut.stderr
    return folder / "shards"


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "pipeline", *map(str, words)]


def zeta(*words: object, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words),
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        env={**os.environ, **variables},
    )


def scaled(folder: Path, *options: object, stage: tuple[str, ...] = STAGE) -> list[object]:
    """The words that run a stage on the shards of a folder."""
    places = "--in", folder / "shards", "-o", folder / "made"
    return ["scale", "run", *places, "--workers", 2, *options, *stage]


def assert_as_one_run(folder: Path, stage: tuple[str, ...] = STAGE) -> None:
    """What is joined is what the stage makes of all lines at once, to the byte."""
    joined = zeta("scale", "join", folder / "made", "-o", folder / "joined.jsonl")
    assert joined.returncode == 0, joined.stderr
    alone = zeta(stage[0], folder / "all.jsonl", "-o", folder / "alone.jsonl", *stage[1:])
    assert alone.returncode == 0, alone.stderr
    for kind in ("jsonl", "drops.jsonl"):
        expected = (folder / f"alone.{kind}").read_bytes()
        assert expected
        assert (folder / f"joined.{kind}").read_bytes() == expected


def marks(folder: Path) -> dict[str, int]:
    """When each shard was finished, in nanoseconds."""
    found = (folder / "made" / ".scale" / "done").glob("[!.]*.json")
    return {path.stem: path.stat().st_mtime_ns for path in found}
