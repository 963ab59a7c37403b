"""What evidence is worth.

Worth is counted in decibans, ten times the decimal logarithm of odds: 0 is even odds, 10 is ten to
one, and independent pieces of evidence add up. A scorecard holds, for one ability, how often its
candidates were right before anything is known about one (`base`), what every fact adds to that, and
from which sum on a candidate is shown (`show_from`). The values are measured, see `scorecards`.
"""

from collections.abc import Mapping

import msgspec

from zeta_lsp.core.repeat.candidate import Facts


class Scorecard(msgspec.Struct, frozen=True):
    """The worth of every fact of one ability, in decibans."""

    base: float
    show_from: float
    worth: Mapping[str, Mapping[str, float]]

    def weigh(self, facts: Facts) -> float:
        """The sum for one candidate. What was never seen while measuring adds nothing."""
        worth = self.worth
        return self.base + sum(worth[fact].get(bucket, 0.0) for fact, bucket in facts.items())
