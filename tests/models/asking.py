"""Models under test, wired by hand with short limits and a breaker that tests can replace."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any

import httpx

from zeta_lsp.core.ports import Piece
from zeta_lsp.core.prompt import Prompt
from zeta_lsp.models.breaker import Breaker
from zeta_lsp.models.channel import Channel
from zeta_lsp.models.deadline import Limits
from zeta_lsp.models.dialect import Dialect
from zeta_lsp.models.endpoint import EndpointModel
from zeta_lsp.models.keys import Key
from zeta_lsp.models.openai import OpenAI
from zeta_lsp.models.pool import TlsContext
from zeta_lsp.models.tls import Tls
from zeta_lsp.models.transport import LeanTransport

PROMPT = Prompt("toy", "def add(a, b):\n    ", (0, 10), (0, 20), max_tokens=64, stop=("<end>",))
DEADLINE_S = 0.4
SLACK_S = 3.0
"""How much later than its deadline a request may end before a test calls it hung."""


@asynccontextmanager
async def asking(
    url: str,
    *,
    dialect: Dialect | None = None,
    name: str = "served",
    total_s: float = DEADLINE_S,
    key: Key | None = None,
    headers: Mapping[str, str] | None = None,
    breaker: Breaker | None = None,
    tls: TlsContext | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    extra: Mapping[str, Any] | None = None,
) -> AsyncIterator[EndpointModel]:
    """A model behind `url`, closed afterwards."""
    channel = Channel(
        url,
        transport=transport or LeanTransport(httpx.URL(url), tls or Tls()),
        limits=Limits.within(total_s),
        key=key or Key(url),
        headers=headers or {},
        breaker=breaker or Breaker(),
        chance=lambda: 0.0,
    )
    model = EndpointModel(name, dialect or OpenAI(url, extra or {}), channel)
    try:
        yield model
    finally:
        await model.aclose()


async def collected(
    model: EndpointModel, prompt: Prompt = PROMPT, limit_s: float = DEADLINE_S + SLACK_S
) -> list[Piece]:
    """All pieces of one answer; fails the test if it hangs."""
    async with asyncio.timeout(limit_s), aclosing(model.stream(prompt)) as pieces:
        return [piece async for piece in pieces]


async def text_of(
    model: EndpointModel, prompt: Prompt = PROMPT, limit_s: float = DEADLINE_S + SLACK_S
) -> str:
    """The text of one answer."""
    return "".join(piece.text for piece in await collected(model, prompt, limit_s))
