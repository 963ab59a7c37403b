"""``repair``: have failed predictions mended by a model that is told what is wrong."""

import argparse

from pipeline.command import Command
from pipeline.doors import Doors
from pipeline.stage import Stage
from pipeline.teacher.failings import Bounds
from pipeline.teacher.options import CONSENT, add_asking, settings_of, whom_of
from pipeline.teacher.prompt import INSTRUCTION
from pipeline.teacher.repairing import Repair
from pipeline.teacher.stage import AskingRows
from zeta_lsp.core.formats import get


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model", required=True, metavar="VENDOR:MODEL", help="anthropic:claude-sonnet-4-6 …"
    )
    parser.add_argument(
        "--max-tokens", type=int, default=16_384, metavar="N", help="of an answer (16384)"
    )
    failed = parser.add_argument_group("what counts as failed")
    failed.add_argument(
        "--confidence", type=int, default=2, metavar="1-5", help="the judge's, at most (2)"
    )
    failed.add_argument(
        "--reversal",
        type=float,
        default=0.9,
        metavar="SHARE",
        help="undone of the latest edit (0.9)",
    )
    failed.add_argument(
        "--most-units", type=int, default=100, metavar="N", help="words and signs changed (100)"
    )
    add_asking(parser)


def _make(options: argparse.Namespace, _: Doors) -> Stage:
    get(options.format)
    asked = whom_of(options.model, options)
    bounds = Bounds(
        reversal=options.reversal, confidence=options.confidence, units_max=options.most_units
    )
    repair = Repair(asked, options.format, bounds, options.max_tokens)
    settings = settings_of(options, asked)
    return AskingRows(repair, asked, settings, allow_private=options.allow_private)


COMMAND = Command(
    help="Have failed predictions mended: those that cross the region, take the person's work\n"
    "back, are too large or too small, or that `qa` does not believe in. The failed answer stays,\n"
    "as the rejected half of a pair.\n\n" + CONSENT,
    example="zeta-pipeline repair judged.jsonl -o repaired.jsonl"
    " --model anthropic:claude-sonnet-4-6",
    configure=_configure,
    make=_make,
    instructions=(INSTRUCTION,),
)
