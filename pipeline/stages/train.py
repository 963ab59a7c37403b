"""``train``: a student from formatted rows, and what it should prefer.

Demonstrations first (`prompt.expected_output`), then, if the recipe says so, preferences (DPO) or
verdicts (KTO). Loss is on answers and their end alone. `training.encoding` says where an answer
begins, `training.folder` what a killed run leaves and how the same command goes on,
`training.card` what is told of the result.
"""

import argparse
import json
import sys
from pathlib import Path

import msgspec

from pipeline.command import FAILED, Command
from pipeline.doors import Doors
from pipeline.training.census import receipt_digest
from pipeline.training.folder import RunFolder
from pipeline.training.job import Job, Prepared, Trained, merge, prepared, train
from pipeline.training.libraries import hush, loaded
from pipeline.training.recipe import Recipe, names, recipe_of
from pipeline.training.sources import sources_of
from zeta_lsp.core.errors import UsageError


def _act(options: argparse.Namespace, _: Doors) -> int:
    if options.tainted_by:
        return _tainted(options)
    job = _job(options)
    if options.output is None and not options.plan:
        raise UsageError("say where to: -o FOLDER")
    for name in ("torch", "transformers", "trl", "peft"):
        loaded(name)
    hush()
    if options.plan:
        return _planned(prepared(job), options)
    folder = RunFolder(Path(options.output))
    try:
        with folder.held():
            return _trained(job, folder, options)
    except KeyboardInterrupt:
        sys.stderr.write("zeta-pipeline train: stopped; the same command goes on\n")
        return FAILED


def _trained(job: Job, folder: RunFolder, options: argparse.Namespace) -> int:
    from pipeline.training.card import CARD, write_card

    ready = prepared(job)
    if options.restart:
        folder.empty()
    folder.claim(ready.fingerprint, ready.told)
    card = folder.read(CARD)
    if card is None:
        card = write_card(ready, _done(ready, folder, options), folder)
    elif job.is_merged and "model" not in card["results"]:
        card = {**card, "results": [*card["results"], *merge(ready, folder)]}
        folder.write(CARD, card)
    if options.json:
        sys.stdout.write(json.dumps(card) + "\n")
    elif not options.quiet:
        steps = ", ".join(f"{count} steps of {name}" for name, count in card["steps"].items())
        sys.stderr.write(f"train: {steps} -> {folder.path}/{card['results'][-1]}\n")
    return 0


def _done(ready: Prepared, folder: RunFolder, options: argparse.Namespace) -> Trained:
    if not options.quiet:
        for name, data in ready.data.items():
            lost = "".join(f", {count} {word}" for word, count in data.reasons.most_common())
            sys.stderr.write(f"train: {name}: {len(data.lessons)} samples{lost}\n")
    is_shown = not options.quiet and sys.stderr.isatty()
    return train(ready, folder, is_shown=is_shown)


def _planned(ready: Prepared, options: argparse.Namespace) -> int:
    from pipeline.training.planning import plan_of

    plan = plan_of(ready)
    told = {**msgspec.to_builtins(plan), "memory_bytes": plan.memory_bytes}
    sys.stdout.write(json.dumps(told) + "\n" if options.json else plan.text())
    return 0


def _tainted(options: argparse.Namespace) -> int:
    """Name the folders whose model learned under a consent."""
    from pipeline.training.card import tainted

    digests = [receipt_digest(one) for one in options.tainted_by]
    for name in options.inputs:
        found = tainted(RunFolder(Path(name)), digests)
        if found:
            sys.stdout.write(f"{name}: {sum(found.values())} rows\n")
    return 0


def _job(options: argparse.Namespace) -> Job:
    if options.samples < 1:
        raise UsageError("--samples is at least 1")
    if options.recipe is None:
        raise UsageError(f"say how: --recipe {'|'.join(names())}, or a FILE.toml")
    recipe = recipe_of(options.recipe, _changes(options))
    base = options.base or recipe.base
    if not base:
        raise UsageError(f"recipe {recipe.name} names no model: give --base")
    return Job(
        base=base,
        recipe=recipe if base == recipe.base else _of_another(recipe),
        sources=sources_of(options.inputs, options.mix or ()),
        preferred=sources_of(options.preferences, ()) if options.preferences else (),
        seed=options.seed,
        answers=options.samples,
        is_merged=options.merge,
        limit=options.limit,
    )


def _of_another(recipe: Recipe) -> Recipe:
    """The recipe for another model than its own, whose licence it cannot know."""
    return msgspec.structs.replace(recipe, licence="") if recipe.base else recipe


def _changes(options: argparse.Namespace) -> list[str]:
    """What options say of the recipe."""
    found = list(options.set)
    for key, value in (("sft.steps", options.steps), ("max_tokens", options.max_tokens)):
        if value is not None:
            found.append(f"{key}={value}")
    if options.then is not None:
        found.append(f'preference.method="{options.then}"')
    return found


def _configure(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("inputs", nargs="*", metavar="IN.jsonl", help="rows of `format`, each used once an epoch")
    add("-o", "--output", metavar="FOLDER", help="where checkpoints, the result and its card go")
    add("--recipe", metavar="NAME", help=f"{', '.join(names())}, or a FILE.toml")
    add("--base", metavar="MODEL", help="a folder or a name; the recipe's own if not given")
    add("--set", action="append", default=[], metavar="KEY=VALUE", help="change the recipe")
    add("--then", choices=("none", "dpo", "kto"), help="what follows, if not as the recipe says")
    add("--seed", type=int, default=0, metavar="N", help="of everything that is drawn (0)")
    add("--steps", type=int, metavar="N", help="of demonstrations, instead of epochs")
    add("--merge", action="store_true", help="write LoRA merged into the weights, too")
    add("--plan", action="store_true", help="print tokens, steps and memory, and train nothing")
    add("--restart", action="store_true", help="throw away what the folder holds of a run")
    add("--json", action="store_true", help="the card, or the plan, as JSON on standard output")
    add("--quiet", action="store_true", help="no progress and no counts")
    _configure_data(parser)


def _configure_data(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("data").add_argument
    add("--mix", nargs="+", metavar="FILE=SHARE", help="files by their share of what is drawn")
    add("--preferences", nargs="+", metavar="FILE", help="for DPO and KTO, if not the same rows")
    add("--samples", type=int, default=1, metavar="N",
        help="answers of a row, from zeta.expected_outputs (1)")  # fmt: skip
    add("--max-tokens", type=int, metavar="N", help="drop what is longer, prompt and answer")
    add("--limit", type=int, metavar="N", help="no more than N rows of each file")
    add("--tainted-by", nargs="+", metavar="RECEIPT",
        help="train nothing: of the folders IN, name those trained under a consent")  # fmt: skip


COMMAND = Command(
    help="Train a student on formatted rows: demonstrations, then preferences if wanted.",
    example="zeta-pipeline train train.jsonl -o student --recipe seed-coder-8b --merge\n"
    "  zeta-pipeline train --mix distilled.jsonl=0.7 settled.jsonl=0.3 -o student"
    " --recipe seed-coder-8b --then dpo\n"
    "  zeta-pipeline train train.jsonl --recipe seed-coder-8b --plan",
    configure=_configure,
    act=_act,
)
