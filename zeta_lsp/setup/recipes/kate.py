"""Kate: zeta-lsp in front of the language servers, since a document has one server there.

`zeta-lsp proxy` passes on everything that the language's own server says. Which server that is, is
read from the person's file; for the rest it is the one that Kate starts by itself, where its
program is there.
"""

import shutil
from collections.abc import Mapping
from typing import Any

from zeta_lsp.setup.change import Plan, content_of
from zeta_lsp.setup.jsonc_edit import merged, settings_in
from zeta_lsp.setup.recipes.recipe import Editor, Found, edited_file, look_for
from zeta_lsp.setup.surroundings import Surroundings
from zeta_lsp.setup.text import decoded

_EDITOR = Editor("kate", "Kate", ("kate",), (), "org.kde.kate")
USUAL: Mapping[str, tuple[str, ...]] = {
    "bash": ("bash-language-server", "start"),
    "c": ("clangd", "-log=error", "--background-index"),
    "go": ("gopls",),
    "javascript": ("typescript-language-server", "--stdio"),
    "python": ("pylsp", "--check-parent-process"),
    "rust": ("rust-analyzer",),
    "zig": ("zls",),
}
"""What Kate starts for a language by itself; C++ and TypeScript go with C and JavaScript."""


class Kate:
    """Kate with its LSP client."""

    names = ("kate",)

    def find(self, here: Surroundings) -> list[Found]:
        """See the class."""
        return look_for(_EDITOR, here)

    def plan(self, found: Found, here: Surroundings) -> Plan:
        """See the class."""
        path = here.config / "kate" / "lspclient" / "settings.json"
        before = content_of(path)
        text = decoded(before, str(path))
        own = settings_in(text, str(path)).get("servers")
        servers = _servers(own if isinstance(own, dict) else {}, here)
        after = merged(text, {"servers": servers}, str(path))
        notes = (
            "Switch on the plugin LSP Client in Kate's settings, and restart Kate.",
            "A prediction is a completion entry and a quick fix.",
        )
        return Plan((edited_file(path, before, after),), notes=notes)


def _servers(own: Mapping[str, Any], here: Surroundings) -> dict[str, Any]:
    """The commands of languages, each with ours before it."""
    ours = [here.server_for(desktop=True), *_options(here)]
    commands: dict[str, list[str]] = {name: _usual(name, here) for name in USUAL}
    for name, server in own.items():
        if isinstance(server, Mapping) and isinstance(server.get("command"), list):
            commands[name] = server["command"]
    return {name: {"command": _behind(ours, command)} for name, command in commands.items()}


def _options(here: Surroundings) -> list[str]:
    """What we are started with in Kate, from the file that comes with zeta-lsp."""
    path = here.client("kate") / "settings.json"
    servers = settings_in(path.read_text("utf-8"), str(path))["servers"]
    return [str(each) for each in next(iter(servers.values()))["command"][1:]]


def _usual(language: str, here: Surroundings) -> list[str]:
    """Kate's own command for a language; nothing if its program is not there."""
    command = USUAL[language]
    found = shutil.which(command[0], path=here.variables.get("PATH", ""))
    return list(command) if found else []


def _behind(ours: list[str], command: list[str]) -> list[str]:
    """Ours before a language's server, which may be ours already, with or without one behind it."""
    if command and command[0].rpartition("/")[2] == "zeta-lsp":
        command = command[command.index("--") + 1 :] if "--" in command else []
    return [ours[0], "proxy", *ours[1:], "--", *command] if command else ours
