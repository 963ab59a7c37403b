"""A stage as a step of a datatrove pipeline. Each task takes every so-manieth shard."""

from collections.abc import Iterator
from typing import Any

from datatrove.pipeline.base import PipelineStep

from pipeline.scaling.folder import Plan
from pipeline.scaling.shard import work


class ShardStep(PipelineStep):  # type: ignore[misc]  # it is not looked into, see pyproject.toml
    """Runs a plan's stage over the shards of a task; a first step, which yields no documents."""

    type = "zeta-pipeline"

    def __init__(self, plan: Plan, *, is_loud: bool) -> None:
        """`is_loud`: end a task whose shards failed as failed, for engines that tell of that."""
        super().__init__()
        self.name = plan.words[0]
        self.plan, self.is_loud = plan, is_loud

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """Work on all shards of a task, whatever becomes of one of them."""
        failed = [name for name in self.plan.shards[rank::world_size] if not work(self.plan, name)]
        self.stat_update("failed", value=len(failed))
        if failed and self.is_loud:
            raise RuntimeError(f"{len(failed)} shards failed, see {self.plan.notes / 'failed'}")
        yield from data or ()
