"""Ollama's own protocol: ``/api/generate`` with the prompt as it is (`raw`), in JSON lines.

Ollama cuts the beginning off a prompt that does not fit the context it loaded the model with,
without saying so, and that context is small by default. So a context that holds any of our prompts
is asked for, always the same one, since a change makes Ollama load the model again. Set
``extra_body.options.num_ctx`` for another.

Source: Ollama's API reference; no Ollama could be run to try it against.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from zeta_lsp.core.errors import ModelBadReply
from zeta_lsp.core.ports import Finish, Piece
from zeta_lsp.core.prompt import Prompt
from zeta_lsp.core.text import without_surrogates
from zeta_lsp.models.dialect import decoded, finish_of, merged, refuse_failure
from zeta_lsp.models.paths import beside, completed

GENERATE = "/api/generate"
CONTEXT_TOKENS = 8192


class _Event(msgspec.Struct):
    response: str = ""
    done: bool = False
    done_reason: str | None = None
    model: str | None = None
    error: Any = None


class _Model(msgspec.Struct):
    name: str


class _Models(msgspec.Struct):
    models: list[_Model]


_EVENT = msgspec.json.Decoder(_Event)
_MODELS = msgspec.json.Decoder(_Models)


class Ollama:
    """Raw generation.

    Args:
        url: the whole address, or where the server is.
        extra: the user's further fields of the body; `options` is merged.
    """

    def __init__(self, url: str, extra: Mapping[str, Any]) -> None:
        self.models_url = beside(url, (GENERATE,), "/api/tags")
        self._url = completed(url, (GENERATE,), GENERATE)
        self._extra = extra

    def url(self, prompt: Prompt) -> str:
        """Where a prompt is posted."""
        return self._url

    def body(self, prompt: Prompt, model: str) -> dict[str, Any]:
        """What is posted."""
        options = {
            "num_predict": prompt.max_tokens,
            "num_ctx": CONTEXT_TOKENS,
            "temperature": 0,
            "stop": list(prompt.stop),
        }
        question = {"prompt": without_surrogates(prompt.text), "raw": True, "stream": True}
        return merged({"model": model, **question, "options": options}, self._extra)

    def piece(self, payload: bytes) -> Piece | None:
        """Read one line. A line that is done because a model was loaded is no answer."""
        event = decoded(payload, _EVENT)
        refuse_failure(event.error)
        finish = None
        if event.done:
            if event.done_reason in ("load", "unload"):
                raise ModelBadReply("the endpoint loaded the model but did not ask it")
            finish = finish_of(event.done_reason) or Finish.UNKNOWN
        return Piece(event.response, finish, event.model)

    def whole(self, payload: bytes) -> Piece:
        """Read a reply that came in one document."""
        piece = self.piece(payload)
        if piece is None or piece.finish is None:
            raise ModelBadReply("the reply ended before the model had finished")
        return piece

    def names(self, payload: bytes) -> tuple[str, ...]:
        """Read the list of models."""
        return tuple(model.name for model in decoded(payload, _MODELS).models)
