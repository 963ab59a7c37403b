"""Neovim: one file of our own among the plugin files, which adds the client to the runtime path.

`init.lua` stays untouched, whichever plugin manager rules there; options of the client are taken
from `vim.g.zeta`, which it can set.
"""

import json

from zeta_lsp.setup.change import Plan
from zeta_lsp.setup.recipes.recipe import Editor, Found, look_for, own_file
from zeta_lsp.setup.surroundings import Surroundings
from zeta_lsp.setup.text import NOTICE

_EDITOR = Editor("neovim", "Neovim", ("nvim",), (), "io.neovim.nvim", "0.11")
_FILE = """\
-- {notice}
local client = {client}
if vim.uv.fs_stat(client .. '/plugin/zeta.lua') then
  vim.opt.runtimepath:append(client)
{server}  dofile(client .. '/plugin/zeta.lua')
  require('zeta').setup(vim.g.zeta)
else
  vim.notify('zeta-lsp has moved: run `zeta-lsp setup neovim` again', vim.log.levels.WARN)
end
"""


class Neovim:
    """Neovim from 0.11 on."""

    names = ("neovim",)

    def find(self, here: Surroundings) -> list[Found]:
        """See the class."""
        return look_for(_EDITOR, here)

    def plan(self, found: Found, here: Surroundings) -> Plan:
        """See the class."""
        name = here.variables.get("NVIM_APPNAME") or "nvim"
        path = here.config / name / "plugin" / "zeta-lsp.lua"
        server = here.server_for(desktop=False)
        configured = f"  vim.lsp.config('zeta', {{ cmd = {{ {json.dumps(server)} }} }})\n"
        text = _FILE.format(
            notice=NOTICE.format(found.name),
            client=json.dumps(str(here.client("nvim")), ensure_ascii=False),
            server=configured if "/" in server else "",
        )
        return Plan(
            (own_file(path, text),),
            notes=("Restart Neovim; `:Zeta` and the Tab key list its commands.",),
        )
