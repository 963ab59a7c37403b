"""Which of several right answers a prediction is compared with: the one that it is most like.

Any of the expected patches will do, so a prediction is judged by the best of them: by delta-chrF,
then by exact rows, then by places; the last one among equals. Where nothing is expected, that is
the expectation: a prediction is compared with no change.
"""

from collections.abc import Sequence

import msgspec

from pipeline.metrics.delta_chrf import Delta, DeltaChrF, compared
from pipeline.metrics.exact_lines import ExactLines, exact_lines
from pipeline.metrics.jumps import Places, location_match


class Answer(msgspec.Struct, frozen=True):
    """A patch without marks, the text after it, the edit that it is, and where the cursor goes."""

    patch: str
    text: str
    delta: Delta
    cursor: int | None = None


class Match(msgspec.Struct, frozen=True):
    """A prediction compared with one right answer."""

    expected: Answer
    delta_chrf: DeltaChrF
    lines: ExactLines
    places: Places

    @property
    def rank(self) -> tuple[float, float, float]:
        """What decides which right answer is taken."""
        return self.delta_chrf.score, self.lines.f1, self.places.lines_f1


def best_match(expected: Sequence[Answer], actual: Answer) -> Match:
    """The comparison with the right answer that suits a prediction best; there is at least one."""
    best: Match | None = None
    for one in expected:
        match = Match(
            one,
            compared(one.delta, actual.delta),
            exact_lines(one.patch, actual.patch),
            location_match(one.patch, actual.patch),
        )
        if best is None or match.rank >= best.rank:
            best = match
    assert best is not None
    return best
