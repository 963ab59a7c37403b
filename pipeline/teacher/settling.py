"""How near a student comes to what people settled on, and which examples it can learn from.

A settled text is noisy: people change their minds, agents rewrite. So a student answers each
example many times, and what says most is how its answers lie: examples that it always gets right
teach nothing, and those that it never comes near are probably not what followed from the input. In
between is the band worth training on.

*Distance* of a sample: the edit distance (Levenshtein, characters) between the text it leaves and
the settled one, divided by the distance from the text as it was to the settled one, so by the size
of the edit. 0 is right, 1 is as good as doing nothing; what is worse counts as 1, and so does an
answer that could not be read. Where the settled edit is none, a sample is right or it is not.

*Score* of an example: the mean of its distances, or one minus its pass rate (the share of samples
at most `PASS` away). A score of 0 or 1 is never in the band, however many examples have it. Of the
scores in between, quantiles say where the band begins and ends; both are scores of examples, which
are in it.
"""

import math
from array import array
from collections.abc import Iterable, Sequence

import msgspec
from rapidfuzz.distance import Levenshtein

from pipeline.example import applied, expected_patches, given_of, predictions
from pipeline.records import Dropped, Row
from zeta_lsp.core.region_patch import is_same
from zeta_lsp.core.text import without_surrogates

PASS = 0.0
BINS = 20


class Band(msgspec.Struct, frozen=True):
    """Scores from `low` to `high` are kept, but for 0 and 1."""

    low: float
    high: float

    def place(self, score: float) -> str | None:
        """Why a score is outside; None if it is inside."""
        if score <= 0 or score < self.low:
            return "too_easy"
        return "out_of_reach" if score >= 1 or score > self.high else None


def distances(row: Row) -> Sequence[float] | Dropped:
    """The distance of each sample, in their order."""
    given, samples = given_of(row), predictions(row)
    if isinstance(given, Dropped):
        return given
    if not samples:
        return Dropped("nothing_predicted", "run `zeta-pipeline predict --student` first")
    text = without_surrogates(given.cursor_excerpt)
    settled = _settled(row, text)
    if settled is None:
        return Dropped("not_settled", "it has no expected patch that fits its input")
    known: dict[object, float] = {}
    found = array("f")
    for one in samples:
        patch = one.get("actual_patch")
        if patch not in known:
            known[patch] = _distance(text, settled, patch)
        found.append(known[patch])
    return found


def score_of(found: Sequence[float], *, by_pass_rate: bool) -> float:
    """How hard an example is: 0 for always right, 1 for never near."""
    return 1 - pass_rate(found) if by_pass_rate else sum(found) / len(found)


def pass_rate(found: Sequence[float]) -> float:
    """The share of samples that are right."""
    return sum(one <= PASS for one in found) / len(found)


def band_of(scores: Sequence[float], low: float, high: float) -> Band:
    """The band between two quantiles of the scores that are neither 0 nor 1."""
    middle = sorted(score for score in scores if 0 < score < 1)
    if not middle:
        return Band(0, 1)
    last = len(middle) - 1
    return Band(middle[math.floor(low * last)], middle[math.ceil(high * last)])


class Histogram(msgspec.Struct, frozen=True):
    """How many examples have which score; the last bin holds 1 as well."""

    counts: list[int]

    def text(self, band: Band) -> str:
        """Bars, those of the band in full."""
        most = max(self.counts, default=0) or 1
        rows = []
        for index, count in enumerate(self.counts):
            middle = (index + 0.5) / len(self.counts)
            sign = "░" if band.place(middle) else "█"
            bar = sign * -(-40 * count // most)
            rows.append(f"{index / len(self.counts):5.2f} {bar} {count}")
        return "\n".join(rows)


def histogram(scores: Iterable[float]) -> Histogram:
    """Scores in `BINS` equal bins."""
    counts = [0] * BINS
    for score in scores:
        counts[min(int(score * BINS), BINS - 1)] += 1
    return Histogram(counts)


def _settled(row: Row, text: str) -> str | None:
    patches = expected_patches(row)
    return applied(patches[0], text) if patches else None


def _distance(text: str, settled: str, patch: object) -> float:
    left = applied(patch, text) if isinstance(patch, str) else None
    if left is None:
        return 1.0
    size = Levenshtein.distance(text, settled)
    if is_same(left, settled):
        return 0.0
    if not size:
        return 1.0
    return min(Levenshtein.distance(left, settled, score_cutoff=size) / size, 1.0)
