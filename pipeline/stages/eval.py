"""``eval``: hand-written cases against models and baselines, the worst answers first.

Cases are those that are shipped, or any that ``read`` reads. Each says what comes next, or that
nothing does. Models are the baselines, a student that is asked as ``predict`` asks it, whoever
answered in the cases' own rows, and a previous model out of a former output. Everybody is scored as
``score`` does it; then a table with intervals (`evaluation.summary`), and the worst answers.

Output rows are the cases with ``predictions`` and ``score``, and ``zeta.eval`` with what they come
to. The table goes to standard output, or to standard error where the rows go there.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

import msgspec

from pipeline.command import FAILED, Command
from pipeline.doors import Doors
from pipeline.evaluation.answering import (
    BASELINES,
    NOTHING,
    REPEAT,
    Answers,
    asked,
    brought,
    former,
    repeated,
    silence,
)
from pipeline.evaluation.cases import Cases, EvalCase, cases_of
from pipeline.evaluation.gates import Gate, gates
from pipeline.evaluation.guarding import Guarding, held_back
from pipeline.evaluation.judging import JudgedCase, judged
from pipeline.evaluation.showing import shown
from pipeline.evaluation.summary import Summary, summary, told
from pipeline.evaluation.table import table
from pipeline.jsonl import STANDARD, Beside, drop_of, line_of, output
from pipeline.teacher.options import CONSENT, add_asking, settings_of, whom_of
from pipeline.teacher.predicting import Sampling, Student
from pipeline.teacher.stage import AskingRows
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.formats import get

RESAMPLES = 2000
SHOWN = 5
PREVIOUS = "previous"


def _act(options: argparse.Namespace, doors: Doors) -> int:
    cases = cases_of(options.inputs, doors.captured)
    if not cases.found:
        raise UsageError("none of that is a case; `zeta-pipeline read` says why")
    answers, previous = _answers(options, doors, cases.found)
    if options.as_shown:
        guarding = Guarding(get(options.format), doors.syntax_errors)
        answers = [guarding.shown(one, cases.found) for one in answers]
    scored = [judged(one, answers, doors.syntax_errors) for one in cases.found]
    found = summary(
        scored,
        [one.model for one in answers],
        previous=previous,
        seed=options.seed,
        resamples=options.resamples,
    )
    passed = gates(found, has_previous=previous is not None, slack=options.slack)
    _write(options, scored, cases, _summary(found, passed))
    _tell(options, found, passed)
    if not options.quiet:
        sys.stderr.writelines([*_dropped(cases), *_held_back(answers)])
    return FAILED if options.gate and not all(one.passed for one in passed) else 0


def _answers(
    options: argparse.Namespace, doors: Doors, cases: Sequence[EvalCase]
) -> tuple[list[Answers], str | None]:
    """Everybody's, each under a name of its own, and the name of the previous model."""
    names = options.model or list(BASELINES)
    found = [silence(cases)] if NOTHING in names else []
    if REPEAT in names:
        found.append(repeated(cases, doors.predictor(Endpoint(kind="repeat"))))
    if options.previous is not None:
        found.append(_renamed(former(options.previous, options.previous_model)))
    known = {*BASELINES, *(one.model for one in found)}
    found += [one for one in brought(cases) if one.model not in known]
    if options.student is not None:
        name = options.name or options.student
        if name in {*BASELINES, PREVIOUS, *(one.model for one in found)}:
            raise UsageError(f"another model is called {name}: name the student with --as")
        found.append(asked(cases, name, _student(options)))
    return found, PREVIOUS if options.previous is not None else None


def _renamed(answers: Answers) -> Answers:
    said = {
        key: [{**one, "provider": PREVIOUS} for one in some]
        for key, some in answers.by_case.items()
    }
    return Answers(PREVIOUS, said)


def _student(options: argparse.Namespace) -> AskingRows:
    if options.samples < 1:
        raise UsageError("--samples is at least 1")
    get(options.format)
    whom = whom_of(f"completions:{options.student}", options)
    temperature = options.temperature
    if temperature is None:
        temperature = 1.0 if options.samples > 1 else 0.0
    sampling = Sampling(options.samples, temperature, None, options.sample_seed, options.max_tokens)
    return AskingRows(
        Student(whom, options.format, sampling),
        whom,
        settings_of(options, whom),
        allow_private=options.allow_private,
    )


def _summary(found: Summary, passed: Sequence[Gate]) -> bytes:
    row = told(found, [msgspec.to_builtins(one) for one in passed])
    return msgspec.json.format(msgspec.json.encode(row)) + b"\n"


def _write(
    options: argparse.Namespace, scored: Sequence[JudgedCase], cases: Cases, summed: bytes
) -> None:
    if options.output is not None:
        with output(options.output) as out:
            for one in scored:
                out.row(line_of(one.row))
            for line, dropped in cases.dropped:
                out.drop(drop_of(line, dropped))
    if options.summary is not None:
        beside = Beside(options.summary)
        try:
            beside.write(summed)
            beside.keep()
        finally:
            beside.discard()
    if options.json:
        _stream(options).write(summed.decode())
        _stream(options).flush()


def _tell(options: argparse.Namespace, found: Summary, passed: Sequence[Gate]) -> None:
    stream = _stream(options)
    if not options.json and not options.quiet:
        stream.write(table(found))
        stream.write(shown(found.worst[: options.show], in_colour=stream.isatty()))
    if options.gate:
        sys.stderr.writelines(_gates(passed))


def _dropped(cases: Cases) -> Iterator[str]:
    reasons = [dropped.reason for _, dropped in cases.dropped]
    if reasons:
        counted = ", ".join(f"{reasons.count(one)} {one}" for one in sorted(set(reasons)))
        yield f"eval: {len(reasons)} are no cases ({counted})\n"


def _held_back(answers: Iterable[Answers]) -> Iterator[str]:
    for one in answers:
        reasons = held_back(one)
        if reasons:
            counted = ", ".join(f"{count} {word}" for word, count in sorted(reasons.items()))
            yield f"eval: {reasons.total()} answers of {one.model} are not shown ({counted})\n"


def _gates(passed: Sequence[Gate]) -> Iterator[str]:
    for one in passed:
        yield f"gate {one.name} {'passed' if one.passed else 'FAILED'}: {one.line}\n"


def _stream(options: argparse.Namespace) -> TextIO:
    """Where the table goes: beside the rows, not among them."""
    return sys.stderr if options.output == STANDARD else sys.stdout


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "inputs", nargs="*", metavar="CASES", help="folders, .md or .jsonl (the shipped cases)"
    )
    parser.add_argument("-o", "--output", metavar="OUT.jsonl", help="scored rows; - is allowed")
    parser.add_argument("--summary", type=Path, metavar="FILE.json", help="all figures, as JSON")
    _configure_models(parser.add_argument_group("models"))
    _configure_telling(parser.add_argument_group("what is told"))
    add_asking(parser)
    parser.add_argument(
        "--concurrency", type=int, default=16, metavar="N", help="questions at a time (16)"
    )


def _configure_models(who: argparse._ArgumentGroup) -> None:
    who.add_argument(
        "--model",
        action="append",
        choices=BASELINES,
        help="a baseline that is wanted, again for another (both)",
    )
    who.add_argument("--student", metavar="MODEL", help="a model at --url, as in `predict`")
    who.add_argument("--as", dest="name", metavar="NAME", help="what to call the student")
    who.add_argument("--previous", metavar="FILE", help="a former output, compared with")
    who.add_argument("--previous-model", metavar="NAME", help="which model of it, if several")
    who.add_argument("-n", "--samples", type=int, default=1, metavar="N", help="answers each (1)")
    who.add_argument("--temperature", type=float, metavar="T", help="0, or 1 for several samples")
    who.add_argument("--sample-seed", type=int, default=0, metavar="N", help="of the first (0)")
    who.add_argument("--max-tokens", type=int, metavar="N", help="of an answer")


def _configure_telling(what: argparse._ArgumentGroup) -> None:
    what.add_argument(
        "--show", type=int, default=SHOWN, metavar="N", help=f"so many of the worst ({SHOWN})"
    )
    what.add_argument(
        "--as-shown", action="store_true", help="what the server's guard stops counts as silence"
    )
    what.add_argument("--json", action="store_true", help="all figures instead of the table")
    what.add_argument("--quiet", action="store_true", help="no table")
    what.add_argument("--gate", action="store_true", help="status 1 if a gate fails, and say which")
    what.add_argument(
        "--slack", type=float, default=0.0, metavar="X", help="how much worse a gate lets be (0)"
    )
    what.add_argument("--seed", type=int, default=0, metavar="N", help="of the draws (0)")
    what.add_argument(
        "--resamples", type=int, default=RESAMPLES, metavar="N", help=f"draws ({RESAMPLES})"
    )


COMMAND = Command(
    help="Run hand-written cases against models and baselines; the worst answers come first.\n\n"
    + CONSENT,
    example="zeta-pipeline eval -o judged.jsonl --student zeta-2.1 --url http://127.0.0.1:8080\n"
    "  zeta-pipeline eval evals/ --student next --url http://127.0.0.1:8080"
    " --previous judged.jsonl --gate",
    configure=_configure,
    act=_act,
)
