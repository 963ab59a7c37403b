"""What to change when an endpoint does not answer as it should.

Most faults are addresses: a chat endpoint, a server's front page, another server's protocol.
"""

from urllib.parse import urlsplit

from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.errors import (
    ModelBadReply,
    ModelBusy,
    ModelError,
    ModelKeyMissing,
    ModelPaused,
    ModelRefused,
    ModelTimeout,
    ModelUnknown,
    ModelUnnamed,
    ModelUnreachable,
)

_OLLAMA_PORT = 11434
_COMPLETIONS = "/v1/completions"


def address_advice(endpoint: Endpoint) -> str:
    """What looks wrong with an address before anything is sent; empty if nothing does."""
    if endpoint.kind != "openai":
        return ""
    parts = urlsplit(endpoint.url)
    path = parts.path.rstrip("/")
    if path.endswith("/chat/completions"):
        return (
            "this is a chat address, but prompts are plain text: "
            f"end it with {path.removesuffix('/chat/completions')}/completions"
        )
    if path.endswith(("/api/generate", "/api/chat")) or parts.port == _OLLAMA_PORT:
        return 'this is Ollama, which fills prompts into chat templates under /v1: kind = "ollama"'
    if path.endswith(("/completion", "/infill")):
        return (
            f'this is llama.cpp\'s own protocol: kind = "llamacpp", or end it with {_COMPLETIONS}'
        )
    if path.endswith(("/embeddings", "/responses", "/models", "/messages")):
        return f"this address does not complete text: end it with {_COMPLETIONS}"
    return ""


def fault_advice(fault: ModelError, endpoint: Endpoint) -> str:
    """What to change after a request failed."""
    match fault:
        case ModelKeyMissing():
            return "set the variable that api_key_env names, or correct api_key_command"
        case ModelUnnamed():
            return "choose one with --model, or model = in [endpoint]"
        case ModelUnknown():
            return "set the format: --format, or format = in [endpoint]"
        case ModelBusy() | ModelPaused():
            return "wait for the server to have room, or give it more"
        case ModelRefused():
            return _refusal_advice(fault.status, endpoint)
        case ModelTimeout():
            return "is the model still loading? otherwise use a smaller one, or raise timeout_ms"
        case ModelUnreachable():
            return "start the server, or correct the url"
        case ModelBadReply():
            return (
                address_advice(endpoint)
                or f"correct the url; it usually ends with {_ending(endpoint)}"
            )
    return "look into the server's log"


def _refusal_advice(status: int, endpoint: Endpoint) -> str:
    if status in (401, 403):
        return "name the variable with the key: api_key_env = (or --api-key-env)"
    if status in (404, 405, 501):
        return address_advice(endpoint) or (
            f"no completions at this address: correct url (…{_ending(endpoint)}) or model; "
            "a server that only chats cannot be used"
        )
    if status == 413:
        return "start the server with a context of 8192 tokens or more"
    if status in (400, 422):
        return "the server names the cause in its log: often the model's name or its context length"
    return "look into the server's log"


def _ending(endpoint: Endpoint) -> str:
    return {"ollama": "/api/generate", "llamacpp": "/completion"}.get(endpoint.kind, _COMPLETIONS)
