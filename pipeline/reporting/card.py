"""The report as Markdown: the numbers without the pictures and without anybody's code.

It is meant to lie beside the data, as a data card. Cells are escaped for Markdown and for HTML.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from pipeline.reporting.page import Report
from pipeline.reporting.scoring import Measured
from pipeline.reporting.view import Leaks, Table
from pipeline.reporting.visible import visible

_SPECIAL = re.compile(r"([\\`*_\[\]|<>&#~$!])")


def card_of(report: Report) -> str:
    """The card."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {_plain(report.title)}"
    yield ""
    for one in report.tiles:
        note = f" ({_plain(one.note)})" if one.note else ""
        yield f"- {_plain(one.label)}: **{_plain(one.value)}**{note}"
    if report.period:
        yield f"- period: {_plain(report.period)}"
    if report.date:
        yield f"- made: {_plain(report.date)}"
    yield f"- digest of all inputs: `{report.digest}`"
    yield from _yield(report)
    if report.leaks:
        yield from ("", "## Leaks")
    for leaks in report.leaks:
        yield from _leaks(leaks)
    yield from _scores(report)
    for table in (*report.tables, report.duplicates, *report.redactions):
        yield from _counts(table)
    yield from _inputs(report)


def _yield(report: Report) -> Iterator[str]:
    if report.yields:
        rows = [
            (one.name, f"{one.given:,}", f"{one.given - one.kept:,}", f"{one.kept:,}")
            for one in report.yields
        ]
        yield from _table("Yield", ("output", "rows in", "dropped", "kept"), rows)
    if report.dropped.bars:
        drops = [(one.name, f"{one.count:,}", one.meaning) for one in report.dropped.bars]
        yield from _table("Dropped", ("reason", "rows", "meaning"), drops)


def _leaks(leaks: Leaks) -> Iterator[str]:
    yield from ("", f"**{'✗' if leaks.count else '✓'} {_plain(leaks.verdict)}.**")
    if leaks.kinds:
        rows = [(one.name, f"{one.count:,}") for one in leaks.kinds]
        yield from _table("", ("what is on two sides", "how often"), rows)


def _scores(report: Report) -> Iterator[str]:
    for scoring in report.scorings:
        yield from ("", f"## {_plain(scoring.title)}", "", _plain(scoring.note))
        yield from _measures("", scoring.measures)
        for group in scoring.groups:
            yield from _measures(group.title, group.rows)


def _measures(title: str, measures: Sequence[Measured]) -> Iterator[str]:
    rows = [
        (one.title, mean.model, mean.said, mean.interval, mean.change, mean.verdict)
        for one in measures
        for mean in one.means
    ]
    head = ("", "model", "mean", "95 % interval", "against the first", "verdict")
    yield from _table(title, head, rows, level=3)


def _counts(table: Table) -> Iterator[str]:
    rows = [(one.name, f"{one.count:,}", f"{one.share:.1%}") for one in table.bars]
    rows += [(f"{table.more} more", f"{table.more_count:,}", "")] if table.more else []
    if rows:
        yield from _table(table.title, ("", "examples", "share"), rows)


def _inputs(report: Report) -> Iterator[str]:
    rows = [
        (
            one.name,
            ", ".join(f"{count:,} × {kind}" for kind, count in one.records.items()),
            ", ".join(f"{count:,} {reason}" for reason, count in one.broken.items()),
            one.digest,
        )
        for one in report.inputs
    ]
    yield from _table("Inputs", ("file", "what is in it", "broken", "SHA-256"), rows)


def _table(
    title: str, head: Sequence[str], rows: Iterable[Sequence[str]], level: int = 2
) -> Iterator[str]:
    if title:
        yield from ("", f"{'#' * level} {_plain(title)}")
    yield from ("", f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}")
    for row in rows:
        yield f"| {' | '.join(map(_plain, row))} |"


def _plain(text: str) -> str:
    """Text that means nothing in Markdown, in one line."""
    return _SPECIAL.sub(r"\\\1", visible(" ".join(text.split()))).replace("\\<", "&lt;")
