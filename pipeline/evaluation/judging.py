"""What each model's answers to each case come to.

Beside Zed's figures (`metrics.figures`) there are ours, which tell help from annoyance. An answer
*helps* if it makes exactly one of the texts that are right. It *annoys* if it shows anything else,
and on a case that wants silence any edit does. An answer that cannot be read shows nothing, but is
no silence either: nobody meant it.
"""

from collections.abc import Sequence

import msgspec

from pipeline.doors import SyntaxErrors
from pipeline.evaluation.answering import Answers
from pipeline.evaluation.cases import SILENCE, EvalCase
from pipeline.example import with_ours
from pipeline.metrics.figures import Measure, figures_of
from pipeline.metrics.prediction_score import Scored
from pipeline.records import Row
from pipeline.stages.score import Measured, Score, measured

MEASURES = (
    Measure("delta_chr_f", "delta-chrF", True),
    Measure("exact", "exactly right", True),
    Measure("kept_rate", "kept of what it shows", True),
    Measure("recall_rate", "recall", True),
    Measure("speaks", "shows an edit", True),
    Measure("silent", "rightly silent", True),
    Measure("annoys", "annoys", False),
    Measure("reversal_ratio", "reversal ratio", False),
    Measure("wrong_region", "wrong region", False),
    Measure("syntax_errors_added", "syntax errors added", False),
    Measure("valid", "readable answers", True),
)
"""The figures in the order in which they are shown."""
OF_EDITS = frozenset({"delta_chr_f", "exact", "kept_rate", "recall_rate", "speaks"})
"""Asked of cases that want an edit only."""
OF_SILENCE = frozenset({"silent"})

_FROM_SCORE = ("reversal_ratio", "wrong_region", "syntax_errors_added")
_FROM_SCORE_OF_EDITS = ("delta_chr_f", "recall_rate")


class Sample(msgspec.Struct, frozen=True):
    """One answer, judged. `after` is the text that it makes, `loss` grows as it gets worse."""

    figures: dict[str, float]
    after: str
    loss: float
    error: str | None


class Judged(msgspec.Struct, frozen=True):
    """All answers of a model to a case; there is at least one."""

    case: EvalCase
    model: str
    samples: tuple[Sample, ...]

    @property
    def figures(self) -> dict[str, float]:
        """The mean of each figure over the samples that have it."""
        names = {name for one in self.samples for name in one.figures}
        found = {
            name: [one.figures[name] for one in self.samples if name in one.figures]
            for name in names
        }
        return {name: sum(values) / len(values) for name, values in found.items()}

    @property
    def worst(self) -> Sample:
        """The worst answer, the first of several."""
        return max(self.samples, key=lambda one: one.loss)

    @property
    def loss(self) -> float:
        """The mean over the samples."""
        return sum(one.loss for one in self.samples) / len(self.samples)


class JudgedCase(msgspec.Struct, frozen=True):
    """A case as a row with everybody's predictions and scores, and what they come to by model."""

    row: Row
    by_model: dict[str, Judged]


def judged(
    case: EvalCase, answers: Sequence[Answers], syntax_errors: SyntaxErrors | None
) -> JudgedCase:
    """Score everybody's answers to a case."""
    said = {one.model: one.by_case.get(case.key, []) for one in answers}
    everything = [one for samples in said.values() for one in samples]
    found = measured({**case.row, "predictions": everything})
    assert isinstance(found, Measured)  # cases and predictions were checked when they were read
    extras = Score(syntax_errors).ours(found)
    scored = zip(everything, found.scored, extras, strict=True)
    samples = iter([_sample(case, *one) for one in scored])
    by_model = {
        model: Judged(case, model, tuple(next(samples) for _ in some))
        for model, some in said.items()
        if some
    }
    return JudgedCase(with_ours(found.row_with(extras), eval=_told(case, by_model)), by_model)


def _sample(case: EvalCase, prediction: Row, scored: Scored, extra: Row) -> Sample:
    text, error = _surface_text(case, scored), prediction.get("error")
    is_shown = text != case.before
    score = msgspec.to_builtins(scored.score)
    from_score = figures_of(score, extra)
    figures = {name: from_score[name] for name in _FROM_SCORE if name in from_score}
    figures |= {"valid": float(error is None), "annoys": float(_annoys(case, text))}
    if case.wants == SILENCE:
        figures["silent"] = float(error is None and not is_shown)
    else:
        figures |= {name: from_score[name] for name in _FROM_SCORE_OF_EDITS}
        figures |= {"exact": float(text in case.rights), "speaks": float(is_shown)}
        figures |= {"kept_rate": from_score["kept_rate"]} if is_shown else {}
    return Sample(figures, text, _loss(figures, is_shown=is_shown), error)


def _surface_text(case: EvalCase, scored: Scored) -> str:
    """The text that an answer makes; one that does not apply makes none."""
    return scored.after.text if scored.applies else case.before


def _annoys(case: EvalCase, text: str) -> bool:
    return text != case.before and text not in case.rights


def _loss(figures: dict[str, float], *, is_shown: bool) -> float:
    """What was missed, as much again if it was shown, and what of the person's work it undoes."""
    right = figures["silent"] if "silent" in figures else figures["delta_chr_f"] / 100
    missed = 1.0 - max(right, figures.get("exact", 0.0))
    return missed * (1 + is_shown) + figures["reversal_ratio"] * is_shown


def _told(case: EvalCase, by_model: dict[str, Judged]) -> Row:
    """What of it stands in the output, under ``zeta.eval``."""
    figures = {
        model: {name: one.figures[name] for name in _NAMES if name in one.figures}
        for model, one in by_model.items()
    }
    return {
        "case": case.name,
        "wants": case.wants,
        "models": list(by_model),
        "figures": figures,
        "loss": {model: one.loss for model, one in by_model.items()},
    }


_NAMES = tuple(measure.name for measure in MEASURES)
