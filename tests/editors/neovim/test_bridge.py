"""The bridge with a real jedi-language-server in the same Neovim.

jedi knows what the index cannot: the type of what a function returns without saying so.
"""

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.editors.driver import until
from tests.editors.drivers.neovim import Editor, oldest
from tests.editors.stage import Stage

STOCK = "class Basket:\n    def put(self, name):\n        self.name = name\n"
SHOP = "import stock\n\n\ndef make():\n    return stock.Basket()\n"
MAIN = "import shop\n\nfilled = shop.make()\nprint(filled)\nmissing(\n"
ANSWER = """
local method, params, answer = ...
local client = vim.lsp.get_clients({ name = 'zeta' })[1]
coroutine.wrap(function()
  answer = client.handlers[method](nil, params, { client_id = client.id, method = method })
end)()
vim.wait(10000, function() return answer ~= nil end)
return answer
"""
READY = """
local jedi = vim.lsp.get_clients({ name = 'jedi', bufnr = 0 })[1]
return jedi and jedi.initialized and #vim.diagnostic.get(0) > 0
"""
JEDI = """
vim.lsp.config('jedi', { cmd = { %r }, root_dir = vim.fn.getcwd(), filetypes = { 'python' } })
vim.lsp.enable('jedi')
"""

pytestmark = pytest.mark.editor


@pytest.fixture(params=["now", "oldest"])
def editor(request: pytest.FixtureRequest, stage: Stage) -> Any:
    """An editor with jedi beside zeta."""
    server = Path(sys.executable).with_name("jedi-language-server")
    if not server.exists():
        pytest.skip("jedi-language-server is not here: pip install jedi-language-server")
    program = oldest() if request.param == "oldest" else None
    for name, text in (("stock.py", STOCK), ("shop.py", SHOP), ("main.py", MAIN)):
        stage.file(name, text)
    with Editor(stage, settings=JEDI % str(server), program=program) as one:
        one.open(stage.project / "main.py")
        one.wait(lambda: one.lua(READY), "jedi has looked at the file")
        yield one


def asked(editor: Editor, method: str, params: dict[str, Any]) -> Any:
    """What the plugin answers to a request of the server."""
    return editor.lua(ANSWER, method, params)


def test_prompts_show_what_only_another_server_knows(editor: Editor, stage: Stage) -> None:
    def seen() -> bool:
        """Type and rest until a prediction saw the class: nobody waits for context."""
        editor.keys("ggjjA.<BS><Esc>")
        editor.lua("vim.wait(400)")
        editor.ask()
        editor.lua("vim.wait(200)")
        entries = [one for one in stage.journal()[:5] if one["path"].endswith("main.py")]
        return any(
            one.startswith("bridge project/stock.py:1-")
            for entry in entries
            for one in entry["context"]
        )

    until(seen, "an excerpt that came over the bridge")


def test_answers_are_of_the_shape_that_the_server_takes(editor: Editor, stage: Stage) -> None:
    uri = (stage.project / "main.py").as_uri()
    items = [
        {"textDocument": {"uri": uri}, "position": {"line": 3, "character": 7}},
        {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 0}},
        {"textDocument": {"uri": "file:///nowhere.py"}, "position": {"line": 0, "character": 0}},
    ]
    types = asked(editor, "zeta/typeDefinitions", {"items": items})["items"]
    assert [len(one["locations"]) for one in types] == [1, 0, 0]
    assert types[0]["locations"][0]["uri"] == (stage.project / "stock.py").as_uri()
    found = asked(editor, "zeta/diagnostics", {"textDocument": {"uri": uri}})["items"]
    assert found[0]["range"]["start"]["line"] >= 4
    assert found[0]["severity"] == 1
