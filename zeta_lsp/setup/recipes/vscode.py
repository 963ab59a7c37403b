"""VS Code and the editors made from it: their own command line installs the extension."""

import json
from pathlib import Path

import msgspec

from zeta_lsp.setup.change import Change, Command, Plan, content_of
from zeta_lsp.setup.jsonc_edit import merged
from zeta_lsp.setup.recipes.recipe import Editor, Found, edited_file, look_for
from zeta_lsp.setup.surroundings import Surroundings
from zeta_lsp.setup.text import decoded

_SERVED = ".local/share/code-server"
_COMMAND = "zeta.server.command"


class Fork(msgspec.Struct, frozen=True):
    """One of the family, and its folder of settings."""

    editor: Editor
    folder: str


def _fork(name: str, title: str, command: str, folder: str, flatpak: str = "") -> Fork:
    places = tuple(
        f"{home}/Applications/{application}.app/Contents/Resources/app/bin/{command}"
        for home in ("", "~")
        for application in (title, title.replace("VS Code", "Visual Studio Code -"))
    )
    return Fork(Editor(name, title, (command,), places, flatpak), folder)


FORKS = (
    _fork("vscode", "Visual Studio Code", "code", "Code", "com.visualstudio.code"),
    _fork("vscode-insiders", "VS Code Insiders", "code-insiders", "Code - Insiders"),
    _fork("vscodium", "VSCodium", "codium", "VSCodium", "com.vscodium.codium"),
    _fork("code-oss", "Code - OSS", "code-oss", "Code - OSS", "com.visualstudio.code-oss"),
    _fork("code-server", "code-server", "code-server", _SERVED),
    _fork("cursor", "Cursor", "cursor", "Cursor"),
    _fork("windsurf", "Windsurf", "windsurf", "Windsurf"),
    _fork("positron", "Positron", "positron", "Positron"),
    _fork("kiro", "Kiro", "kiro", "Kiro"),
    _fork("trae", "Trae", "trae", "Trae"),
)


class VisualStudioCode:
    """The family. An extension file that comes with zeta-lsp is preferred to a marketplace."""

    names = tuple(fork.editor.name for fork in FORKS)

    def find(self, here: Surroundings) -> list[Found]:
        """See the class."""
        return [found for fork in FORKS for found in look_for(fork.editor, here)]

    def plan(self, found: Found, here: Surroundings) -> Plan:
        """See the class."""
        extension, source = _extension(here.client("vscode"))
        listed = here.run((found.program, "--list-extensions"))
        installed = {line.strip().lower() for line in listed.splitlines()}
        command = Command(
            (found.program, "--install-extension", source),
            (found.program, "--uninstall-extension", extension),
        )
        return Plan(
            _settings(found, here),
            () if extension.lower() in installed else (command,),
            (f"Reload the windows of {found.title}.",),
        )


def _settings(found: Found, here: Surroundings) -> tuple[Change, ...]:
    """The server's place in the user's settings, if it is not on `$PATH`."""
    server = here.server_for(desktop=False)
    if "/" not in server:
        return ()
    folder = next(fork.folder for fork in FORKS if fork.editor.name == found.name)
    place = here.home / folder if folder == _SERVED else here.support / folder
    path = place / "User" / "settings.json"
    before = content_of(path)
    after = merged(decoded(before, str(path)), {_COMMAND: [server]}, str(path))
    return (edited_file(path, before, after),)


def _extension(folder: Path) -> tuple[str, str]:
    """The extension's id, and what to install it from: a file, or the id again."""
    described = json.loads((folder / "package.json").read_text("utf-8"))
    extension = f"{described['publisher']}.{described['name']}"
    built = sorted(folder.glob("*.vsix"))
    return extension, str(built[-1]) if built else extension
