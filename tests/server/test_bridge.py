"""The client as a door: asked once for all names, waited for shortly, remembered."""

import asyncio
from pathlib import Path
from typing import Any

from tests.asynchronous import asynchronous
from zeta_lsp.core.documents import Document
from zeta_lsp.core.history import History
from zeta_lsp.core.related import Identifier, Place
from zeta_lsp.core.text import Encoding
from zeta_lsp.server.bridge import OPEN_MAX, Bridge, has_bridge
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.workspace import Workspace

URI = "file:///w/main.py"
PUT, OTHER = Identifier("put", 0, 0, 0), Identifier("other", 0, 4, 1)
SPAN = {"start": {"line": 3, "character": 4}, "end": {"line": 3, "character": 7}}
ANSWER = {"items": [{"locations": [{"uri": "file:///w/shop.py", "range": SPAN}]}]}
FOUND = (Place("/w/shop.py", 3, 4, 3, 7),)


class Client:
    """Answers everything with `reply`, once it may."""

    def __init__(self, reply: Any) -> None:
        self.reply = reply
        self.may = asyncio.Event()
        self.may.set()
        self.asked: list[tuple[str, Any]] = []
        self.answered = asyncio.Event()

    async def request(self, method: str, params: Any = None, *, timeout_s: float) -> Any:
        self.asked.append((method, params))
        await self.may.wait()
        self.answered.set()
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply


def bridge_to(client: Client) -> Bridge:
    document = Document(URI, "python", 1, "put other\n", Encoding.UTF16)
    workspace = Workspace()
    workspace.add(Path("/w").as_uri())
    file = OpenFile(document, workspace.place(URI), History(), None)
    return Bridge(client, {URI: file})


def test_only_a_client_that_says_so_has_a_bridge() -> None:
    assert has_bridge({"experimental": {"zetaBridge": True}})
    for said in (None, {}, {"experimental": None}, {"experimental": {"zetaBridge": 1}}):
        assert not has_bridge(said)


@asynchronous
async def test_all_names_are_asked_about_at_once() -> None:
    client = Client(ANSWER)
    found = await bridge_to(client).definitions(URI, [PUT, OTHER], "definition")
    assert list(found) == [FOUND, None]
    document = {"uri": URI}
    items = [
        {"textDocument": document, "position": {"line": 0, "character": column}}
        for column in (0, 4)
    ]
    assert client.asked == [("zeta/definitions", {"items": items})]


@asynchronous
async def test_a_late_answer_counts_from_the_next_question_on() -> None:
    client = Client(ANSWER)
    client.may.clear()
    bridge = bridge_to(client)
    assert await bridge.definitions(URI, [PUT], "definition") == [None]
    client.may.set()
    await client.answered.wait()
    client.may.clear()
    assert await bridge.definitions(URI, [PUT], "definition") == [FOUND]


@asynchronous
async def test_late_diagnostics_count_from_the_next_question_on() -> None:
    client = Client({"items": [{"range": SPAN, "message": "wrong"}]})
    client.may.clear()
    bridge = bridge_to(client)
    assert await bridge.problems(URI) is None
    client.may.set()
    problems = await bridge.problems(URI)
    assert problems is not None
    assert [one.message for one in problems] == ["wrong"]


@asynchronous
async def test_a_client_that_never_answers_is_left_alone_after_a_few_questions() -> None:
    client = Client(ANSWER)
    client.may.clear()
    bridge = bridge_to(client)
    for _ in range(OPEN_MAX + 3):
        assert await bridge.definitions(URI, [PUT], "definition") == [None]
    assert len(client.asked) == OPEN_MAX


@asynchronous
async def test_nonsense_and_the_end_of_the_client_are_no_answer() -> None:
    for reply in (None, [], {"items": 5}, {"items": [{"locations": 5}]}, ConnectionError()):
        bridge = bridge_to(Client(reply))
        assert await bridge.definitions(URI, [PUT], "definition") == [None]
        assert await bridge.problems(URI) is None


@asynchronous
async def test_a_name_that_stands_twice_in_a_row_may_mean_two_things() -> None:
    first, second = Identifier("put", 0, 0, 0), Identifier("put", 0, 4, 1)
    span = {"start": {"line": 9, "character": 0}, "end": {"line": 9, "character": 3}}
    there = {"locations": [{"uri": "file:///w/other.py", "range": span}]}
    client = Client({"items": [*ANSWER["items"], there]})
    found = await bridge_to(client).definitions(URI, [first, second], "definition")
    assert list(found) == [FOUND, (Place("/w/other.py", 9, 0, 9, 3),)]
