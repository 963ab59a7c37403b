"""A real Neovim, driven headless over its own RPC: type keys, look at the screen."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import pynvim

CONFIGURE = """
local argv, root, env = ...
vim.o.more = false  -- a message that waits for a key would stop the test
vim.o.cmdheight = 6
vim.lsp.config('zeta', { cmd = argv, root_dir = root, cmd_env = env })
vim.lsp.enable('zeta')
vim.lsp.inline_completion.enable(true)
vim.keymap.set('i', '<C-l>', function()
  if not vim.lsp.inline_completion.get() then return '<C-l>' end
end, { expr = true })
_G.answers = {}
local function run(command)
  return function()
    local client = vim.lsp.get_clients({ name = 'zeta' })[1]
    local position = vim.lsp.util.make_position_params(0, client.offset_encoding)
    client:exec_cmd(
      { title = command, command = command, arguments = { position } },
      { bufnr = 0 },
      function(_, result) answers[command] = result end
    )
  end
end
vim.keymap.set('n', '<C-n>', run('zeta.nextEdit'))
vim.keymap.set('n', '<C-a>', run('zeta.accept'))
"""

GHOST = """
local out = {}
for _, namespace in pairs(vim.api.nvim_get_namespaces()) do
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })) do
    local details = mark[4]
    for _, chunk in ipairs(details.virt_text or {}) do
      if tostring(chunk[2]):find('ComplHint') then table.insert(out, chunk[1]) end
    end
    for _, line in ipairs(details.virt_lines or {}) do
      local text = ''
      for _, chunk in ipairs(line) do text = text .. chunk[1] end
      table.insert(out, '\\n' .. text)
    end
  end
end
return table.concat(out, '')
"""


class Neovim:
    """One editor with zeta-lsp attached to the files it opens. `before` is Lua for its start."""

    def __init__(
        self, program: str, server: list[str], root: Path, env: dict[str, str], before: str = ""
    ) -> None:
        state = f"XDG_STATE_HOME={root.parent / 'state'}"
        argv = ["env", state, program, "--embed", "--headless", "-u", "NONE", "-i", "NONE", "-n"]
        self.nvim = pynvim.attach("child", argv=argv)
        self.nvim.ui_attach(80, 24, rgb=True, ext_linegrid=True)
        self.nvim.exec_lua(before)
        self.nvim.exec_lua(CONFIGURE, server, str(root), env)
        self.nvim.command("filetype on")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(EOFError, OSError):  # the editor is gone: that was the point
            self.nvim.command("qall!")
        self.nvim.close()

    def edit(self, path: Path) -> None:
        """Open a file and wait until the server is attached."""
        self.nvim.command(f"edit {path}")
        self.wait(
            lambda: self.lua(
                "return #vim.lsp.get_clients({ name = 'zeta', bufnr = 0 }) > 0"
                " and vim.lsp.get_clients({ name = 'zeta' })[1].initialized"
            )
        )

    def keys(self, text: str) -> None:
        """Press keys, in Neovim's notation."""
        self.nvim.input(text)

    def lua(self, code: str, *args: Any) -> Any:
        """Run Lua in the editor."""
        return self.nvim.exec_lua(code, *args)

    def lines(self) -> list[str]:
        """The buffer."""
        return list(self.nvim.current.buffer[:])

    def cursor(self) -> tuple[int, int]:
        """Row and byte column of the cursor, from 0."""
        row, col = self.nvim.current.window.cursor
        return row - 1, col

    def ghost(self) -> str:
        """The ghost text on the screen, "" if there is none."""
        return str(self.nvim.exec_lua(GHOST))

    def wait(self, condition: Callable[[], Any], timeout_s: float = 20.0) -> Any:
        """Poll the editor until something holds; its answer."""
        deadline = time.monotonic() + timeout_s
        while True:
            value = condition()
            if value:
                return value
            if time.monotonic() > deadline:
                raise AssertionError(f"nothing after {timeout_s} s; messages: {self.messages()}")
            self.nvim.exec_lua("vim.wait(20)")

    def answered(self, command: str) -> Any:
        """What a command returned, None before."""
        return self.lua("return answers[...]", command)

    def messages(self) -> str:
        """Neovim's message history, for a failing test."""
        return str(self.lua("return vim.fn.execute('messages')"))
