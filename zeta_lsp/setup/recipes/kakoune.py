"""Kakoune with kakoune-lsp: one server more for every buffer that it has servers for."""

from zeta_lsp.setup.change import Plan, Refused, content_of
from zeta_lsp.setup.recipes.recipe import Editor, Found, edited_file, look_for
from zeta_lsp.setup.surroundings import Surroundings
from zeta_lsp.setup.text import decoded, with_block

_EDITOR = Editor("kakoune", "Kakoune", ("kak",), (), "org.kakoune.Kakoune")
_CLIENTS = ("kak-lsp", "kakoune-lsp", "lsp-enable")
_BODY = """\
hook -group zeta global User LSPDefaultConfig=.* %{{
    set-option -add buffer lsp_servers %{{
        [zeta]
        command = "{server}"
        root_globs = [".git", ".hg"]
    }}
}}"""


class Kakoune:
    """Kakoune with kakoune-lsp from 18 on."""

    names = ("kakoune",)

    def find(self, here: Surroundings) -> list[Found]:
        """See the class."""
        return look_for(_EDITOR, here)

    def plan(self, found: Found, here: Surroundings) -> Plan:
        """See the class."""
        folder = here.variables.get("KAKOUNE_CONFIG_DIR")
        path = (here.home / folder if folder else here.config / "kak") / "kakrc"
        before = content_of(path)
        text = decoded(before, str(path))
        body = _BODY.format(server=here.server_for(desktop=False))
        if not any(each in text for each in _CLIENTS):
            raise Refused(f"{path} does not start kakoune-lsp; behind what does, put:", body)
        change = edited_file(path, before, with_block(text, body, "#", found.name))
        return Plan((change,), notes=("A prediction is a completion entry and a code action.",))
