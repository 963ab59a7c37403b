"""The main job in a real editor: type, see a prediction, accept it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e import parts
from tests.e2e.neovim import Neovim
from tests.models.llama import running
from tests.models.tiny_gguf import write_scripted

SERVER = [sys.executable, "-P", "-m", "zeta_lsp"]
SHOP = "def gross(net, rate):\n    tax = net * rate\n    check(rate)\n    return net + tax\n"

pytestmark = pytest.mark.editor


@contextmanager
def editor(folder: Path, config: str = "") -> Iterator[Neovim]:
    """A Neovim whose zeta-lsp knows only this configuration and writes only here."""
    program = parts.neovim()
    file = folder / "config.toml"
    file.write_text(config)
    file.chmod(0o600)
    env = {"ZETA_LSP_CONFIG": str(file), "ZETA_LSP_DATA_DIR": str(folder / "data")}
    project = folder / "project"
    project.mkdir()
    (project / "shop.py").write_text(SHOP)
    with Neovim(program, SERVER, project, env) as nvim:
        nvim.edit(project / "shop.py")
        yield nvim


@pytest.mark.inference
def test_ghost_text_from_a_real_inference_server_is_drawn_and_accepted(tmp_path: Path) -> None:
    model = tmp_path / "scripted.gguf"
    write_scripted(model, ["net", " - ", "tax"])
    with running(parts.llama_server(), model) as server:
        config = f'[endpoint]\nurl = "{server.url}/v1/completions"\nformat = "fim-qwen"\n'
        with editor(tmp_path, config) as nvim:
            nvim.keys("Goreturn ")
            assert nvim.wait(nvim.ghost) == "net - tax"
            nvim.keys("<C-l>")
            nvim.wait(lambda: nvim.lines()[-1] == "    return net - tax")


def test_a_rename_is_finished_by_a_next_edit_of_the_embedded_model(tmp_path: Path) -> None:
    with editor(tmp_path) as nvim:
        nvim.keys("gg/rate<CR>itax_<Esc>j0/rate<CR>itax_<Esc>")
        nvim.wait(
            lambda: nvim.lines()[:2] == ["def gross(net, tax_rate):", "    tax = net * tax_rate"]
        )
        nvim.keys("<C-n>")
        nvim.wait(lambda: nvim.answered("zeta.nextEdit"))
        nvim.keys("<C-a>")
        nvim.wait(lambda: nvim.lines()[2] == "    check(tax_rate)")
        nvim.keys("u")
        nvim.wait(lambda: nvim.lines()[2] == "    check(rate)")
