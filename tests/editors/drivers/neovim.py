"""Neovim with our plugin, driven over its own RPC: press keys, read extended marks.

The editor starts with the very configuration that the plugin's README gives, in a home folder of
its own in which `zeta-lsp` is on the path. What is drawn is read from the extended marks of the
plugin's namespace, and of core inline completion's where that draws.
"""

import contextlib
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Self

import pynvim
import pytest

from tests.e2e import parts
from tests.editors.driver import Diff, until
from tests.editors.stage import Stage

CHECKOUT = Path(__file__).resolve().parents[3]
PLUGIN = CHECKOUT / "editors" / "nvim"
COLUMNS, LINES = 80, 24
ATTACHED = """
return vim.iter(vim.lsp.get_clients({ bufnr = 0 })):any(function(client)
  return client.initialized
    and vim.tbl_get(client.server_capabilities, 'experimental', 'zetaNextEdit') == true
end)
"""
DRAWN = """
local out = {}
for name, namespace in pairs(vim.api.nvim_get_namespaces()) do
  if name == 'zeta' or name == 'nvim.lsp.inline_completion' then
    vim.list_extend(out, vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true }))
  end
end
return out
"""
SCREEN = r"""
local rows = {}
for row = 1, vim.o.lines do
  local cells = {}
  for col = 1, vim.o.columns do cells[col] = vim.fn.screenstring(row, col) end
  rows[row] = table.concat(cells)
end
return table.concat(rows, '\n')
"""
NORMAL = r"<C-\><C-n>"
"""Goes to Normal mode as Esc does, but turns nothing down there."""
GHOST = frozenset({"ZetaGhost", "ComplHint"})


def oldest() -> str:
    """The oldest Neovim that the plugin supports: 0.11, without inline completion of its own."""
    found = os.environ.get("ZETA_NVIM_OLDEST") or str(parts.PARTS / "neovim-0.11" / "bin" / "nvim")
    if not Path(found).exists():
        message = "Neovim 0.11 is not here: run tests/editors/install/neovim.sh"
        (pytest.fail if os.environ.get("ZETA_REQUIRE_EDITORS") == "1" else pytest.skip)(message)
    return found


def configuration(heading: str) -> str:
    """The Lua that the README gives under a heading."""
    text = (PLUGIN / "README.md").read_text(encoding="utf-8")
    found = re.search(
        rf"^#+ {re.escape(heading)}\n.*?```lua\n(.*?)```", text, re.DOTALL | re.MULTILINE
    )
    assert found, f"no Lua under {heading!r}"
    return found[1]


class Mark:
    """One extended mark: where it is, the text that it draws by group, and what it covers."""

    def __init__(self, row: int, col: int, details: dict[str, Any]) -> None:
        self.row, self.col = row, col
        self.end = details.get("end_row", row), details.get("end_col", col)
        self.group = str(details.get("hl_group", ""))
        rows = [details.get("virt_text", []), *details.get("virt_lines", [])]
        self.chunks = [
            (str(chunk[1] if len(chunk) > 1 else ""), ("\n" if at else "") + str(chunk[0]))
            for at, row_of in enumerate(rows)
            for chunk in row_of
        ]

    def drawn(self, *groups: str) -> str:
        """The virtual text in some highlight groups; lines below begin with a newline."""
        return "".join(text for group, text in self.chunks if group in groups)


class Editor:
    """See `Driver`.

    `settings` is Lua that runs in front of the README's; `heading` says under which of its headings
    the configuration stands; `program` is another Neovim; `plugins` are folders of other plugins.
    """

    NAME = "Neovim 0.12"
    CANNOT: ClassVar[dict[str, str]] = {}

    def __init__(
        self,
        stage: Stage,
        *,
        settings: str = "",
        heading: str = "Minimal configuration",
        program: str | None = None,
        plugins: tuple[Path, ...] = (),
    ) -> None:
        self.stage = stage
        self.program = program or parts.neovim()
        line = subprocess.run(
            [self.program, "--version"], capture_output=True, text=True, check=True
        ).stdout
        self.VERSION = line.split()[1].removeprefix("v")
        paths = [f"vim.opt.runtimepath:append('{folder}')" for folder in plugins]
        self._init = "\n".join(["vim.o.more = false", *paths, settings, configuration(heading)])

    def __enter__(self) -> Self:
        home = self.stage.folder / "home"
        init = self._furnish(home)
        environment = {
            "HOME": str(home),
            "PATH": f"{home / 'bin'}:{os.environ['PATH']}",
            **{f"XDG_{name}_HOME": str(home / name.lower()) for name in ("STATE", "DATA", "CACHE")},
        }
        pairs = [f"{name}={value}" for name, value in environment.items()]
        argv = ["env", "-C", str(self.stage.project), *pairs, self.program, "--embed"]
        self.nvim = pynvim.attach("child", argv=[*argv, "-u", str(init), "-i", "NONE", "-n"])
        self.nvim.ui_attach(COLUMNS, LINES, rgb=True, ext_linegrid=True)
        until(lambda: self.lua("return vim.v.vim_did_enter == 1"), "Neovim has started")
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(EOFError, OSError):  # it is gone: that was the point
            self.nvim.command("qall!")
        self.nvim.close()

    def _furnish(self, home: Path) -> Path:
        """A person's home: the checkout where the README has it, zeta-lsp, and an init.lua."""
        (home / "src").mkdir(parents=True, exist_ok=True)
        (home / "bin").mkdir(exist_ok=True)
        with contextlib.suppress(FileExistsError):
            (home / "src" / "zeta-lsp").symlink_to(CHECKOUT)
        exports = " ".join(shlex.quote(f"{k}={v}") for k, v in self.stage.environment.items())
        server = home / "bin" / "zeta-lsp"
        server.write_text(f'#!/bin/sh\nexec env {exports} {shlex.join(self.stage.command)} "$@"\n')
        server.chmod(0o755)
        init = home / "init.lua"
        init.write_text(self._init)
        return init

    # What a person does.

    def open(self, path: Path) -> None:
        self.nvim.input(NORMAL)
        self.nvim.command(f"edit {path}")
        until(lambda: self.lua(ATTACHED), f"the server is attached to {path.name}")

    def place(self, row: int, col: int) -> None:
        self.nvim.input(NORMAL)
        line = self.nvim.current.buffer[row]
        self.nvim.current.window.cursor = (row + 1, len(line[:col].encode()))
        self.nvim.input("a" if col >= len(line) and line else "i")
        until(lambda: self.mode() == "i", "Insert mode")

    def type(self, text: str) -> None:
        if self.mode() != "i":
            self.nvim.input("i")
        for char in text:
            self.keys(char.replace("<", "<lt>").replace("\n", "<CR>"))

    def ask(self) -> None:
        self.keys("<M-n>")

    def accept(self) -> None:
        self.keys("<Tab>")

    def accept_word(self) -> None:
        self.keys("<M-w>")

    def accept_line(self) -> None:
        self.keys("<M-l>")

    def jump(self) -> None:
        self.keys("<Tab>")

    def reject(self) -> None:
        self.keys("<C-]>" if self.mode() == "i" else "<Esc>")

    def undo(self) -> None:
        self.keys(f"{NORMAL}u")

    def save(self) -> None:
        self.nvim.command("silent write")

    def capture(self, on: bool) -> None:
        self.nvim.input(f"{NORMAL}:Zeta capture {'on' if on else 'off'}<CR>")
        if on:
            self._agree()

    def _agree(self) -> None:
        """Pick the entry of the server's question that says yes: `vim.ui.select` lists them."""
        until(lambda: self._is_blocked() or "Type number" in self.screen(), "the question")
        self.nvim.input("2<CR>")
        until(lambda: self.mode() == "n", "the question is gone")

    # What a person sees.

    def text(self) -> str:
        ends = {"dos": "\r\n", "mac": "\r", "unix": "\n"}
        end = ends[self.nvim.current.buffer.options["fileformat"]]
        return end.join([*self.nvim.current.buffer[:], ""])

    def cursor(self) -> tuple[int, int]:
        row, col = self.nvim.current.window.cursor
        return row - 1, len(self.nvim.current.line.encode()[:col].decode())

    def path(self) -> Path:
        return Path(self.nvim.current.buffer.name)

    def ghost(self) -> str:
        return "".join(mark.drawn(*GHOST) for mark in self.marks())

    def diff(self) -> Diff | None:
        marks = self.marks()
        old = "\n".join(self._covered(mark) for mark in marks if mark.group == "ZetaDelete")
        new = "\n".join(filter(None, (mark.drawn("ZetaAdd") for mark in marks)))
        return Diff(old, new) if old or new else None

    def hint(self) -> str:
        return "".join(mark.drawn("ZetaHint") for mark in self.marks())

    def recording(self) -> bool:
        return "● rec" in self.statusline()

    def reason(self) -> str:
        return self.told("status")

    def screenshot(self, path: Path) -> None:
        """Needs Xvfb, xterm and ImageMagick; without them there is no picture."""
        if any(shutil.which(tool) is None for tool in ("Xvfb", "xterm", "import")):
            return
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1200x800x24"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as screen:
            assert screen.stdout is not None
            display = f":{screen.stdout.readline().strip()}"  # written once it can be used
            try:
                self._draw({**os.environ, "DISPLAY": display}, path)
            finally:
                screen.terminate()

    def _draw(self, environment: dict[str, str], path: Path) -> None:
        """A second process draws in a terminal what this one shows."""
        socket = self.nvim.funcs.serverstart()
        size = f"{COLUMNS}x{self.nvim.options['lines']}"
        terminal = ["xterm", "-fa", "DejaVu Sans Mono", "-fs", "12", "-geometry", size]
        show = ["-title", "zeta", "-e", self.program, "--server", socket, "--remote-ui"]
        with subprocess.Popen([*terminal, *show], env=environment) as xterm:
            until(lambda: self.lua("return #vim.api.nvim_list_uis() > 1"), "a second screen")
            self.lua("vim.wait(500)")  # the terminal draws a moment later
            subprocess.run(["import", "-window", "zeta", str(path)], env=environment, check=True)
            xterm.terminate()
        until(lambda: self.lua("return #vim.api.nvim_list_uis() == 1"), "it is gone")

    # For tests of this editor alone.

    def keys(self, keys: str) -> None:
        """Press keys, in Neovim's notation, and wait until they are worked off."""
        self.nvim.input(keys)
        self.lua("return true")  # it is asked once nothing is left to be worked off

    def lua(self, code: str, *args: Any) -> Any:
        """Run Lua in the editor."""
        return self.nvim.exec_lua(code, *args)

    def mode(self) -> str:
        """Neovim's name for the mode it is in."""
        return str(self.nvim.api.get_mode()["mode"])

    def marks(self) -> list[Mark]:
        """What is drawn in the buffer."""
        return [Mark(row, col, details) for _, row, col, details in self.lua(DRAWN)]

    def screen(self) -> str:
        """All that stands on the screen."""
        return str(self.lua(SCREEN))

    def _is_blocked(self) -> bool:
        """Whether Neovim waits for a key, and answers no other question meanwhile."""
        return bool(self.nvim.api.get_mode()["blocking"])

    def told(self, subcommand: str) -> str:
        """What `:Zeta status` or `:Zeta explain` shows, in a window that is closed again."""
        self.nvim.input(f"{NORMAL}:Zeta {subcommand}<CR>")
        name = f"zeta://{subcommand}"
        until(lambda: self.nvim.current.buffer.name == name, f"the window {name}")
        text = "\n".join(self.nvim.current.buffer[:])
        self.keys("q")
        return text

    def statusline(self) -> str:
        """The status line, as it is drawn."""
        return str(self.nvim.api.eval_statusline(self.nvim.options["statusline"], {})["str"])

    def messages(self) -> str:
        """Neovim's message history."""
        return str(self.lua("return vim.fn.execute('messages')"))

    def wait(self, condition: Callable[[], Any], what: str = "") -> Any:
        """Wait until something holds; says what Neovim told if it never does."""
        try:
            return until(condition, what)
        except AssertionError as fault:
            raise AssertionError(f"{fault}; messages: {self.messages()}") from None

    def _covered(self, mark: Mark) -> str:
        (end_row, end_col), row, col = mark.end, mark.row, mark.col
        found = self.lua("return vim.api.nvim_buf_get_text(0, ...)", row, col, end_row, end_col, {})
        return "\n".join(found)
