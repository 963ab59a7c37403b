"""Whoever runs the shards, the bytes are those of one run on this machine."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.pipeline.scaling.needing import need_scale
from tests.pipeline.scaling.shards import assert_as_one_run, scaled, shards, zeta

need_scale()


@pytest.mark.parametrize("executor", ["local", "ray"])
def test_two_workers_make_the_bytes_and_counts_of_one_run(tmp_path: Path, executor: str) -> None:
    shards(tmp_path)
    with tempfile.TemporaryDirectory(prefix="ray") as short:  # it makes sockets, of long names
        where = {"RAY_TMPDIR": short, "TMPDIR": short}
        ran = zeta(*scaled(tmp_path, "--executor", executor, "--json"), **where)
    assert ran.returncode == 0, ran.stderr
    tally = json.loads(ran.stderr)
    assert (tally["read"], tally["written"]) == (405, 347)
    assert tally["dropped"] == {"broken_line": 29, "other_language": 29}
    assert_as_one_run(tmp_path)


def test_slurm_is_given_a_script_whose_tasks_make_the_same_bytes(tmp_path: Path) -> None:
    shards(tmp_path)
    bins = tmp_path / "bin"
    bins.mkdir()
    sent = tmp_path / "sent.sh"
    for name, does in {
        "sbatch": f'for last; do :; done; [ -e "{sent}" ] || cp "$last" "{sent}"; echo job 42',
        "srun": 'while [ "${1#-}" != "$1" ]; do [ "$1" = -n ] && shift; shift; done; exec "$@"',
        "scontrol": "echo localhost",
    }.items():
        (bins / name).write_text(f"#!/bin/bash\n{does}\n")
        (bins / name).chmod(0o755)
    path = f"{bins}:{os.environ['PATH']}"
    options = ("--executor", "slurm", "--partition", "short", "--tasks", 3, "--time", "1:00:00")
    submitted = zeta(*scaled(tmp_path, *options), PATH=path)
    assert submitted.returncode == 0, submitted.stderr
    script = sent.read_text()
    assert "#SBATCH --array=0-2%2" in script
    assert "#SBATCH --partition=short" in script
    assert "#SBATCH --time=1:00:00" in script
    assert zeta("scale", "join", tmp_path / "made", "-o", tmp_path / "j.jsonl").returncode == 2
    for task in range(3):
        where = {"SLURM_ARRAY_TASK_ID": str(task), "SLURM_NODELIST": "one", "PATH": path}
        ran = subprocess.run(
            ["bash", str(sent)], env={**os.environ, **where}, capture_output=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
    assert_as_one_run(tmp_path)


def test_what_has_to_see_all_rows_is_refused(tmp_path: Path) -> None:
    shards(tmp_path)
    for stage in ("dedupe", "split"):
        refused = zeta(*scaled(tmp_path, stage=(stage,)))
        assert refused.returncode == 2
        assert f"{stage} has to see all rows at once" in refused.stderr


def test_without_slurm_here_it_says_so(tmp_path: Path) -> None:
    shards(tmp_path)
    where = str(Path(sys.executable).parent)
    refused = zeta(*scaled(tmp_path, "--executor", "slurm", "--partition", "short"), PATH=where)
    assert refused.returncode == 2
    assert "there is no sbatch here" in refused.stderr
