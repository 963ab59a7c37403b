"""Answers that begin before they are whole: what was sent always begins what is said in the end."""

import asyncio
import json

import httpx
import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from tests.asynchronous import asynchronous
from tests.core.formats.inputs import GIVEN
from tests.e2e.model import Model
from tests.gateway.raw_client import connected, posting
from tests.gateway.serving import COMPLETIONS, endpoint, opened, proposed, rendered
from tests.models.raw_server import DONE, LAST_CHUNK, STREAM_HEAD, chunk, event
from zeta_lsp.core import formats
from zeta_lsp.core.exclusion import Exclusions
from zeta_lsp.core.ports import Finish, Piece
from zeta_lsp.gateway.asking import Gateway
from zeta_lsp.gateway.book import Book
from zeta_lsp.gateway.crowd import Crowd
from zeta_lsp.gateway.prompts.recognise import recognised
from zeta_lsp.gateway.screening import Screen
from zeta_lsp.gateway.upstream import Served
from zeta_lsp.models.predictor import EndpointPredictor

READ = recognised(rendered("zeta2"))
REGION = READ.given.cursor_excerpt.encode()[slice(*READ.prompt.editable)].decode()
ROWS = REGION.split("\n")
CHANGED = [row.replace("before_17 = 17", "renamed = 17") for row in ROWS]
END = ">>>>>>> UPDATED\n"
BEGINNING, REST = "\n".join(CHANGED[:12]) + "\n", "\n".join(CHANGED[12:]) + "\n"


class Telling:
    """An endpoint that says the first half, waits for `go`, and says the rest."""

    def __init__(self, rest: bytes) -> None:
        self.rest = rest
        self.go = asyncio.Event()

    async def __call__(self, client, request):
        await client.send(STREAM_HEAD + chunk(event(BEGINNING)))
        gone = asyncio.ensure_future(client.gone())
        going = asyncio.ensure_future(self.go.wait())
        await asyncio.wait({gone, going}, return_when=asyncio.FIRST_COMPLETED)
        going.cancel()
        if gone.done():
            raise ConnectionError
        gone.cancel()
        await client.send(self.rest)
        client.writer.close()
        raise ConnectionError


def ending(text: str, finish: str = "stop") -> bytes:
    return b"".join(map(chunk, [event(text), event("", finish), DONE])) + LAST_CHUNK


async def texts_of(response: httpx.Response):
    """The texts of the events as they arrive."""
    async for line in response.aiter_lines():
        if line.startswith("data: {"):
            yield json.loads(line.removeprefix("data: "))["choices"][0]["text"]


RESTS = {
    "good": (ending(REST + END), CHANGED),
    "without its end": (ending("", "length"), CHANGED),
    "refused": (ending("<|fim_prefix|>\n" + END), CHANGED),
    "broken off": (b"0\r\n\r\n", CHANGED),
    "another change": (
        ending(REST.replace("self.lines = []", "self.lines = {}") + END),
        [row.replace("self.lines = []", "self.lines = {}") if index > 11 else row
         for index, row in enumerate(CHANGED)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RESTS)
@asynchronous
async def test_the_first_edit_is_sent_while_the_model_still_writes(name):
    rest, expected = RESTS[name]
    telling = Telling(rest)
    async with (
        Model(telling) as model,
        opened(endpoint(model.url, "zeta-2", timeout_ms=60_000)) as gateway,
    ):
        asked = {"prompt": rendered("zeta2"), "stream": True}
        async with gateway.client.stream("POST", COMPLETIONS, json=asked) as response:
            texts = texts_of(response)
            first = await anext(texts)
            assert first.endswith("renamed = 17\n")
            telling.go.set()
            whole = first + "".join([text async for text in texts])
    assert whole.endswith(END)
    [new] = proposed("zeta2", whole)
    assert new.removesuffix("\n").split("\n") == expected
    assert [entry.ending for entry in gateway.entries] == ["shown"]


@asynchronous
async def test_a_client_that_leaves_in_the_middle_ends_the_question():
    async with (
        Model(Telling(b"")) as model,
        opened(endpoint(model.url, "zeta-2", timeout_ms=60_000)) as gateway,
    ):
        async with connected(gateway.port) as client:
            await client.send(posting(rendered("zeta2"), stream=True))
            assert await client.status() == 200
        await model.until(lambda server: server.closed_by_client == 1)
        await gateway.journal.holds(1)
    assert gateway.reasons == ["cancelled"]


class Scripted:
    """A model that says pieces."""

    name = "zeta-2"

    def __init__(self, pieces, finish):
        self.pieces = pieces
        self.finish = finish

    async def known_name(self):
        return self.name

    async def stream(self, prompt):
        for piece in self.pieces:
            yield Piece(piece)
        yield Piece("", self.finish)

    async def warm(self):
        pass

    async def aclose(self):
        pass


words = st.sampled_from(
    ["x = 1", "import sys", "", "<|user_cursor|>", ">>>>>>> UPD", "=======", "}"]
)
changes = st.lists(st.tuples(st.integers(0, len(ROWS)), words, st.booleans()), max_size=3)


@pytest.mark.parametrize("name", ["zeta2", "zeta1", "zeta-v0131", "sweep", "zeta2.1"])
@settings(max_examples=150)
@over(
    changes=changes, size=st.integers(5, 90), finish=st.sampled_from(Finish), cut=st.integers(0, 9)
)
def test_what_was_sent_begins_the_whole_whatever_the_model_says(name, changes, size, finish, cut):
    read = recognised(rendered(name, GIVEN))
    form = formats.get(name)
    region = read.given.cursor_excerpt.encode()[slice(*read.prompt.editable)].decode()
    rows = region.split("\n")
    for place, row, replaces in changes:
        at = min(place, len(rows) - 1)
        rows[at : at + replaces] = [row]
    output = form.target(read.given, read.prompt, "\n".join(rows))
    output = output[: len(output) - cut]
    pieces = [output[at : at + size] for at in range(0, len(output), size)]
    answers = asyncio.run(answered(name, read, Scripted(pieces, finish)))
    *begun, whole = answers
    assert whole.whole
    assert all(whole.text.startswith(one.text) and not one.whole for one in begun)


async def answered(name, read, model):
    upstream = Served(model, lambda form: EndpointPredictor(form, model), name)
    book = Book("s", lambda entries: None, lambda: 0.0)
    gateway = Gateway(upstream, Screen(Exclusions()), Crowd(1), book)
    return [one async for one in gateway.answers(read)]


def test_a_cursor_in_rows_that_were_sent_already_is_left_out():
    beginning = BEGINNING.replace("renamed", "rena<|user_cursor|>med")
    model = Scripted([beginning, REST + END], Finish.STOP)
    begun, whole = asyncio.run(answered("zeta2", READ, model))
    assert begun.text.endswith("renamed = 17\n")
    assert whole.text == "\n".join(CHANGED) + "\n" + END
