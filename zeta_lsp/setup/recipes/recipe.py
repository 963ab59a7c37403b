"""What a recipe is: it finds an editor, and says what setting it up takes.

A recipe only reads. `find` looks for programs and asks their version; `plan` reads the settings
that are there. One that cannot do its work says so in the plan's `refusal`, with a snippet.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import msgspec

from zeta_lsp.setup.change import Change, Plan, content_of
from zeta_lsp.setup.surroundings import Surroundings, is_older
from zeta_lsp.setup.text import decoded, fitted

_FOLDERS = ("~/.local/bin", "/usr/local/bin", "/opt/homebrew/bin", "/snap/bin")
_FLATPAKS = ("/var/lib", "~/.local/share")
_BOXED = "it is a Flatpak, which cannot start zeta-lsp: see docs/setup.md"


class Found(msgspec.Struct, frozen=True):
    """An editor that is there.

    `name` is what the command line calls it, `program` its path, `version` what it says it is
    (empty if nothing). `trouble` is why it cannot be set up, empty if it can.
    """

    name: str
    title: str
    program: str
    version: str = ""
    trouble: str = ""


class Editor(msgspec.Struct, frozen=True):
    """How to find an editor: its commands on `$PATH`, further places, its name as a Flatpak.

    `oldest` is the first version that will do, empty if any does.
    """

    name: str
    title: str
    commands: tuple[str, ...]
    places: tuple[str, ...] = ()
    flatpak: str = ""
    oldest: str = ""


class Recipe(Protocol):
    """One editor, or a family of them."""

    @property
    def names(self) -> tuple[str, ...]:
        """What the command line calls what it can find."""

    def find(self, here: Surroundings) -> list[Found]:
        """The editors of its kind that are there."""

    def plan(self, found: Found, here: Surroundings) -> Plan:
        """What setting one of them up takes. Raises Refused where a file is not to be touched."""


def look_for(editor: Editor, here: Surroundings) -> list[Found]:
    """The editor, if it is there: outside a sandbox, or else in one."""
    program = here.program(editor.commands, (*_usual(editor), *editor.places))
    if not program:
        program = here.program((), _flatpaks(editor.flatpak)) if editor.flatpak else ""
        return [Found(editor.name, editor.title, program, "", _BOXED)] if program else []
    version = here.version_of(program)
    too_old = is_older(version, editor.oldest)
    trouble = f"{editor.title} {editor.oldest} or newer is needed" if too_old else ""
    return [Found(editor.name, editor.title, program, version, trouble)]


def _usual(editor: Editor) -> Iterator[str]:
    for folder in _FOLDERS:
        yield from (f"{folder}/{command}" for command in editor.commands)


def _flatpaks(name: str) -> tuple[str, ...]:
    return tuple(f"{folder}/flatpak/exports/bin/{name}" for folder in _FLATPAKS)


def own_file(path: Path, text: str) -> Change:
    """A file that is setup's alone: as `text`, whatever stands there."""
    return Change(path, content_of(path), text.encode("utf-8"))


def edited_file(path: Path, before: bytes | None, text: str) -> Change:
    """A file of the person's, with `text` made from what it held."""
    return Change(path, before, fitted(decoded(before, str(path)), text).encode("utf-8"))
