"""``predict``: what a teacher or a student would do next, once or several times."""

import argparse

from pipeline.command import Command
from pipeline.doors import Doors
from pipeline.stage import Stage
from pipeline.teacher.options import CONSENT, add_asking, settings_of, whom_of
from pipeline.teacher.predicting import Sampling, Student, Teacher
from pipeline.teacher.prompt import INSTRUCTION
from pipeline.teacher.stage import AskingRows
from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.formats import get


def _configure(parser: argparse.ArgumentParser) -> None:
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument(
        "--teacher",
        metavar="VENDOR:MODEL",
        help="a large model, asked in words; e.g. openai:gpt-5.4",
    )
    who.add_argument(
        "--student", metavar="MODEL", help="a model at --url, asked in its own prompt format"
    )
    drawn = parser.add_argument_group("sampling")
    drawn.add_argument("-n", "--samples", type=int, default=1, metavar="N", help="answers each (1)")
    drawn.add_argument(
        "--temperature", type=float, metavar="T", help="of students: 0, or 1 for several samples"
    )
    drawn.add_argument("--top-p", type=float, metavar="P", help="left to the model if not given")
    drawn.add_argument("--seed", type=int, default=0, metavar="N", help="of the first sample (0)")
    drawn.add_argument("--max-tokens", type=int, metavar="N", help="of an answer")
    drawn.add_argument(
        "--logprobs",
        action=argparse.BooleanOptionalAction,
        help="how sure it was; asked of students unless told otherwise",
    )
    add_asking(parser)


def _make(options: argparse.Namespace, _: Doors) -> Stage:
    if options.samples < 1:
        raise UsageError("--samples is at least 1")
    get(options.format)
    is_student = options.student is not None
    name = f"completions:{options.student}" if is_student else options.teacher
    asked = whom_of(name, options)
    if not is_student and asked.vendor == "completions":
        raise UsageError("a teacher is asked in words: use chat:MODEL, or --student MODEL")
    sampling = Sampling(
        options.samples,
        _temperature(options),
        options.top_p,
        options.seed,
        options.max_tokens,
        options.logprobs,
    )
    make = Student if is_student else Teacher
    return AskingRows(
        make(asked, options.format, sampling),
        asked,
        settings_of(options, asked),
        allow_private=options.allow_private,
    )


def _temperature(options: argparse.Namespace) -> float | None:
    given: float | None = options.temperature
    if given is not None or options.student is None:
        return given  # vendors' newer models refuse any
    return 1.0 if options.samples > 1 else 0.0


COMMAND = Command(
    help="Have a teacher or a student predict the next edit of each example.\n\n" + CONSENT,
    example="zeta-pipeline predict edits.jsonl -o taught.jsonl"
    " --teacher anthropic:claude-sonnet-4-6 -n 3 --batch\n"
    "  zeta-pipeline predict settled.jsonl -o sampled.jsonl"
    " --student zeta-2.1 --url http://127.0.0.1:8080 -n 50",
    configure=_configure,
    make=_make,
    instructions=(INSTRUCTION,),
)
