"""Vim: one file of our own among the plugin files, which adds the client to the runtime path."""

from pathlib import Path

from zeta_lsp.setup.change import Plan
from zeta_lsp.setup.recipes.recipe import Editor, Found, look_for, own_file
from zeta_lsp.setup.surroundings import Surroundings
from zeta_lsp.setup.text import NOTICE

_EDITOR = Editor("vim", "Vim", ("vim",), (), "org.vim.Vim", "9.1")
_FILE = """\
" {notice}
let s:client = {client}
if isdirectory(s:client)
{options}  let &runtimepath ..= ',' .. escape(s:client, ' ,\\')
  execute 'source' fnameescape(s:client .. '/plugin/zeta.vim')
else
  echomsg 'zeta-lsp has moved: run `zeta-lsp setup vim` again'
endif
"""


class Vim:
    """Vim from 9.1 on, whose channels speak the language server protocol."""

    names = ("vim",)

    def find(self, here: Surroundings) -> list[Found]:
        """See the class."""
        return look_for(_EDITOR, here)

    def plan(self, found: Found, here: Surroundings) -> Plan:
        """See the class."""
        server = here.server_for(desktop=False)
        options = f"  let g:zeta_command = [{_quoted(server)}]\n" if "/" in server else ""
        text = _FILE.format(
            notice=NOTICE.format(found.name),
            client=_quoted(str(here.client("vim"))),
            options=options,
        )
        path = _folder(here) / "plugin" / "zeta-lsp.vim"
        return Plan(
            (own_file(path, text),),
            notes=("Restart Vim; `:Zeta` and the Tab key list its commands.",),
        )


def _folder(here: Surroundings) -> Path:
    """Vim's own, or the one under `~/.config` for those who keep their vimrc there."""
    classic = (".vimrc", ".vim/vimrc")
    modern = here.config / "vim"
    if (modern / "vimrc").exists() and not any((here.home / each).exists() for each in classic):
        return modern
    return here.home / ".vim"


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
