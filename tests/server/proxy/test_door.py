"""The server behind the proxy as a door: which names it is asked, and what is remembered."""

import asyncio
import json
from typing import Any

from tests.asynchronous import asynchronous
from tests.server.proxy.between import (
    DOCUMENT,
    Between,
    Json,
    changed,
    notification,
    opened,
    request,
    response,
)
from zeta_lsp.core.documents import Document
from zeta_lsp.core.history import History
from zeta_lsp.core.problems import Problem
from zeta_lsp.core.related import Identifier, Place
from zeta_lsp.core.text import Encoding
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.proxy.door import FRESH_S, ProxyDoor
from zeta_lsp.server.workspace import Workspace

TEXT = "é🙂 = price\n"
PRICE = Identifier("price", 0, 5, 0)
OTHER = Identifier("é", 0, 0, 1)
ABLE = {"textDocumentSync": 2, "definitionProvider": True, "diagnosticProvider": {}}
START, END = {"line": 0, "character": 6}, {"line": 0, "character": 11}
HERE = {"start": START, "end": END}
WRONG = {"range": HERE, "message": "no such name", "severity": 1, "source": "scripted"}


class Desk:
    """A door to a neighbour in hand, and a clock to turn."""

    def __init__(self, capabilities: Json | None = None) -> None:
        self.between = Between()
        self.between.initialize(ABLE if capabilities is None else capabilities)
        self.between.from_client(opened())
        self.now_s = 0.0
        document = Document(DOCUMENT, "python", 1, TEXT, Encoding.UTF16)
        file = OpenFile(document, Workspace().place(DOCUMENT), History(), None)
        neighbour = self.between.relay.neighbour
        self.door = ProxyDoor(neighbour, {DOCUMENT: file}, lambda: self.now_s)

    def asked(self, method: str = "textDocument/definition") -> list[Json]:
        messages = [json.loads(body) for body in self.between.server]
        return [message for message in messages if message["method"] == method]

    def answer(self, question: Json, result: Any) -> None:
        self.between.from_server(response(question["id"], result))

    async def ask(self, *identifiers: Identifier, answers: Any = None) -> Any:
        """Ask the door; new questions are answered in order with the same result."""
        before = len(self.asked())
        call = asyncio.ensure_future(self.door.definitions(DOCUMENT, identifiers, "definition"))
        for _ in range(5):
            await asyncio.sleep(0)
        for question in self.asked()[before:] if answers is not None else ():
            self.answer(question, answers)
        return await call


@asynchronous
async def test_names_are_asked_in_the_agreed_units_and_answered_in_code_points() -> None:
    desk = Desk()
    found = await desk.ask(PRICE, answers=[{"uri": DOCUMENT, "range": HERE}])
    assert desk.asked()[0]["params"]["position"] == START
    assert found == [(Place("/project/file.py", 0, 5, 0, 10),)]


@asynchronous
async def test_a_name_that_was_answered_lately_is_not_asked_again() -> None:
    desk = Desk()
    await desk.ask(PRICE, answers=[])
    desk.between.from_client(changed())
    assert await desk.ask(PRICE, OTHER, answers=[]) == [(), ()]
    assert len(desk.asked()) == 2
    desk.now_s += FRESH_S + 1
    desk.between.from_client(changed(version=3))
    await desk.ask(PRICE, answers=[])
    assert len(desk.asked()) == 3


@asynchronous
async def test_what_comes_after_the_deadline_is_there_at_the_next_look() -> None:
    desk = Desk()
    assert await desk.ask(PRICE) == [None]
    (question,) = desk.asked()
    desk.answer(question, [{"uri": "file:///other.py", "range": HERE}])
    for _ in range(5):
        await asyncio.sleep(0)
    assert await desk.ask(PRICE) == [(Place("/other.py", 0, 6, 0, 11),)]
    assert len(desk.asked()) == 1


@asynchronous
async def test_a_server_that_cannot_be_asked_leaves_the_name_to_others() -> None:
    desk = Desk({"textDocumentSync": 2})
    assert await desk.ask(PRICE) == [None]
    assert await desk.door.definitions("file:///no.py", [PRICE], "definition") == [None]
    assert desk.asked() == []


@asynchronous
async def test_a_name_of_a_row_that_is_gone_is_left_out() -> None:
    desk = Desk()
    assert await desk.ask(Identifier("gone", 7, 0, 0)) == [None]


@asynchronous
async def test_diagnostics_are_pulled_once_for_each_version() -> None:
    desk = Desk()
    call = asyncio.ensure_future(desk.door.problems(DOCUMENT))
    for _ in range(5):
        await asyncio.sleep(0)
    (question,) = desk.asked("textDocument/diagnostic")
    desk.answer(question, {"kind": "full", "items": [WRONG]})
    problem = Problem("no such name", 0, 5, 0, 10, 1, "scripted")
    assert await call == (problem,)
    assert await desk.door.problems(DOCUMENT) == (problem,)
    assert len(desk.asked("textDocument/diagnostic")) == 1


@asynchronous
async def test_diagnostics_that_the_client_pulled_are_not_pulled_again() -> None:
    desk = Desk()
    question = request(5, "textDocument/diagnostic", {"textDocument": {"uri": DOCUMENT}})
    desk.between.from_client(question)
    desk.answer(question, {"kind": "full", "items": [WRONG]})
    assert len(await desk.door.problems(DOCUMENT) or ()) == 1
    assert desk.asked("textDocument/diagnostic") == [question]


@asynchronous
async def test_published_diagnostics_are_no_answer_until_there_are_some() -> None:
    desk = Desk({"textDocumentSync": 2})
    assert await desk.door.problems(DOCUMENT) is None
    params = {"uri": DOCUMENT, "diagnostics": []}
    desk.between.from_server(notification("textDocument/publishDiagnostics", params))
    assert await desk.door.problems(DOCUMENT) == ()
