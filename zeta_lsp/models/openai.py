"""The completions protocol that OpenAI began and nearly every inference server speaks.

Read at first hand: llama.cpp's server, vLLM, `transformers serve`, llama-cpp-python; SGLang and
LM Studio are said to do the same. They differ in their endings: `transformers serve` sends no
``[DONE]``, others send a usage event between the last text and ``[DONE]``. An answer is therefore
finished at its finish reason, or at ``[DONE]`` if there was none.

Raw text completion is what prompt formats are made for. A prompt goes to the chat variant if the
address says so, or if it consists of messages only.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from zeta_lsp.core.errors import ModelBadReply
from zeta_lsp.core.ports import Finish, Piece
from zeta_lsp.core.prompt import Message, Prompt
from zeta_lsp.core.text import without_surrogates
from zeta_lsp.models.dialect import decoded, finish_of, merged, refuse_failure
from zeta_lsp.models.paths import beside, completed

CHAT = "/chat/completions"
COMPLETIONS = "/completions"
KNOWN_PATHS = ("/edit/completions", CHAT, COMPLETIONS)


class _Text(msgspec.Struct, gc=False):
    content: str | None = None


class _Choice(msgspec.Struct, gc=False):
    text: str | None = None
    delta: _Text | None = None
    message: _Text | None = None
    finish_reason: str | None = None
    index: int = 0


class _Event(msgspec.Struct, gc=False):
    choices: list[_Choice] | None = None
    model: str | None = None
    error: Any = None


class _Model(msgspec.Struct):
    id: str


class _Models(msgspec.Struct):
    data: list[_Model]


_EVENT = msgspec.json.Decoder(_Event)
_MODELS = msgspec.json.Decoder(_Models)


class OpenAI:
    """Completions, or chat completions.

    Args:
        url: the whole address, or where the server is.
        extra: the user's further fields of the body.
        streams: whether the reply is asked for piece by piece.
    """

    def __init__(self, url: str, extra: Mapping[str, Any], streams: bool = True) -> None:
        self.models_url = beside(url, KNOWN_PATHS, "/v1/models")
        self._completions = completed(url, KNOWN_PATHS, "/v1/completions")
        self._chat = completed(url, KNOWN_PATHS, "/v1/chat/completions")
        self._extra = extra
        self._streams = streams

    def url(self, prompt: Prompt) -> str:
        """Where a prompt is posted."""
        return self._chat if prompt.messages and not prompt.text else self._completions

    def body(self, prompt: Prompt, model: str) -> dict[str, Any]:
        """What is posted."""
        body: dict[str, Any] = {"model": model} if model else {}
        body |= self._question(prompt)
        body |= {"max_tokens": prompt.max_tokens, "temperature": 0, "stream": self._streams}
        if prompt.stop:
            body["stop"] = list(prompt.stop)
        return merged(body, self._extra)

    def piece(self, payload: bytes) -> Piece | None:
        """Read one event."""
        if payload == b"[DONE]":
            return Piece("", Finish.UNKNOWN)
        event = decoded(payload, _EVENT)
        refuse_failure(event.error)
        if not event.choices or event.choices[0].index:
            return None
        choice = event.choices[0]
        return Piece(_text_of(choice), finish_of(choice.finish_reason), event.model)

    def whole(self, payload: bytes) -> Piece:
        """Read a reply that came in one document."""
        event = decoded(payload, _EVENT)
        refuse_failure(event.error)
        if not event.choices:
            raise ModelBadReply("the reply holds no answer")
        choice = event.choices[0]
        finish = finish_of(choice.finish_reason) or Finish.UNKNOWN
        return Piece(_text_of(choice), finish, event.model)

    def names(self, payload: bytes) -> tuple[str, ...]:
        """Read the list of models."""
        return tuple(model.id for model in decoded(payload, _MODELS).data)

    def _question(self, prompt: Prompt) -> dict[str, Any]:
        if self.url(prompt).partition("?")[0].rstrip("/").endswith(CHAT):
            return {"messages": chat_messages(prompt)}
        return {"prompt": without_surrogates(prompt.text)}


def chat_messages(prompt: Prompt) -> list[dict[str, str]]:
    """A prompt as chat messages: its own, or its text as the user's only one."""
    messages = prompt.messages or (Message("user", prompt.text),)
    return [{"role": each.role, "content": without_surrogates(each.content)} for each in messages]


def _text_of(choice: _Choice) -> str:
    said = choice.delta or choice.message
    return choice.text or (said.content if said is not None else None) or ""
