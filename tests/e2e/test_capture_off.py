"""With capture off nothing is recorded: no file, no folder, no attempt. The kernel says so."""

from pathlib import Path

from tests.asynchronous import asynchronous
from tests.e2e.editing import PROGRAM, Editor, editor, files_below
from tests.e2e.model import Model, rewriting
from tests.e2e.tracing import traced, written

TEXT = "canary_one = 1\ntotal = \ncanary_two = 2\n"


async def work(ed: Editor) -> None:
    """What somebody does in an hour, in short."""
    await ed.initialize()
    uri = ed.open("shop.py", TEXT)
    ed.type(uri, "total = ", "canary_")
    await ed.next_edit(uri, "canary_two = ")
    ed.client.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    ed.type(uri, "canary_two = ", "30")
    await ed.next_edit(uri, "canary_two = ")
    ed.close(uri)
    assert await ed.client.shut_down() == 0


@asynchronous
async def test_without_consent_no_file_is_made_but_the_journal_without_text(tmp_path: Path) -> None:
    log = tmp_path / "calls"
    async with (
        Model(rewriting(("total = canary_", "total = canary_one"))) as model,
        editor(tmp_path, model.url, argv=traced([str(PROGRAM)], log)) as ed,
    ):
        (ed.root / "LICENSE").write_text("MIT")
        await work(ed)
    data = str(tmp_path / "data")
    touched = {path for path in written(log) if data in path or "capture" in path}
    assert touched
    assert all("capture" not in path for path in touched), touched
    kept = files_below(tmp_path / "data")
    assert {path.parent.name for path in kept} == {"journal"}
    assert not any(b"canary" in path.read_bytes() for path in kept)
