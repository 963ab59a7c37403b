"""Texts, positions and bytes that no editor should send: nothing breaks, the next request works."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.asynchronous import asynchronous
from tests.e2e.editing import Editor, editor
from tests.e2e.model import Holding, Model, rewriting
from tests.lsp_client import ServerError, frame

INLINE = "textDocument/inlineCompletion"
NEXT = "textDocument/copilotInlineEdit"
ROWS = "".join(f"row {number}\n" for number in range(24))
NEAR = ("row 2\n", "row two\n")
PROMISED_S = 5.0
"""How long the server may outlive its editor."""
UNFIT = {
    "5 MB": (("row of many\n" * 436_907)[: 5 << 20], "too_large"),
    "a line of 100k characters": ("x = '" + "y" * 100_000 + "'\n", "long_lines"),
    "binary": ("\x7fELF\x00\x00row 1\n", "binary"),
}
FIT = {
    "empty": "",
    "no newline": "row 1",
    "lone surrogates": "row 1 \ud800\nrow \udfff 2\n",
    "form feed and U+2028": "row 1\f\u2028\x85\x0b\nrow\x1c 2\u2029\n",
    "lone carriage returns": "row 1\rrow 2\r\nrow 3\r",
    "NUL far below": "row 1\n" * 2000 + "\0",
    "combining": "row e\u0301\u0301 👩\u200d👩\u200d👧\n",
}


@pytest.mark.parametrize("name", UNFIT)
@asynchronous
async def test_texts_that_are_no_code_are_refused_at_once(name: str, tmp_path: Path) -> None:
    text, reason = UNFIT[name]
    async with Model(rewriting()) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", text)
        assert await ed.ask(INLINE, uri) is None
        assert await ed.ask(NEXT, uri) == {"edits": []}
        ed.replace(uri, 0, 0, "row 0\n")
        assert (await ed.next_edit(uri))["reason"] == reason
        assert model.connections == 0


@pytest.mark.parametrize("name", FIT)
@asynchronous
async def test_strange_texts_are_followed_to_the_letter(name: str, tmp_path: Path) -> None:
    async with Model(rewriting(("zzz", "zzz + 1"))) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", FIT[name])
        ed.replace(uri, len(FIT[name]), len(FIT[name]), "\nzzz")
        ed.replace(uri, 0, 0, "first\n")
        reply = await ed.next_edit(uri, "zzz")
        assert reply["reason"] is None
        ed.apply(uri, reply["edits"])
        assert ed.texts[uri] == f"first\n{FIT[name]}\nzzz + 1"


@asynchronous
async def test_positions_and_versions_that_cannot_be_are_doubted_until_the_text_comes_whole(
    tmp_path: Path,
) -> None:
    async with Model(rewriting(NEAR)) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        for line, character in ((999, 0), (0, 99), (-1, 0), (0, -1), (2**40, 2**40)):
            place = {"line": line, "character": character}
            assert await ed.ask(NEXT, uri, position=place) == {"edits": []}
            assert await ed.ask(INLINE, uri, position=place) is None
        doubts: dict[str, Callable[[], None]] = {
            "range_past_end": lambda: ranged(ed, uri, (99, 0), (99, 0)),
            "reversed_range": lambda: ranged(ed, uri, (3, 0), (2, 0)),
            "version_went_back": lambda: ranged(ed, uri, (0, 0), (0, 0), step=-1),
            "version_repeated": lambda: ranged(ed, uri, (0, 0), (0, 0), step=0),
        }
        for reason, break_it in doubts.items():
            break_it()
            assert (await ed.next_edit(uri, "row 1"))["reason"] == f"unsynced:{reason}"
            ed.send_whole(uri, ROWS)
            reply = await ed.next_edit(uri, "row 1")
            assert [edit["newText"] for edit in reply["edits"]] == ["two"], reason


@asynchronous
async def test_bytes_that_are_no_messages_are_answered_and_passed_over(tmp_path: Path) -> None:
    async with Model(rewriting(NEAR)) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        client = ed.client
        body = json.dumps({"id": "odd", "method": "checkStatus"}).encode()
        client.expect("odd")
        client.send_bytes(b"content-LENGTH:%d\r\nX-More: 1\r\n\r\n%b" % (len(body), body))
        assert (await client.reply_to("odd"))["result"]["status"] == "OK"
        for data in (
            frame("x").replace(b'"x"', b"{x}"),
            frame([]),
            frame({"id": {}, "method": "x"}),
            b"Content-Length: 10000000000\r\n\r\n",
            b"Content-Length: -5\r\n\r\n",
        ):
            client.send_bytes(data)
            assert (await client.request("checkStatus"))["status"] == "OK"
            assert "error" in await client.stray()
        with pytest.raises(ServerError):
            await ed.initialize()
        assert (await ed.next_edit(uri, "row 1"))["edits"]
        change = {"method": "textDocument/didChange", "params": {"textDocument": {"uri": uri}}}
        client.send_bytes(frame(change)[:-2] + b"!!")
        assert "error" in await client.stray()
        # Nobody knows what was changed: nothing is predicted until the text comes whole.
        assert (await ed.next_edit(uri, "row 1"))["reason"] == "unsynced:message_lost"
        ed.send_whole(uri, ROWS)
        assert (await ed.next_edit(uri, "row 1"))["edits"]
        assert client.strays == []


@asynchronous
async def test_requests_of_the_wrong_shape_are_errors_and_nothing_else(tmp_path: Path) -> None:
    async with Model(rewriting(NEAR)) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        wrong: list[object] = [None, [], {}, {"textDocument": uri}, {"textDocument": {"uri": 7}}]
        for method in (INLINE, NEXT, "zeta/nextEdit", "textDocument/codeAction"):
            for params in wrong:
                with pytest.raises(ServerError, match="-32602"):
                    await ed.client.request(method, params)
        for method in ("workspace/didRenameFiles", "workspace/didChangeWorkspaceFolders"):
            strange: list[object] = [None, [], {}, {"files": 7, "event": 7}, {"files": [7]}]
            for params in strange:
                ed.client.notify(method, params)
        assert (await ed.next_edit(uri, "row 1"))["edits"]


@asynchronous
async def test_uris_that_name_no_file_are_documents_all_the_same(tmp_path: Path) -> None:
    async with Model(rewriting(NEAR)) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        for uri in (
            "untitled:Untitled-1",
            "file:///nul%00byte.py",
            "file:///half\ud800.py",
            f"file:///{'long' * 2000}.py",
            "foo://[bad/a.py",
            "inmemory://model/1",
            "x:",
        ):
            ed.open(uri, ROWS)
            assert (await ed.next_edit(uri, "row 1"))["edits"], uri
            ed.type(uri, "row 2", "7")
            ed.close(uri)
        assert b"%00" not in model.sent


@asynchronous
async def test_the_server_ends_with_its_editor_though_the_pipe_is_held(tmp_path: Path) -> None:
    async with Model(Holding(NEAR)) as model, editor(tmp_path, model.url) as ed:
        program = await asyncio.create_subprocess_exec("sleep", "60")
        await ed.initialize(processId=program.pid)
        uri = ed.open("a.py", ROWS)
        ed.client.ask(NEXT, ed.params(uri, "row 1"))
        await model.until(lambda m: len(m.requests) == 1)
        program.kill()
        await program.wait()
        assert await ed.client.exit_code(within_s=PROMISED_S) == 1
        await model.until(lambda m: m.closed_by_client == 1)
    assert ed.log.read_bytes() == b""


@asynchronous
async def test_the_server_ends_when_the_pipe_is_closed(tmp_path: Path) -> None:
    async with Model(Holding(NEAR)) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        ed.client.ask(NEXT, ed.params(uri, "row 1"))
        await model.until(lambda m: len(m.requests) == 1)
        ed.client.close_input()
        assert await ed.client.exit_code(within_s=PROMISED_S) == 1
        await model.until(lambda m: m.closed_by_client == 1)
    assert ed.log.read_bytes() == b""


def ranged(
    ed: Editor, uri: str, start: tuple[int, int], end: tuple[int, int], step: int = 1
) -> None:
    """A change as it stands, whether the text has such places or not."""
    ed.versions[uri] += step
    places = [{"line": line, "character": character} for line, character in (start, end)]
    change = {"range": {"start": places[0], "end": places[1]}, "text": "x"}
    document = {"uri": uri, "version": ed.versions[uri]}
    params = {"textDocument": document, "contentChanges": [change]}
    ed.client.notify("textDocument/didChange", params)
