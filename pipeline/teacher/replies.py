"""What a model said, as it is kept: the text, how it ended, what it cost, how sure it was."""

import enum

import msgspec


class Ending(enum.StrEnum):
    """Why a model stopped."""

    STOP = "stop"
    LENGTH = "length"  # the token limit: the text is cut
    REFUSED = "refused"  # it would not answer, or its words were withheld
    UNKNOWN = "unknown"


_ENDINGS = {
    "stop": Ending.STOP,
    "end_turn": Ending.STOP,
    "stop_sequence": Ending.STOP,
    "eos": Ending.STOP,
    "length": Ending.LENGTH,
    "max_tokens": Ending.LENGTH,
    "model_context_window_exceeded": Ending.LENGTH,
    "content_filter": Ending.REFUSED,
    "refusal": Ending.REFUSED,
}


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """An answer. Token counts are the vendor's; `logprob` is the sum over `logprob_tokens`."""

    text: str
    ending: Ending = Ending.UNKNOWN
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    logprob: float | None = None
    logprob_tokens: int = 0

    @property
    def avg_logprob(self) -> float | None:
        """The mean over its tokens; None where the endpoint did not say."""
        return self.logprob / self.logprob_tokens if self.logprob is not None else None


class Failure(msgspec.Struct, frozen=True):
    """No answer. `reason` is a word, with a status where there was one."""

    reason: str


def ending_of(word: object) -> Ending:
    """What vendors' words for it mean."""
    return _ENDINGS.get(str(word), Ending.UNKNOWN)
