"""VS Code and the editors made from it: their own command line installs the extension."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec

from zeta_lsp.setup.change import Command, Plan
from zeta_lsp.setup.recipes.recipe import Found
from zeta_lsp.setup.surroundings import Surroundings


class Fork(msgspec.Struct, frozen=True):
    """One of the family: its commands, and its name as an application of macOS."""

    name: str
    title: str
    commands: tuple[str, ...]
    application: str = ""


FORKS = (
    Fork("vscode", "Visual Studio Code", ("code",), "Visual Studio Code"),
    Fork(
        "vscode-insiders", "VS Code Insiders", ("code-insiders",), "Visual Studio Code - Insiders"
    ),
    Fork("vscodium", "VSCodium", ("codium",), "VSCodium"),
    Fork("code-oss", "Code - OSS", ("code-oss",)),
    Fork("code-server", "code-server", ("code-server",)),
    Fork("openvscode-server", "OpenVSCode Server", ("openvscode-server",)),
    Fork("cursor", "Cursor", ("cursor",), "Cursor"),
    Fork("windsurf", "Windsurf", ("windsurf",), "Windsurf"),
    Fork("positron", "Positron", ("positron",), "Positron"),
    Fork("kiro", "Kiro", ("kiro",), "Kiro"),
    Fork("trae", "Trae", ("trae",), "Trae"),
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
        listed = here.run((found.program, "--list-extensions", "--show-versions"))
        names = {line.strip().lower().partition("@")[0] for line in listed.splitlines()}
        if extension.lower() in names:
            return Plan()
        command = Command(
            (found.program, "--install-extension", source),
            (found.program, "--uninstall-extension", extension),
        )
        return Plan(commands=(command,), notes=(f"Reload the windows of {found.title}.",))


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
