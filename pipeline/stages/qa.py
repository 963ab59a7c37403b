"""``qa``: a judge's verdict on each prediction."""

import argparse

from pipeline.command import Command
from pipeline.doors import Doors
from pipeline.stage import Stage
from pipeline.teacher.judge import INSTRUCTION, Judge
from pipeline.teacher.options import CONSENT, add_asking, settings_of, whom_of
from pipeline.teacher.stage import AskingRows
from zeta_lsp.core.formats import get


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--judge", required=True, metavar="VENDOR:MODEL", help="openai:gpt-5.2 …")
    parser.add_argument(
        "--max-tokens", type=int, default=1024, metavar="N", help="of a verdict (1024)"
    )
    add_asking(parser)


def _make(options: argparse.Namespace, _: Doors) -> Stage:
    get(options.format)
    asked = whom_of(options.judge, options)
    judge = Judge(asked, options.format, options.max_tokens)
    settings = settings_of(options, asked)
    return AskingRows(judge, asked, settings, allow_private=options.allow_private)


COMMAND = Command(
    help="Have a model judge each prediction: does it revert the person, is it any good.\n\n"
    + CONSENT,
    example="zeta-pipeline qa taught.jsonl -o judged.jsonl --judge openai:gpt-5.2 --batch",
    configure=_configure,
    make=_make,
    instructions=(INSTRUCTION,),
)
