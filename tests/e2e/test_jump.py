"""With nothing to propose, a person is sent to what their language server finds wrong elsewhere."""

import asyncio
from pathlib import Path

from tests.asynchronous import asynchronous
from tests.e2e.editing import editor
from tests.e2e.model import Model, rewriting
from tests.lsp_client import Json

ROWS = "".join(f"row {number}\n" for number in range(60))
PLACE = {"line": 40, "character": 4}


def answer(request: Json) -> Json | None:
    """A client with the bridge, whose language server finds one error."""
    if request["method"] == "window/showDocument":
        return {"success": True}
    if request["method"] == "zeta/diagnostics":
        wrong = {"range": {"start": PLACE, "end": PLACE}, "message": "wrong", "severity": 1}
        return {"items": [wrong]}
    return None


@asynchronous
async def test_an_error_far_away_is_visited(tmp_path: Path) -> None:
    async with Model(rewriting()) as model, editor(tmp_path, model.url) as ed:
        ed.client.answers = answer
        await ed.initialize(capabilities={"experimental": {"zetaBridge": True}})
        uri = ed.open("a.py", ROWS)
        ed.type(uri, "row 2\n", "x")
        async with asyncio.timeout(10):
            while (reply := await ed.next_edit(uri, "x"))["jump"] is None:
                assert reply["reason"] == "no_change"
                await asyncio.sleep(0.05)
        assert reply["jump"]["position"] == PLACE
        assert reply["model"] == "diagnostics"
        assert await ed.command("zeta.jump") is True
        (visit,) = [one for one in ed.client.requests if one["method"] == "window/showDocument"]
        assert visit["params"]["selection"] == {"start": PLACE, "end": PLACE}
        await ed.next_edit(uri, "row 40")
        assert ("shown", "") in await ed.reasons()
        assert ("accepted", "") in await ed.reasons()
