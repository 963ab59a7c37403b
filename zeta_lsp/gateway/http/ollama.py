"""``/api/generate``, Ollama's own protocol.

Prompts are taken as they are, with `raw` or without, because clients that render their own have no
use for a template. What counts of a request is what counts in `openai`; without `stream` it
streams, in lines. Source: Ollama's API reference.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from starlette.responses import Response

from zeta_lsp.core.text import byte_length, estimate_tokens
from zeta_lsp.gateway.asking import Answered
from zeta_lsp.gateway.http import replies
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

    def reply(self, asked: Asked, answered: Answered) -> Response:
        """One answer; a stream of it has its text first and then says that it is done."""
        text = asked.ended(answered.text)
        head = {"model": answered.model, "created_at": _time(self._now_s())}
        done = {
            "done": True,
            "done_reason": "load" if asked.read is None else "stop",
            "prompt_eval_count": estimate_tokens(asked.prompt_bytes),
            "eval_count": estimate_tokens(byte_length(text)),
        }
        if not asked.streams:
            return replies.document({**head, "response": text, **done})
        lines = [{**head, "response": text, "done": False}] if text else []
        lines.append({**head, "response": "", **done})
        return replies.body(b"".join(msgspec.json.encode(line) + b"\n" for line in lines), LINES)


def listed(name: str, now_s: float) -> dict[str, Any]:
    """The list of models, which holds one."""
    details = {"format": "", "family": "", "families": None, "parameter_size": ""}
    model = {"name": name, "model": name, "modified_at": _time(now_s), "size": 0, "digest": ""}
    return {"models": [{**model, "details": details}]}


def _time(now_s: float) -> str:
    return datetime.fromtimestamp(now_s, UTC).isoformat().replace("+00:00", "Z")
