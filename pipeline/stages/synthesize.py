"""``synthesize``: examples of git commits, typed by an imagined person.

For days without captured edits, and for languages nobody here writes. Examples say that they are
synthetic, and of which commit; see `pipeline.synthesis`.
"""

import argparse
import json
import os
import sys

import msgspec

from pipeline.command import Command
from pipeline.doors import Doors
from pipeline.synthesis.cuts import STYLES
from pipeline.synthesis.making import make
from pipeline.synthesis.repositories import close_all, commits_of, local
from pipeline.synthesis.synthesizing import Synthesize
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


def _act(options: argparse.Namespace, doors: Doors) -> int:
    if min(options.count, options.max_commits, options.samples) < 1:
        raise UsageError("--count, --max-commits and --samples are at least 1")
    stage = Synthesize(
        options.style, options.seed, options.samples, doors.spdx_of, doors.syntax_spans
    )
    workers = options.workers or os.cpu_count() or 1
    try:
        folders = [local(one) for one in options.repo]
        found = ((one, commits_of(one, options.max_commits, options.seed)) for one in folders)
        tally = make(stage, found, options.output, count=options.count, workers=workers)
    finally:
        close_all()
    if options.json:
        sys.stderr.write(json.dumps(msgspec.to_builtins(tally)) + "\n")
    elif not options.quiet:
        sys.stderr.write(tally.line(stage.name, options.output) + "\n")
    return 0


COMMAND = Command(
    help="Make examples of git commits, as if somebody had typed them: in a likely order, with"
    " slips and second thoughts. They are marked as synthetic for ever.",
    example="zeta-pipeline synthesize --repo ~/code/click -o synthetic.jsonl --count 200",
    configure=_configure,
    act=_act,
)
