"""What models cost, as far as we know.

The table is a help for estimates, not a price list: vendors change theirs. Every line has the month
in which it was looked up; `--price-in` and `--price-out` override it. A model that is not here has
no known price, and is said to have none. Batches cost half at both vendors. Discounts for input
that a vendor has cached are left out, so an estimate errs upward.
"""

import msgspec

BATCH_SHARE = 0.5
_MILLION = 1_000_000


class Price(msgspec.Struct, frozen=True):
    """US dollars per million tokens, and where they come from."""

    input_usd: float
    output_usd: float
    source: str

    def cost_usd(self, input_tokens: float, output_tokens: float) -> float:
        """What so many tokens cost."""
        return (input_tokens * self.input_usd + output_tokens * self.output_usd) / _MILLION

    def in_batches(self) -> "Price":
        """The price of the same in a batch."""
        return Price(self.input_usd * BATCH_SHARE, self.output_usd * BATCH_SHARE, self.source)


_ANTHROPIC, _OPENAI = "2026-10", "2026-06"
_PRICES = {
    "anthropic:claude-fable-5": (10.0, 50.0, _ANTHROPIC),
    "anthropic:claude-mythos-5": (10.0, 50.0, _ANTHROPIC),
    "anthropic:claude-opus-5-5": (4.0, 20.0, _ANTHROPIC),
    "anthropic:claude-opus-5": (5.0, 25.0, _ANTHROPIC),
    "anthropic:claude-opus-4-8": (5.0, 25.0, _ANTHROPIC),
    "anthropic:claude-opus-4-7": (5.0, 25.0, _ANTHROPIC),
    "anthropic:claude-opus-4-6": (5.0, 25.0, _ANTHROPIC),
    "anthropic:claude-opus-4-5": (5.0, 25.0, _ANTHROPIC),
    "anthropic:claude-opus-4": (15.0, 75.0, _ANTHROPIC),
    "anthropic:claude-sonnet-5": (2.0, 10.0, _ANTHROPIC),
    "anthropic:claude-sonnet-4": (3.0, 15.0, _ANTHROPIC),
    "anthropic:claude-haiku-5-5": (0.5, 2.5, _ANTHROPIC),  # of long prompts; short ones cost less
    "anthropic:claude-haiku-4-5": (1.0, 5.0, _ANTHROPIC),
    "openai:gpt-5.5": (5.0, 30.0, _OPENAI),
    "openai:gpt-5.5-pro": (30.0, 180.0, _OPENAI),
    "openai:gpt-5.4": (2.5, 15.0, _OPENAI),
    "openai:gpt-5.4-pro": (30.0, 180.0, _OPENAI),
    "openai:gpt-5.4-mini": (0.75, 4.5, _OPENAI),
    "openai:gpt-5.4-nano": (0.2, 1.25, _OPENAI),
    "openai:gpt-5.2": (1.75, 14.0, "2026-01"),
    "openai:gpt-5.1": (1.25, 10.0, "2026-01"),
    "openai:gpt-4.1": (2.0, 8.0, "2026-01"),
    "openai:gpt-4.1-mini": (0.4, 1.6, "2026-01"),
}


def price_of(vendor: str, model: str) -> Price | None:
    """The price of a model, of a dated name as well; None if nobody knows it."""
    name = f"{vendor}:{model}"
    fitting = [known for known in _PRICES if name == known or _is_dated(name, known)]
    if not fitting:
        return None
    input_usd, output_usd, month = _PRICES[max(fitting, key=len)]
    return Price(input_usd, output_usd, f"the table of {month}")


def _is_dated(name: str, known: str) -> bool:
    """Whether a name is a known one with a version or a date behind it, and no other model's."""
    rest = name.removeprefix(known)
    return rest != name and rest[0] == "-" and rest[1:].replace("-", "").isdigit()
