"""``compare``: which of several models is better, and whether that may be chance.

Reads two or more files of the same examples, scored (`score`), one for each model; the first is
what the others are held against. Writes a table, or JSON, and no JSONL. See `metrics.comparison`
for what is compared and `metrics.bootstrap` for the intervals.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

import msgspec

from pipeline.command import Command
from pipeline.doors import Doors
from pipeline.jsonl import lines, row_of
from pipeline.metrics.bootstrap import Estimate
from pipeline.metrics.comparison import Compared, Comparison, Difference, Model, Stratum, comparison
from pipeline.records import Dropped, Row
from zeta_lsp.core.errors import UsageError

RESAMPLES = 2000
FEW_REPOSITORIES = 10
"""With fewer, intervals are too narrow (too few clusters to draw from), which is said."""


def _act(options: argparse.Namespace, _: Doors) -> int:
    names = _names(options.inputs, options.name)
    models = [
        Model(name, {}).read(_rows(source))
        for name, source in zip(names, options.inputs, strict=True)
    ]
    found = comparison(models, seed=options.seed, resamples=options.resamples)
    if not found.strata:
        raise UsageError("no example was scored in every file; run `zeta-pipeline score` first")
    sys.stdout.write(_json(found) if options.json else _text(found))
    return 0


def _names(sources: Sequence[str], given: Sequence[str]) -> list[str]:
    if len(sources) < 2:
        raise UsageError("give two files or more: what is compared, and what with")
    if given and len(given) != len(sources):
        raise UsageError("give as many --name as files, or none")
    stems = [PurePosixPath(source).name.split(".")[0] for source in sources]
    names = list(given) or (stems if len(set(stems)) == len(stems) else list(sources))
    if len(set(names)) != len(names):
        raise UsageError("the same model twice: give each its own --name")
    return names


def _rows(source: str) -> Iterator[Row]:
    for line in lines([source]):
        row = row_of(line)
        if not isinstance(row, Dropped):
            yield row


def _json(found: Comparison) -> str:
    return msgspec.json.format(msgspec.json.encode(found)).decode() + "\n"


def _text(found: Comparison) -> str:
    rows = [
        f"{', '.join(found.models[1:])} against {found.models[0]}",
        "means with 95 % intervals, drawn by repository",
    ]
    for name in found.models:
        gone = f", {found.unpaired[name]} examples without a partner" * bool(found.unpaired[name])
        gone += f", {found.unscored[name]} without a score" * bool(found.unscored[name])
        rows.append(f"  {name}: {found.predictions[name]} predictions{gone}")
    for stratum in found.strata:
        rows += ["", *_table(stratum, found.models)]
    return "\n".join(rows) + "\n"


def _table(stratum: Stratum, models: Sequence[str]) -> Iterator[str]:
    few = " - too few for its intervals" if stratum.repositories < FEW_REPOSITORIES else ""
    title = stratum.of if stratum.by == "all" else f"{stratum.by} {stratum.of}"
    yield f"{title}: {stratum.examples} examples of {stratum.repositories} repositories{few}"
    yield from _aligned([_row(figure, models) for figure in stratum.figures], models)


def _aligned(body: Sequence[Sequence[str]], models: Sequence[str]) -> Iterator[str]:
    head = ["", *models, *(f"{name} - {models[0]}" for name in models[1:])]
    widths = [max(map(len, column)) for column in zip(head, *body, strict=True)]
    for row in [head, *body]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  " + "  ".join(cells).rstrip()


def _row(figure: Compared, models: Sequence[str]) -> list[str]:
    against = {one.model: one for one in figure.differences}
    means = [_mean(figure.means.get(name)) for name in models]
    return [figure.measure.title, *means, *(_change(against.get(name)) for name in models[1:])]


def _mean(estimate: Estimate | None) -> str:
    if estimate is None:
        return "-"
    return f"{estimate.mean:.3f}{_interval(estimate, '.3f')}"


def _change(one: Difference | None) -> str:
    if one is None:
        return "-"
    verdict = "" if one.verdict == "unclear" else f" {one.verdict}"
    return f"{one.estimate.mean:+.3f}{_interval(one.estimate, '+.3f')}{verdict}"


def _interval(estimate: Estimate, form: str) -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    return f" [{estimate.low:{form}}, {estimate.high:{form}}]"


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("inputs", nargs="+", metavar="SCORED.jsonl", help="one file for each model")
    parser.add_argument(
        "--name", action="append", default=[], help="what to call a model, in the files' order"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the draws (0)")
    parser.add_argument(
        "--resamples", type=int, default=RESAMPLES, metavar="N", help=f"draws ({RESAMPLES})"
    )
    parser.add_argument("--json", action="store_true", help="everything, as JSON")


COMMAND = Command(
    help="Compare models on the same scored examples, with intervals clustered by repository.",
    example="zeta-pipeline compare old.scored.jsonl new.scored.jsonl",
    configure=_configure,
    act=_act,
)
