"""What a prompt knows of other files, in a whole session with a real index and a real bridge."""

import asyncio
from pathlib import Path

from tests.asynchronous import asynchronous
from tests.context.index.committing import Committing
from tests.e2e.editing import Editor, editor
from tests.e2e.model import Model, rewriting
from tests.lsp_client import Json
from zeta_lsp.server.around import REST_S
from zeta_lsp.server.ledger import REPEATED_S
from zeta_lsp.server.progress import FILES_MIN

SHOP = """class Basket:
    def put(self, name: str, price: float) -> None:
        self.lines = [name]
"""
MAIN = "from shop import Basket\n\n\ndef main():\n    basket = Basket()\n    basket.put(\n"
SECRET = "PUT_KEY = 'canary-of-a-secret'\n"


async def prompt_with(ed: Editor, model: Model, uri: str, *wanted: str) -> str:
    """Type and rest until the prompt shows all that is wanted: it is gathered while nobody types.

    What the helper says too late on a busy machine is there the next time.
    """
    async with asyncio.timeout(20):
        while True:
            ed.type(uri, "basket.put", "_")
            at = ed.texts[uri].index("put_") + 3
            ed.replace(uri, at, at + 1, "")
            await asyncio.sleep(2 * REST_S)
            await ed.next_edit(uri, "basket.put")
            if all(one in model.asked[-1] for one in wanted):
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


@asynchronous
async def test_visited_files_and_files_that_change_together_come_last(tmp_path: Path) -> None:
    made = Committing(tmp_path / "project")
    made.touch("main.py", "ledger.py")
    made.touch("main.py", "ledger.py")
    async with Model(rewriting()) as model, editor(tmp_path, model.url) as ed:
        (ed.root / "shop.py").write_text(SHOP)
        (ed.root / "visited.py").write_text("seen_lately = True\n")
        await ed.initialize()
        ed.close(ed.open("visited.py", "seen_lately = False\n"))
        uri = ed.open("main.py", MAIN)
        wanted = ("class Basket", "def of_ledger():\n", "seen_lately = True\n")
        prompt = await prompt_with(ed, model, uri, *wanted)
        assert prompt.index("class Basket") < prompt.index("seen_lately")
        assert prompt.index("seen_lately") < prompt.index("def of_ledger")
        explained = await ed.command("zeta.explain")
        while not (seen := [doors_of(one) for one in explained])[0] or len(seen[0]) < 3:
            await asyncio.sleep(REPEATED_S)  # the same silence soon after is one entry
            await prompt_with(ed, model, uri, *wanted)
            explained = await ed.command("zeta.explain")
        assert seen[0] == ["index", "recent", "git"]
        assert "seen_lately" not in str(explained)


def doors_of(entry: Json) -> list[str]:
    """The doors that an entry of `explain` names, each once."""
    return list(dict.fromkeys(seen.split()[0] for seen in entry.get("context", ())))


def shown_progress(ed: Editor) -> list[Json]:
    heard = ed.client.notifications
    return [one["params"]["value"] for one in heard if one["method"] == "$/progress"]


@asynchronous
async def test_reading_a_large_workspace_is_shown_to_clients_that_show_it(tmp_path: Path) -> None:
    async with Model(rewriting()) as model, editor(tmp_path, model.url) as ed:
        for number in range(FILES_MIN + 500):
            (ed.root / f"f{number}.py").write_text("".join(f"x{n} = {n}\n" for n in range(60)))
        await ed.initialize(capabilities={"window": {"workDoneProgress": True}})
        uri = ed.open("main.py", MAIN)
        ed.type(uri, "basket.put", "_")
        await ed.client.notification("$/progress")
        async with asyncio.timeout(60):
            while (values := shown_progress(ed))[-1]["kind"] != "end":  # noqa: ASYNC110 - it polls
                await asyncio.sleep(REST_S)
        (created,) = [
            one for one in ed.client.requests if one["method"] == "window/workDoneProgress/create"
        ]
        assert created["params"]["token"]
        assert values[0]["kind"] == "begin"
        assert all(value["kind"] == "report" for value in values[1:-1])
        shares = [value["percentage"] for value in values[:-1]]
        assert shares == sorted(shares)
