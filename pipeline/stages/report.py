"""``report``: one page about a data set and an evaluation, from whatever the stages left behind.

Give it any mixture of files: examples, drops, scored rows, what `split`, `settle`, `eval` and
`compare` write as JSON, the card of a training run. What each of them is, is told by what stands in
it (`pipeline.reporting.kinds`). The inputs are read once and nothing is kept but counts, a few
numbers for each score, and the worst cases.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline.command import Command
from pipeline.doors import Doors
from pipeline.jsonl import STANDARD, Beside
from pipeline.progress import shown
from pipeline.reporting.facts import Facts
from pipeline.reporting.reading import Input, gathered
from pipeline.reporting.sharing import Sharing
from pipeline.running import again
from zeta_lsp.core.errors import UsageError

RESAMPLES = 1000
DROPS = ".drops.jsonl"
WORST = 20


def _act(options: argparse.Namespace, _: Doors) -> int:
    try:
        import jinja2  # noqa: F401 - asked for before anything is read
    except ImportError:
        raise UsageError("pip install 'zeta-lsp[pipeline]' (it needs jinja2)") from None
    if options.no_code and options.names:
        raise UsageError("--no-code leaves names out, and --names asks for them")
    options.inputs = [one for one in options.inputs if not _dropped_nothing(one)]
    facts = Facts(Sharing(not options.no_code, options.names), options.worst)
    inputs = _read(options, facts)
    if not any(one.records for one in inputs):
        raise UsageError("nothing is in these files")
    _write(options, facts, inputs)
    if options.json:
        sys.stderr.write(f"{json.dumps(_told(facts, inputs))}\n")
    elif not options.quiet:
        sys.stderr.write(f"report: {_summary(facts, inputs)} -> {options.output}\n")
    return 0


def _read(options: argparse.Namespace, facts: Facts) -> list[Input]:
    names = _names(_from_beside(options.inputs, options.output), facts.sharing)
    with again(options.inputs) as sources:
        _check(sources, names)
        with shown("report", sources, is_wanted=not options.quiet) as progress:
            return gathered(sources, names, facts, progress)


def _dropped_nothing(source: str) -> bool:
    """A drops file that is not there beside its output: nothing was dropped."""
    output = Path(source.removesuffix(DROPS) + ".jsonl")
    return source.endswith(DROPS) and not Path(source).exists() and output.exists()


def _from_beside(sources: Sequence[str], page: str) -> list[str]:
    """Files as they are to be found from the page, so that a folder that is moved has the same."""
    folder = (Path.cwd() if page == STANDARD else Path(page).parent).absolute()
    return [one if one == STANDARD else _below(folder, one) for one in sources]


def _below(folder: Path, source: str) -> str:
    path = Path(source).absolute()
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else source


def _names(sources: Sequence[str], sharing: Sharing) -> list[str]:
    """What the inputs are called: without code, folders are numbers, and one folder is nothing."""
    folders = list(dict.fromkeys(Path(one).parent for one in sources if one != STANDARD))
    return [_name(one, folders, sharing) for one in sources]


def _name(source: str, folders: Sequence[Path], sharing: Sharing) -> str:
    if source == STANDARD:
        return "standard input"
    is_told = sharing.has_code or len(folders) == 1
    number = "" if is_told else f"{folders.index(Path(source).parent) + 1}/"
    return f"{number}{sharing.file(source)}"


def _check(sources: Sequence[str], names: Sequence[str]) -> None:
    for source, name in zip(sources, names, strict=True):
        if not Path(source).is_file():
            raise UsageError(f"there is no file {name}")


def _write(options: argparse.Namespace, facts: Facts, inputs: list[Input]) -> None:
    from pipeline.reporting.card import card_of
    from pipeline.reporting.page import html_of, report_of

    comparisons = facts.board.comparisons(options.seed, options.resamples)
    report = report_of(facts, inputs, comparisons, title=options.title, date=options.date)
    page = html_of(report).encode()
    if options.card is not None:
        _put(options.card, card_of(report).encode())
    if options.output == STANDARD:
        sys.stdout.buffer.write(page)
    else:
        _put(options.output, page)


def _put(path: str, data: bytes) -> None:
    file = Beside(Path(path))
    try:
        file.write(data)
        file.keep()
    finally:
        file.discard()


def _summary(facts: Facts, inputs: Sequence[Input]) -> str:
    broken = sum(one.broken.total() for one in inputs)
    rest = f", {broken} broken lines" if broken else ""
    drops = facts.dropped.total()
    return f"{len(inputs)} inputs, {facts.census.examples} examples, {drops} drops{rest}"


def _told(facts: Facts, inputs: Sequence[Input]) -> dict[str, object]:
    """The counts, for programs."""
    return {
        "examples": facts.census.examples,
        "rows": facts.census.rows,
        "dropped": dict(sorted(facts.dropped.items())),
        "leaks": sum(split.count for _, split in facts.documents.splits),
        "broken": sum(one.broken.total() for one in inputs),
        "inputs": [{"file": one.name, "sha256": one.digest, **one.records} for one in inputs],
    }


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("none or more")
    return number


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "inputs", nargs="+", metavar="FILE", help="JSONL and JSON of any stages; .gz and .zst too"
    )
    parser.add_argument("-o", "--output", default="report.html", metavar="OUT.html")
    parser.add_argument("--card", metavar="OUT.md", help="the same numbers as Markdown")
    parser.add_argument("--title", default="Data and evaluation", help="the page's title")
    parser.add_argument("--date", default="", help="written on the page; without it no date is")
    parser.add_argument(
        "--worst", type=_count, default=WORST, metavar="N", help=f"worst cases shown ({WORST})"
    )
    parser.add_argument(
        "--no-code", action="store_true", help="no text of any example: counts only, to be shared"
    )
    parser.add_argument("--names", action="store_true", help="name repositories and persons")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the draws (0)")
    parser.add_argument(
        "--resamples", type=_count, default=RESAMPLES, metavar="N", help=f"draws ({RESAMPLES})"
    )
    parser.add_argument("--json", action="store_true", help="counts as JSON on standard error")
    parser.add_argument("--quiet", action="store_true", help="no progress and no counts")


COMMAND = Command(
    help="Write one HTML page about data, drops, leaks, scores and training, and a Markdown card.",
    example="zeta-pipeline report data/*.jsonl leaks.json scored.jsonl -o report.html --no-code",
    configure=_configure,
    act=_act,
)
