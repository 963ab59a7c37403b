"""A run that was killed goes on with what is missing, whatever engine notes say."""

import os
import signal
import subprocess
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it ships no types

from tests.pipeline.scaling.needing import need_scale
from tests.pipeline.scaling.shards import (
    assert_as_one_run,
    command,
    marks,
    scaled,
    shards,
    zeta,
)

need_scale()
PATIENCE_S = 60


def started(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(*scaled(folder)), stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def killed_in_a_shard(run: subprocess.Popen[str]) -> str:
    """Kill the process of the first shard that is seen at work; the shard's name."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        for one in psutil.Process(run.pid).children(recursive=True):
            try:
                words = one.cmdline()
                if words[1:4] != ["-m", "pipeline", "filter"]:
                    continue
                one.send_signal(signal.SIGSTOP)
                if Path(words[6]).exists():  # just finished
                    one.send_signal(signal.SIGCONT)
                    continue
                one.kill()
                return Path(words[4]).stem
            except psutil.NoSuchProcess:
                continue
    raise AssertionError("no shard was seen at work")


def test_a_killed_shard_is_named_and_the_only_one_made_again(tmp_path: Path) -> None:
    shards(tmp_path)
    with started(tmp_path) as run:
        name = killed_in_a_shard(run)
        assert run.stderr is not None
        said = run.stderr.read()
        assert run.wait(PATIENCE_S) == 1
    assert f"1 of 9 shards are missing; the same command makes only those; {name}: killed" in said
    before = marks(tmp_path)
    assert len(before) == 8
    assert name not in before
    again = zeta(*scaled(tmp_path))
    assert again.returncode == 0, again.stderr
    assert {one: at for one, at in marks(tmp_path).items() if one != name} == before
    assert_as_one_run(tmp_path)


def test_a_run_that_is_killed_altogether_keeps_what_was_finished(tmp_path: Path) -> None:
    shards(tmp_path)
    with started(tmp_path) as run:
        until = time.monotonic() + PATIENCE_S
        while not marks(tmp_path) and time.monotonic() < until:
            time.sleep(0.001)
        os.killpg(run.pid, signal.SIGKILL)
    before = marks(tmp_path)
    assert 0 < len(before) < 9
    assert zeta(*scaled(tmp_path)).returncode == 0
    after = marks(tmp_path)
    assert before.items() <= after.items()
    assert len(after) == 9
    assert_as_one_run(tmp_path)


def test_other_options_other_bytes_and_lost_results_are_made_again(tmp_path: Path) -> None:
    folder = shards(tmp_path)
    assert zeta(*scaled(tmp_path)).returncode == 0
    first = marks(tmp_path)
    with (folder / "00003.jsonl").open("ab") as file:
        file.write(b"[]\n")
    (tmp_path / "made" / "00005.jsonl").unlink()
    assert zeta(*scaled(tmp_path)).returncode == 0
    second = marks(tmp_path)
    assert {name for name in first if first[name] != second[name]} == {"00003", "00005"}
    assert zeta(*scaled(tmp_path, stage=("filter", "--language", "rs"))).returncode == 0
    assert not set(second.values()) & set(marks(tmp_path).values())
