"""The table of an evaluation: measures with intervals, then a line for each tag."""

from collections.abc import Iterable, Iterator, Sequence

from pipeline.evaluation.judging import OF_EDITS, OF_SILENCE
from pipeline.evaluation.summary import Difference, Figure, Group, Summary
from pipeline.metrics.bootstrap import Estimate

FEW_REPOSITORIES = 10
"""With fewer, intervals are too narrow, which is said."""


def table(found: Summary) -> str:
    """What a person reads first."""
    few = " (too few for these intervals)" if found.repositories < FEW_REPOSITORIES else ""
    edits, silences = found.wants.values()
    of = f"{found.cases} cases of {found.repositories} repositories{few}"
    rows = [
        f"{of}: {edits} want an edit, {silences} want silence",
        "means with 95 % intervals, drawn by repository",
        *_unanswered(found),
        "",
        *_aligned(_measures(found)),
        "",
        *_aligned(_tags(found)),
    ]
    return "\n".join(rows) + "\n"


def _unanswered(found: Summary) -> Iterator[str]:
    for name, count in found.answered.items():
        if count < found.cases:
            yield f"{name} answered {count} of them"


def _measures(found: Summary) -> Iterator[list[str]]:
    others = [name for name in found.models if name != found.reference]
    yield ["", "", *found.models, *(f"{name} - {found.reference}" for name in others)]
    for figure in found.all.figures:
        means = [_mean(figure.means.get(name)) for name in found.models]
        changes = [_change(figure.differences.get(name)) for name in others]
        yield [figure.measure.title, _of(figure), *means, *changes]


def _of(figure: Figure) -> str:
    """Which cases a measure is about."""
    if figure.measure.name in OF_EDITS:
        return "edits"
    return "silence" if figure.measure.name in OF_SILENCE else "all"


def _tags(found: Summary) -> Iterator[list[str]]:
    yield ["tag", "cases", "", *found.models]
    for group in found.groups:
        for name in ("delta_chr_f", "silent"):
            figure = next((one for one in group.figures if one.measure.name == name), None)
            if figure is not None:
                yield [group.tag, *_counted(group, figure), *_plain(figure, found.models)]


def _counted(group: Group, figure: Figure) -> list[str]:
    return [str(max(one.count for one in figure.means.values())), figure.measure.title]


def _plain(figure: Figure, models: Iterable[str]) -> list[str]:
    return [_mean(figure.means.get(name)) for name in models]


def _mean(one: Estimate | None) -> str:
    return "-" if one is None else f"{one.mean:.3f}{_interval(one, '.3f')}"


def _change(one: Difference | None) -> str:
    if one is None:
        return "-"
    verdict = "" if one.verdict == "unclear" else f" {one.verdict}"
    return f"{one.estimate.mean:+.3f}{_interval(one.estimate, '+.3f')}{verdict}"


def _interval(one: Estimate, form: str) -> str:
    if one.low is None or one.high is None:
        return ""
    return f" [{one.low:{form}}, {one.high:{form}}]"


def _aligned(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    body = list(rows)
    widths = [max(map(len, column)) for column in zip(*body, strict=True)]
    for row in body:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  " + "  ".join(cells).rstrip()
