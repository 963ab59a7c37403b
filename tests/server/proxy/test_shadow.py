"""Copies of documents that the server behind the proxy looks at, and the client never hears of."""

import asyncio
import json
from typing import Any

import pytest

from tests.asynchronous import asynchronous
from tests.server.proxy.between import (
    DOCUMENT,
    Between,
    Json,
    changed,
    notification,
    opened,
    response,
)
from zeta_lsp.core.documents import Change, Document, Position, Range
from zeta_lsp.core.edits import TextEdit
from zeta_lsp.core.history import History
from zeta_lsp.core.text import Encoding
from zeta_lsp.server.openfile import OpenFile
from zeta_lsp.server.proxy.shadow import TEXT_CHARS_MAX, ProxyShadow
from zeta_lsp.server.workspace import Workspace

TEXT = "x = 1\ny = 2\n"
EDITS = (TextEdit(1, 4, 1, 5, "z"),)
ABLE = {"textDocumentSync": 2, "diagnosticProvider": {}}
DID = "textDocument/did"


class Desk:
    """A shadow of a document that the neighbour in hand knows."""

    def __init__(
        self, capabilities: Json = ABLE, language: str = "python", text: str = TEXT
    ) -> None:
        self.between = Between()
        self.between.initialize(capabilities)
        self.between.from_client(opened())
        self.document = Document(DOCUMENT, language, 1, text, Encoding.UTF16)
        file = OpenFile(self.document, Workspace().place(DOCUMENT), History(), None)
        self.seen = len(self.between.server)
        self.shadow = ProxyShadow(self.between.relay.neighbour, {DOCUMENT: file})

    def ask(self, deadline_s: float = 5.0) -> "asyncio.Task[int | None]":
        asking = self.shadow.errors_added(DOCUMENT, EDITS, deadline_s)
        return asyncio.create_task(asking)

    def heard(self) -> list[Json]:
        """What the neighbour got since the last call."""
        new, self.seen = self.between.server[self.seen :], len(self.between.server)
        return [json.loads(body) for body in new]

    async def answer(self, *severities: int | None, result: Any = None) -> list[Json]:
        """Answer the question that is open; what was said before it, and with it."""
        await settled()
        heard = self.heard()
        items = [{} if one is None else {"severity": one} for one in severities]
        report = {"kind": "full", "items": items} if result is None else result
        said = self.between.from_server(response(heard[-1]["id"], report))
        assert said == []
        return heard


async def settled() -> None:
    for _ in range(6):
        await asyncio.sleep(0)


@asynchronous
async def test_a_copy_is_looked_at_as_it_is_and_as_it_would_be() -> None:
    desk = Desk()
    asking = desk.ask()
    open_, question = await desk.answer(1, 2)
    copy = open_["params"]["textDocument"]
    assert (open_["method"], copy["languageId"], copy["text"]) == (f"{DID}Open", "python", TEXT)
    assert copy["uri"].startswith("file:///project/zeta-shadow-")
    assert copy["uri"].endswith(".py")
    assert question["params"] == {"textDocument": {"uri": copy["uri"]}}
    change, again = await desk.answer(1, 2, None, 1, 3)
    assert change["params"]["contentChanges"] == [{"text": "x = 1\ny = z\n"}]
    assert again["params"] == question["params"]
    assert await asking == 2
    (close,) = desk.heard()
    assert close == notification(f"{DID}Close", {"textDocument": {"uri": copy["uri"]}})


@asynchronous
async def test_a_text_that_was_looked_at_is_not_looked_at_again() -> None:
    desk = Desk()
    first = desk.ask()
    await desk.answer(1)
    await desk.answer(1)
    assert await first == 0
    desk.heard()
    second = desk.ask()
    open_, _ = await desk.answer(1, 1)
    assert open_["params"]["textDocument"]["text"] == "x = 1\ny = z\n"
    assert await second == 1
    desk.heard()
    desk.document.apply(2, (Change("#", Range(Position(0, 0), Position(0, 0))),))
    desk.between.from_client(changed())
    desk.heard()
    third = desk.ask()
    open_, _ = await desk.answer()
    assert open_["params"]["textDocument"]["text"] == "#" + TEXT
    await desk.answer(1)
    assert await third == 1


@asynchronous
async def test_what_the_server_says_of_a_copy_stays_here() -> None:
    desk = Desk()
    asking = desk.ask()
    open_, _ = await desk.answer()
    uri = open_["params"]["textDocument"]["uri"]

    def published(about: str, text: str = "") -> Json:
        params = {"uri": about, "diagnostics": [], "note": text}
        return notification("textDocument/publishDiagnostics", params)

    assert desk.between.from_server(published(uri)) == []
    assert desk.between.from_server(published(uri.replace(":", "%3A"))) == []
    about_another = published(DOCUMENT, f"see {uri}")
    assert desk.between.from_server(about_another) == [about_another]
    assert desk.between.relay.neighbour.diagnostics(uri) == []
    await desk.answer()
    assert await asking == 0
    assert desk.between.from_server(published(uri)) == []


@asynchronous
async def test_a_server_that_is_late_is_not_waited_for_and_the_copy_is_closed_in_the_end() -> None:
    desk = Desk()
    assert await desk.ask(deadline_s=0.0) is None
    assert await desk.ask() is None  # it still looks
    await desk.answer()
    await desk.answer()
    await settled()
    (close,) = desk.heard()
    assert close["method"] == f"{DID}Close"
    asking = desk.ask()
    await desk.answer(1)
    assert await asking == 1


@pytest.mark.parametrize("result", [{"kind": "unchanged"}, [], {"items": 3}, 7])
@asynchronous
async def test_an_answer_of_another_shape_is_none(result: Any) -> None:
    desk = Desk()
    asking = desk.ask()
    await desk.answer(result=result)
    assert await asking is None
    assert desk.heard()[-1]["method"] == f"{DID}Close"


@asynchronous
async def test_a_server_that_is_gone_says_nothing_and_is_told_nothing() -> None:
    desk = Desk()
    asking = desk.ask()
    await settled()
    desk.heard()
    desk.between.relay.neighbour.close()
    assert await asking is None
    assert desk.heard() == []


@pytest.mark.parametrize(
    ("language", "text", "copied"),
    [
        ("python", TEXT, True),
        ("go", TEXT, False),
        ("typescript", TEXT, False),
        ("typescript", "import { x } from './x';\n" + TEXT, True),
        ("python", "#" * TEXT_CHARS_MAX + TEXT, False),
    ],
)
@asynchronous
async def test_only_files_that_stand_for_themselves_are_copied(
    language: str, text: str, copied: bool
) -> None:
    desk = Desk(language=language, text=text)
    asking = desk.ask()
    await settled()
    assert bool(desk.heard()) is copied
    if copied:
        asking.cancel()
    else:
        assert await asking is None


@asynchronous
async def test_a_server_that_cannot_be_asked_is_told_nothing() -> None:
    desk = Desk({"textDocumentSync": 2})
    assert await desk.ask() is None
    unknown = await Desk().shadow.errors_added("file:///no.py", EDITS, 1.0)
    assert unknown is None
    assert desk.heard() == []
