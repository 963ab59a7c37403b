"""A person's machine in a folder: a home, programs that only know their version, and a terminal."""

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.errors import ModelUnreachable
from zeta_lsp.setup.clients import clients_folder
from zeta_lsp.setup.command import Doors, run_setup
from zeta_lsp.setup.person import Person
from zeta_lsp.setup.receipts import Receipts
from zeta_lsp.setup.surroundings import Surroundings, run_program


class Machine:
    """A home with programs. `executed` holds what was run to change something."""

    def __init__(self, folder: Path, platform: str = "linux") -> None:
        self.home = folder / "home"
        self.bin = folder / "bin"
        for each in (self.home, self.bin):
            each.mkdir(parents=True, exist_ok=True)
        self.config_file = self.home / ".config" / "zeta-lsp" / "config.toml"
        self.receipts = Receipts(folder / "data", "0.1.0", lambda: 1_800_000_000.0)
        self.executed: list[tuple[str, ...]] = []
        self.healthy = True
        self.served: Callable[[Endpoint], Any] = nobody
        self.execute: Callable[[Sequence[str]], None] = lambda argv: self.executed.append(
            tuple(argv)
        )
        self.program("zeta-lsp", "zeta-lsp 0.1.0")
        self.platform = platform
        self.server = str(self.bin / "zeta-lsp")
        self.clients = clients_folder()
        self.variables: dict[str, str] = {"HOME": str(self.home), "PATH": str(self.bin)}

    def program(self, name: str, says: str = "", script: str = "") -> Path:
        """A program that prints this, or runs this."""
        path = self.bin / name
        path.unlink(missing_ok=True)  # never write through a link to a real program
        path.write_text(f"#!/bin/sh\n{script or f'printf %s {says!r}'}\n")
        path.chmod(0o755)
        return path

    def write(self, name: str, content: str | bytes) -> Path:
        """A file in the home folder."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    @property
    def here(self) -> Surroundings:
        return Surroundings(
            self.home,
            self.variables,
            self.platform,
            self.server,
            self.clients,
            self._run,
            {"edit_predictions": {"provider": "ours", "ours": {"api_url": "http://127.0.0.1:1"}}},
        )

    @property
    def doors(self) -> Doors:
        return Doors(
            self.config_file,
            self.receipts,
            self.served,
            lambda: self.healthy,
            self.execute,
        )

    def _run(self, argv: tuple[str, ...]) -> str:
        """Run one of our programs, which look for files in our home."""
        return run_program(("/usr/bin/env", f"HOME={self.home}", *argv))

    def setup(self, *arguments: str, answers: Sequence[str] | None = None) -> tuple[int, str]:
        """Run the command: its status, and what was said. With `answers` a person sits there."""
        out = Terminal(answers is not None)
        source = Terminal(answers is not None, "".join(f"{each}\n" for each in answers or ()))
        status = run_setup(arguments, self.here, self.doors, Person(out, source))
        return status, out.getvalue()

    def files(self) -> Mapping[str, bytes]:
        """Every file of the home folder, by name."""
        return {
            str(path.relative_to(self.home)): path.read_bytes()
            for path in sorted(self.home.rglob("*"))
            if path.is_file()
        }


class Terminal(io.StringIO):
    """Text streams that say whether a person sits there."""

    def __init__(self, is_person: bool, text: str = "") -> None:
        super().__init__(text)
        self._is_person = is_person

    def isatty(self) -> bool:
        return self._is_person


def nobody(_: Endpoint) -> Any:
    raise ModelUnreachable("nothing listens there")
