"""What `context` puts into an example is what a live session had in its prompt at that moment."""

import re
from pathlib import Path

from pipeline.example import given_of
from pipeline.records import Dropped
from tests.asynchronous import asynchronous
from tests.e2e.editing import editor
from tests.e2e.model import Model, rewriting
from tests.e2e.test_context import prompt_with
from tests.pipeline.gathering.shop import BASKET, MAIN, Shop, gathered
from zeta_lsp.core.formats.registry import get

NOW = f"{MAIN}    basket.put(\n"
USES = "from basket import Basket\n\n\ndef uses_it(basket: Basket) -> None:\n    basket.put\n"


def files_shown(prompt: str) -> list[str]:
    """The files of a prompt with their excerpts, but for the cursor's and the history."""
    parts = re.split(r"(?=<filename>)", prompt)
    return [part for part in parts if part.startswith("<filename>project/basket.py\n")]


def test_the_related_files_are_those_of_a_live_prompt(tmp_path: Path) -> None:
    prompts: list[str] = []

    @asynchronous
    async def live() -> None:
        async with Model(rewriting()) as model, editor(tmp_path, model.url) as ed:
            for name, text in (("basket.py", BASKET), ("uses.py", USES), ("main.py", NOW)):
                (ed.root / name).write_text(text)
            await ed.initialize()
            uri = ed.open("main.py", NOW)
            prompts.append(await prompt_with(ed, model, uri, "class Basket"))
            assert await ed.client.shut_down() == 0

    live()
    away = tmp_path / "away"
    away.mkdir()
    shop = Shop(away, {"uses.py": USES, "main.py": NOW})
    (row,), _ = gathered(shop, away, [shop.row("project/main.py", NOW)])
    given = given_of(row)
    assert not isinstance(given, Dropped)
    assert files_shown(get("zeta2.1").render(given).text) == files_shown(prompts[0])
    assert files_shown(prompts[0])
