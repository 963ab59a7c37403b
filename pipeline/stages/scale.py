"""``scale``: a stage over a folder of shards, on this machine, on Slurm or on Ray.

``cut`` makes shards, ``run`` runs a stage over them, ``join`` makes one file again. A shard is the
unit of work and of loss: `pipeline.scaling.folder` says when one counts as finished.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import msgspec

from pipeline.command import FAILED, Command, stage_of
from pipeline.doors import Doors
from pipeline.jsonl import STANDARD
from pipeline.scaling.cutting import cut, join
from pipeline.scaling.executors import EXECUTORS, Means, start
from pipeline.scaling.folder import Plan, keep, plan_of, read_plan
from pipeline.stage import WholeStage
from zeta_lsp.core.errors import UsageError

ROWS = 10_000


def _act(options: argparse.Namespace, doors: Doors) -> int:
    if options.what == "cut":
        if options.rows < 1:
            raise UsageError("--rows is at least 1")
        count = cut(options.inputs, Path(options.output), options.rows)
        _say(f"scale: {count} shards -> {options.output}")
        return 0
    if options.what == "join":
        join(read_plan(Path(options.folder)), options.output)
        return 0
    return _run(options, doors)


def _run(options: argparse.Namespace, doors: Doors) -> int:
    words = [options.name, *options.rest]
    stage = stage_of(words, doors)
    if stage is None or isinstance(stage, WholeStage):
        raise UsageError(
            f"{options.name} has to see all rows at once, so it does not run on shards:"
            f" `zeta-pipeline scale join`, then `zeta-pipeline {options.name}`"
        )
    source, target = Path(options.folder), Path(options.output)
    if source.absolute() == target.absolute():
        raise UsageError("results go into a folder of their own")
    plan = plan_of(words, stage.version, source, target)
    keep(plan.notes / "plan.json", msgspec.json.encode(plan))
    start(plan, _means(options, len(plan.shards)))
    if options.executor == "slurm":
        _say(f"scale: submitted; when it is done: zeta-pipeline scale join {target} -o FILE.jsonl")
        return 0
    return _told(plan, is_json=options.json)


def _means(options: argparse.Namespace, shards: int) -> Means:
    if min(options.tasks or 1, options.workers or 1) < 1:
        raise UsageError("--tasks and --workers are at least 1")
    tasks = min(options.tasks or shards, shards)
    return Means(
        options.executor,
        tasks,
        min(options.workers or os.cpu_count() or 1, tasks),
        options.time,
        options.partition,
        options.memory_gb,
        options.address,
    )


def _told(plan: Plan, *, is_json: bool) -> int:
    """Say what is there now; 1 where something is missing."""
    missing = [name for name in plan.shards if plan.mark(name) is None]
    if missing:
        fault = plan.fault_path(missing[0])
        why = fault.read_text() if fault.is_file() else f"see {plan.notes / 'logs'}"
        _say(
            f"zeta-pipeline scale: {len(missing)} of {len(plan.shards)} shards are missing; the"
            f" same command makes only those; {missing[0]}: {why}"
        )
        return FAILED
    tally = plan.tally()
    said = (
        json.dumps(msgspec.to_builtins(tally))
        if is_json
        else tally.line(plan.words[0], plan.target)
    )
    _say(said)
    return 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _configure(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="cut|run|join")
    cutting = what.add_parser("cut", help="make a folder of shards")
    cutting.add_argument("inputs", nargs="*", default=[STANDARD], metavar="IN.jsonl")
    cutting.add_argument("-o", "--output", required=True, metavar="FOLDER")
    cutting.add_argument("--rows", type=int, default=ROWS, metavar="N", help=f"each ({ROWS})")
    joining = what.add_parser("join", help="make one file of finished shards")
    joining.add_argument("folder", metavar="FOLDER", help="what `scale run` wrote to")
    joining.add_argument("-o", "--output", default=STANDARD, metavar="OUT.jsonl")
    _configure_running(what.add_parser("run", help="run a stage over shards"))


def _configure_running(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--in", dest="folder", required=True, metavar="FOLDER", help="shards, NAME.jsonl each")
    add("-o", "--out", dest="output", required=True, metavar="FOLDER", help="for the results")
    add("--executor", choices=EXECUTORS, default="local", help="datatrove's; local if not given")
    add("--tasks", type=int, metavar="N", help="to share the shards among (one each)")
    add("--workers", type=int, metavar="N", help="tasks at a time (the cores of this machine)")
    add("--json", action="store_true", help="counts as JSON on standard error")
    add("--memory-gb", type=int, default=2, metavar="N", help="for a task, of a cluster (2)")
    add("--partition", default="", metavar="NAME", help="of Slurm")
    add("--time", default="24:00:00", metavar="TIME", help="of Slurm, for a task (24:00:00)")
    add("--address", metavar="HOST:PORT", help="of a Ray cluster; without it one is started here")
    add("name", metavar="STAGE", help="any that sees one row at a time; last, with its options")
    add("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)


COMMAND = Command(
    help="Run a stage over a folder of shards with datatrove, here, on Slurm or on Ray.\n"
    "The same command again makes only the shards that are missing or out of date.",
    example="zeta-pipeline scale cut edits.jsonl -o shards --rows 10000\n"
    "  zeta-pipeline scale run --in shards -o scored --executor ray --workers 2 score\n"
    "  zeta-pipeline scale join scored -o scored.jsonl",
    configure=_configure,
    act=_act,
)
