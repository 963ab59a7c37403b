"""Measures what evidence is worth and writes `zeta_lsp/core/repeat/scorecards.py`.

    python -m tests.bench.repeat.calibrate GITDIR... [--commits N] [-o FILE]

Every candidate that `repeat` thinks of on the given histories is judged. For each ability a
logistic regression over its facts is fitted twice: on all candidates, then on the three best of
each question, which are the ones that compete. Coefficients become decibans. A candidate is shown
from the sum on at which showing pays: with `BREAK_EVEN` as the price of a shown answer, the total
gain on repositories that the fit has not seen (four folds) is the largest.
"""

import argparse
import math
from collections import defaultdict
from collections.abc import Iterable
from multiprocessing import Pool
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.bench.repeat.histories import commits
from tests.bench.repeat.judging import judge
from tests.bench.repeat.streams import ask, opportunities
from zeta_lsp.core.repeat.choice import answer_of, candidates

BREAK_EVEN = 0.55
"""Share of right answers from which a person gains by seeing such answers."""
STREAMS = ("paused", "typing")
COMPETING = 3
FOLDS = 4
SHRINKAGE = 40.0
"""Weight of the penalty that keeps rare facts near zero, in candidates."""
WIDTH = 99
DECIBANS = 10 / math.log(10)
Floats = NDArray[np.float64]

HEADING = '''"""What evidence was worth on the tuning repositories of `repeat`, in decibans.

Written by ``python -m tests.bench.repeat.calibrate``; not edited by hand. The comment above each
scorecard says what was measured on repositories left out of the fit: how many candidates were the
best of their question and worth `show_from` or more, and how many of these were exactly right.
"""

from zeta_lsp.core.repeat.scorecard import Scorecard

# A formatter would give every number a line of its own.
# fmt: off
SCORECARDS = {
'''


class Judged(NamedTuple):
    """One candidate: the question it answers, its evidence, whether it was exact."""

    question: int
    ability: str
    facts: tuple[tuple[str, str], ...]
    exact: bool


class Fit(NamedTuple):
    """A logistic regression over one-hot facts, in natural logarithms of odds."""

    weights: Floats
    base: float

    def scores(self, rows: NDArray[np.int64]) -> Floats:
        """The sum for every row of fact numbers."""
        total: Floats = self.weights[rows].sum(axis=1) + self.base
        return total


def judged(work: tuple[Path, int]) -> list[Judged]:
    """Every candidate on one repository's streams, judged."""
    git_dir, count = work
    found: list[Judged] = []
    question = 0
    for commit in commits(git_dir, count):
        for opportunity in opportunities(commit):
            if opportunity.stream not in STREAMS:
                continue
            question += 1
            asked = ask(opportunity)
            for candidate in candidates(asked.given):
                verdict = judge(opportunity, asked, answer_of(asked.given, candidate))
                facts = tuple(candidate.facts.items())
                found.append(Judged(question, candidate.ability, facts, verdict.exact))
    return found


def fitted(rows: NDArray[np.int64], exact: Floats, size: int, steps: int) -> Fit:
    """Penalised logistic regression by Adam; deterministic."""
    count = len(exact)
    weights, moment, spread = np.zeros(size + 1), np.zeros(size + 1), np.zeros(size + 1)
    weights[-1] = -2.0
    for step in range(1, steps + 1):
        chance = 1 / (1 + np.exp(-(weights[rows].sum(axis=1) + weights[-1])))
        error = chance - exact
        slope = np.append(np.bincount(rows.ravel(), np.repeat(error, rows.shape[1]), size), 0.0)
        slope = (slope + SHRINKAGE * weights) / count
        slope[-1] = error.mean()
        moment = 0.9 * moment + 0.1 * slope
        spread = 0.999 * spread + 0.001 * slope**2
        pace = np.sqrt(spread / (1 - 0.999**step)) + 1e-8
        weights -= 0.1 * (moment / (1 - 0.9**step)) / pace
    return Fit(weights[:-1], float(weights[-1]))


class Ability:
    """The candidates of one ability over all repositories."""

    def __init__(self, name: str, groups: list[list[Judged]]) -> None:
        self.name = name
        self.numbers: dict[tuple[str, str], int] = {}
        flat = [(at, one) for at, group in enumerate(groups) for one in group]
        self.rows = np.array([[self._number(fact) for fact in one.facts] for _, one in flat])
        self.exact = np.array([float(one.exact) for _, one in flat])
        self.questions = [(at, one.question) for at, one in flat]
        self.repositories = np.array([at for at, _ in flat])

    def _number(self, fact: tuple[str, str]) -> int:
        return self.numbers.setdefault(fact, len(self.numbers))

    def fit(self, chosen: NDArray[np.bool_]) -> Fit:
        """Fit on some of the candidates, twice."""
        size = len(self.numbers)
        first = fitted(self.rows[chosen], self.exact[chosen], size, 80)
        competing = chosen & self._best(first.scores(self.rows), COMPETING)
        return fitted(self.rows[competing], self.exact[competing], size, 300)

    def scorecard(self) -> str:
        """The ability's entry in the module of scorecards."""
        show_from, shown, exact = self._threshold()
        fit = self.fit(np.ones(len(self.exact), dtype=bool))
        facts: dict[str, list[str]] = defaultdict(list)
        for (fact, bucket), number in sorted(self.numbers.items(), key=_order):
            facts[fact].append(f'"{bucket}": {fit.weights[number] * DECIBANS:.1f}')
        lines = [
            f"    # {shown} shown, {exact} of them right: {exact / max(1, shown):.0%}",
            (
                f'    "{self.name}": Scorecard(base={fit.base * DECIBANS:.1f}, '
                f"show_from={show_from:.1f}, worth={{"
            ),
            *(f'        "{fact}": {{{", ".join(values)}}},' for fact, values in facts.items()),
            "    }),",
        ]
        return "\n".join(_wrapped(lines)) + "\n"

    def _threshold(self) -> tuple[float, int, int]:
        """From which sum showing pays on unseen repositories; how many then, how many right."""
        scores = np.zeros(len(self.exact))
        for fold in range(FOLDS):
            unseen = self.repositories % FOLDS == fold
            if unseen.any() and not unseen.all():
                scores[unseen] = self.fit(~unseen).scores(self.rows[unseen]) * DECIBANS
        best = self._best(scores, 1)
        order = np.argsort(-scores[best], kind="stable")
        gain = np.cumsum(self.exact[best][order] - BREAK_EVEN)
        last = int(np.argmax(gain))
        threshold = math.ceil(scores[best][order][last] * 2) / 2
        shown = scores[best] >= threshold
        return threshold, int(shown.sum()), int(self.exact[best][shown].sum())

    def _best(self, scores: Floats, most: int) -> NDArray[np.bool_]:
        """The `most` highest candidates of every question."""
        kept, seen = np.zeros(len(scores), dtype=bool), defaultdict[tuple[int, int], int](int)
        for at in np.argsort(-scores, kind="stable"):
            question = self.questions[at]
            seen[question] += 1
            kept[at] = seen[question] <= most
        return kept


def _order(item: tuple[tuple[str, str], int]) -> tuple[bool, float, str]:
    """Facts as they were met, buckets by size."""
    (_, bucket), _ = item
    return (False, float(bucket), "") if bucket.isdigit() else (True, 0.0, bucket)


def _named(base: float, show_from: float) -> str:
    return f"base={base:.1f}, show_from={show_from:.1f}"


def _wrapped(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        rest = line
        while len(rest) > WIDTH:
            cut = rest.rfind(', "', 0, WIDTH - 1) + 1
            yield rest[:cut]
            rest = " " * 12 + rest[cut + 1 :]
        yield rest


def main() -> None:
    """Judge, fit, write."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.repeat.calibrate")
    parser.add_argument("git_dirs", nargs="+", type=Path)
    parser.add_argument("--commits", type=int, default=250)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("zeta_lsp/core/repeat/scorecards.py")
    )
    options = parser.parse_args()
    with Pool(options.jobs) as pool:
        work = [(git_dir, options.commits) for git_dir in options.git_dirs]
        groups = pool.map(judged, work, chunksize=1)
    names = sorted({one.ability for group in groups for one in group})
    cards = [
        Ability(name, [[one for one in group if one.ability == name] for group in groups])
        for name in names
    ]
    options.output.write_text(HEADING + "".join(card.scorecard() for card in cards) + "}\n")


if __name__ == "__main__":
    main()
