"""What a run costs: an estimate before the first question, a running total during it.

Before anything is asked, the size of what is not in the cache is known. A token of input is taken
for three bytes, which errs upward for code; output for a share of the most that is allowed, because
nobody knows it. Above `--max-spend` a person is asked; where there is none, the run is refused. The
running total counts what vendors say they charged for, and stops the run at the limit as well,
unless somebody agreed to more.
"""

import sys
from collections.abc import Callable

import msgspec

from pipeline.teacher.cache import Needs
from pipeline.teacher.faults import RunEnded
from pipeline.teacher.prices import Price
from pipeline.teacher.replies import Reply
from zeta_lsp.core.errors import UsageError
from zeta_lsp.core.text import estimate_tokens

OUTPUT_SHARE = 0.25
"""Of the most output tokens: what is taken for likely."""


class Budget(msgspec.Struct, frozen=True):
    """What may be spent. `price` is None where nobody knows it; `is_sold` if a bill will come."""

    price: Price | None
    is_sold: bool
    max_usd: float
    is_agreed: bool = False


class Estimate(msgspec.Struct, frozen=True):
    """What a run is going to need, roughly."""

    calls: int
    input_tokens: int
    output_tokens: int
    usd: float | None
    is_sold: bool = True

    def line(self) -> str:
        """One line for a person."""
        tokens = f"about {self.input_tokens:,} tokens in and {self.output_tokens:,} out"
        told = f"{self.calls:,} questions to ask: {tokens}"
        if self.usd is not None:
            return f"{told}; about ${self.usd:,.2f}"
        return f"{told}; the price is not known" if self.is_sold else told


def estimated(needs: Needs, price: Price | None, *, is_sold: bool = True) -> Estimate:
    """An estimate of what is still to be asked."""
    input_tokens = estimate_tokens(needs.input_bytes)
    output_tokens = round(needs.output_tokens_max * OUTPUT_SHARE)
    usd = None if price is None else price.cost_usd(input_tokens, output_tokens)
    return Estimate(needs.calls, input_tokens, output_tokens, usd, is_sold)


def agreed(estimate: Estimate, budget: Budget, ask: Callable[[str], bool | None]) -> Budget:
    """The budget that holds for the run.

    `ask` puts a question to a person; None means that there is none.

    Raises:
        UsageError: it is too much, or of unknown price, and nobody agreed.
    """
    if not budget.is_sold or budget.is_agreed:
        return budget
    if estimate.usd is not None and estimate.usd <= budget.max_usd:
        return budget
    answer = ask(f"{estimate.line()}. Ask them?")
    if not answer:
        how = "--yes" if answer is None else "nothing was asked"
        raise UsageError(f"{estimate.line()}, more than --max-spend {budget.max_usd:g}: {how}")
    return msgspec.structs.replace(budget, is_agreed=True)


class Spend:
    """What a run has spent so far.

    `budget` is replaced once somebody agreed to more.
    """

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.calls = self.input_tokens = self.output_tokens = 0
        self._usd = 0.0

    def add(self, reply: Reply, share: float = 1.0) -> None:
        """Count an answer that was paid for, at a share of the price.

        Raises:
            RunEnded: the limit is reached. What is paid for already is counted in any case.
        """
        self.calls += 1
        self.input_tokens += reply.input_tokens
        self.output_tokens += reply.output_tokens
        price, budget = self.budget.price, self.budget
        if price is not None:
            self._usd += share * price.cost_usd(reply.input_tokens, reply.output_tokens)
        if budget.is_sold and not budget.is_agreed and self._usd > budget.max_usd:
            raise RunEnded(
                f"${self._usd:,.2f} is spent, the limit is --max-spend {budget.max_usd:g};"
                " answers so far are kept"
            )

    @property
    def usd(self) -> float | None:
        """The cost; None where no price is known, nothing where nobody sends a bill."""
        is_known = self.budget.price is not None or not self.budget.is_sold
        return self._usd if is_known else None

    def line(self) -> str:
        """One line for a person."""
        tokens = f"{self.input_tokens:,} tokens in, {self.output_tokens:,} out"
        if not self.budget.is_sold and self.budget.price is None:
            return tokens
        usd = self.usd
        return f"{tokens}, " + ("price not known" if usd is None else f"${usd:,.4f}")


def at_terminal(question: str) -> bool | None:
    """Ask the person at the terminal; None if there is none."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
