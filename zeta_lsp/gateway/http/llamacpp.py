"""``/infill``, with which llama.vim and its relatives ask llama.cpp's server.

The text on both sides of the cursor comes by itself: rows above (`input_prefix`), the cursor's row
up to the cursor (`prompt`), what follows (`input_suffix`), and chunks of other files. The answer is
what goes in between. Nothing says which file it is for.

With `n_predict` 0 nothing is generated; llama.vim has the server read its chunks ahead that way.
"""

from typing import Any

import msgspec

from zeta_lsp.core.prompt import RelatedFile
from zeta_lsp.core.text import byte_length, estimate_tokens
from zeta_lsp.gateway.asking import Answered
from zeta_lsp.gateway.http.asked import Asked, stops_of
from zeta_lsp.gateway.http.openai import EVENTS
from zeta_lsp.gateway.http.posted import decoded
from zeta_lsp.gateway.prompts.fim import read_sides
from zeta_lsp.gateway.prompts.reading import file_of


class _Chunk(msgspec.Struct):
    text: str
    filename: str = ""


class _Infill(msgspec.Struct):
    input_prefix: str = ""
    input_suffix: str = ""
    prompt: str = ""
    input_extra: list[_Chunk] | None = None
    n_predict: float | None = None
    stop: Any = None
    stream: bool | None = None


_INFILL = msgspec.json.Decoder(_Infill)


class Infill:
    """What goes between two texts."""

    media_type = EVENTS

    def asked(self, body: bytes) -> Asked:
        """Read a request."""
        given = decoded(body, _INFILL)
        prefix, suffix = given.input_prefix + given.prompt, given.input_suffix
        size, streams = byte_length(prefix + suffix), bool(given.stream)
        if given.n_predict == 0:
            return Asked(None, size, (), streams)
        read = read_sides(prefix, suffix, files=_files(given.input_extra or []))
        return Asked(read, size, stops_of(given.stop), streams)

    def document(self, asked: Asked, answered: Answered, text: str) -> dict[str, Any]:
        """The text."""
        return {
            "content": text,
            "stop": True,
            "stop_type": "eos",
            "model": answered.model,
            "truncated": False,
            "tokens_predicted": estimate_tokens(byte_length(text)),
            "tokens_evaluated": estimate_tokens(asked.prompt_bytes),
        }

    def piece(self, answered: Answered, text: str) -> bytes:
        """An event of some text."""
        return _event({"content": text, "stop": False})

    def last(self, asked: Asked, answered: Answered, text: str) -> bytes:
        """The event that stops; it has no text."""
        return _event({**self.document(asked, answered, text), "content": ""})


def _event(content: dict[str, Any]) -> bytes:
    return b"data: %s\n\n" % msgspec.json.encode(content)


def _files(chunks: list[_Chunk]) -> list[RelatedFile]:
    """Chunks under their files' names, or under none."""
    return [file_of(chunk.filename, chunk.text) for chunk in chunks if chunk.text]
