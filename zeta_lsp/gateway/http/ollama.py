"""``/api/generate``, Ollama's own protocol.

Prompts are taken as they are, with `raw` or without, because clients that render their own have no
use for a template. What counts of a request is what counts in `openai`; without `stream` it
streams, in lines. Source: Ollama's API reference.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

from zeta_lsp.core.text import byte_length, estimate_tokens
from zeta_lsp.gateway.asking import Answered
from zeta_lsp.gateway.http.asked import Asked, read_of, stops_of
from zeta_lsp.gateway.http.posted import decoded

LINES = "application/x-ndjson"


class _Options(msgspec.Struct):
    stop: Any = None
    num_predict: float | None = None


class _Generate(msgspec.Struct):
    prompt: str = ""
    suffix: str | None = None
    stream: bool | None = None
    options: _Options | None = None


_GENERATE = msgspec.json.Decoder(_Generate)


class Ollama:
    """Generation. `now_s` gives seconds since 1970."""

    media_type = LINES

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s

    def asked(self, body: bytes) -> Asked:
        """Read a request."""
        given = decoded(body, _GENERATE)
        options = given.options or _Options()
        streams = given.stream is not False
        size = byte_length(given.prompt + (given.suffix or ""))
        if not (given.prompt or given.suffix) or options.num_predict == 0:
            return Asked(None, size, (), streams)
        read = read_of(given.prompt, given.suffix)
        return Asked(read, size, stops_of(options.stop), streams)

    def document(self, asked: Asked, answered: Answered, text: str) -> dict[str, Any]:
        """One answer."""
        return {**self._head(answered, text), **_done(asked, text)}

    def piece(self, answered: Answered, text: str) -> bytes:
        """A line that is not done."""
        return msgspec.json.encode({**self._head(answered, text), "done": False}) + b"\n"

    def last(self, asked: Asked, answered: Answered, text: str) -> bytes:
        """The line that is done; it has no text."""
        return msgspec.json.encode({**self._head(answered, ""), **_done(asked, text)}) + b"\n"

    def _head(self, answered: Answered, text: str) -> dict[str, str]:
        return {"model": answered.model, "created_at": _time(self._now_s()), "response": text}


def _done(asked: Asked, text: str) -> dict[str, Any]:
    return {
        "done": True,
        "done_reason": "load" if asked.read is None else "stop",
        "prompt_eval_count": estimate_tokens(asked.prompt_bytes),
        "eval_count": estimate_tokens(byte_length(text)),
    }


def listed(name: str, now_s: float) -> dict[str, Any]:
    """The list of models, which holds one."""
    details = {"format": "", "family": "", "families": None, "parameter_size": ""}
    model = {"name": name, "model": name, "modified_at": _time(now_s), "size": 0, "digest": ""}
    return {"models": [{**model, "details": details}]}


def _time(now_s: float) -> str:
    return datetime.fromtimestamp(now_s, UTC).isoformat().replace("+00:00", "Z")
