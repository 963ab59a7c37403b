"""What the protocols have in common: a request as the gateway understands it."""

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from zeta_lsp.gateway.asking import Answered
from zeta_lsp.gateway.http.faults import Refused
from zeta_lsp.gateway.prompts.fim import read_sides
from zeta_lsp.gateway.prompts.reading import ReadPrompt
from zeta_lsp.gateway.prompts.recognise import recognised

END_TOKENS = (
    "<[end▁of▁sentence]>", "<|endoftext|>", "<|im_end|>", "<EOT>", "</s>",
    "<｜end▁of▁sentence｜>",
)  # fmt: skip
"""Servers leave the token out that ends an answer, and clients count on it."""


class Asked(msgspec.Struct, frozen=True):
    """One request. No `read` asks for nothing: clients warm caches and load models that way."""

    read: ReadPrompt | None
    prompt_bytes: int
    stops: tuple[str, ...] = ()
    streams: bool = False

    def ended(self, text: str) -> str:
        """An answer as a server hands it out: without its end token, and up to a stop string."""
        for token in END_TOKENS:
            text = text.removesuffix(token)
        ends = [at for stop in self.stops if (at := text.find(stop)) >= 0]
        text = text[: min(ends, default=len(text))]
        is_begun = self.read is not None and self.read.prompt.text.endswith("\n")
        return text.removeprefix("\n") if is_begun else text

    def begun(self, text: str) -> str:
        """What of the beginning of an answer can be handed out: no half of a stop string."""
        held_back = max(map(len, self.stops), default=1) - 1
        return self.ended(text[: len(text) - held_back])


class Dialect(Protocol):
    """One of the protocols in which clients ask."""

    media_type: str
    """Of a stream."""

    def asked(self, body: bytes) -> Asked:
        """Read a request. Raises `Refused`."""

    def document(self, asked: Asked, answered: Answered, text: str) -> Any:
        """A whole answer."""

    def piece(self, answered: Answered, text: str) -> bytes:
        """Some text of a stream."""

    def last(self, asked: Asked, answered: Answered, text: str) -> bytes:
        """The end of a stream, given all of its text."""


def read_of(prompt: str, suffix: str | None = None) -> ReadPrompt:
    """What a prompt was rendered from, or what stands on both sides of the cursor.

    Raises:
        Refused: it is in no format that can be read.
    """
    read = read_sides(prompt, suffix) if suffix else recognised(prompt)
    if read is None:
        raise Refused(
            422,
            "unknown_prompt",
            "the prompt is in none of the formats that are understood here; "
            "see the client's setting for it, and docs/gateway.md",
        )
    return read


def stops_of(given: Any) -> tuple[str, ...]:
    """Stop strings, given as one, several or none."""
    listed: Sequence[Any] = [given] if isinstance(given, str) else given or ()
    if not isinstance(listed, list) and listed != ():
        raise Refused(400, "bad_request", "stop is a string or a list of strings")
    return tuple(stop for stop in listed if isinstance(stop, str) and stop)
