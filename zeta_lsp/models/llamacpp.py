"""llama.cpp's own protocol: ``/completion``, which says more about the end than the common one.

`cache_prompt` keeps the prompt's beginning computed between requests: while typing, most of it
stays the same. Read at first hand: llama-server, build 11669.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from zeta_lsp.core.errors import ModelBadReply
from zeta_lsp.core.ports import Finish, Piece
from zeta_lsp.core.prompt import Prompt
from zeta_lsp.core.text import without_surrogates
from zeta_lsp.models.dialect import decoded, finish_of, merged, refuse_failure
from zeta_lsp.models.openai import OpenAI
from zeta_lsp.models.paths import beside, completed

COMPLETION = "/completion"


class _Event(msgspec.Struct):
    content: str = ""
    stop: bool = False
    stop_type: str | None = None
    model: str | None = None
    error: Any = None


_EVENT = msgspec.json.Decoder(_Event)


class LlamaCpp:
    """Native completion.

    Args:
        url: the whole address, or where the server is.
        extra: the user's further fields of the body.
    """

    def __init__(self, url: str, extra: Mapping[str, Any]) -> None:
        self.models_url = beside(url, (COMPLETION,), "/v1/models")
        self._url = completed(url, (COMPLETION,), COMPLETION)
        self._extra = extra
        self._common = OpenAI(url, extra)

    def url(self, prompt: Prompt) -> str:
        """Where a prompt is posted."""
        return self._url

    def body(self, prompt: Prompt, model: str) -> dict[str, Any]:
        """What is posted."""
        body: dict[str, Any] = {"model": model} if model else {}
        body |= {
            "prompt": without_surrogates(prompt.text),
            "n_predict": prompt.max_tokens,
            "temperature": 0,
            "stop": list(prompt.stop),
            "stream": True,
            "cache_prompt": True,
        }
        return merged(body, self._extra)

    def piece(self, payload: bytes) -> Piece | None:
        """Read one event."""
        event = decoded(payload, _EVENT)
        refuse_failure(event.error)
        finish = None
        if event.stop:
            finish = finish_of(event.stop_type) or Finish.UNKNOWN
        return Piece(event.content, finish, event.model)

    def whole(self, payload: bytes) -> Piece:
        """Read a reply that came in one document."""
        piece = self.piece(payload)
        if piece is None or piece.finish is None:
            raise ModelBadReply("the reply ended before the model had finished")
        return piece

    def names(self, payload: bytes) -> tuple[str, ...]:
        """Read the list of models."""
        return self._common.names(payload)
