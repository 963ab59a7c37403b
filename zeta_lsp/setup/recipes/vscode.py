"""VS Code and the editors made from it: their own command line installs the extension."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec

from zeta_lsp.setup.change import Change, Command, Plan, content_of
from zeta_lsp.setup.jsonc_edit import merged
from zeta_lsp.setup.recipes.recipe import Found, edited_file
from zeta_lsp.setup.surroundings import Surroundings
from zeta_lsp.setup.text import decoded

_SERVED = ".local/share/code-server"
_COMMAND = "zeta.server.command"


class Fork(msgspec.Struct, frozen=True):
    """One of the family: its commands, its folder of settings, its name as an application."""

    name: str
    title: str
    commands: tuple[str, ...]
    folder: str
    application: str = ""


FORKS = (
    Fork("vscode", "Visual Studio Code", ("code",), "Code", "Visual Studio Code"),
    Fork(
        "vscode-insiders",
        "VS Code Insiders",
        ("code-insiders",),
        "Code - Insiders",
        "Visual Studio Code - Insiders",
    ),
    Fork("vscodium", "VSCodium", ("codium",), "VSCodium", "VSCodium"),
    Fork("code-oss", "Code - OSS", ("code-oss",), "Code - OSS"),
    Fork("code-server", "code-server", ("code-server",), _SERVED),
    Fork("cursor", "Cursor", ("cursor",), "Cursor", "Cursor"),
    Fork("windsurf", "Windsurf", ("windsurf",), "Windsurf", "Windsurf"),
    Fork("positron", "Positron", ("positron",), "Positron", "Positron"),
    Fork("kiro", "Kiro", ("kiro",), "Kiro", "Kiro"),
    Fork("trae", "Trae", ("trae",), "Trae", "Trae"),
)


class VisualStudioCode:
    """The family. An extension file that comes with zeta-lsp is preferred to a marketplace."""

    names = tuple(fork.name for fork in FORKS)

    def find(self, here: Surroundings) -> list[Found]:
        """See the class."""
        return [found for fork in FORKS if (found := _found(fork, here)) is not None]

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
    folder = next(fork.folder for fork in FORKS if fork.name == found.name)
    place = here.home / folder if folder == _SERVED else here.support / folder
    path = place / "User" / "settings.json"
    before = content_of(path)
    after = merged(decoded(before, str(path)), {_COMMAND: [server]}, str(path))
    return (edited_file(path, before, after),)


def _found(fork: Fork, here: Surroundings) -> Found | None:
    program = here.program(fork.commands, _places(fork))
    if not program:
        return None
    return Found(fork.name, fork.title, program, here.version_of(program))


def _places(fork: Fork) -> Iterator[str]:
    for command in fork.commands:
        yield f"/snap/bin/{command}"
        yield f"/opt/homebrew/bin/{command}"
        if fork.application:
            yield f"/Applications/{fork.application}.app/Contents/Resources/app/bin/{command}"
            yield f"~/Applications/{fork.application}.app/Contents/Resources/app/bin/{command}"


def _extension(folder: Path) -> tuple[str, str]:
    """The extension's id, and what to install it from: a file, or the id again."""
    described = json.loads((folder / "package.json").read_text("utf-8"))
    extension = f"{described['publisher']}.{described['name']}"
    built = sorted(folder.glob("*.vsix"))
    return extension, str(built[-1]) if built else extension
