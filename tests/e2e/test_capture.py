"""Capture from the editor to the export: what was sent is what can be rebuilt, and no more."""

import asyncio
import json
from pathlib import Path

from tests.asynchronous import asynchronous
from tests.core.formats.oracle import needs_oracle, zed
from tests.e2e.consenting import SETTLE_S, capture, consented, settled
from tests.e2e.editing import PROGRAM, Editor, editor, files_below
from tests.e2e.model import Model, rewriting, rewritten
from tests.e2e.tracing import traced, written
from tests.lsp_client import Json
from tests.models.raw_server import Client, Request

PREDICT = f"[capture]\nsettle_quiet_s = {SETTLE_S}\n"
SHOP = "def gross(net, rate):\n    tax = net * rate\n    check(rate)\n    return net + tax\n"
ZED_NAME = "V0318SeedMultiRegions"


async def finishing_the_rename(client: Client, request: Request) -> None:
    """A model that renames in the call, as long as there is something to rename."""
    left = "check(rate)" in rewritten(request.json["prompt"])
    answer = rewriting(("check(rate)", "check(tax_rate)")) if left else rewriting()
    await answer(client, request)


async def captured(ed: Editor) -> Json:
    """What the server says of capture."""
    status: Json = (await ed.client.request("checkStatus"))["capture"]
    return status


async def shop(ed: Editor) -> str:
    """An editor with the shop open."""
    (ed.root / "shop.py").write_text(SHOP)
    await ed.initialize(clientInfo={"name": "test", "version": "7"})
    return ed.open("shop.py", SHOP)


async def rename(ed: Editor, uri: str) -> Json:
    """Rename by hand twice, and accept the third of the model's."""
    ed.type(uri, "def gross(net, ", "tax_")
    ed.type(uri, "tax = net * ", "tax_")
    found = await ed.next_edit(uri, "tax = net * ")
    ed.apply(uri, found["edits"])
    return found


@needs_oracle
@asynchronous
async def test_every_prompt_that_was_sent_is_rebuilt_byte_for_byte_by_zeds_own_renderer(
    tmp_path: Path,
) -> None:
    consented(tmp_path)
    async with (
        Model(finishing_the_rename) as model,
        editor(tmp_path, model.url, predict=PREDICT) as ed,
    ):
        uri = await shop(ed)
        await rename(ed, uri)
        model.behave = rewriting()
        await ed.next_edit(uri, "return net + ")
        sent = model.asked
        records = await asyncio.to_thread(settled, tmp_path, len(sent))
    assert sorted(record["prompt"]["input"] for record in records) == sorted(sent)
    for record in records:
        zed.Example.from_dict(record)
        given = zed.Zeta2PromptInput.from_dict(record["prompt_inputs"])
        assert zed.format_prompt(given, ZED_NAME) == record["prompt"]["input"]
    assert len(json.loads(zed.score_examples_json(json.dumps(records)))) == len(records)


@asynchronous
async def test_a_record_tells_the_whole_story_of_a_prediction(tmp_path: Path) -> None:
    consented(tmp_path)
    async with (
        Model(finishing_the_rename) as model,
        editor(tmp_path, model.url, predict=PREDICT) as ed,
    ):
        uri = await shop(ed)
        found = await rename(ed, uri)
        records = await asyncio.to_thread(settled, tmp_path, 1, "--outcome", "accepted")
    (record,) = records
    ours = record["zeta"]
    assert ours["outcome"]["ending"] == "accepted"
    assert ours["licence"] == {"spdx": "Apache-2.0", "evidence": "LICENSE"}
    assert record["telemetry"]["request_id"] == found["id"]
    assert "+    check(tax_rate)" in record["expected_patches"][0]
    assert ours["settled"]["quiet"]["sources"] == {"accepted": 1}
    assert ours["kept_rate"] == ours["recall_rate"] == 1.0
    assert ours["edit_sources"] == [["typed"]]
    assert str(tmp_path) not in json.dumps(record)


@asynchronous
async def test_after_consent_is_taken_back_not_a_byte_more_is_written(tmp_path: Path) -> None:
    project = consented(tmp_path, "--level", "sessions")
    async with (
        Model(finishing_the_rename) as model,
        editor(tmp_path, model.url, predict=PREDICT) as ed,
    ):
        uri = await shop(ed)
        await rename(ed, uri)
        await asyncio.to_thread(settled, tmp_path, 1)
        await asyncio.to_thread(capture, tmp_path, "off", str(project))
        before = await asyncio.to_thread(capture, tmp_path, "show", str(project), "--json")
        ed.type(uri, "return net", " + canary_of_later")
        async with asyncio.timeout(20):
            while (await captured(ed))["on"]:  # each look is a round trip
                pass
        await ed.client.shut_down()  # the last moment at which something could be written
    assert capture(tmp_path, "show", str(project), "--json") == before
    kept = [path.read_bytes() for path in files_below(tmp_path / "data" / "capture")]
    assert not any(b"canary_of_later" in data for data in kept)


@asynchronous
async def test_a_trace_of_a_recorded_session_shows_its_files(tmp_path: Path) -> None:
    """The control of `test_capture_off`: the same trace does see capture when it is on."""
    consented(tmp_path)
    log = tmp_path / "calls"
    async with (
        Model(finishing_the_rename) as model,
        editor(tmp_path, model.url, predict=PREDICT, argv=traced([str(PROGRAM)], log)) as ed,
    ):
        uri = await shop(ed)
        await rename(ed, uri)
        await asyncio.to_thread(settled, tmp_path, 1)
        await ed.client.shut_down()
    assert any("/capture/" in path for path in written(log))
