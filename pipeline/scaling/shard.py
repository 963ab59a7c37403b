"""One shard through one stage: a process of its own, the very command that a person would type.

So a shard makes the bytes that it makes anywhere, nothing of a stage is pickled (keys least of
all), and one that is killed takes neither the executor's worker nor its other shards along. What
the process says goes into a file; the engine's logs see none of it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from pipeline.jsonl import drops_path, remove_beginnings
from pipeline.scaling.folder import Mark, Plan, counter, digest_of, keep
from pipeline.tally import Tally


def work(plan: Plan, name: str) -> bool:
    """Make what is missing of a shard; whether it is there now."""
    shard, lines = digest_of(plan.shard(name))
    mark = plan.mark(name)
    if mark is not None and mark.shard == shard:
        return True
    plan.mark_path(name).unlink(missing_ok=True)
    plan.fault_path(name).unlink(missing_ok=True)
    for path in (plan.result(name), drops_path(str(plan.result(name)))):
        remove_beginnings(path)
    tally = _made(plan, name)
    if isinstance(tally, str):
        keep(plan.fault_path(name), tally.encode())
        return False
    done = Mark(plan.asked, shard, lines, plan.sizes(name), tally)
    keep(plan.mark_path(name), msgspec.json.encode(done))
    return True


def _made(plan: Plan, name: str) -> Tally | str:
    """What the stage did, or one line that says why it could not."""
    files = str(plan.shard(name)), "-o", str(plan.result(name))
    stage, *options = plan.words
    command = [
        sys.executable,
        "-m",
        "pipeline",
        stage,
        *files,
        "--workers",
        "1",
        "--json",
        *options,
    ]
    with _running(command) as process:
        said = process.communicate()[1].decode("utf-8", "replace").strip().rpartition("\n")[2]
    if process.returncode < 0:
        return f"killed by signal {-process.returncode}"
    if process.returncode:
        return said or f"exit status {process.returncode}"
    return msgspec.json.decode(said, type=Tally, dec_hook=counter)


@contextmanager
def _running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that does not outlive the context."""
    here = Path(__file__).parents[2]  # where `pipeline` is, also on a worker that began elsewhere
    with subprocess.Popen(  # noqa: S603 - our own command, as the person typed it
        command,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=_with_path(str(here)),
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()


def _with_path(folder: str) -> dict[str, str]:
    known = os.environ.get("PYTHONPATH", "")
    return {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{known}" if known else folder}
