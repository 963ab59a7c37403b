"""The command line: ``zeta-pipeline STAGE IN.jsonl -o OUT.jsonl``.

A module of `pipeline.stages` has a `COMMAND` that says what it is for and makes the stage of its
options. It is imported only if it is asked for, since some need heavy libraries.
"""

import argparse
import importlib
import json
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from pipeline.doors import Doors
from pipeline.jsonl import STANDARD, Line, lines
from pipeline.progress import shown
from pipeline.running import run
from pipeline.stage import Stage
from zeta_lsp.core.errors import UsageError, ZetaError

STAGES = {
    "read": "examples from capture stores, exports, Markdown evals, public data sets",
    "synthesize": "examples of git commits, typed by an imagined person",
    "context": "find what other files showed around the cursor, in checkouts",
    "dedupe": "keep a few of the examples that are the same or nearly the same",
    "filter": "keep the examples of some languages, licences, sizes, sources",
    "format": "the prompt of each example in a model's format, and the right answers",
    "split": "training, validation and test sets that share no repository and no person",
    "predict": "have a teacher or a student predict, once or several times",
    "qa": "have a judge say whether predictions revert the person or are any good",
    "repair": "have failed predictions mended by a model that is told what is wrong",
    "distill": "make the teacher's repaired answers the expected patches",
    "eval": "hand-written cases against models and baselines, the worst first",
    "score": "measure predictions against what was expected",
    "train": "a student from formatted rows: LoRA or all weights, then DPO or KTO if wanted",
    "compare": "compare scored models, with intervals clustered by repository",
    "report": "one page about a data set and an evaluation",
    "scale": "a stage over many shards: on this machine, on Slurm, on Ray",
    "settle": "keep what a student neither always nor never gets right",
    "run": "carry out a recipe: all these steps, each only if it is not fresh",
}
"""Every stage with one line for the list."""

FAILED, WRONG_USE = 1, 2


class Command(msgspec.Struct, frozen=True):
    """A stage as the command line knows it.

    `configure` adds its options, `make` makes it of them. One that writes no JSONL has `act`
    instead, which does everything and returns the exit code. `reading` finds the lines of inputs
    that are not all JSONL. `version` is that of what `act` makes, as stages have their own;
    `instructions` are what a model is told, whatever it is asked about.
    """

    help: str
    example: str
    configure: Callable[[argparse.ArgumentParser], None]
    make: Callable[[argparse.Namespace, Doors], Stage] | None = None
    act: Callable[[argparse.Namespace, Doors], int] | None = None
    reading: Callable[[Doors], Callable[[Sequence[str]], Iterator[Line]]] | None = None
    version: int = 1
    instructions: tuple[str, ...] = ()


def main(arguments: Sequence[str], doors: Doors) -> int:
    """Run one command; the exit code: 0, 1 (it failed) or 2 (wrong use)."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = _parsed(list(arguments))
    command: Command = options.command
    try:
        if command.act is not None:
            return command.act(options, doors)
        return _run(command, options, doors)
    except UsageError as fault:
        _say(f"zeta-pipeline {options.stage}: {fault}")
        return WRONG_USE
    except ZetaError as fault:
        _say(f"zeta-pipeline {options.stage}: {fault}")
        return FAILED
    except BrokenPipeError:
        return FAILED  # who read our output has seen enough
    except OSError as fault:
        _say(f"zeta-pipeline {options.stage}: {fault.strerror or fault}: {fault.filename}")
        return FAILED
    except KeyboardInterrupt:
        _say(f"zeta-pipeline {options.stage}: stopped; nothing was written")
        return FAILED


def stage_of(arguments: Sequence[str], doors: Doors) -> Stage | None:
    """The stage that a command line means, None for a command that is none. Wrong use ends all."""
    options = _parsed(list(arguments))
    command: Command = options.command
    return None if command.make is None else command.make(options, doors)


def _run(command: Command, options: argparse.Namespace, doors: Doors) -> int:
    assert command.make is not None
    stage = command.make(options, doors)
    with shown(stage.name, options.inputs, is_wanted=not options.quiet) as progress:
        tally = run(
            stage,
            options.inputs,
            options.output,
            workers=options.workers,
            concurrency=options.concurrency,
            limit=options.limit,
            progress=progress,
            reading=lines if command.reading is None else command.reading(doors),
        )
    if options.json:
        _say(json.dumps(msgspec.to_builtins(tally)))
    elif not options.quiet:
        _say(tally.line(stage.name, options.output))
    return 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="zeta-pipeline",
        description="From captured edits to a scored student, one JSONL stage at a time.",
        epilog="stages:\n"
        + "\n".join(f"  {name:<12} {what}" for name, what in STAGES.items())
        + "\n\nexample:\n  zeta-pipeline filter edits.jsonl -o python.jsonl --language py",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("stage", choices=STAGES, metavar="STAGE", help="one of the stages below")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    name = parser.parse_args(arguments).stage
    command, own = parser_of(name)
    options = own.parse_args(arguments[arguments.index(name) + 1 :])
    options.stage, options.command = name, command
    return options


def parser_of(name: str) -> tuple[Command, "StageParser"]:
    """A stage's command, and what reads its options."""
    module: Any = importlib.import_module(f"pipeline.stages.{name}")
    command: Command = module.COMMAND
    own = StageParser(
        prog=f"zeta-pipeline {name}",
        description=command.help,
        epilog=f"example:\n  {command.example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if command.make is not None:
        _common(own)
    command.configure(own)
    return command, own


class StageParser(argparse.ArgumentParser):
    """Reads the options of one stage; recipes ask it what it takes."""

    def takes(self, option: str) -> argparse.Action | None:
        """What an option (``--min-rows``, ``-n``) is; None if there is none of the name."""
        return self._option_string_actions.get(option)

    def take_files_to_come(self) -> None:
        """From now on files need not be there yet: steps before this one will have written them."""
        for action in self._actions:
            if action.type is existing:
                action.type = str


def _common(parser: argparse.ArgumentParser) -> None:
    """The options of every stage that reads and writes JSONL."""
    parser.add_argument(
        "inputs",
        nargs="*",
        default=[STANDARD],
        metavar="IN.jsonl",
        help="files or URLs, .gz and .zst too; - is standard input",
    )
    parser.add_argument(
        "-o",
        "--output",
        default=STANDARD,
        metavar="OUT.jsonl",
        help="what is dropped goes to OUT.drops.jsonl; - is standard output",
    )
    parser.add_argument("--limit", type=int, metavar="N", help="stop after N lines")
    parser.add_argument("--workers", type=int, metavar="N", help="processes (all cores)")
    parser.add_argument(
        "--concurrency",
        type=int,
        default=16,
        metavar="N",
        help="questions to a model at a time (16)",
    )
    parser.add_argument("--json", action="store_true", help="counts as JSON on standard error")
    parser.add_argument("--quiet", action="store_true", help="no progress and no counts")


def existing(path: str) -> Path:
    """An argument that names a file that is there."""
    if not Path(path).exists():
        raise argparse.ArgumentTypeError(f"there is no {path}")
    return Path(path)
