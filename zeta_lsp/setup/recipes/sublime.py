"""Sublime Text with the package LSP: one client more in its settings."""

from pathlib import Path

from zeta_lsp.setup.change import Plan, content_of
from zeta_lsp.setup.jsonc_edit import merged
from zeta_lsp.setup.recipes.recipe import Editor, Found, edited_file, look_for
from zeta_lsp.setup.surroundings import Surroundings
from zeta_lsp.setup.text import decoded

_EDITOR = Editor(
    "sublime",
    "Sublime Text",
    ("subl", "sublime_text"),
    (
        "/Applications/Sublime Text.app/Contents/SharedSupport/bin/subl",
        "/opt/sublime_text/sublime_text",
    ),
    "com.sublimetext.three",
)


class Sublime:
    """Sublime Text 4."""

    names = ("sublime",)

    def find(self, here: Surroundings) -> list[Found]:
        """See the class."""
        return look_for(_EDITOR, here)

    def plan(self, found: Found, here: Surroundings) -> Plan:
        """See the class."""
        path = _packages(here) / "User" / "LSP.sublime-settings"
        before = content_of(path)
        text = decoded(before, str(path))
        client = {
            "enabled": True,
            "command": [here.server_for(desktop=True)],
            "selector": "source | text",
        }
        after = merged(text, {"clients": {"zeta": client}}, str(path))
        notes = () if _has_lsp(here) else ("Install the package LSP with Package Control.",)
        return Plan((edited_file(path, before, after),), notes=notes)


def _packages(here: Surroundings) -> Path:
    folder = "Sublime Text" if here.is_mac else "sublime-text"
    return here.support / folder / "Packages"


def _has_lsp(here: Surroundings) -> bool:
    packages = _packages(here)
    installed = packages.parent / "Installed Packages" / "LSP.sublime-package"
    return installed.exists() or (packages / "LSP").is_dir()
