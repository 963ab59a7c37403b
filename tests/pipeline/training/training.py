"""Running ``zeta-pipeline train`` on the tiny base model."""

import json
import os
import subprocess
import sys
from pathlib import Path

from pipeline.records import Row
from tests.pipeline.teacher.examples import ran

ROOT = Path(__file__).parents[3]


def train(source: object, folder: Path, base: Path, *more: object, steps: int = 4) -> int:
    """The exit code of a run in this process."""
    return ran(*arguments(source, folder, base, *more, steps=steps))


def arguments(
    source: object, folder: Path, base: Path, *more: object, steps: int = 4
) -> list[object]:
    """A command line."""
    recipe = ("--recipe", "tiny-cpu", "--quiet")
    return ["train", source, "-o", folder, "--base", base, "--steps", steps, *recipe, *more]


def killed(patch: str, command: list[object]) -> None:
    """A run in a process of its own that kills itself where `patch` says so."""
    script = (
        "import os, signal, sys\n"
        "from pipeline.training import watching\n"
        "Watch = watching.Watch\n"
        "def die(): os.kill(os.getpid(), signal.SIGKILL)\n"
        f"{patch}\n"
        "from tests.pipeline.teacher.examples import ran\n"
        "sys.exit(ran(*sys.argv[1:]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, command)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr


def metrics(folder: Path) -> list[Row]:
    """What was logged, without the time that it took."""
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    return [{key: one[key] for key in one if key != "elapsed_s"} for one in lines]


def card(folder: Path) -> Row:
    """The card."""
    found: Row = json.loads((folder / "card.json").read_text())
    return found


def weights(folder: Path, name: str = "model/model.safetensors") -> bytes:
    """The weights that came out."""
    return (folder / name).read_bytes()
