"""``distill``: make the teacher's answers, repaired, what the student is to write."""

import argparse

from pipeline.command import Command
from pipeline.doors import Doors
from pipeline.teacher.distilling import Distill
from zeta_lsp.core.errors import UsageError


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--most", type=int, default=3, metavar="N", help="answers for each example at most (3)"
    )


def _make(options: argparse.Namespace, _: Doors) -> Distill:
    if options.most < 1:
        raise UsageError("--most is at least 1")
    return Distill(options.most)


COMMAND = Command(
    help="Make the teacher's answers, repaired where they failed, the expected patches.",
    example="zeta-pipeline distill repaired.jsonl -o distilled.jsonl",
    configure=_configure,
    make=_make,
)
