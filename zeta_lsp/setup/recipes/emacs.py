"""Emacs: a marked block at the end of the init file, which loads the client and switches it on."""

import json
from pathlib import Path

from zeta_lsp.setup.change import Plan, Refused, content_of
from zeta_lsp.setup.lisp import is_balanced
from zeta_lsp.setup.recipes.recipe import Editor, Found, edited_file, look_for
from zeta_lsp.setup.surroundings import Surroundings
from zeta_lsp.setup.text import decoded, with_block

_EDITOR = Editor(
    "emacs",
    "Emacs",
    ("emacs",),
    ("/Applications/Emacs.app/Contents/MacOS/Emacs",),
    "org.gnu.emacs",
    "28.1",
)


class Emacs:
    """GNU Emacs from 28.1 on, with an init file of one's own or Doom's."""

    names = ("emacs",)

    def find(self, here: Surroundings) -> list[Found]:
        """See the class."""
        return look_for(_EDITOR, here)

    def plan(self, found: Found, here: Surroundings) -> Plan:
        """See the class."""
        body = _body(here)
        if (here.home / ".spacemacs").exists():
            raise Refused("put this into dotspacemacs/user-config in ~/.spacemacs:", body)
        path = _init_file(here)
        before = content_of(path)
        text = decoded(before, str(path))
        if not is_balanced(text):
            raise Refused(f"the brackets in {path} do not match; put in by hand:", body)
        change = edited_file(path, before, with_block(text, body, ";;", found.name))
        return Plan((change,), notes=("Restart Emacs; `C-h m` lists the keys.",))


def _body(here: Surroundings) -> str:
    folder = json.dumps(str(here.client("emacs")), ensure_ascii=False)
    server = json.dumps(here.server_for(desktop=True), ensure_ascii=False)
    return "\n".join(
        (
            f"(if (not (file-directory-p {folder}))",
            '    (message "zeta-lsp has moved: run `zeta-lsp setup emacs\' again")',
            f"  (add-to-list 'load-path {folder})",
            f"  (setq zeta-server-command '({server}))",
            "  (require 'zeta)",
            "  (global-zeta-mode 1))",
        )
    )


def _init_file(here: Surroundings) -> Path:
    """The first of the places where Emacs looks."""
    doom = [here.home / ".doom.d" / "config.el", here.config / "doom" / "config.el"]
    for path in [*doom, here.home / ".emacs.el", here.home / ".emacs"]:
        if path.exists():
            return path
    classic, modern = here.home / ".emacs.d", here.config / "emacs"
    return (modern if modern.is_dir() and not classic.is_dir() else classic) / "init.el"
