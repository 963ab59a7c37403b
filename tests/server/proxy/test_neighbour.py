"""Asking the neighbour for definitions, and learning its diagnostics."""

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
    request,
    response,
)
from zeta_lsp.core.documents import Position, Range
from zeta_lsp.server.proxy.answers import MAX_LOCATIONS, Answer, Location, Silence
from zeta_lsp.server.proxy.diagnostics import CARRIED, PUBLISHED, PULLED
from zeta_lsp.server.proxy.neighbour import TYPE_DEFINITION
from zeta_lsp.server.proxy.questions import MAX_OPEN, Questions

HERE = Position(0, 4)
RANGE = {"start": {"line": 3, "character": 1}, "end": {"line": 3, "character": 5}}
PLACE = Location("file:///other.py", Range(Position(3, 1), Position(3, 5)))
WIDE = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
LINK = {"targetUri": PLACE.uri, "targetRange": WIDE, "targetSelectionRange": RANGE}
LOCATION = {"uri": PLACE.uri, "range": RANGE}
NEVER_S = 0.0
"""A deadline that has passed when the question is out."""
ALWAYS_S = 20.0
ABLE = {
    "textDocumentSync": 2,
    "definitionProvider": True,
    "typeDefinitionProvider": {},
    "diagnosticProvider": {},
}


def beside(capabilities: Json | None = None) -> Between:
    """A relay whose neighbour has a document."""
    between = Between()
    between.initialize(ABLE if capabilities is None else capabilities)
    between.from_client(opened())
    return between


def asked(between: Between, method: str = "textDocument/definition") -> list[Any]:
    """Ids of what the neighbour was asked."""
    messages = [json.loads(body) for body in between.server]
    return [message["id"] for message in messages if message["method"] == method]


async def settled() -> None:
    for _ in range(6):
        await asyncio.sleep(0)


async def answered(between: Between, result: Any, kind: str = "definition") -> Answer:
    """What the neighbour's answer is read as."""
    call = asyncio.ensure_future(
        between.relay.neighbour.definitions(DOCUMENT, [HERE], kind, deadline_s=ALWAYS_S)
    )
    await settled()
    between.from_server(response(asked(between, f"textDocument/{kind}")[-1], result))
    (answer,) = await call
    return answer


@pytest.mark.parametrize(
    ("result", "locations"),
    [
        (None, ()),
        ([], ()),
        (LOCATION, (PLACE,)),
        ([LOCATION], (PLACE,)),
        ([LINK, LOCATION], (PLACE, PLACE)),
        ([LOCATION] * 100, (PLACE,) * MAX_LOCATIONS),
    ],
)
@asynchronous
async def test_locations_are_read_in_every_shape(result: Any, locations: Any) -> None:
    assert await answered(beside(), result) == Answer(locations)
    assert await answered(beside(), result, TYPE_DEFINITION) == Answer(locations)


@pytest.mark.parametrize("result", [3, "x", [{"uri": 1}], {}, [{**LOCATION, "uri": "x" * 2**21}]])
@asynchronous
async def test_an_answer_of_another_shape_is_unreadable(result: Any) -> None:
    assert await answered(beside(), result) == Answer(silence=Silence.UNREADABLE)


@asynchronous
async def test_a_late_answer_is_there_for_the_next_call_which_asks_nothing() -> None:
    between = beside()
    neighbour = between.relay.neighbour
    late = await neighbour.definitions(DOCUMENT, [HERE, HERE], deadline_s=NEVER_S)
    assert late == [Answer(silence=Silence.LATE)] * 2
    between.from_server(response(asked(between)[0], [LOCATION]))
    await settled()
    assert await neighbour.definitions(DOCUMENT, [HERE], deadline_s=NEVER_S) == [Answer((PLACE,))]
    assert len(asked(between)) == 1


@asynchronous
async def test_an_answer_about_a_text_that_changed_meanwhile_says_so_and_is_not_kept() -> None:
    between = beside()
    neighbour = between.relay.neighbour
    call = asyncio.ensure_future(neighbour.definitions(DOCUMENT, [HERE], deadline_s=ALWAYS_S))
    await settled()
    between.from_client(changed())
    between.from_server(response(asked(between)[0], [LOCATION]))
    assert await call == [Answer((PLACE,), Silence.STALE)]
    await neighbour.definitions(DOCUMENT, [HERE], deadline_s=NEVER_S)
    assert len(asked(between)) == 2


@asynchronous
async def test_a_definition_that_the_person_asked_for_is_learned() -> None:
    between = beside()
    position = {"line": HERE.line, "character": HERE.character}
    params = {"textDocument": {"uri": DOCUMENT}, "position": position}
    between.from_client(request(5, "textDocument/definition", params))
    assert between.from_server(response(5, [LOCATION])) == [response(5, [LOCATION])]
    known = await between.relay.neighbour.definitions(DOCUMENT, [HERE], deadline_s=NEVER_S)
    assert known == [Answer((PLACE,))]


@asynchronous
async def test_each_silence_has_a_reason() -> None:
    between = beside({"textDocumentSync": 2})
    neighbour = between.relay.neighbour
    assert await neighbour.definitions(DOCUMENT, [HERE]) == [Answer(silence=Silence.UNSUPPORTED)]
    neighbour.registered("textDocument/definition")
    elsewhere = await neighbour.definitions("file:///no.py", [HERE])
    assert elsewhere == [Answer(silence=Silence.UNOPENED)]
    many = [Position(row, 0) for row in range(MAX_OPEN + 1)]
    call = asyncio.ensure_future(neighbour.definitions(DOCUMENT, many, deadline_s=ALWAYS_S))
    await settled()
    error = {"jsonrpc": "2.0", "id": asked(between)[0], "error": {"code": -1, "message": "no"}}
    between.from_server(error)
    await settled()
    await between.relay.aclose()
    answers = await call
    assert answers[0] == Answer(silence=Silence.REFUSED)
    assert answers[1] == Answer(silence=Silence.GONE)
    assert answers[-1] == Answer(silence=Silence.BUSY)


@asynchronous
async def test_a_question_that_is_never_answered_is_cancelled() -> None:
    sent: list[bytes] = []
    questions = Questions(sent.append, give_up_s=0.001)
    refused = await questions.ask("textDocument/definition", {})
    assert refused.reason == Silence.UNANSWERED  # type: ignore[union-attr]  # that is the point
    first, second = (json.loads(body) for body in sent)
    assert second["method"] == "$/cancelRequest"
    assert second["params"] == {"id": first["id"]}
    assert len(questions) == 0
    assert questions.is_ours(first["id"])  # a reply that comes now still goes to nobody


def diagnostic(message: str, line: int = 0) -> Json:
    place = {"line": line, "character": 0}
    return {"range": {"start": place, "end": place}, "message": message, "severity": 1}


def published(*found: Json, uri: str = DOCUMENT, version: int | None = 1) -> Json:
    params = {"uri": uri, "version": version, "diagnostics": list(found)}
    return notification("textDocument/publishDiagnostics", params)


def messages_about(between: Between, uri: str = DOCUMENT) -> list[str]:
    return [found.message for found in between.relay.neighbour.diagnostics(uri)]


@asynchronous
async def test_published_diagnostics_are_learned_in_passing() -> None:
    between = beside()
    between.from_server(published(diagnostic("b", 2), diagnostic("a", 1)))
    assert messages_about(between) == ["a", "b"]
    between.from_server(published(diagnostic("c"), version=7))
    assert messages_about(between) == ["c"]
    said = between.relay.neighbour.said(DOCUMENT, PUBLISHED)
    assert said is not None
    assert said.version == 7
    between.from_server(published())
    assert messages_about(between) == []


@asynchronous
async def test_pulled_diagnostics_are_learned_in_passing_with_their_relatives() -> None:
    between = beside()
    document = {"textDocument": {"uri": DOCUMENT}}
    other = {"file:///b.py": {"kind": "full", "items": [diagnostic("elsewhere")]}}
    full = {"kind": "full", "items": [diagnostic("here")], "relatedDocuments": other}
    between.from_client(request(1, "textDocument/diagnostic", document))
    between.from_server(response(1, full))
    assert messages_about(between) == ["here"]
    assert messages_about(between, "file:///b.py") == ["elsewhere"]
    between.from_client(request(2, "textDocument/diagnostic", document))
    between.from_server(response(2, {"kind": "unchanged", "resultId": "1"}))
    assert messages_about(between) == ["here"]
    between.from_client(request(3, "workspace/diagnostic", {"previousResultIds": []}))
    report = {"uri": DOCUMENT, "version": 1, "kind": "full", "items": [diagnostic("all")]}
    between.from_server(response(3, {"items": [report]}))
    assert messages_about(between) == ["all"]


@asynchronous
async def test_diagnostics_can_be_pulled_under_a_deadline_and_come_late() -> None:
    between = beside()
    neighbour = between.relay.neighbour
    assert await neighbour.pull(DOCUMENT, deadline_s=NEVER_S) is Silence.LATE
    assert await neighbour.pull(DOCUMENT, deadline_s=NEVER_S) is Silence.LATE
    (question,) = asked(between, "textDocument/diagnostic")
    report = {"kind": "full", "items": [diagnostic("pulled")]}
    assert between.from_server(response(question, report)) == []
    assert await neighbour.pull(DOCUMENT, deadline_s=ALWAYS_S) is None
    assert neighbour.said(DOCUMENT, PULLED) is not None
    assert messages_about(between) == ["pulled"]
    assert await neighbour.pull("file:///no.py") is Silence.UNOPENED


@asynchronous
async def test_diagnostics_in_a_code_actions_context_count_until_the_text_changes() -> None:
    between = beside()
    between.from_server(published(diagnostic("same")))
    context = {"diagnostics": [diagnostic("same"), diagnostic("of another server", 1)]}
    params = {"textDocument": {"uri": DOCUMENT}, "range": RANGE, "context": context}
    message = request(4, "textDocument/codeAction", params)
    assert between.from_client(message) == [message]
    assert messages_about(between) == ["same", "of another server"]
    assert between.relay.neighbour.said(DOCUMENT, CARRIED) is not None
    between.from_client(changed())
    assert messages_about(between) == ["same"]
