"""Texts as a model's tokens, cut where the model begins to write.

Prompt and completion are tokenised apart. A server tokenises the prompt alone and the model goes on
from there, so no token may reach over the border; tokenising both at once could make one. In front
of a prompt stands what the tokenizer itself puts there, as it does in a server (Seed-Coder's
``<[begin▁of▁sentence]>`` if its configuration says so). Behind a completion stands the model's end
of sequence, once: the answers of Zeta 2.1 write Seed-Coder's ``<[end▁of▁sentence]>`` themselves.

Nothing is ever cut to fit.
"""

from array import array
from typing import Any

import msgspec

from pipeline.records import Dropped
from zeta_lsp.core.errors import UsageError

MASKED = -100
"""The label of a token without loss, in PyTorch and everything above it."""


class Encoded(msgspec.Struct, frozen=True):
    """Token numbers of a prompt and of what is to be written behind it, its end included."""

    prompt: "array[int]"
    completion: "array[int]"

    @property
    def tokens(self) -> int:
        """Of both."""
        return len(self.prompt) + len(self.completion)

    @property
    def labels(self) -> "array[int]":
        """What has loss: the completion and its end, no token of the prompt."""
        return array("i", [MASKED]) * len(self.prompt) + self.completion


class Encoder:
    """A tokenizer of `transformers`, and the most tokens that a sample may have."""

    def __init__(self, tokenizer: Any, tokens_max: int) -> None:
        """Raises `UsageError` where the tokenizer has no end of sequence."""
        if tokenizer.eos_token_id is None:
            raise UsageError("the base model's tokenizer has no end of sequence (eos_token)")
        self._tokenizer = tokenizer
        self._tokens_max = tokens_max
        self._end: int = tokenizer.eos_token_id
        self._lead = self._put_in_front()

    def encoded(self, prompt: str, completion: str) -> Encoded | Dropped:
        """The tokens of both, or why they cannot be trained on."""
        asked = array("i", [*self._lead, *self._tokens(prompt)])
        answered = array("i", self._tokens(completion))
        if not answered or answered[-1] != self._end:
            answered.append(self._end)
        found = Encoded(asked, answered)
        if found.tokens > self._tokens_max:
            return Dropped("too_many_tokens", f"{found.tokens}")
        if self._written(answered) != self._written_end(completion):
            return Dropped("lossy_tokens", "the tokenizer cannot write this answer exactly")
        return found

    def is_one_token(self, text: str) -> bool:
        """Whether the model knows a marker as such."""
        return len(self._tokens(text)) == 1

    def _tokens(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return found

    def _put_in_front(self) -> list[int]:
        around: list[int] = self._tokenizer("a")["input_ids"]
        plain = self._tokens("a")
        starts = [n for n in range(len(around)) if around[n : n + len(plain)] == plain]
        return around[: starts[0]] if starts else []

    def _written(self, tokens: "array[int]") -> str:
        text: str = self._tokenizer.decode(
            list(tokens), skip_special_tokens=False, clean_up_tokenization_spaces=False
        )
        return text

    def _written_end(self, completion: str) -> str:
        end: str = self._tokenizer.eos_token
        return completion if completion.endswith(end) else completion + end
