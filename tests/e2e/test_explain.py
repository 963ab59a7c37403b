"""`zeta-lsp explain` after a session: what became of every prediction, and why there was none."""

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.asynchronous import asynchronous
from tests.e2e.editing import PROGRAM, Editor, editor
from tests.e2e.model import Holding, Model, rewriting, saying
from tests.lsp_client import Json
from tests.models.raw_server import answered

ROWS = "".join(f"row {number}\n" for number in range(24))
NEAR = ("row 2\n", "row two\n")


@asynchronous
async def test_a_whole_session_is_explained_newest_first(tmp_path: Path) -> None:
    async with Model(rewriting(NEAR)) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        ids = await eventful_session(ed, model)
        # While the server runs, and after.
        await ed.command("zeta.pause")
        assert await ed.client.shut_down() == 0
    entries = await explained(tmp_path)
    assert [(entry["path"], entry["ending"], entry.get("reason", "")) for entry in entries] == [
        ("nowhere.py", "not_shown", "unopened"),
        ("project/a.py", "not_shown", "endpoint_refused"),
        ("project/a.py", "not_shown", "no_change"),
        ("project/.env", "not_shown", "excluded_path"),
        ("project/a.py", "not_shown", "cancelled"),
        ("project/a.py", "rejected", ""),
        ("project/a.py", "rejected", "contradicted"),
        ("project/a.py", "accepted", ""),
    ]
    assert [entry["id"] for entry in entries if entry["ending"] != "not_shown"] == ids[::-1]
    assert len({entry["id"] for entry in entries}) == len(entries)
    times = [datetime.fromisoformat(entry["time"]) for entry in entries]
    assert times == sorted(times, reverse=True)
    assert datetime.now(UTC) - times[-1] < timedelta(minutes=5)
    assert {"id", "time", "path", "ending"} <= entries[0].keys()
    assert "500" in entries[1]["detail"]


@asynchronous
async def test_people_read_a_line_for_each_with_the_reason_in_words(tmp_path: Path) -> None:
    async with Model(rewriting(NEAR)) as model, editor(tmp_path, model.url) as ed:
        await ed.initialize()
        await eventful_session(ed, model)
        assert await ed.client.shut_down() == 0
    output = await run(tmp_path)
    assert len(output.splitlines()) >= 8
    for words in (
        "the file is not open",
        "the endpoint refused the request",
        "the file is excluded (predict.disabled_globs)",
        "the editor cancelled the request",
        "what was typed contradicts it",
        "not shown",
        "accepted",
    ):
        assert words in " ".join(output.split())
    (newest,) = json.loads(await run(tmp_path, "--json", "--last", "1"))
    assert newest["reason"] == "unopened"


@asynchronous
async def test_two_editors_are_explained_together_while_they_run(tmp_path: Path) -> None:
    async with (
        Model(rewriting(NEAR)) as model,
        editor(tmp_path, model.url) as one,
        editor(tmp_path, model.url) as other,
    ):
        await one.initialize()
        await other.initialize()
        for ed, name in ((one, "a.py"), (other, "b.py")):
            uri = ed.open(name, ROWS)
            await ed.next_edit(uri, "row 1")
        async with asyncio.timeout(10):
            while len(entries := await explained(tmp_path)) < 2:
                pass  # entries gather for half a second before they are written
        assert {entry["path"] for entry in entries} == {"project/a.py", "project/b.py"}
        assert {entry["ending"] for entry in entries} == {"shown"}


async def eventful_session(ed: Editor, model: Model) -> list[str]:
    """Predictions that end in several ways; the ids of those that were shown, oldest first."""
    uri = ed.open("a.py", ROWS)
    accepted = await ed.next_edit(uri, "row 1")
    model.behave = rewriting(("row 8\n", "row eight\n"))  # asked for as soon as one is accepted
    ed.apply(uri, accepted["edits"])
    await ed.command("zeta.accept", {"id": accepted["id"]})
    contradicted = await ed.next_edit(uri, "row 7")
    ed.type(uri, "row 8", "8")
    model.behave = rewriting(("row 15\n", "row fifteen\n"))
    rejected = await ed.next_edit(uri, "row 14")
    await ed.command("zeta.reject")
    model.behave = Holding()
    asked = ed.client.ask("zeta/nextEdit", ed.params(uri, "row 18", context={"triggerKind": 1}))
    await model.until(lambda _: "row 18<|user_cursor|>" in model.asked[-1])
    ed.client.notify("$/cancelRequest", {"id": asked})
    await ed.client.reply_to(asked)
    secret = ed.open(".env", "KEY=1\n")
    assert await ed.ask("textDocument/inlineCompletion", secret) is None
    for behaviour in (rewriting(), saying(answered("500 Oops"))):
        model.behave = behaviour
        assert not (await ed.next_edit(uri, "row 1"))["edits"]
    document = {"textDocument": {"uri": "file:///nowhere.py"}}
    place = {"position": {"line": 0, "character": 0}}
    assert await ed.client.request("textDocument/inlineCompletion", {**document, **place}) is None
    return [accepted["id"], contradicted["id"], rejected["id"]]


async def explained(folder: Path) -> list[Json]:
    """What ``explain --json`` prints."""
    entries: list[Json] = json.loads(await run(folder, "--json"))
    return entries


async def run(folder: Path, *arguments: str) -> str:
    """Run ``explain`` as another process would, with the same data folder."""
    env = {**os.environ, "ZETA_LSP_DATA_DIR": str(folder / "data"), "COLUMNS": "300"}
    process = await asyncio.create_subprocess_exec(
        PROGRAM, "explain", *arguments, env=env, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode()
