"""Zed: it renders prompts itself, so it is given an address to ask instead of a server to start."""

from zeta_lsp.setup.change import Plan, content_of
from zeta_lsp.setup.jsonc_edit import merged
from zeta_lsp.setup.recipes.recipe import Editor, Found, edited_file, look_for
from zeta_lsp.setup.surroundings import Surroundings
from zeta_lsp.setup.text import decoded

_EDITOR = Editor(
    "zed",
    "Zed",
    ("zed", "zeditor"),
    ("/Applications/Zed.app/Contents/MacOS/cli",),
    "dev.zed.Zed",
)


class Zed:
    """Zed, through `zeta-lsp gateway`."""

    names = ("zed",)

    def find(self, here: Surroundings) -> list[Found]:
        """See the class."""
        return look_for(_EDITOR, here)

    def plan(self, found: Found, here: Surroundings) -> Plan:
        """See the class."""
        path = here.config / "zed" / "settings.json"
        before = content_of(path)
        after = merged(decoded(before, str(path)), here.zed_settings, str(path))
        note = "Zed gets predictions while this runs: zeta-lsp gateway"
        return Plan((edited_file(path, before, after),), notes=(note,))
