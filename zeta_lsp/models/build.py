"""From an `Endpoint` to what answers predictions.

The only place that knows which kind of endpoint needs which parts. Importing it imports httpx
(about 85 ms), so the server does so after its `initialize` reply; the embedded model needs none of
it and is imported alone.
"""

import os
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing

import httpx

from zeta_lsp.core import formats
from zeta_lsp.core.address import is_plain_remote, origin_of
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.errors import ModelUnknown, UsageError
from zeta_lsp.core.ports import Predictor, Reply
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.models import mercury
from zeta_lsp.models.breaker import Breaker
from zeta_lsp.models.channel import Channel
from zeta_lsp.models.deadline import Limits
from zeta_lsp.models.dialect import Dialect
from zeta_lsp.models.endpoint import EndpointModel
from zeta_lsp.models.keys import Key
from zeta_lsp.models.llamacpp import LlamaCpp
from zeta_lsp.models.ollama import Ollama
from zeta_lsp.models.openai import OpenAI
from zeta_lsp.models.predictor import EndpointPredictor
from zeta_lsp.models.proxied import ProxiedTransport
from zeta_lsp.models.tls import Tls
from zeta_lsp.models.transport import LeanTransport

DIALECTS: Mapping[str, Callable[[str, Mapping[str, object]], Dialect]] = {
    "openai": OpenAI,
    "ollama": Ollama,
    "llamacpp": LlamaCpp,
    "mercury": mercury.Mercury,
}
DEFAULT_URLS = {
    "ollama": "http://127.0.0.1:11434",
    "llamacpp": "http://127.0.0.1:8080",
    "mercury": mercury.URL,
}
DEFAULT_MODELS = {"mercury": mercury.MODEL}
DEFAULT_FORMATS = {"mercury": "mercury"}
"""For models whose names say nothing."""


class Models:
    """Makes predictors, whose endpoints share a breaker where they share an origin.

    Args:
        environ: where keys named by `api_key_env` are looked up.
    """

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ
        self._breakers: dict[str, Breaker] = {}

    def predictor(self, endpoint: Endpoint) -> Predictor:
        """What answers predictions for an endpoint. Nothing is connected yet.

        Raises:
            UsageError: the endpoint cannot be used as it is written, or its format is unknown.
        """
        if endpoint.kind == "repeat":
            from zeta_lsp.models.repeat import Repeat

            return Repeat()
        model = self.model(endpoint)
        if endpoint.format != "auto":
            return EndpointPredictor(formats.get(endpoint.format), model)
        if not model.name:
            return LatePredictor(model)
        fmt = formats.named(formats.infer(model.name) or DEFAULT_FORMATS.get(endpoint.kind, ""))
        if fmt is None:
            raise UsageError(_no_format(model.name))
        return EndpointPredictor(fmt, model)

    def model(self, endpoint: Endpoint) -> EndpointModel:
        """The model behind an endpoint, whatever the format. Raises as `predictor` does."""
        url = endpoint.url or DEFAULT_URLS.get(endpoint.kind, "")
        make = DIALECTS.get(endpoint.kind)
        if make is None or not url:
            raise UsageError(f"an endpoint of kind {endpoint.kind!r} needs a url")
        _refuse_plain_http(url, endpoint)
        dialect = make(url, endpoint.extra_body)
        name = endpoint.model or DEFAULT_MODELS.get(endpoint.kind, "")
        return EndpointModel(name, dialect, self._channel(url, endpoint))

    def breaker(self, url: str) -> Breaker:
        """The breaker of an origin."""
        return self._breakers.setdefault(origin_of(url), Breaker())

    def _channel(self, url: str, endpoint: Endpoint) -> Channel:
        return Channel(
            url,
            transport=_transport(url, endpoint),
            limits=Limits.within(endpoint.timeout_ms / 1000),
            key=Key(url, endpoint.api_key_env, endpoint.api_key_command, self._environ),
            headers=endpoint.headers,
            breaker=self.breaker(url),
        )


class LatePredictor:
    """Asks the endpoint for its model's name first, because the format depends on it."""

    def __init__(self, model: EndpointModel) -> None:
        self.name = ""
        self.needs_current_file = False
        self._model = model
        self._known: EndpointPredictor | None = None

    async def predict(self, given: PromptInput) -> AsyncGenerator[Reply]:
        """Answer as `EndpointPredictor` does.

        Raises:
            ModelUnknown: no format fits the endpoint's only model.
        """
        known = await self._found()
        async with aclosing(known.predict(given)) as replies:
            async for reply in replies:
                yield reply

    async def _found(self) -> EndpointPredictor:
        if self._known is None:
            self.name = await self._model.known_name()
            fmt = formats.named(formats.infer(self.name) or "")
            if fmt is None:
                raise ModelUnknown(_no_format(self.name))
            self._known = EndpointPredictor(fmt, self._model)
            self.needs_current_file = self._known.needs_current_file
        return self._known

    async def warm(self) -> None:
        """Have a connection ready."""
        await self._model.warm()

    async def aclose(self) -> None:
        """Close connections."""
        await self._model.aclose()


def predictor_for(endpoint: Endpoint) -> Predictor:
    """What answers predictions for one endpoint; see `Models.predictor`."""
    return Models().predictor(endpoint)


def _transport(url: str, endpoint: Endpoint) -> httpx.AsyncBaseTransport:
    tls = Tls(endpoint.ca_file)
    if endpoint.proxy:
        return ProxiedTransport(endpoint.proxy, tls)
    return LeanTransport(httpx.URL(url), tls)


def _refuse_plain_http(url: str, endpoint: Endpoint) -> None:
    if is_plain_remote(url) and not endpoint.allow_plain_http:
        raise UsageError(
            "http:// to another machine lets anybody on the way read code and key: "
            "use https://, or set allow_plain_http = true for this endpoint"
        )


def _no_format(model: str) -> str:
    return f"no prompt format is known for model {model!r}: set format"
