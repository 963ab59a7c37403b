"""What a prompt knows of other files, in a whole session with a real index and a real bridge."""

import asyncio
from pathlib import Path

from tests.asynchronous import asynchronous
from tests.e2e.editing import Editor, editor
from tests.e2e.model import Model, rewriting
from tests.lsp_client import Json
from zeta_lsp.server.around import REST_S

SHOP = """class Basket:
    def put(self, name: str, price: float) -> None:
        self.lines = [name]
"""
MAIN = "from shop import Basket\n\n\ndef main():\n    basket = Basket()\n    basket.put(\n"
SECRET = "PUT_KEY = 'canary-of-a-secret'\n"


async def prompt_with(ed: Editor, model: Model, uri: str, wanted: str) -> str:
    """Type and rest until the prompt shows something: context is gathered while nobody types."""
    async with asyncio.timeout(20):
        while True:
            ed.type(uri, "basket.put", "_")
            at = ed.texts[uri].index("put_") + 3
            ed.replace(uri, at, at + 1, "")
            await asyncio.sleep(2 * REST_S)
            await ed.next_edit(uri, "basket.put")
            if wanted in model.asked[-1]:
                return model.asked[-1]


@asynchronous
async def test_a_definition_from_another_file_reaches_the_prompt(tmp_path: Path) -> None:
    async with Model(rewriting()) as model, editor(tmp_path, model.url) as ed:
        (ed.root / "shop.py").write_text(SHOP)
        (ed.root / ".env").write_text(SECRET)
        await ed.initialize()
        uri = ed.open("main.py", MAIN)
        prompt = await prompt_with(ed, model, uri, "class Basket")
        assert "<filename>project/shop.py\n" in prompt
        assert "    def put(self, name: str, price: float) -> None:" in prompt
        assert b"canary-of-a-secret" not in model.sent
        assert await ed.client.shut_down() == 0


@asynchronous
async def test_the_client_answers_from_the_servers_that_it_runs(tmp_path: Path) -> None:
    async with Model(rewriting()) as model, editor(tmp_path, model.url) as ed:
        (ed.root / "shop.py").write_text(SHOP)
        other = ed.root / "elsewhere.py"
        other.write_text("def put_by_the_bridge(name):\n    return name\n")

        def answer(request: Json) -> Json | None:
            if not request["method"].startswith("zeta/def"):
                return None
            place = {"line": 0, "character": 4}
            found = [{"uri": other.as_uri(), "range": {"start": place, "end": place}}]
            return {"items": [{"locations": found} for _ in request["params"]["items"]]}

        ed.client.answers = answer
        await ed.initialize(capabilities={"experimental": {"zetaBridge": True}})
        uri = ed.open("main.py", MAIN)
        prompt = await prompt_with(ed, model, uri, "put_by_the_bridge")
        assert "class Basket" not in prompt
