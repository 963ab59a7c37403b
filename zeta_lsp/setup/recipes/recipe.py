"""What a recipe is: it finds an editor, and says what setting it up takes.

A recipe only reads. `find` looks for programs and asks their version; `plan` reads the settings
that are there. One that cannot do its work says so in the plan's `refusal`, with a snippet.
"""

from pathlib import Path
from typing import Protocol

import msgspec

from zeta_lsp.setup.change import Change, Plan, content_of
from zeta_lsp.setup.surroundings import Surroundings
from zeta_lsp.setup.text import decoded, fitted


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


class Recipe(Protocol):
    """One editor, or a family of them."""

    @property
    def names(self) -> tuple[str, ...]:
        """What the command line calls what it can find."""

    def find(self, here: Surroundings) -> list[Found]:
        """The editors of its kind that are there."""

    def plan(self, found: Found, here: Surroundings) -> Plan:
        """What setting one of them up takes. Raises Refused where a file is not to be touched."""


def own_file(path: Path, text: str) -> Change:
    """A file that is setup's alone: as `text`, whatever stands there."""
    return Change(path, content_of(path), text.encode("utf-8"))


def edited_file(path: Path, before: bytes | None, text: str) -> Change:
    """A file of the person's, with `text` made from what it held."""
    return Change(path, before, fitted(decoded(before, str(path)), text).encode("utf-8"))
