"""The prediction loop from end to end: pacing, streaming, late answers, cancelling."""

from pathlib import Path

import pytest

from tests.asynchronous import asynchronous
from tests.e2e.editing import editor
from tests.e2e.model import Holding, Model, rewriting

INLINE = "textDocument/inlineCompletion"
NEXT = "textDocument/copilotInlineEdit"
ROWS = "".join(f"row {number}\n" for number in range(24))
NEAR = ("row 2\n", "row two\n")
FAR = ("row 12\n", "row twelve\n")
LAST = ("row 20\n", "row twenty\n")
AUTOMATIC = {"triggerKind": 2}


@asynchronous
async def test_cancelling_closes_the_connection_to_the_endpoint(tmp_path: Path) -> None:
    holding = Holding(NEAR)
    async with Model(holding) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        for number, method in enumerate((INLINE, NEXT, "zeta/nextEdit"), start=1):
            asked = ed.client.ask(method, ed.params(uri, "row 1"))
            await model.until(lambda m, n=number: len(m.requests) == n)  # type: ignore[misc]
            ed.client.notify("$/cancelRequest", {"id": asked})
            await model.until(lambda m, n=number: m.closed_by_client == n)  # type: ignore[misc]
            assert (await ed.client.reply_to(asked))["error"]["code"] == -32800
        assert ("not_shown", "cancelled") in await ed.reasons()
        holding.go.set()
        assert (await ed.next_edit(uri, "row 1"))["edits"]


@asynchronous
async def test_closing_a_file_and_changing_settings_stop_the_question_too(tmp_path: Path) -> None:
    async with Model(Holding(NEAR)) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        asked = ed.client.ask(NEXT, ed.params(uri, "row 1"))
        await model.until(lambda m: len(m.requests) == 1)
        ed.close(uri)
        assert (await ed.client.reply_to(asked))["result"] == {"edits": []}
        await model.until(lambda m: m.closed_by_client == 1)
        uri = ed.open("a.py", ROWS)
        asked = ed.client.ask(NEXT, ed.params(uri, "row 1"))
        await model.until(lambda m: len(m.requests) == 2)
        off = {"settings": {"zeta": {"predict": {"mode": "off"}}}}
        ed.client.notify("workspace/didChangeConfiguration", off)
        assert (await ed.client.reply_to(asked))["result"] == {"edits": []}
        await model.until(lambda m: m.closed_by_client == 2)
        assert [reason for _, reason in await ed.reasons()] == ["closed", "settings_changed"]
        assert (await ed.next_edit(uri, "row 1"))["reason"] == "mode_off"


@asynchronous
async def test_a_fast_typist_asks_once_and_a_person_who_asks_does_not_wait(tmp_path: Path) -> None:
    slow = "debounce_ms = 60000\nthrottle_ms = 60000"
    async with (
        Model(rewriting()) as model,
        editor(tmp_path, model.url, predict=slow) as ed,
    ):
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        assert await ed.ask(INLINE, uri, "row 1", context=AUTOMATIC) is None
        asked = []
        for count in range(1, 30):
            ed.type(uri, "row 2" + "x" * (count - 1), "x")
            params = ed.params(uri, "x" * count, context=AUTOMATIC)
            asked.append(ed.client.ask(INLINE, params))
        model.behave = rewriting(("row 4\n", "row four\n"))
        # At the same place as a request that waits, and at another one.
        assert (await ed.next_edit(uri, "x" * 29))["edits"][0]["newText"] == "four"
        for ident in asked:
            assert (await ed.client.reply_to(ident))["result"] is None
        await ed.command("zeta.reject")
        model.behave = rewriting(FAR)
        reply = await ed.next_edit(uri, "row 11")
        assert reply["edits"][0]["newText"] == "twelve", reply
        assert len(model.requests) == 3
        assert ("not_shown", "superseded_by_newer") in await ed.reasons()


@asynchronous
async def test_the_first_change_is_shown_while_the_rest_is_still_written(tmp_path: Path) -> None:
    holding = Holding(NEAR, FAR, LAST, first_rows=8)
    async with Model(holding) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        reply = await ed.next_edit(uri, "row 1")
        assert [edit["newText"] for edit in reply["edits"]] == ["two"]
        ed.apply(uri, reply["edits"])
        waiting = ed.client.ask("zeta/nextEdit", ed.params(uri, "row two"))
        holding.go.set()
        reply = (await ed.client.reply_to(waiting))["result"]
        assert reply["jump"]["position"] == {"line": 12, "character": 4}
        ed.apply(uri, reply["edits"])
        reply = await ed.next_edit(uri, "row twelve")
        ed.apply(uri, reply["edits"])
        assert ed.texts[uri] == ROWS.replace(*NEAR).replace(*FAR).replace(*LAST)
        answered = len([prompt for prompt in model.asked if "row 2\n" in prompt])
        assert answered == 1
        assert [ending for ending, _ in await ed.reasons()][:2] == ["shown", "accepted"]


@asynchronous
async def test_what_was_typed_against_an_answer_stops_the_rest_of_it(tmp_path: Path) -> None:
    async with (
        Model(Holding(NEAR, FAR, first_rows=8)) as model,
        editor(tmp_path, model.url) as ed,
    ):
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        (edit,) = (await ed.ask(NEXT, uri, "row 1"))["edits"]
        assert edit["text"] == "row two\n"
        ed.replace(uri, ROWS.index("2\n"), ROWS.index("2\n") + 1, "7")
        await model.until(lambda m: m.closed_by_client == 1)
        assert (await ed.reasons())[-1] == ("rejected", "contradicted")
        model.behave = rewriting(FAR)
        assert (await ed.next_edit(uri, "row 11"))["edits"][0]["newText"] == "twelve"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (("row 2", " and"), [" three"]),  # along with the answer
        (("", "# comment\n"), [" and three"]),  # somewhere else
        (("row 2", "x"), []),  # against it
    ],
    ids=["agreeing", "elsewhere", "contradicting"],
)
@asynchronous
async def test_a_late_answer_is_moved_to_the_text_as_it_is_or_dropped(
    typed: tuple[str, str], expected: list[str], tmp_path: Path
) -> None:
    holding = Holding(("row 2\n", "row 2 and three\n"))
    async with Model(holding) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        asked = ed.client.ask("zeta/nextEdit", ed.params(uri, "row 1"))
        await model.until(lambda m: len(m.requests) == 1)
        behind, text = typed
        at = ROWS.index(behind) + len(behind)
        ed.replace(uri, at, at, text)
        holding.go.set()
        reply = (await ed.client.reply_to(asked))["result"]
        assert [edit["newText"] for edit in reply["edits"]] == expected
        if expected:
            assert reply["edits"][0]["textDocument"]["version"] == 1
            ed.apply(uri, reply["edits"])
            assert ed.texts[uri].count("row 2 and three\n") == 1
        else:
            assert reply["reason"] == "contradicted"


@asynchronous
async def test_two_methods_of_one_client_share_a_question(tmp_path: Path) -> None:
    holding = Holding(("row 2\n", "row 2 and three\n"))
    async with Model(holding) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        inline = ed.client.ask(INLINE, ed.params(uri, "row 2", context=AUTOMATIC))
        next_edit = ed.client.ask(NEXT, ed.params(uri, "row 2"))
        await model.until(lambda m: len(m.requests) == 1)
        ed.client.notify("$/cancelRequest", {"id": next_edit})  # the other one still waits
        holding.go.set()
        (item,) = (await ed.client.reply_to(inline))["result"]["items"]
        assert item["insertText"] == " and three"
        assert len(model.requests) == 1


@asynchronous
async def test_a_file_that_gets_no_predictions_costs_the_endpoint_nothing(tmp_path: Path) -> None:
    async with (
        Model(rewriting(NEAR)) as model,
        editor(tmp_path, model.url, predict='languages = {markdown = "off"}') as ed,
    ):
        await ed.initialize()
        notes = ed.open("notes.md", ROWS, language="markdown")
        ed.type(notes, "row 3", "private thought")
        assert (await ed.next_edit(notes, "row 1"))["reason"] == "mode_off"
        code = ed.open("a.py", ROWS)
        await ed.command("zeta.pause")
        ed.type(code, "row 3", "?")
        assert (await ed.next_edit(code, "row 1"))["reason"] == "paused"
        assert model.connections == 0
        await ed.command("zeta.pause")
        ed.type(code, "row 3", "public")
        assert (await ed.next_edit(code, "row 1"))["edits"]
        assert b"public" in model.sent
        assert b"private" not in model.sent
