"""One scripted session in two real editors, which speak the protocol in very different ways.

Neovim's own client sends changes in batches, our plugin for Vim key by key. What is recorded of
both must be the same but for times and ids.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import parts
from tests.e2e.consenting import SETTLE_S, Record, consented, environment, settled
from tests.e2e.neovim import Neovim
from tests.e2e.vim import vim_on
from tests.editors.driver import until

SERVER = [sys.executable, "-P", "-m", "zeta_lsp"]
SHOP = "def gross(net, rate):\n    tax = net * rate\n    check(rate)\n    return net + tax\n"
CONFIG = f"[capture]\nsettle_quiet_s = {SETTLE_S}\n"
PRESSED = ((0, 15, "tax_"), (1, 16, "tax_"))
FLUSH = "vim.lsp.get_clients({ name = 'zeta' })[1]:request_sync('checkStatus', {}, 5000, 0)"
"""A request takes along what Neovim has not sent yet; nobody types in two places within 150 ms."""
VARIES = re.compile(
    r"(_ms|^time|_s|^id|^session|^request_id|^consent.*|^editor.*|^latency|^device_id|^name)$"
)
"""Times, ids, and which editor it was."""

pytestmark = pytest.mark.editor


def in_neovim(folder: Path) -> list[Record]:
    """Play the session in Neovim; what was recorded."""
    file = project(folder)
    with Neovim(parts.neovim(), SERVER, file.parent, environment(folder)) as nvim:
        nvim.lua("vim.lsp.inline_completion.enable(false)")  # it asks whenever it has a moment
        nvim.edit(file)
        for row, col, keys in PRESSED:
            nvim.keys(f"{row + 1}G{col + 1}|i{keys}<Esc>l")
            nvim.wait(lambda row=row: "tax_rate" in nvim.lines()[row])
            nvim.lua(FLUSH)
        nvim.keys("<C-n>")
        nvim.wait(lambda: nvim.answered("zeta.nextEdit"))
        nvim.keys("<C-a>")
        nvim.wait(lambda: nvim.lines()[2] == "    check(tax_rate)")
        nvim.lua("vim.cmd('silent write')")
        return settled(folder, 1, "--outcome", "accepted")


def in_vim(folder: Path) -> list[Record]:
    """Play the session in Vim; what was recorded."""
    file = project(folder)
    with vim_on(file, SERVER, environment(folder)) as vim:
        vim.open(file)
        for row, col, keys in PRESSED:
            vim.place(row, col)
            vim.type(keys)
        vim.ask()
        until(vim.diff, "the prediction")
        vim.accept()
        until(lambda: "check(tax_rate)" in vim.text(), "the accepted edit")
        vim.save()
        return settled(folder, 1, "--outcome", "accepted")


def project(folder: Path) -> Path:
    """The file of a project that somebody consented to have captured."""
    folder.mkdir()
    config = folder / "config.toml"
    config.write_text(CONFIG)
    config.chmod(0o600)
    file = consented(folder) / "shop.py"
    file.write_text(SHOP)
    return file


def timeless(value: Any) -> Any:
    """A record without what is different each time."""
    if isinstance(value, dict):
        return {key: timeless(one) for key, one in value.items() if not VARIES.search(key)}
    return [timeless(one) for one in value] if isinstance(value, list) else value


def lines_of(record: Record) -> list[str]:
    """A record as lines, so that a difference is one line."""
    return json.dumps(timeless(record), indent=1).splitlines()


def test_the_same_session_in_two_editors_gives_the_same_record(tmp_path: Path) -> None:
    (one,) = in_neovim(tmp_path / "neovim")
    (other,) = in_vim(tmp_path / "vim")
    assert one["zeta"]["editor"] != other["zeta"]["editor"]
    assert lines_of(one) == lines_of(other)
    assert "+    check(tax_rate)" in one["expected_patches"][0]
