"""The checks of what an endpoint says about itself: its models, and the format that fits.

`model_check` and `format_check` also give back the endpoint with what they found filled in.
"""

from pathlib import PurePath
from typing import Protocol

from msgspec.structs import replace

from zeta_lsp.cli.checks import Check, Status
from zeta_lsp.core import formats
from zeta_lsp.core.endpoint import Endpoint

CONTEXT_TOKENS = 4096 + 1024
"""The longest prompt, and the answer to it."""
_SHOWN_NAMES = 5


class Served(Protocol):
    """What an endpoint says about itself."""

    @property
    def models(self) -> tuple[str, ...]:
        """The models it has; none if it does not say."""

    @property
    def server(self) -> str:
        """Which program it is; empty if unknown."""

    @property
    def context_tokens(self) -> int | None:
        """How long prompt and answer may be together, if it says."""


def listing_check(served: Served, endpoint: Endpoint) -> Check:
    """Whether the server is of the kind that the settings say, and large enough."""
    if served.server == "ollama" and endpoint.kind == "openai":
        advice = 'kind = "ollama": under /v1 Ollama fills prompts into chat templates'
        return Check("models", Status.WARN, "the server is Ollama", advice)
    if not served.models:
        return Check("models", Status.OK, "the endpoint does not list its models")
    if served.context_tokens is not None and served.context_tokens < CONTEXT_TOKENS:
        detail = f"there is room for {served.context_tokens} tokens only"
        advice = f"start the server with {CONTEXT_TOKENS} or more, or long prompts will fail"
        return Check("models", Status.WARN, detail, advice)
    server = f" ({served.server})" if served.server else ""
    return Check("models", Status.OK, f"{_listed(served.models)}{server}")


def model_check(served: Served, endpoint: Endpoint) -> tuple[Check, Endpoint]:
    """Which model is meant, and whether the endpoint has it."""
    wanted, names = endpoint.model, served.models
    if wanted:
        if names and not _is_among(wanted, names):
            detail = f"the endpoint does not list {wanted}, but {_listed(names)}"
            return Check("model", Status.FAIL, detail, _choice(names)), endpoint
        return Check("model", Status.OK, wanted), endpoint
    if len(names) > 1:
        detail = f"the endpoint has {len(names)}, and none is chosen"
        return Check("model", Status.FAIL, detail, _choice(names)), endpoint
    found = replace(endpoint, model=names[0] if names else "")
    return Check("model", Status.OK, found.model or "left to the endpoint"), found


def format_check(endpoint: Endpoint) -> tuple[Check, Endpoint]:
    """Which prompt format is used, and whether it is the one that the model was made for."""
    given, model = endpoint.format, endpoint.model
    known = formats.infer(model)
    if given != "auto":
        return _as_set(endpoint, known or "")
    if endpoint.kind == "mercury" and known is None:
        return _found(Status.OK, "mercury, by the kind", endpoint, "mercury")
    if known is None:
        detail = f"no format is known for {model or 'a model without a name'}"
        advice = f"set the format: {_known_formats()}"
        return Check("format", Status.FAIL, detail, advice), endpoint
    return _found(Status.OK, f"{known}, by the model's name", endpoint, known)


def _as_set(endpoint: Endpoint, fitting: str) -> tuple[Check, Endpoint]:
    chosen = formats.named(endpoint.format)
    if chosen is None:
        detail = f"there is no format {endpoint.format!r}"
        return Check("format", Status.FAIL, detail, f"set one of: {_known_formats()}"), endpoint
    if fitting in ("", chosen.name):
        return _found(Status.OK, f"{chosen.name}, as set", endpoint, chosen.name)
    detail = f"{chosen.name}, as set; the model's name speaks for {fitting}"
    advice = 'format = "auto", unless you know better'
    return _found(Status.WARN, detail, endpoint, chosen.name, advice)


def _found(
    status: Status, detail: str, endpoint: Endpoint, name: str, advice: str = ""
) -> tuple[Check, Endpoint]:
    return Check("format", status, detail, advice), replace(endpoint, format=name)


def _is_among(wanted: str, names: tuple[str, ...]) -> bool:
    """Some servers list tags and folders that may be left out: `m` is `m:latest` and `/x/m`."""
    return any(
        wanted in (name, name.removesuffix(":latest"), PurePath(name).name) for name in names
    )


def _choice(names: tuple[str, ...]) -> str:
    """Which model to choose: one that a format is known for, if there is one."""
    fitting = tuple(name for name in names if formats.infer(name) is not None)
    return f"choose one with --model, or model = in [endpoint]: {_listed(fitting or names)}"


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - _SHOWN_NAMES
    shown = ", ".join(names[:_SHOWN_NAMES])
    return f"{shown} and {more} more" if more > 0 else shown


def _known_formats() -> str:
    return ", ".join(formats.names())
