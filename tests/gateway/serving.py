"""A gateway on loopback, in front of whatever a test puts there, with a real HTTP client."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx

from tests.core.formats.inputs import GIVEN
from zeta_lsp.core import formats
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.journal import JournalEntry
from zeta_lsp.core.settings import Settings
from zeta_lsp.gateway.http.app import application
from zeta_lsp.gateway.http.connection import Connection
from zeta_lsp.gateway.http.listening import listening, port_of, server
from zeta_lsp.gateway.http.posted import BODY_S_MAX
from zeta_lsp.gateway.run import made
from zeta_lsp.gateway.upstream import Embedded, Served, Upstream
from zeta_lsp.models.build import DEFAULT_FORMATS, Models
from zeta_lsp.models.predictor import EndpointPredictor
from zeta_lsp.models.repeat import Repeat

COMPLETIONS = "/v1/completions"
TIMEOUT_S = 20.0


class Open:
    """An open gateway: a client of it, its port, and what its journal says."""

    def __init__(self, client: httpx.AsyncClient, port: int, journal: "Journal") -> None:
        self.client = client
        self.port = port
        self.journal = journal
        self.entries = journal.entries

    async def complete(self, prompt: str, **others: Any) -> httpx.Response:
        return await self.client.post(COMPLETIONS, json={"prompt": prompt, **others})

    async def text(self, prompt: str, **others: Any) -> str:
        response = await self.complete(prompt, **others)
        assert response.status_code == 200, response.text
        text: str = response.json()["choices"][0]["text"]
        return text

    @property
    def reasons(self) -> list[str]:
        return [entry.reason for entry in self.entries]


class Journal:
    """What was entered, and a way to wait for it."""

    def __init__(self) -> None:
        self.entries: list[JournalEntry] = []
        self._entered = asyncio.Event()

    def enter(self, entries: Sequence[JournalEntry]) -> None:
        self.entries.extend(entries)
        self._entered.set()

    async def holds(self, count: int) -> None:
        """Wait for so many entries; fails the test if that takes long."""
        async with asyncio.timeout(TIMEOUT_S):
            while len(self.entries) < count:
                self._entered.clear()
                await self._entered.wait()


@contextlib.asynccontextmanager
async def opened(
    upstream: Upstream | None = None,
    settings: Settings | None = None,
    *,
    token: str = "",
    connection: type[Connection] = Connection,
    body_s_max: float = BODY_S_MAX,
) -> AsyncIterator[Open]:
    """Serve; without an upstream the embedded model answers."""
    upstream = upstream or Embedded(Repeat())
    journal = Journal()
    gateway = made(settings or Settings(), upstream, journal.enter)
    sockets = listening(0)
    port = port_of(sockets)
    running = server(application(gateway, token, body_s_max), connection)
    serving = asyncio.ensure_future(running.serve(sockets=sockets))
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", timeout=TIMEOUT_S, trust_env=False
        ) as client:
            yield Open(client, port, journal)
    finally:
        running.should_exit = True
        await serving
        await upstream.aclose()


def endpoint(
    url: str, model: str = "zeta-2.1", format_name: str = "auto", **others: Any
) -> Upstream:
    """A model behind an endpoint, as the command makes it."""
    given = Endpoint("openai", url, model, format_name, **others)
    asked = Models().model(given)
    fallback = DEFAULT_FORMATS.get(given.kind, "")
    return Served(asked, lambda form: EndpointPredictor(form, asked), format_name, fallback)


def rendered(name: str = "zeta2.1", given: Any = GIVEN) -> str:
    """A prompt as a client of this format sends it."""
    prompt = formats.get(name).render(given)
    assert prompt is not None
    return prompt.text


def proposed(name: str, text: str, given: Any = GIVEN) -> Sequence[str]:
    """What an answer in a format puts into the file, replacement by replacement."""
    form = formats.get(name)
    prompt = form.render(given)
    assert prompt is not None
    return [one.text for one in form.parse(text, given, prompt).replacements]
