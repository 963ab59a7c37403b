"""A picture of a running Emacs: a second terminal, on a screen of its own, shows the same windows.

Needs Xvfb, xterm and ImageMagick's `import`.
"""

import os
import subprocess
import time
from pathlib import Path

from tests.editors.emacs.parts import PARTS

TERMINAL = ("xterm", "-fa", "DejaVu Sans Mono", "-fs", "13", "-b", "0", "+sb")
SAME = """
(let ((first terminal-frame) (second (selected-frame)))
  (set-window-buffer (selected-window) (window-buffer (frame-selected-window first)))
  (set-window-point (selected-window) (window-point (frame-selected-window first))))
"""


def picture_of(socket: Path, path: Path, size: tuple[int, int] = (88, 22)) -> None:
    """Draw what the Emacs with a server's socket shows into a PNG file."""
    screen = ["Xvfb", "-displayfd", "1", "-screen", "0", "1000x600x24"]
    with subprocess.Popen(screen, stdout=subprocess.PIPE, text=True) as display:
        assert display.stdout is not None
        try:
            _take(socket, path, size, f":{display.stdout.readline().strip()}")
        finally:
            display.terminate()


def _take(socket: Path, path: Path, size: tuple[int, int], display: str) -> None:
    env = {**os.environ, "DISPLAY": display, "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    look = [str(PARTS / "emacsclient"), "-t", "-s", str(socket), "-e", SAME]
    argv = [*TERMINAL, "-geometry", f"{size[0]}x{size[1]}+0+0", "-e", *look]
    with subprocess.Popen(argv, env=env) as terminal:
        time.sleep(2)  # a terminal does not say when it has drawn
        subprocess.run(["import", "-window", "root", "-trim", str(path)], env=env, check=True)
        terminal.terminate()
