"""datatrove's executors: how a plan gets to the workers of this machine, of Slurm, of Ray.

Their notes about finished tasks are not asked (`skip_completed=False`): the marks of shards say
what is missing. What engines say goes to ``.scale/engine.log``.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from pipeline.scaling.folder import Plan
from zeta_lsp.core.errors import UsageError

EXECUTORS = ("local", "slurm", "ray")


class Means(msgspec.Struct, frozen=True):
    """Where to run: `workers` tasks at a time, each with one of its shards at a time."""

    executor: str
    tasks: int
    workers: int
    time: str = "24:00:00"
    partition: str = ""
    memory_gb: int = 2
    address: str | None = None


def start(plan: Plan, means: Means) -> None:
    """Run a plan to its end; with Slurm, submit it.

    Raises:
        UsageError: the engine is not to be had here.
    """
    # before they are loaded: nothing is told to anybody about what runs here
    os.environ.update(RAY_USAGE_STATS_ENABLED="0", HF_HUB_DISABLE_TELEMETRY="1")
    try:
        import datatrove  # noqa: F401 - whether it is there
    except ImportError:
        raise UsageError("needs datatrove: pip install 'zeta-lsp[scale]'") from None
    plan.notes.mkdir(parents=True, exist_ok=True)
    with _quiet(plan.notes / "engine.log"):
        {"local": _local, "slurm": _slurm, "ray": _ray}[means.executor](plan, means)


def _local(plan: Plan, means: Means) -> None:
    from datatrove.executor.local import LocalPipelineExecutor

    from pipeline.scaling.step import ShardStep

    LocalPipelineExecutor(
        [ShardStep(plan, is_loud=False)],
        tasks=means.tasks,
        workers=means.workers,
        logging_dir=str(plan.notes / "logs"),
        skip_completed=False,
    ).run()


def _slurm(plan: Plan, means: Means) -> None:
    from datatrove.executor.slurm import SlurmPipelineExecutor

    from pipeline.scaling.step import ShardStep

    if shutil.which("sbatch") is None:
        raise UsageError("there is no sbatch here: run it where jobs are submitted")
    if not means.partition:
        raise UsageError("say where: --partition NAME")
    SlurmPipelineExecutor(
        [ShardStep(plan, is_loud=True)],
        tasks=means.tasks,
        workers=means.workers,
        time=means.time,
        partition=means.partition,
        mem_per_cpu_gb=means.memory_gb,
        job_name=f"zeta-{plan.words[0]}",
        qos="",
        env_command=f'export PATH="{Path(sys.executable).parent}:$PATH"',
        logging_dir=str(plan.notes / "logs"),
        skip_completed=False,
    ).run()


def _ray(plan: Plan, means: Means) -> None:
    try:
        import ray
    except ImportError:
        raise UsageError("needs Ray: pip install 'zeta-lsp[scale]'") from None
    from datatrove.executor.ray import RayPipelineExecutor

    from pipeline.scaling.step import ShardStep

    own = {"num_cpus": means.workers, "include_dashboard": False} if not means.address else {}
    ray.init(address=means.address or "local", log_to_driver=False, **own)
    try:
        RayPipelineExecutor(
            [ShardStep(plan, is_loud=True)],
            tasks=means.tasks,
            workers=means.workers,
            mem_per_cpu_gb=means.memory_gb if means.address else 0,
            logging_dir=str(plan.notes / "logs"),
            skip_completed=False,
        ).run()
    finally:
        ray.shutdown()


@contextmanager
def _quiet(log: Path) -> Iterator[None]:
    """Have this process and those that it starts write into a file instead of to the terminal."""
    kept = [os.dup(number) for number in (1, 2)]
    with log.open("ab") as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
    try:
        yield
    finally:
        sys.stderr.flush()
        for number, before in zip((1, 2), kept, strict=True):
            os.dup2(before, number)
            os.close(before)
