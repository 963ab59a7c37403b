"""Looking at an endpoint from outside: what it is, what it serves, and how fast it answers.

For `doctor` and `setup`, which ask with prompts of their own. Nothing is kept; each call opens and
closes its own connections.
"""

import time
from contextlib import aclosing

import msgspec

from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.errors import ModelBadReply
from zeta_lsp.core.ports import Finish, Piece
from zeta_lsp.core.prompt import Prompt
from zeta_lsp.models.build import Models
from zeta_lsp.models.dialect import decoded
from zeta_lsp.models.endpoint import EndpointModel


class Measurement(msgspec.Struct, frozen=True):
    """One timed answer. `connect_ms` is the time until a connection stood, before the prompt."""

    connect_ms: float
    first_token_ms: float
    total_ms: float
    output: str
    finish: Finish
    model: str


class Served(msgspec.Struct, frozen=True):
    """What an endpoint says about itself.

    `server` is ``vllm``, ``sglang``, ``llama.cpp``, ``ollama``, ``lmstudio``, or empty if unknown;
    `context_tokens` how long prompt and answer may be together, if it says.
    """

    models: tuple[str, ...]
    server: str = ""
    context_tokens: int | None = None


async def list_models(endpoint: Endpoint) -> tuple[str, ...]:
    """The models that an endpoint has, empty if it does not say.

    Raises:
        ModelError: it could not be asked.
        UsageError: it cannot be used as it is written.
    """
    model = Models().model(endpoint)
    try:
        return await model.names()
    finally:
        await model.aclose()


async def identify(endpoint: Endpoint) -> Served:
    """What an endpoint is. Raises as `list_models` does."""
    model = Models().model(endpoint)
    try:
        document = await model.listing()
    finally:
        await model.aclose()
    names = model.dialect.names(document) if document else ()
    return Served(names, *_described(endpoint, document))


async def measure(endpoint: Endpoint, prompt: Prompt) -> Measurement:
    """Send one prompt and time the answer.

    Raises:
        ModelError: no usable answer.
        UsageError: the endpoint cannot be used as it is written.
    """
    model = Models().model(endpoint)
    try:
        return await _timed(model, prompt)
    finally:
        await model.aclose()


class _Meta(msgspec.Struct):
    n_ctx: int | None = None


class _Entry(msgspec.Struct):
    owned_by: str = ""
    max_model_len: int | None = None
    meta: _Meta | None = None


class _Listing(msgspec.Struct):
    data: list[_Entry] = []


_LISTING = msgspec.json.Decoder(_Listing)
_SERVERS = {
    "vllm": "vllm",
    "sglang": "sglang",
    "llamacpp": "llama.cpp",
    "library": "ollama",
    "organization_owner": "lmstudio",
}
"""Who owns the models, as each server writes it, and so which server it is."""


def _described(endpoint: Endpoint, document: bytes) -> tuple[str, int | None]:
    """Server and context length, as far as a list of models tells."""
    if endpoint.kind == "ollama":
        return "ollama", None
    try:
        entries = decoded(document, _LISTING).data
    except ModelBadReply:
        return "", None
    if not entries:
        return "", None
    meta = entries[0].meta or _Meta()
    return _SERVERS.get(entries[0].owned_by, ""), entries[0].max_model_len or meta.n_ctx


async def _timed(model: EndpointModel, prompt: Prompt) -> Measurement:
    began_s = time.perf_counter()
    await model.warm()
    await model.known_name()
    asked_s = time.perf_counter()
    first_s, last, parts = asked_s, Piece(""), list[str]()
    async with aclosing(model.stream(prompt)) as pieces:
        async for last in pieces:
            if not parts:
                first_s = time.perf_counter()
            parts.append(last.text)
    done_s = time.perf_counter()
    return Measurement(
        connect_ms=(asked_s - began_s) * 1000,
        first_token_ms=(first_s - asked_s) * 1000,
        total_ms=(done_s - asked_s) * 1000,
        output="".join(parts),
        finish=last.finish or Finish.UNKNOWN,
        model=model.name or last.model or "",
    )
