"""A real Helix in a terminal: what a person sees is read from the screen that it draws.

The configuration is that of `editors/helix`, as it stands there; what is added only makes the
screen readable (blanks and line ends are drawn, the status line says where the cursor is) and
names the test's own server and a second language. Helix draws predictions behind their lines, with
`end-of-line-diagnostics`: the text to come where it only goes on, `→` and the new line otherwise.
"""

import os
import re
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self

import pytest

from tests.e2e.parts import PARTS
from tests.editors.driver import Diff, until
from tests.editors.drivers.tmux import Terminal
from tests.editors.stage import Stage

SNIPPETS = Path(__file__).resolve().parents[3] / "editors" / "helix"
AS_TYPED = "auto-pairs = false"
"""What a person types is what a scene says, and nothing else."""
READABLE = """
[editor.whitespace]
render = { space = "all", tab = "all", newline = "all" }
[editor.statusline]
right = ["position", "file-line-ending"]
"""
SECOND_LANGUAGE = """
[[language]]
name = "pem"
scope = "source.pem"
file-types = ["pem"]
language-servers = ["zeta"]
"""
GUTTER = 7
"""Cells in front of the text."""
_ROW = re.compile(r"[●\s]+(\d+) {2}")
_POSITION = re.compile(r"(\d+):(\d+) +(LF|CRLF)?")


def program() -> str:
    """The path of Helix."""
    fetched = PARTS / "hx"
    found = os.environ.get("ZETA_HELIX") or (str(fetched) if fetched.exists() else None)
    found = found or shutil.which("hx") or shutil.which("helix")
    if found is None or shutil.which("tmux") is None:
        message = "Helix or tmux is not here: run tests/editors/install/helix.sh, or set ZETA_HELIX"
        (pytest.fail if os.environ.get("ZETA_REQUIRE_EDITORS") == "1" else pytest.skip)(message)
    return found


class Editor:
    """See `tests.editors.driver.Driver`."""

    NAME = "Helix"
    VERSION = ""
    CANNOT: ClassVar[Mapping[str, str]] = {}

    def __init__(self, stage: Stage, *, pairs: bool = False) -> None:
        """`pairs` is whether Helix closes brackets by itself, as it does by default."""
        self.stage = stage
        self.program = program()
        home = stage.folder / "home"
        configure(home / "helix", stage, pairs=pairs)
        environment = {
            **stage.environment,
            "XDG_CONFIG_HOME": str(home),
            "XDG_CACHE_HOME": str(stage.folder / "cache-home"),
            "COLORTERM": "truecolor",
        }
        argv = [self.program, "-w", str(stage.project)]
        self.terminal = Terminal(argv, stage.folder, environment)

    def __enter__(self) -> Self:
        self.terminal.__enter__()
        until(lambda: self._mode() == "NOR", "Helix's status line")
        return self

    def __exit__(self, *_: object) -> None:
        self.terminal.__exit__()

    def open(self, path: Path) -> None:
        self._command(f"open {path}")
        until(lambda: self.path() == path, "the file")
        until(self._is_attached, "the server's commands")

    def place(self, row: int, col: int) -> None:
        self._normal()
        self.terminal.write(f"{row + 1}Ggh" + (f"{col}l" if col else ""))
        until(lambda: self.cursor() == (row, col), f"the cursor at {row}, {col}")

    def type(self, text: str) -> None:
        if self._mode() != "INS":
            self.terminal.press("i")
            until(lambda: self._mode() == "INS", "insert mode")
        self.terminal.write(text)

    def ask(self) -> None:
        self.terminal.press("M-g")  # which clears the message of before
        until(lambda: self._message() or self._drawn(), "an answer")

    def text(self) -> str:
        newline = "\r\n" if self._position()[3] == "CRLF" else "\n"
        return "".join(text + (newline if ended else "") for text, ended, _ in self._lines())

    def cursor(self) -> tuple[int, int]:
        _, row, col, _ = self._position()
        return row - 1, col - 1

    def path(self) -> Path:
        name = re.sub(r"^ *(NOR|INS|SEL) +", "", self._status()).split(" ")[0]
        return self.stage.project / name

    def ghost(self) -> str:
        drawn = self._drawn().get(self.cursor()[0], "")
        is_other = drawn.startswith(("→ ", "next edit: "))
        return "" if is_other else drawn

    def diff(self) -> Diff | None:
        for row, drawn in self._drawn().items():
            if drawn.startswith("→ "):
                return Diff(self._lines()[row][0], drawn.removeprefix("→ "))
        return None

    def hint(self) -> str:
        drawn = self._drawn().get(self.cursor()[0], "")
        return drawn if drawn.startswith("next edit: ") else ""

    def accept(self) -> None:
        self.terminal.press("M-l")

    def accept_word(self) -> None:
        self.terminal.press("M-w")

    def accept_line(self) -> None:
        self.terminal.press("M-j")

    def jump(self) -> None:
        self.terminal.press("M-g")

    def reject(self) -> None:
        self.terminal.press("M-r")

    def undo(self) -> None:
        self._normal()
        self.terminal.press("u")

    def save(self) -> None:
        self._clear()
        self._command("write")
        until(lambda: "written" in self._message(), "the file to be written")

    def capture(self, on: bool) -> None:
        self._normal()
        self.terminal.write(" zc" if on else " zC")
        if on:
            until(lambda: self.terminal.has("Do not record"), "the question")
            self.terminal.press("Down", "Enter")  # the first answer, which says no, is selected
            until(lambda: not self.terminal.has("Do not record"), "the question to close")
        else:
            until(lambda: self.terminal.has("Capture is off"), "the server's word")

    def recording(self) -> bool:
        return ", recorded" in self._explained()

    def reason(self) -> str:
        return self._explained()

    def screenshot(self, path: Path) -> None:
        self.terminal.picture(path)

    def _explained(self) -> str:
        self._clear()
        self.terminal.write(" ze")
        return until(self._message, "what the server says")

    def _clear(self) -> None:
        """Have no message below the status line."""
        self._command("noop")
        until(lambda: not self._message(), "no message")

    def _message(self) -> str:
        """What stands below the status line."""
        rows = self.terminal.rows()
        at = _status_row(rows)
        return "" if at is None else rows[at + 1].strip()

    def _lines(self) -> list[tuple[str, bool, str]]:
        """The rows of the text: what is in them, whether they end, what is drawn behind."""
        found = []
        for row in self.terminal.rows():
            if _ROW.match(row[:GUTTER]):
                text, ended, behind = row[GUTTER:].partition("⏎")
                found.append(
                    (text.replace("·", " "), bool(ended), behind.removeprefix(" ").rstrip())
                )
        return found

    def _drawn(self) -> dict[int, str]:
        return {row: behind for row, (_, _, behind) in enumerate(self._lines()) if behind}

    def _status(self) -> str:
        rows = self.terminal.rows()
        at = _status_row(rows)
        return "" if at is None else rows[at]

    def _mode(self) -> str:
        return self._status()[1:4]

    def _position(self) -> tuple[str, int, int, str]:
        status = self._status()
        found = _POSITION.search(status)
        assert found is not None, status
        return status, int(found[1]), int(found[2]), found[3] or ""

    def _normal(self) -> None:
        if self._mode() != "NOR":
            self.terminal.press("Escape")
            until(lambda: self._mode() == "NOR", "normal mode")

    def _command(self, text: str) -> None:
        self._normal()
        self.terminal.write(f":{text}\n")

    def _is_attached(self) -> bool:
        """Whether the server's commands can be chosen from."""
        self._command("lsp-workspace-command")
        try:
            until(lambda: self.terminal.has(r"zeta\.accept"), timeout_s=1)
        except AssertionError:
            return False
        self.terminal.press("Escape")
        until(lambda: not self.terminal.has(r"zeta\.accept"), "the list to close")
        return True


def _status_row(rows: Sequence[str]) -> int | None:
    """Where the status line is: the last that begins with a mode."""
    found = (at for at in reversed(range(len(rows))) if re.match(r" (NOR|INS|SEL) ", rows[at]))
    return next(found, None)


def configure(folder: Path, stage: Stage, *, pairs: bool) -> None:
    """Write Helix's configuration: what the documentation shows, the test's server in it."""
    folder.mkdir(parents=True)
    shown = (SNIPPETS / "config.toml").read_text()
    if not pairs:
        shown = shown.replace("[editor]\n", f"[editor]\n{AS_TYPED}\n")
    (folder / "config.toml").write_text(shown + READABLE)
    languages = (SNIPPETS / "languages.toml").read_text()
    server = tomllib.loads(languages)["language-server"]["zeta"]
    assert server["command"] == "zeta-lsp"
    command, *arguments = [*stage.command, *server["args"]]
    languages = languages.replace('command = "zeta-lsp"', f"command = {command!r}")
    languages = re.sub(r"args = \[.*\]", f"args = {arguments!r}", languages)
    languages = languages.replace('"basedpyright", "ruff", ', "")
    (folder / "languages.toml").write_text(languages + SECOND_LANGUAGE)
