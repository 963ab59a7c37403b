"""The machine as recipes see it: a home, variables, a way to find programs and ask their version.

Everything is handed in, so that a test's home folder is as good as a person's own.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from zeta_lsp.core.errors import ZetaError
from zeta_lsp.setup.clients import clients_folder

_PROGRAM = "zeta-lsp"
VERSION_S = 5.0
"""An editor that does not say its version within this time has none."""
_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)?")
_QUIET = {"QT_QPA_PLATFORM": "offscreen", "TERM": "dumb", "DONT_PROMPT_WSL_INSTALL": "1"}
"""Asking for a version opens no window and no question."""
RunProgram = Callable[[tuple[str, ...]], str]
"""Runs a program to its end and returns what it printed. Raises OSError."""


class Surroundings(msgspec.Struct, frozen=True):
    """One person's machine.

    `server` is the path of `zeta-lsp`, `clients` the folder of editors, `zed_settings` what makes
    Zed ask the gateway.
    """

    home: Path
    variables: Mapping[str, str]
    platform: str
    server: str
    clients: Path
    run: RunProgram
    zed_settings: Mapping[str, Any]

    @property
    def is_mac(self) -> bool:
        """Whether applications lie where macOS keeps them."""
        return self.platform == "darwin"

    @property
    def config(self) -> Path:
        """The folder of settings: `$XDG_CONFIG_HOME` or `~/.config`."""
        return self._folder("XDG_CONFIG_HOME", ".config")

    @property
    def support(self) -> Path:
        """Where desktop programs keep settings on this system."""
        return self.home / "Library" / "Application Support" if self.is_mac else self.config

    def client(self, name: str) -> Path:
        """The client that comes with zeta-lsp for an editor."""
        return self.clients / name

    def server_for(self, *, desktop: bool) -> str:
        """How an editor starts the server: by name where `$PATH` is a terminal's, else by path."""
        name = Path(self.server).name
        on_path = shutil.which(name, path=self.variables.get("PATH", ""))
        return name if not desktop and on_path == self.server else self.server

    def program(self, names: Iterable[str], places: Iterable[str | Path] = ()) -> str:
        """The path of a program: by name on `$PATH`, or in usual places; empty if missing."""
        path = self.variables.get("PATH", "")
        for name in names:
            if found := shutil.which(name, path=path):
                return found
        expanded = (self._expanded(place) for place in places)
        return next((str(place) for place in expanded if os.access(place, os.X_OK)), "")

    def version_of(self, program: str, *flags: str) -> str:
        """The version that a program says it has; empty if it says none."""
        try:
            said = self.run((program, *(flags or ("--version",))))
        except OSError:
            return ""
        match = _VERSION.search(said)
        return match[0] if match else ""

    def _folder(self, variable: str, usual: str) -> Path:
        given = self.variables.get(variable, "")
        return Path(given) if given.startswith("/") else self.home / usual

    def _expanded(self, place: str | Path) -> Path:
        text = str(place)
        return self.home / text[2:] if text.startswith("~/") else Path(text)


def surroundings(
    variables: Mapping[str, str], called_as: str, zed_settings: Mapping[str, Any]
) -> Surroundings:
    """The machine that this runs on. `called_as` is how this program was called.

    Raises:
        ZetaError: there is no program `zeta-lsp` that an editor could start.
    """
    server = _server(variables, called_as)
    home = Path(variables.get("HOME") or Path.home())
    clients = clients_folder()
    return Surroundings(home, variables, sys.platform, server, clients, run_program, zed_settings)


def _server(variables: Mapping[str, str], called_as: str) -> str:
    """The path of `zeta-lsp`: as it was called, on `$PATH`, or beside this Python."""
    called = Path(called_as).absolute()
    found = shutil.which(_PROGRAM, path=variables.get("PATH", ""))
    beside = Path(sys.executable).with_name(_PROGRAM)
    if called.name == _PROGRAM and os.access(called, os.X_OK):
        return found if found and Path(found).samefile(called) else str(called)
    if os.access(beside, os.X_OK) and not (found and Path(found).samefile(beside)):
        return str(beside)
    if found:
        return found
    raise ZetaError("there is no program zeta-lsp that an editor could start: install it first")


def is_older(version: str, wanted: str) -> bool:
    """Whether a version is known and too old; any is new enough if none is wanted."""
    return bool(version and wanted) and _numbers(version) < _numbers(wanted)


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def run_program(argv: tuple[str, ...]) -> str:
    """Run a program and return what it printed, on either stream, whatever its status.

    Raises:
        OSError: it cannot be run, or does not end in time.
    """
    try:
        done = subprocess.run(  # noqa: S603 - an editor, found on the person's own $PATH
            argv,
            env={**os.environ, **_QUIET},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=VERSION_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OSError(f"{argv[0]} does not answer") from None
    return done.stdout.decode("utf-8", "replace")
