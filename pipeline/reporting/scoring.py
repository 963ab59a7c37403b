"""Tables of scores: means with intervals by repository, and which of two models is better."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from pipeline.metrics.bootstrap import Estimate
from pipeline.metrics.comparison import Compared, Comparison, Difference, Stratum
from pipeline.metrics.figures import MEASURES
from pipeline.reporting.documents import Evaluation, Figure, Gate
from pipeline.reporting.sharing import Sharing

FEW_REPOSITORIES = 10
"""With fewer, intervals are too narrow, which is said."""
VERDICTS = ("better", "worse", "unclear")
_TITLES = {
    **{one.name: (one.title, one.is_more_better) for one in MEASURES},
    "exact": ("exactly right", True),
    "speaks": ("shows an edit", True),
    "silent": ("rightly silent", True),
    "annoys": ("annoys", False),
    "valid": ("readable answers", True),
}


class Mean(msgspec.Struct, frozen=True):
    """A row of a table: a model's mean, and how it compares with the first one."""

    model: str
    mean: float
    low: float | None
    high: float | None
    count: int
    change: str = ""
    verdict: str = ""
    digits: int = 3

    @property
    def said(self) -> str:
        """The mean as it is written."""
        return f"{self.mean:.{self.digits}f}"

    @property
    def interval(self) -> str:
        """In brackets."""
        return _brackets(self.low, self.high, f".{self.digits}f")


class Measured(msgspec.Struct, frozen=True):
    """A measure, or a group of examples, with a row for each model, on a scale of its own."""

    title: str
    means: tuple[Mean, ...]
    note: str = ""
    lowest: float = 0.0
    highest: float = 1.0


class Group(msgspec.Struct, frozen=True):
    """One measure for parts of the examples; `what` and `who` head the first two columns."""

    title: str
    what: str
    rows: tuple[Measured, ...]
    who: str = "model"


class Scoring(msgspec.Struct, frozen=True):
    """A table of all measures, then one for each way to group the examples."""

    title: str
    note: str
    measures: tuple[Measured, ...]
    groups: tuple[Group, ...] = ()
    gates: tuple[tuple[bool, str], ...] = ()


def scoring_of(found: Comparison, title: str, sharing: Sharing) -> Scoring | None:
    """The tables of a comparison; None if nothing could be compared."""
    whole = next((one for one in found.strata if one.by == "all"), None)
    if whole is None:
        return None
    names = {name: sharing.model(name) for name in found.models}
    measures = tuple(_scaled([_measure(one, names) for one in whole.figures]))
    groups = tuple(
        Group(f"delta-chrF by {by}", by, rows)
        for by in ("language", "size")
        if (rows := tuple(_scaled(_groups(found.strata, by, names, sharing), is_shared=True)))
    )
    return Scoring(title, _note(found, whole), measures, groups)


def _note(found: Comparison, whole: Stratum) -> str:
    few = " Too few repositories for their intervals." * (whole.repositories < FEW_REPOSITORIES)
    left = max(found.unpaired.values(), default=0)
    unpaired = f" Up to {left:,} examples were not scored for all models." * bool(left)
    return (
        f"{whole.examples:,} examples of {whole.repositories:,} repositories; 95 % intervals by"
        f" {found.resamples:,} draws of whole repositories.{few}{unpaired}"
    )


def _measure(figure: Compared, names: dict[str, str]) -> Measured:
    against = {one.model: one for one in figure.differences}
    means = [
        _mean(names[name], figure.means[name], against.get(name), _digits(figure.measure.name))
        for name in names
        if name in figure.means
    ]
    better = "" if figure.measure.is_more_better else "less is better"
    return Measured(figure.measure.title, tuple(means), better)


def _mean(model: str, one: Estimate, change: Difference | None, digits: int) -> Mean:
    said, verdict = "", ""
    if change is not None:
        form = f"+.{digits}f"
        edges = _brackets(change.estimate.low, change.estimate.high, form)
        said, verdict = f"{change.estimate.mean:{form}} {edges}".rstrip(), change.verdict
    return Mean(model, one.mean, one.low, one.high, one.count, said, verdict, digits)


def _brackets(low: float | None, high: float | None, form: str) -> str:
    return "" if low is None or high is None else f"[{low:{form}}, {high:{form}}]"


def _groups(
    strata: Sequence[Stratum], by: str, names: dict[str, str], sharing: Sharing
) -> Iterator[Measured]:
    for one in strata:
        figure = next((each for each in one.figures if each.measure.name == "delta_chr_f"), None)
        if one.by == by and figure is not None:
            title = sharing.language(one.of) if by == "language" else one.of
            note = f"{one.examples:,} examples, {one.repositories:,} repositories"
            yield msgspec.structs.replace(_measure(figure, names), title=title, note=note)


def _judged(name: str, model: str, one: Figure, found: Evaluation, sharing: Sharing) -> Mean:
    digits = _digits(name)
    change = found.differences.get(name, {}).get(model)
    said, verdict = "", ""
    if change is not None:
        form = f"+.{digits}f"
        said = f"{change.mean:{form}} {_brackets(change.low, change.high, form)}".rstrip()
        verdict = sharing.word(change.verdict, VERDICTS)
    label = sharing.model(model)
    return Mean(label, one.mean, one.low, one.high, one.n, said, verdict, digits)


def evaluated(found: Evaluation, title: str, sharing: Sharing) -> Scoring:
    """The tables of an evaluation's summary."""
    measures = [
        Measured(
            _TITLES.get(name, (sharing.word(name, ()), True))[0],
            tuple(_judged(name, model, one, found, sharing) for model, one in by_model.items()),
            "" if _TITLES.get(name, ("", True))[1] else "less is better",
        )
        for name, by_model in found.measures.items()
    ]
    silence = tuple(
        Measured(
            sharing.model(model),
            (
                Mean(
                    f"{one.right:g} of {one.cases:,}", one.right / one.cases, None, None, one.cases
                ),
            ),
        )
        for model, one in found.silence.items()
        if one.cases
    )
    group = Group("Silence where silence is right", "model", silence, "rightly silent")
    groups = (group,) if silence else ()
    gates = tuple(
        (one.passed, one.line if sharing.has_code else _gate(one, sharing)) for one in found.gates
    )
    return Scoring(
        title, f"{found.cases:,} hand-written cases.", tuple(_scaled(measures)), groups, gates
    )


def _gate(one: Gate, sharing: Sharing) -> str:
    return f"{sharing.model(one.model)}: {sharing.word(one.name, _TITLES)}"


def _digits(measure: str) -> int:
    """Behind the point; delta-chrF is in percent."""
    return 1 if measure == "delta_chr_f" else 3


def _scaled(found: Iterable[Measured], *, is_shared: bool = False) -> list[Measured]:
    """Measures with the ends of their scales: 0 to 1, 0 to 100, or what their values reach."""
    measures = list(found)
    everything = [edge for one in measures for edge in _edges(one)]
    scaled: list[Measured] = []
    for one in measures:
        edges = everything if is_shared else _edges(one)
        lowest, highest = min([0.0, *edges]), max([0.0, *edges])
        is_percent = is_shared or one.title == _TITLES["delta_chr_f"][0]
        highest = 1.0 if highest <= 1 else 100.0 if is_percent else highest
        scaled.append(msgspec.structs.replace(one, lowest=lowest, highest=highest))
    return scaled


def _edges(one: Measured) -> list[float]:
    return [
        value
        for mean in one.means
        for value in (mean.mean, mean.low, mean.high)
        if value is not None
    ]


def number(value: float) -> str:
    """A figure in three or four digits."""
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"
