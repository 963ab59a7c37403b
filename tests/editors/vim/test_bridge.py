"""The bridge with a real jedi-language-server, which another plugin runs in the same Vim.

jedi knows what the index cannot: the type of what a function returns without saying so. The
plugins are not ours to ship: `ZETA_VIM_LSP` and `ZETA_YEGAPPAN` name checkouts of
prabirshrestha/vim-lsp and yegappan/lsp.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.driver import until
from tests.editors.drivers.vim import Editor
from tests.editors.stage import Stage

STOCK = "class Basket:\n    def put(self, name):\n        self.name = name\n"
SHOP = "import stock\n\n\ndef make():\n    return stock.Basket()\n"
MAIN = "import shop\n\nfilled = shop.make()\nprint(filled)\nmissing(\n"
VIM_LSP = """
set runtimepath^={plugin}
let g:lsp_semantic_enabled = 0
autocmd User lsp_setup call lsp#register_server(#{{
  \\ name: 'jedi', cmd: ['{server}'], allowlist: ['python'],
  \\ }})
"""
YEGAPPAN = """
set runtimepath^={plugin}
autocmd User LspSetup call LspAddServer([#{{
  \\ name: 'jedi', filetype: ['python'], path: '{server}', args: [],
  \\ }}])
"""
PLUGINS = {"ZETA_VIM_LSP": VIM_LSP, "ZETA_YEGAPPAN": YEGAPPAN}

pytestmark = pytest.mark.editor


@pytest.fixture(params=PLUGINS)
def vim(request: pytest.FixtureRequest, stage: Stage) -> Iterator[Editor]:
    """A Vim in which another plugin runs jedi, with the cursor in a file that jedi looked at."""
    plugin = os.environ.get(request.param)
    if plugin is None:
        pytest.skip(f"{request.param} names no checkout")
    server = Path(sys.executable).with_name("jedi-language-server")
    if not server.exists():
        pytest.skip("jedi-language-server is not here: pip install jedi-language-server")
    for name, text in (("stock.py", STOCK), ("shop.py", SHOP), ("main.py", MAIN)):
        stage.file(name, text)
    settings = PLUGINS[request.param].format(plugin=plugin, server=server)
    with Editor(stage, settings=settings) as one:
        one.open(stage.project / "main.py")
        until(lambda: diagnostics(one), "what jedi found wrong")
        yield one


def diagnostics(vim: Editor) -> list[str]:
    """The messages of what the bridge answers about the file that is shown."""
    found = vim.evaluate(
        "zeta#neighbour#vimlsp#Diagnostics(bufnr()) + zeta#neighbour#yegappan#Diagnostics(bufnr())"
    )
    return [str(one["message"]) for one in found]


def test_what_another_plugin_knows_is_asked_and_shown_to_the_model(
    vim: Editor, stage: Stage
) -> None:
    assert any("SyntaxError" in one for one in diagnostics(vim)), diagnostics(vim)

    def seen() -> bool:
        """Type and rest until a prediction saw the class: nobody waits for context."""
        vim.place(3, len("print(filled)"))
        vim.type("x")
        vim.press("BSpace")
        vim.rest(0.4)
        vim.ask()
        vim.rest(0.2)
        entries = [one for one in stage.journal()[:5] if one["path"].endswith("main.py")]
        return "bridge project/stock.py:1-" in json.dumps(entries)

    until(seen, "an excerpt that came over the bridge")
