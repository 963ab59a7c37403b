"""`repeat`, the embedded model: what the user did, done again. No network, no weights, no clock.

It learns from the latest edits what is being replaced, inserted or deleted and proposes the same at
the next place that matches, and it continues lines that have a twin close by. It sees exactly what
every other model sees, a `PromptInput`, so it can be replayed over stored inputs and serves as the
baseline of every evaluation. The same input always gives the same answer, in a few milliseconds at
most; most answers are silence. How well it does is measured on real histories: `docs/repeat.md`.

The reasoning lives in `zeta_lsp.core.repeat`, which is imported when the first answer is wanted.
"""

import time
from collections.abc import AsyncGenerator, Callable

from zeta_lsp.core.ports import Finish, Reply
from zeta_lsp.core.prompt import Answer, PromptInput

NAME = "repeat"


class Repeat:
    """The embedded model as a `Predictor`.

    Args:
        clock: seconds of a monotonic clock.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.name = NAME
        self.needs_current_file = False
        self._clock = clock

    async def predict(self, given: PromptInput) -> AsyncGenerator[Reply]:
        """Answer once and in whole; an answer without replacements is silence."""
        started = self._clock()
        answer = propose(given)
        spent_ms = (self._clock() - started) * 1e3
        yield Reply(
            answer=answer,
            prompt=None,
            finish=Finish.STOP,
            model=NAME,
            first_token_ms=spent_ms,
            total_ms=spent_ms,
        )

    async def warm(self) -> None:
        """Import the reasoning."""
        propose(PromptInput("", "", 0))

    async def aclose(self) -> None:
        """There is nothing to close."""


def propose(given: PromptInput) -> Answer:
    """The next edit, one cluster of it, or no replacements where nothing is likely enough."""
    from zeta_lsp.core.repeat.choice import answer_of, choose

    choice = choose(given)
    return answer_of(given, choice.candidate) if choice else Answer()
