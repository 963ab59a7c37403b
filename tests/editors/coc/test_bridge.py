"""The bridge with a real jedi-language-server, which coc.nvim runs for the same buffer."""

import json
import sys
from pathlib import Path

import pytest

from tests.editors.driver import until
from tests.editors.drivers.coc import Editor
from tests.editors.stage import Stage
from tests.editors.vim.test_bridge import MAIN, SHOP, STOCK

pytestmark = pytest.mark.editor


def test_what_coc_knows_is_asked_and_shown_to_the_model(tmp_path: Path) -> None:
    server = Path(sys.executable).with_name("jedi-language-server")
    if not server.exists():
        pytest.skip("jedi-language-server is not here: pip install jedi-language-server")
    jedi = {"command": str(server), "filetypes": ["python"]}
    with Stage(tmp_path / "stage") as stage:
        for name, text in (("stock.py", STOCK), ("shop.py", SHOP), ("main.py", MAIN)):
            stage.file(name, text)
        with Editor(stage, coc_settings={"languageserver": {"jedi": jedi}}) as coc:
            coc.open(stage.project / "main.py")
            until(lambda: coc.evaluate("CocAction('diagnosticList')"), "what jedi found wrong")

            def seen() -> bool:
                """Type and rest until a prediction saw the class: nobody waits for context."""
                coc.place(3, len("print(filled)"))
                coc.type("x")
                coc.press("BSpace")
                coc.rest(0.4)
                coc.ask()
                coc.rest(0.2)
                return "bridge project/stock.py:1-" in json.dumps(stage.journal()[:5])

            until(seen, "an excerpt that came over the bridge", 40)
