"""The main job in a Vim, which sends whole texts and answers requests by number."""

import sys
from pathlib import Path

import pytest

from tests.e2e import parts
from tests.e2e.vim import run_vim

SERVER = [sys.executable, "-P", "-m", "zeta_lsp"]
SHOP = "def gross(net, rate):\n    tax = net * rate\n    check(rate)\n    return net + tax\n"

pytestmark = pytest.mark.editor


def test_a_rename_is_finished_in_vim(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    file = project / "shop.py"
    file.write_text(SHOP)
    steps = [
        ["press", 0, 15, "tax_"],
        ["press", 1, 16, "tax_"],
        ["command", "zeta.nextEdit"],
        ["command", "zeta.accept"],
        ["save"],
    ]
    env = {"ZETA_LSP_CONFIG": str(tmp_path / "none"), "ZETA_LSP_DATA_DIR": str(tmp_path / "data")}
    said = run_vim(parts.vim(), SERVER, file, steps, env)
    assert [edit["newText"] for edit in said["answers"][0]["edits"]] == ["tax_"]
    assert said["answers"][1] is True
    assert file.read_text() == SHOP.replace("rate", "tax_rate")
