"""The page: one HTML file that asks nobody for anything and runs nothing.

Jinja2 escapes whatever is put into the page; before that, `visible` shows what cannot be seen. The
page's own policy forbids scripts and every request, should anything get through all the same.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from markupsafe import Markup

from pipeline.metrics.comparison import Comparison
from pipeline.reporting import charts
from pipeline.reporting.documents import Run
from pipeline.reporting.facts import Facts
from pipeline.reporting.reading import Input
from pipeline.reporting.scoring import Scoring, evaluated, number, scoring_of
from pipeline.reporting.sides import Sides, sides_of
from pipeline.reporting.view import (
    Bars,
    Leaks,
    Table,
    Tile,
    Yield,
    chrf_bars,
    digest_of,
    dropped_of,
    duplicates_of,
    histograms_of,
    leaks_of,
    period_of,
    redactions_of,
    tables_of,
    tiles_of,
    yields_of,
)
from pipeline.reporting.visible import visible
from pipeline.reporting.worst import Case

HERE = Path(__file__).parent


class Curve(msgspec.Struct, frozen=True):
    """The losses of a training run, by name: points of step and loss."""

    title: str
    series: dict[str, list[tuple[float, float]]]
    note: str = ""


class Shown(msgspec.Struct, frozen=True):
    """A worst case with its texts side by side."""

    case: Case
    sides: Sides
    where: str


class Report(msgspec.Struct, frozen=True):
    """Everything that a report says."""

    title: str
    date: str
    digest: str
    period: str
    inputs: list[Input]
    has_code: bool
    has_names: bool
    tiles: list[Tile]
    yields: list[Yield]
    dropped: Table
    tables: list[Table]
    duplicates: Table
    redactions: list[Table]
    leaks: list[Leaks]
    scorings: list[Scoring]
    chrf: list[Bars]
    histograms: list[Bars]
    curves: list[Curve]
    worst: list[Shown]
    unreadable: list[str]


def report_of(
    facts: Facts,
    inputs: Sequence[Input],
    comparisons: Sequence[Comparison],
    *,
    title: str,
    date: str,
) -> Report:
    """What is to be said of the facts. `comparisons` are those of the board's models."""
    return Report(
        title=title,
        date=date,
        digest=digest_of(inputs),
        period=period_of(facts),
        inputs=list(inputs),
        has_code=facts.sharing.has_code,
        has_names=facts.sharing.has_names,
        tiles=tiles_of(facts),
        yields=yields_of(facts),
        dropped=dropped_of(facts),
        tables=list(tables_of(facts)),
        duplicates=duplicates_of(facts),
        redactions=redactions_of(facts),
        leaks=leaks_of(facts),
        scorings=_scorings(facts, comparisons),
        chrf=[chrf_bars(one.model.name, one.bins) for one in facts.board.named() if any(one.bins)],
        histograms=histograms_of(facts),
        curves=[_curve(file, run, facts) for file, run in facts.documents.runs if run.curves()],
        worst=[_shown(case) for case in facts.worst.cases()],
        unreadable=facts.documents.unreadable,
    )


def _scorings(facts: Facts, comparisons: Sequence[Comparison]) -> list[Scoring]:
    say, documents = facts.sharing, facts.documents
    found = [evaluated(one, f"Evaluation ({file})", say) for file, one in documents.evaluations]
    compared = [("Scored predictions", one) for one in comparisons]
    compared += [(f"Comparison ({file})", one) for file, one in documents.comparisons]
    tables = (scoring_of(one, title, say) for title, one in compared)
    return found + [one for one in tables if one is not None]


def _curve(file: str, run: Run, facts: Facts) -> Curve:
    base, files = facts.sharing.model(run.base_name), run.data.files
    rows = (
        f", {sum(one.rows for one in files):,} rows of {len(files):,} file{'s' * (len(files) != 1)}"
        if files
        else ""
    )
    recipe = facts.sharing.word(run.recipe_name, ())
    of = f"Of {base or 'a model that is not named'}, recipe {recipe}{rows}."
    return Curve(f"Training ({file})", run.curves(), of)


def _shown(case: Case) -> Shown:
    return Shown(case, sides_of(case), f"{case.place.file}, line {case.place.line:,}")


def html_of(report: Report) -> str:
    """The page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals.update(
        charts=charts,
        number=number,
        bins_of=lambda bars: [charts.Bin(*one) for one in bars.bins],
        style=Markup((HERE / "page.css").read_text()),  # noqa: S704 - ours, not of any input
    )
    return environment.get_template("page.html.jinja").render(report=report)


def _finalized(value: Any) -> Any:
    """What an expression of the template comes to; text gets its invisible parts shown."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else visible(value)
