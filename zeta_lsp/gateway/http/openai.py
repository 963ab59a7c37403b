"""``/v1/completions``, as OpenAI began it and nearly every inference server speaks it.

Of a request only `prompt`, `suffix`, `stop`, `stream` and a `max_tokens` of 0 count. There is one
answer, at temperature 0, as long as the format needs: a region that is cut off at a client's guess
of its length would be deleted from there on. `prompt` beside `suffix` are the text on both sides of
the cursor. Numbers in `usage` are estimates; Zed does not take an answer without them.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from zeta_lsp.core.text import byte_length, estimate_tokens
from zeta_lsp.gateway.asking import Answered
from zeta_lsp.gateway.http.asked import Asked, read_of, stops_of
from zeta_lsp.gateway.http.faults import Refused
from zeta_lsp.gateway.http.posted import decoded

EVENTS = "text/event-stream"


class _Completion(msgspec.Struct):
    prompt: Any = None
    suffix: str | None = None
    stop: Any = None
    stream: bool | None = None
    max_tokens: float | None = None


_COMPLETION = msgspec.json.Decoder(_Completion)


class OpenAI:
    """Completions. `now_s` gives seconds since 1970."""

    media_type = EVENTS

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s

    def asked(self, body: bytes) -> Asked:
        """Read a request."""
        given = decoded(body, _COMPLETION)
        prompt = _only(given.prompt)
        size = byte_length(prompt + (given.suffix or ""))
        stops, streams = stops_of(given.stop), bool(given.stream)
        if given.max_tokens == 0:
            return Asked(None, size, stops, streams)
        return Asked(read_of(prompt, given.suffix), size, stops, streams)

    def document(self, asked: Asked, answered: Answered, text: str) -> dict[str, Any]:
        """One choice."""
        return {**self._choice(answered, text, "stop"), **_usage(asked.prompt_bytes, text)}

    def piece(self, answered: Answered, text: str) -> bytes:
        """An event without a finish."""
        return _event(self._choice(answered, text, None))

    def last(self, asked: Asked, answered: Answered, text: str) -> bytes:
        """The finish, and the mark that ends all streams."""
        finish = {**self._choice(answered, "", "stop"), **_usage(asked.prompt_bytes, text)}
        return _event(finish) + b"data: [DONE]\n\n"

    def _choice(self, answered: Answered, text: str, finish: str | None) -> dict[str, Any]:
        choice = {"text": text, "index": 0, "logprobs": None, "finish_reason": finish}
        return {
            "id": answered.ident,
            "object": "text_completion",
            "created": int(self._now_s()),
            "model": answered.model,
            "choices": [choice],
        }


def _only(prompt: Any) -> str:
    """The prompt, given as a string or as a list of one."""
    if isinstance(prompt, list) and len(prompt) == 1:
        prompt = prompt[0]
    if not isinstance(prompt, str):
        raise Refused(400, "bad_request", "prompt is one string")
    return prompt


def _event(content: dict[str, Any]) -> bytes:
    return b"data: %s\n\n" % msgspec.json.encode(content)


def _usage(prompt_bytes: int, text: str) -> dict[str, dict[str, int]]:
    prompt, answer = estimate_tokens(prompt_bytes), estimate_tokens(byte_length(text))
    counts = {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}
    return {"usage": counts}
