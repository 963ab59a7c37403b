"""A store that cannot be written: typing and predictions do not notice, one message says so."""

import asyncio
import sqlite3
from pathlib import Path

from capture.store.connection import APPLICATION_ID
from tests.asynchronous import asynchronous
from tests.e2e.consenting import capture, consented, settled
from tests.e2e.editing import Editor, editor
from tests.e2e.model import Model
from tests.e2e.test_capture import PREDICT, captured, finishing_the_rename, rename, shop


async def told(ed: Editor) -> str:
    """The one message to the person."""
    await ed.client.notification("window/showMessage")
    (message,) = [one for one in ed.client.notifications if one["method"] == "window/showMessage"]
    text: str = message["params"]["message"]
    return text


@asynchronous
async def test_a_store_of_a_newer_version_is_left_alone_and_told_once(tmp_path: Path) -> None:
    consented(tmp_path)
    segments = tmp_path / "data" / "capture" / "segments"
    segments.mkdir(mode=0o700)
    newer = segments / "0001.db"
    with sqlite3.connect(newer) as made:
        made.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        made.execute("PRAGMA user_version = 999")
        made.execute("CREATE TABLE t (x)")
    newer.chmod(0o600)
    before = newer.read_bytes()
    async with (
        Model(finishing_the_rename) as model,
        editor(tmp_path, model.url, predict=PREDICT) as ed,
    ):
        uri = await shop(ed)
        found = await rename(ed, uri)
        assert found["edits"]
        message = await told(ed)
        assert "newer zeta-lsp" in message
        ed.type(uri, "return net", " ")
        assert (await ed.next_edit(uri, "return net "))["model"] == "m"
        assert await ed.client.shut_down() == 0
    assert newer.read_bytes() == before


@asynchronous
async def test_a_damaged_file_is_put_aside_and_recording_goes_on(tmp_path: Path) -> None:
    consented(tmp_path)
    segments = tmp_path / "data" / "capture" / "segments"
    segments.mkdir(mode=0o700)
    damaged = segments / "0001.db"
    damaged.write_bytes(b"SQLite format 3\0" + b"\xff" * 8176)
    damaged.chmod(0o600)
    async with (
        Model(finishing_the_rename) as model,
        editor(tmp_path, model.url, predict=PREDICT) as ed,
    ):
        uri = await shop(ed)
        await rename(ed, uri)
        records = await asyncio.to_thread(settled, tmp_path, 1, "--outcome", "accepted")
        assert len(records) == 1
        message = await told(ed)
        assert "quarantine" in message
        assert await captured(ed) != {"on": False}
    quarantine = tmp_path / "data" / "capture" / "quarantine"
    aside = [path for path in quarantine.rglob("*") if path.is_file()]
    assert any(path.read_bytes().startswith(b"SQLite format 3") for path in aside)
    capture(tmp_path, "forget", "--all", "--yes")
    assert not any(path.is_file() for path in quarantine.rglob("*"))
