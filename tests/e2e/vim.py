"""A real Vim with our plugin, on a project that is no stage: as a person's own.

The driver of `tests.editors` presses the keys; here is what it needs besides a file.
"""

from pathlib import Path
from typing import NamedTuple

from tests.editors.drivers.vim import Editor

MANUAL = "let g:zeta_settings = {'predict': {'mode': 'manual'}}"


class Home(NamedTuple):
    """What of a stage the driver uses: folders, the server, its environment."""

    folder: Path
    project: Path
    command: list[str]
    environment: dict[str, str]


def vim_on(file: Path, server: list[str], environment: dict[str, str]) -> Editor:
    """A Vim to be started in a file's project, that asks for a prediction only when told."""
    return Editor(Home(file.parent.parent, file.parent, server, environment), settings=MANUAL)
