"""``synthesize``: examples of git commits, typed by an imagined person.

For days without captured edits, and for languages nobody here writes. Examples say that they are
synthetic, and of which commit; see `pipeline.synthesis`. Rules say how a commit came about, or a
model does that is asked about each commit once.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence

import msgspec

from pipeline.command import Command
from pipeline.doors import Doors
from pipeline.synthesis.cuts import STYLES
from pipeline.synthesis.instruction import INSTRUCTION
from pipeline.synthesis.making import make
from pipeline.synthesis.reconstructing import Choice, Reconstruct
from pipeline.synthesis.repositories import close_all, commits_of, local
from pipeline.synthesis.synthesizing import Synthesize
from pipeline.tally import Tally
from pipeline.teacher.options import add_asking, settings_of, whom_of
from pipeline.teacher.stage import AskingRows
from zeta_lsp.core.errors import UsageError


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--repo",
        nargs="+",
        action="extend",
        required=True,
        metavar="PATH|URL",
        help="git repositories: folders (bare ones too), or http(s) addresses, copied once",
    )
    parser.add_argument(
        "-o",
        "--output",
        default="-",
        metavar="OUT.jsonl",
        help="commits without an example go to OUT.drops.jsonl; - is standard output",
    )
    parser.add_argument(
        "--count", type=int, default=100, metavar="N", help="examples of a repository at most (100)"
    )
    parser.add_argument(
        "--max-commits", type=int, default=1000, metavar="N", help="the newest N commits (1000)"
    )
    parser.add_argument(
        "--samples", type=int, default=1, metavar="N", help="moments of a commit at most (1)"
    )
    parser.add_argument("--seed", default="0", metavar="S", help="another seed, other examples")
    parser.add_argument(
        "--style", choices=["random", *STYLES], default="random", help="where commits are cut"
    )
    parser.add_argument("--workers", type=int, metavar="N", help="processes (all cores)")
    parser.add_argument("--json", action="store_true", help="counts as JSON on standard error")
    parser.add_argument("--quiet", action="store_true", help="no counts")
    _configure_model(parser)


def _configure_model(parser: argparse.ArgumentParser) -> None:
    model = parser.add_argument_group("by a model instead of rules")
    model.add_argument(
        "--llm",
        metavar="VENDOR:MODEL",
        help="who tells the order and the second thoughts; anthropic:claude-sonnet-4-6 …",
    )
    model.add_argument(
        "--or-rules",
        action="store_true",
        help="rules make what the model's answer does not, instead of a drop",
    )
    model.add_argument(
        "--max-tokens", type=int, default=8192, metavar="N", help="of an answer (8192)"
    )
    model.add_argument(
        "--concurrency", type=int, default=16, metavar="N", help="questions at a time (16)"
    )
    add_asking(parser, has_format=False)


def _act(options: argparse.Namespace, doors: Doors) -> int:
    if min(options.count, options.max_commits, options.samples) < 1:
        raise UsageError("--count, --max-commits and --samples are at least 1")
    if options.or_rules and not options.llm:
        raise UsageError("--or-rules goes with --llm: without a model, rules do it anyhow")
    stage = Synthesize(
        options.style, options.seed, options.samples, doors.spdx_of, doors.syntax_spans
    )
    try:
        folders = [local(one) for one in options.repo]
        found = ((one, commits_of(one, options.max_commits, options.seed)) for one in folders)
        made = _made_by_model if options.llm else _made_by_rules
        tally = made(stage, found, options)
    finally:
        close_all()
    if options.json:
        sys.stderr.write(json.dumps(msgspec.to_builtins(tally)) + "\n")
    elif not options.quiet:
        sys.stderr.write(tally.line(stage.name, options.output) + "\n")
    return 0


_Commits = Iterable[tuple[str, Sequence[str]]]
"""Folders of repositories, each with its commits."""


def _made_by_rules(rules: Synthesize, found: _Commits, options: argparse.Namespace) -> Tally:
    workers = options.workers or os.cpu_count() or 1
    return make(rules, found, options.output, count=options.count, workers=workers)


def _made_by_model(rules: Synthesize, found: _Commits, options: argparse.Namespace) -> Tally:
    whom = whom_of(options.llm, options)
    asker = Reconstruct(rules, whom, options.max_tokens, options.or_rules)
    settings = settings_of(options, whom)
    asking = AskingRows(asker, whom, settings, allow_private=options.allow_private)
    choice = Choice(asking, asker, options.count)
    stage = choice.asked(found)
    return make(stage, choice.commits, options.output, count=options.count)


COMMAND = Command(
    help="Make examples of git commits, as if somebody had typed them: in a likely order, with"
    " slips and second thoughts.\nThey are marked as synthetic for ever.\n\n"
    "With --llm, each commit is sent to the model that you name: its message and its changes,\n"
    "with a few rows around them. Commits without a known licence are dropped instead, unless the\n"
    "model runs on this machine or --allow-private is given. Every answer is kept in --cache;\n"
    "other styles, seeds and samples ask nothing anew about the same commit.",
    example="zeta-pipeline synthesize --repo ~/code/click -o synthetic.jsonl --count 200\n"
    "  zeta-pipeline synthesize --repo ~/code/click -o told.jsonl --count 200 --batch"
    " --llm anthropic:claude-sonnet-4-6",
    configure=_configure,
    act=_act,
    instructions=(INSTRUCTION,),
)
