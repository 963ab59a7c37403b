"""A model that rewrites the definition in another file leads there, in a whole session."""

import asyncio
from pathlib import Path

from tests.asynchronous import asynchronous
from tests.e2e.editing import editor
from tests.e2e.model import Model, pieces, rewritten_anywhere
from tests.lsp_client import Json
from tests.models.raw_server import Client, Request, streamed
from zeta_lsp.server.around import REST_S

OLD, NEW = "def vat(net, rate):", "def vat(net, rate, country):"
VAT = f"{OLD}\n    tax = net * rate\n    return tax\n"
CART = "from vat import vat\n\n\ntotal = vat(1, 2)\n"
ENDPOINT = "ZETA_LSP_ENDPOINT__FORMAT"


async def widening(client: Client, request: Request) -> None:
    answer = rewritten_anywhere(request.json["prompt"], OLD, NEW) + "<[end▁of▁sentence]>"
    await client.send(streamed(*pieces(answer)))


@asynchronous
async def test_a_changed_call_leads_to_its_definition_and_the_edit_waits_there(
    tmp_path: Path,
) -> None:
    async with Model(widening) as model, editor(tmp_path, model.url) as ed:
        config = tmp_path / "config.toml"
        config.write_text(config.read_text().replace('"zeta2.1"', '"zeta-v0615"'))
        (ed.root / "vat.py").write_text(VAT)
        await ed.initialize()
        cart = ed.open("cart.py", CART)
        ed.type(cart, "vat(1, 2", ", 3")
        async with asyncio.timeout(20):
            reply: Json = {"jump": None}
            while reply["jump"] is None:  # the definition is looked up while nobody types
                await asyncio.sleep(2 * REST_S)
                reply = await ed.next_edit(cart, "vat(1, 2, 3")
        vat = (ed.root / "vat.py").as_uri()
        assert reply["jump"]["textDocument"]["uri"] == vat
        assert reply["jump"]["position"] == {"line": 0, "character": len("def vat(net, rate")}
        assert ed.open("vat.py", VAT) == vat
        there = await ed.next_edit(vat, "def vat(net, rate")
        ed.apply(vat, there["edits"])
        assert ed.texts[vat] == VAT.replace(OLD, NEW)
        await ed.next_edit(vat, NEW)
        entries = await ed.command("zeta.explain")
        endings = [(one["path"], one["ending"]) for one in entries]
        assert endings.count(("project/vat.py", "accepted")) == 2  # the jump, then the edit
        assert await ed.client.shut_down() == 0
