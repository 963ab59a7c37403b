"""The main job in a Vim that knows nothing but the plugin and the embedded model."""

import sys
from pathlib import Path

import pytest

from tests.e2e.vim import vim_on
from tests.editors.driver import until

SERVER = [sys.executable, "-P", "-m", "zeta_lsp"]
SHOP = "def gross(net, rate):\n    tax = net * rate\n    check(rate)\n    return net + tax\n"

pytestmark = pytest.mark.editor


def test_a_rename_is_finished_in_vim(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    file = project / "shop.py"
    file.write_text(SHOP)
    env = {"ZETA_LSP_CONFIG": str(tmp_path / "none"), "ZETA_LSP_DATA_DIR": str(tmp_path / "data")}
    with vim_on(file, SERVER, env) as vim:
        vim.open(file)
        for row, col in ((0, 15), (1, 16)):
            vim.place(row, col)
            vim.type("tax_")
        vim.ask()
        assert until(vim.diff, "the use that follows").new == "tax_"
        vim.accept()
        until(lambda: "check(tax_rate)" in vim.text(), "the accepted edit")
        vim.save()
    assert file.read_text() == SHOP.replace("rate", "tax_rate")
