"""Whether a model may follow another: its answers can be read, and it annoys no more than before.

Three gates for each model that is tried. At least 99.9 % of its answers are readable. Its reversal
ratio is not above the previous model's, and it is rightly silent no less often, both over the
cases that both answered. The means decide: a small set is no excuse. `slack` allows for some.
"""

from collections.abc import Iterator

import msgspec

from pipeline.evaluation.summary import Figure, Summary

READABLE_SHARE = 0.999


class Gate(msgspec.Struct, frozen=True):
    """A gate and what it found; `line` says it to a person."""

    name: str
    model: str
    passed: bool
    line: str


def gates(found: Summary, *, has_previous: bool, slack: float) -> list[Gate]:
    """All gates of all models that are tried. Without a previous model there is only the first."""
    made: list[Gate] = []
    for model in found.tried:
        made += _readable(found, model)
        if has_previous:
            made += _no_worse(found.figure("reversal_ratio"), model, found.reference, slack)
            made += _no_worse(found.figure("silent"), model, found.reference, slack)
    return made


def _readable(found: Summary, model: str) -> Iterator[Gate]:
    figure = found.figure("valid")
    mean = figure.means[model].mean if figure is not None and model in figure.means else 0.0
    line = f"{model}: {mean:.2%} of its answers can be read, {READABLE_SHARE:.1%} are needed"
    yield Gate("valid", model, mean >= READABLE_SHARE, line)


def _no_worse(figure: Figure | None, model: str, previous: str, slack: float) -> Iterator[Gate]:
    """Whether a mean is no worse; where the two share no case nobody knows, and it is."""
    if figure is None:
        return
    measure = figure.measure
    difference = figure.differences.get(model)
    if difference is None:
        line = f"{model}: {measure.title} cannot be compared with {previous}, which shares no case"
        yield Gate(measure.name, model, passed=False, line=line)
        return
    sign = 1 if measure.is_more_better else -1
    change = difference.estimate.mean
    line = (
        f"{model}: {measure.title} {change:+.3f} against {previous}"
        f" ({difference.better} cases better, {difference.worse} worse)"
    )
    yield Gate(measure.name, model, sign * change >= -slack - 1e-9, line)
