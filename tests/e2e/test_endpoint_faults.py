"""Endpoints that fail: silence with the right reason, and the next request works."""

import socket
from pathlib import Path

from tests.asynchronous import asynchronous
from tests.e2e.editing import editor
from tests.e2e.model import Behaviour, Holding, Model, cutting, rewriting, saying
from tests.models.raw_server import STREAM_HEAD, answered, chunk, event, streamed

ROWS = "".join(f"row {number}\n" for number in range(24))
NEAR = ("row 2\n", "row two\n")
HTML = answered("200 OK", "content-type: text/html", body=b"<html>please log in</html>")
FAULTS: dict[str, tuple[Behaviour, str]] = {
    "500": (saying(answered("500 Oops", body=b"stack trace")), "endpoint_refused"),
    "404": (saying(answered("404 Not Found")), "endpoint_refused"),
    "html": (saying(HTML), "bad_reply"),
    "no json": (saying(answered("200 OK", "content-type: application/json")), "bad_reply"),
    "no http": (saying(b"SSH-2.0-OpenSSH_9.9\r\n"), "bad_reply"),
    "cut stream": (cutting(STREAM_HEAD + chunk(event("<|marker_1|>row 0\n"))), "bad_reply"),
    "cut head": (cutting(b"HTTP/1.1 200 OK\r\ncontent-"), "bad_reply"),
    "another format": (saying(streamed("Sure! Here is the code.")), "no_markers"),
    "token limit": (
        saying(streamed("<|marker_1|>row 0\nrow 1", finish="length")),
        "answer_cut_short",
    ),
    "deaf": (Holding(NEAR), "timeout"),
}


@asynchronous
async def test_every_fault_is_silence_with_its_reason_and_the_next_request_works(
    tmp_path: Path,
) -> None:
    async with Model(rewriting()) as model, editor(tmp_path, model.url, timeout_ms=300) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        seen = {}
        for name, (behaviour, _) in FAULTS.items():
            model.behave = behaviour
            seen[name] = (await ed.next_edit(uri, "row 1"))["reason"]
            model.behave = rewriting(NEAR)
            reply = await ed.next_edit(uri, "row 1")
            assert reply["edits"], (name, reply["reason"])
            ed.type(uri, "row 2", "!")  # against it
            ed.replace(uri, ROWS.index("2\n") + 1, ROWS.index("2\n") + 2, "")
        assert seen == {name: reason for name, (_, reason) in FAULTS.items()}
        assert not ed.client.notifications


@asynchronous
async def test_an_endpoint_that_is_down_ends_as_null_and_is_then_left_alone(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1/completions"
    async with editor(tmp_path, url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        inline = await ed.ask("textDocument/inlineCompletion", uri, "row 1")
        assert inline is None
        assert await ed.ask("textDocument/copilotInlineEdit", uri, "row 1") == {"edits": []}
        reasons = [(await ed.next_edit(uri, "row 1"))["reason"] for _ in range(5)]
        assert reasons[0] == "endpoint_unreachable"
        assert reasons[-1] == "endpoint_paused"
        assert {reason for _, reason in await ed.reasons()} == set(reasons)


@asynchronous
async def test_an_endpoint_that_asks_for_a_pause_gets_it(tmp_path: Path) -> None:
    busy = saying(answered("429 Too Many Requests", "retry-after: 30"))
    async with Model(busy) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        assert (await ed.next_edit(uri, "row 1"))["reason"] == "endpoint_busy"
        assert (await ed.next_edit(uri, "row 1"))["reason"] == "endpoint_paused"
        assert len(model.requests) == 1


@asynchronous
async def test_a_prediction_survives_a_stream_that_breaks_behind_it(tmp_path: Path) -> None:
    text = "<|marker_1|>row 0\nrow 1\nrow two\n" + "".join(f"row {n}\n" for n in range(3, 9))
    async with (
        Model(cutting(STREAM_HEAD + chunk(event(text)))) as model,
        editor(tmp_path, model.url) as ed,
    ):
        await ed.initialize()
        uri = ed.open("a.py", ROWS)
        reply = await ed.next_edit(uri, "row 1")
        assert [edit["newText"] for edit in reply["edits"]] == ["two"]
        assert await ed.next_edit(uri, "row 1") == reply
