"""The bridge in a real Neovim, with real servers beside us: the very lines that the docs give.

jedi knows what the index cannot, the type of what a function returns without saying so; ruff knows
what is wrong.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.e2e import parts
from tests.e2e.model import rewritten
from tests.e2e.neovim import Neovim
from tests.models.raw_server import streamed

SERVER = [sys.executable, "-P", "-m", "zeta_lsp"]
DOCS = Path(__file__).parents[2] / "docs" / "context.md"
STOCK = "class Basket:\n    def put(self, name):\n        self.name = name\n"
SHOP = "import stock\n\n\ndef make():\n    return stock.Basket()\n"
MAIN = "import os\nimport shop\n\nfilled = shop.make()\nprint(filled)\n"
BESIDE = """
for name, argv in pairs(...) do
  vim.lsp.config(name, { cmd = argv, root_dir = vim.fn.getcwd(), filetypes = { 'python' } })
  vim.lsp.enable(name)
end
"""
READY = """
for _, name in ipairs({ 'jedi', 'ruff', 'zeta' }) do
  local client = vim.lsp.get_clients({ name = name, bufnr = 0 })[1]
  if not (client and client.initialized) then return false end
end
return #vim.diagnostic.get(0) > 0
"""

pytestmark = pytest.mark.editor


class Endpoint:
    """A model that changes nothing and keeps what it was asked."""

    def __init__(self) -> None:
        self.prompts: list[str] = []
        prompts = self.prompts

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                prompts.append(json.loads(body)["prompt"])
                self.wfile.write(streamed(rewritten(prompts[-1])))

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v1/completions"


@contextmanager
def listening() -> Iterator[Endpoint]:
    endpoint = Endpoint()
    thread = Thread(target=endpoint.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.server.shutdown()
        thread.join()
        endpoint.server.server_close()


def lua_of_the_docs() -> str:
    found = re.search(r"```lua\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def beside(name: str) -> str:
    program = Path(sys.executable).with_name(name)
    if not program.exists():
        pytest.skip(f"{name} is not here: pip install {name}")
    return str(program)


def project_in(folder: Path) -> Path:
    project = folder / "project"
    project.mkdir()
    for name, text in (("stock.py", STOCK), ("shop.py", SHOP), ("main.py", MAIN)):
        (project / name).write_text(text)
    return project


def test_neovim_answers_from_the_servers_that_it_runs(tmp_path: Path) -> None:
    servers = {"jedi": [beside("jedi-language-server")], "ruff": [beside("ruff"), "server"]}
    program, project, config = parts.neovim(), project_in(tmp_path), tmp_path / "config.toml"
    env = {"ZETA_LSP_CONFIG": str(config), "ZETA_LSP_DATA_DIR": str(tmp_path / "data")}
    with listening() as endpoint:
        config.write_text(f'[endpoint]\nurl = "{endpoint.url}"\nformat = "zeta-v0420"\n')
        config.chmod(0o600)
        with Neovim(program, SERVER, project, env, before=lua_of_the_docs()) as nvim:
            nvim.nvim.command(f"cd {project}")
            nvim.lua(BESIDE, servers)
            nvim.edit(project / "main.py")
            nvim.wait(lambda: nvim.lua(READY))

            def sees(wanted: str) -> bool:
                """Type and rest until a prompt shows something: nobody waits for context."""
                nvim.keys("Gofilled.x<Esc>dd")
                nvim.lua("vim.wait(400)")
                nvim.keys("<C-n>")
                nvim.lua("vim.wait(200)")
                return any(wanted in prompt for prompt in endpoint.prompts)

            nvim.wait(lambda: sees("<filename>project/stock.py\nclass Basket:\n"))
            nvim.wait(lambda: sees("`os` imported but unused"))
    explained = subprocess.run(
        [*SERVER, "explain", "--json"], env=env, capture_output=True, text=True, check=True
    ).stdout
    seen = {one for entry in json.loads(explained) for one in entry.get("context", ())}
    assert any(one.startswith("bridge project/stock.py:1-") for one in seen)
