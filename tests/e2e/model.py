"""A zeta2.1 endpoint on loopback that answers as a test says, request by request.

    async with Model(rewriting(("old", "new"))) as model:
        ...the server asks model.url...

A behaviour is an async function of the connection and the request. `behave` may be replaced at
any time. Everything that was asked is kept in `asked` (bodies) and in `sent` (all bytes).
"""

import asyncio
import itertools
import re
from collections.abc import Awaitable, Callable

from tests.models.raw_server import (
    DONE,
    LAST_CHUNK,
    STREAM_HEAD,
    Client,
    RawServer,
    Request,
    chunk,
    event,
    streamed,
)

CURSOR = "<|user_cursor|>"
_MARKER = re.compile(r"<\|marker_\d+\|>")
_TAG = re.compile(r"<\|marker_[\w-]{4}\|>\n")

Behaviour = Callable[[Client, Request], Awaitable[None]]


class Model(RawServer):
    """The endpoint. `busy` counts the requests that it has not answered yet."""

    def __init__(self, behave: Behaviour) -> None:
        super().__init__(self._serve)
        self.behave = behave

    async def __aenter__(self) -> "Model":
        await super().__aenter__()
        return self

    @property
    def asked(self) -> list[str]:
        """The prompts so far."""
        return [request.json["prompt"] for request in self.requests]

    @property
    def sent(self) -> bytes:
        """Every byte that was sent here, heads included."""
        return b"".join(request.head + request.body for request in self.requests)

    async def _serve(self, client: Client) -> None:
        while True:
            request = await client.request()
            await self.behave(client, request)


def rewritten(prompt: str, *pairs: tuple[str, str]) -> str:
    """A zeta2.1 answer: all marked blocks, with the first occurrence of each old text replaced."""
    markers, text = excerpt(prompt)
    for old, new in pairs:
        assert old in text, f"{old!r} is not in the excerpt"
        text = text.replace(old, new, 1)
    text = text.removesuffix("\n")
    return f"{markers[0]}{text}{markers[-1]}"


def excerpt(prompt: str) -> tuple[list[str], str]:
    """The markers of a zeta2.1 prompt and the text that they stand in, without its cursor."""
    region = prompt[prompt.index("<|marker_1|>") : prompt.rindex("<[fim-middle]>")]
    return _MARKER.findall(region), _MARKER.sub("", region).replace(CURSOR, "")


def rewritten_anywhere(prompt: str, old: str, new: str) -> str:
    """A v0615 answer: the block, of whatever file, that holds the old text, with the new one."""
    tags = list(_TAG.finditer(prompt))
    for tag, following in itertools.pairwise(tags):
        block = prompt[tag.end() : following.start()].replace(CURSOR, "")
        if old in block:
            return f"{tag[0]}{block.replace(old, new, 1)}{following[0]}"
    return "NO_EDITS"


def rewriting(*pairs: tuple[str, str]) -> Behaviour:
    """Answer in a few pieces with some texts replaced; without any, that nothing changes."""

    async def behave(client: Client, request: Request) -> None:
        await client.send(streamed(*pieces(rewritten(request.json["prompt"], *pairs))))

    return behave


def saying(data: bytes) -> Behaviour:
    """Answer with these very bytes."""

    async def behave(client: Client, _: Request) -> None:
        await client.send(data)

    return behave


def cutting(data: bytes) -> Behaviour:
    """Send these bytes and close the connection."""

    async def behave(client: Client, _: Request) -> None:
        await client.send(data)
        client.writer.close()
        raise ConnectionError

    return behave


class Holding:
    """Holds every answer back until `go` is set; sends what is `certain` before."""

    def __init__(self, *pairs: tuple[str, str], first_rows: int = 0) -> None:
        self.pairs = pairs
        self.first_rows = first_rows
        self.go = asyncio.Event()

    async def __call__(self, client: Client, request: Request) -> None:
        text = rewritten(request.json["prompt"], *self.pairs)
        rows = text.splitlines(keepends=True)
        first, rest = "".join(rows[: self.first_rows]), "".join(rows[self.first_rows :])
        await client.send(STREAM_HEAD + (chunk(event(first)) if first else b""))
        gone = asyncio.ensure_future(client.gone())
        going = asyncio.ensure_future(self.go.wait())
        await asyncio.wait({gone, going}, return_when=asyncio.FIRST_COMPLETED)
        going.cancel()
        if gone.done():
            raise ConnectionError
        gone.cancel()
        await client.send(b"".join(map(chunk, [event(rest), event("", "stop"), DONE])))
        await client.send(LAST_CHUNK)


def pieces(text: str, size: int = 60) -> list[str]:
    """A text in the pieces in which it streams."""
    return [text[at : at + size] for at in range(0, len(text), size)]
