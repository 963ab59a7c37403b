"""coc.nvim, in Vim or Neovim: one language server more in its settings."""

from pathlib import Path

from zeta_lsp.setup.change import Change, Plan, content_of
from zeta_lsp.setup.jsonc_edit import merged
from zeta_lsp.setup.recipes.recipe import Found, edited_file
from zeta_lsp.setup.surroundings import Surroundings
from zeta_lsp.setup.text import decoded

_PLUGINS = (
    ".vim/plugged/coc.nvim",
    ".vim/bundle/coc.nvim",
    ".vim/pack/*/*/coc.nvim",
    ".config/nvim/pack/*/*/coc.nvim",
    ".config/nvim/plugged/coc.nvim",
    ".local/share/nvim/plugged/coc.nvim",
    ".local/share/nvim/lazy/coc.nvim",
    ".local/share/nvim/site/pack/*/*/coc.nvim",
)


class Coc:
    """coc.nvim. It does not need our clients for Vim and Neovim, and gets along with neither."""

    names = ("coc",)

    def find(self, here: Surroundings) -> list[Found]:
        """See the class."""
        places = [place for pattern in _PLUGINS for place in here.home.glob(pattern)]
        program = here.program(("nvim", "vim"))
        return [Found("coc", "coc.nvim", str(places[0]))] if places and program else []

    def plan(self, found: Found, here: Surroundings) -> Plan:
        """See the class."""
        folders = (here.home / ".vim", here.config / "nvim")
        used = [folder for folder in folders if folder.is_dir()]
        note = "If our own client is in the same editor, take it out: `zeta-lsp setup --undo`."
        changes = tuple(_change(folder, here) for folder in used or folders[:1])
        return Plan(changes, notes=(note,))


def _change(folder: Path, here: Surroundings) -> Change:
    path = folder / "coc-settings.json"
    before = content_of(path)
    server = {"command": here.server_for(desktop=False), "filetypes": ["*"]}
    settings = {"languageserver": {"zeta": server}, "inlineSuggest.autoTrigger": True}
    return edited_file(path, before, merged(decoded(before, str(path)), settings, str(path)))
