"""A terminal that a person could sit at: keys go in one by one, the screen is read as drawn."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.editors.driver import until

XTERM = ("-fa", "DejaVu Sans Mono", "-fs", "12", "-bg", "black", "-fg", "gray90")


class Terminal:
    """One program in a tmux of its own. Leaving the `with` ends both."""

    def __init__(
        self,
        argv: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        size: tuple[int, int] = (120, 40),
    ) -> None:
        self._socket = str(folder / "tmux")
        self._argv = list(argv)
        self._environment = dict(environment)
        self.size = size
        self._folder = folder

    def __enter__(self) -> Self:
        width, height = map(str, self.size)
        variables = [f"{name}={value}" for name, value in self._environment.items()]
        command = ["env", *variables, *self._argv]
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", width, "-y", height, *command)
        self._tmux("set-option", "-s", "escape-time", "0")
        self._tmux("set-option", "-g", "status", "off")
        self._tmux("set-option", "-sa", "terminal-overrides", ",xterm*:Tc")
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], check=False)

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names for them: `Enter`, `Escape`, `M-l`."""
        for key in keys:
            self._tmux("send-keys", key)

    def write(self, text: str) -> None:
        """Press the keys of a text."""
        for char in text:
            if char == "\n":
                self.press("Enter")
            else:  # tmux takes a lone semicolon for its own
                self._tmux("send-keys", "-l", "\\;" if char == ";" else char)

    def rows(self) -> list[str]:
        """The screen."""
        return self._tmux("capture-pane", "-p").split("\n")

    def coloured(self) -> str:
        """The screen with its colours, as escape sequences."""
        return self._tmux("capture-pane", "-p", "-e")

    def cursor(self) -> tuple[int, int]:
        """Row and cell of the cursor."""
        row, cell = self._tmux("display-message", "-p", "#{cursor_y} #{cursor_x}").split()
        return int(row), int(cell)

    def has(self, pattern: str) -> bool:
        """Whether a regular expression is found in a row of the screen."""
        return any(re.search(pattern, row) for row in self.rows())

    def picture(self, path: Path) -> None:
        """Draw the screen into a PNG file, in an xterm that looks at the same terminal."""
        if not all(map(shutil.which, ("Xvfb", "xterm", "import"))):
            path.with_suffix(".txt").write_text("\n".join(self.rows()))
            return
        width, height = self.size
        screen = f"{width * 10 + 8}x{height * 20 + 8}x24"
        argv = ["Xvfb", "-displayfd", "1", "-screen", "0", screen]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as display:
            assert display.stdout is not None
            environment = {**os.environ, "DISPLAY": f":{display.stdout.readline().strip()}"}
            try:
                self._draw(path, environment)
            finally:
                display.terminate()

    def _draw(self, path: Path, environment: Mapping[str, str]) -> None:
        looking = ["-e", "tmux", "-S", self._socket, "attach"]
        argv = ["xterm", *XTERM, "-geometry", "{}x{}".format(*self.size), *looking]
        with subprocess.Popen(argv, env=environment) as xterm:
            until(lambda: self._tmux("list-clients").strip(), "the second look at the terminal")
            time.sleep(1.0)  # it draws a moment later
            subprocess.run(["import", "-window", "root", str(path)], env=environment, check=True)
            xterm.terminate()

    def _tmux(self, *arguments: str) -> str:
        argv = ["tmux", "-S", self._socket, *arguments]
        return subprocess.run(argv, capture_output=True, text=True, check=True).stdout
